"""What may stand in a remark that is kept for good: words, never a member's number (DESIGN: the journal holds none)."""

import re
from typing import ClassVar, Final
from unicodedata import normalize

from newsletter.errors import InputError
from newsletter.translation import gettext as _

#: So many digits in a row, spaces and hyphens between them or not, are taken for a telephone or identity number.
_NUMBER: Final = re.compile(r"\d(?:[ -]?\d){6,}")


class RemarkError(InputError):
    """A remark that would keep a number for good."""

    code: ClassVar[str] = "number_in_remark"


def check_remark(text: str) -> None:
    """Accept a remark without numbers in it.

    Raises:
        RemarkError: seven digits or more in a row.
    """
    if _NUMBER.search(normalize("NFKC", text)):
        raise RemarkError(
            _("A remark is kept for good and must not hold a telephone or identity number."),
            hint=_("Leave the number out."),
        )
