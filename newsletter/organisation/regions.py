"""Region codes: how a place's number says where it lies (FACTS: 12 digits = 2 + 2 + 2 + 3 + 3)."""

from collections.abc import Mapping
from typing import ClassVar, Final

from newsletter.errors import InputError
from newsletter.translation import gettext as _

#: Lengths at which a code ends: province, prefecture, county, town, village.
LEVEL_LENGTHS: Final = (2, 4, 6, 9, 12)
#: Digits of a code down to the town: what statistics group by.
TOWN_LENGTH: Final = 9


class UnknownRegionError(InputError):
    """A region code that is malformed or means no place here."""

    code: ClassVar[str] = "unknown_region"


def normalise_region(code: str) -> str:
    """Cut the zeros that fill a code up: ``320682103000`` → ``320682103``.

    Raises:
        UnknownRegionError: not 2, 4, 6, 9 or 12 digits.
    """
    digits = code.strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) not in LEVEL_LENGTHS:
        raise UnknownRegionError(
            _("{code} is not a region code: it has 2, 4, 6, 9 or 12 digits.").format(code=code[:20])
        )
    while len(digits) > LEVEL_LENGTHS[0]:
        shorter = parent_length(len(digits))
        if digits[shorter:].strip("0"):
            break
        digits = digits[:shorter]
    return digits


def parent_length(length: int) -> int:
    """Digits of the next wider place."""
    return LEVEL_LENGTHS[LEVEL_LENGTHS.index(length) - 1]


def place_of(code: str, places: Mapping[str, int]) -> int | None:
    """The unit id of the place with the longest code that ``code`` begins with; None when there is none."""
    for length in reversed(LEVEL_LENGTHS):
        if length <= len(code) and code[:length] in places:
            return places[code[:length]]
    return None
