"""When both flags of a pair are given: refused as contradicting, where Typer would let the last one count."""

from collections.abc import Sequence
from typing import Final

from newsletter.errors import InputError
from newsletter.translation import gettext as _

#: What the help shows behind the flags, which take no value.
NO_VALUE: Final = ""


def read_pair(said: Sequence[bool] | None, flag: str, opposite: str) -> bool | None:
    """What one of two flags says; None: neither was given.

    Args:
        said: each time one was given, in order, as an option of type ``list[bool]`` collects them.
        flag: as it is typed.
        opposite: the other one.

    Raises:
        InputError: both were given.
    """
    found = set(said or ())
    if len(found) > 1:
        raise InputError(
            _("{flag} and {opposite} contradict each other.").format(flag=flag, opposite=opposite),
            hint=_("Leave one out."),
        )
    return found.pop() if found else None
