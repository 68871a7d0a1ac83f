"""Reasons and notes of penalties: short, on one line, kept for good, and so without numbers of people."""

from typing import Final

from newsletter.errors import InputError
from newsletter.journal.remarks import check_remark
from newsletter.translation import gettext as _

#: Characters of the longest reason.
REASON_LENGTH: Final = 200


def tidy_remark(text: str) -> str:
    """A remark on one line; it may be empty.

    Raises:
        RemarkError: it holds a telephone or identity number.
        InputError: it is too long.
    """
    tidy = " ".join(text.split())
    check_remark(tidy)
    if len(tidy) > REASON_LENGTH:
        raise InputError(
            _("A remark has at most {limit} characters; this one has {count}.").format(
                limit=REASON_LENGTH, count=len(tidy)
            )
        )
    return tidy


def require_reason(text: str, option: str = "--reason") -> str:
    """A remark that may not be empty; ``option`` is where it was to be given.

    Raises:
        RemarkError, InputError: as ``tidy_remark``, or it is empty.
    """
    tidy = tidy_remark(text)
    if not tidy:
        raise InputError(_("Say why: the reason is empty."), hint=_("Give {option} REASON.").format(option=option))
    return tidy
