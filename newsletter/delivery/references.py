"""Our own name of a message, as the gateway keeps it: the ledger row's key, a notice's or a confirmation's number."""

import re
from typing import Final

from newsletter.errors import OutsideError
from newsletter.translation import gettext as _

#: A number that every database can hold.
_NOTICE: Final = re.compile(r"n([1-9][0-9]{0,8})")
_CONFIRMATION: Final = re.compile(r"c[1-9][0-9]{0,9}")
#: The notice that a receipt speaks of when it speaks of a confirmation: none, since nobody follows those up.
NO_NOTICE: Final = 0


def write_reference(edition: int, batch: int, subscriber: int) -> str:
    """``3-12-4711``: edition, batch, subscriber."""
    return f"{edition}-{batch}-{subscriber}"


def read_reference(reference: str) -> tuple[int, int, int]:
    """Edition, batch, subscriber.

    Raises:
        OutsideError: the gateway handed back something we never wrote.
    """
    try:
        edition, batch, subscriber = map(int, reference.split("-"))
    except ValueError as error:
        message = _("The gateway speaks of a message {reference} that is not ours.")
        raise OutsideError(message.format(reference=reference[:40])) from error
    return edition, batch, subscriber


def write_notice_reference(notice: int) -> str:
    """``n7``: a notice to a contributor, which no ledger knows."""
    return f"n{notice}"


def read_notice_reference(reference: str) -> int | None:
    """The notice's number; ``NO_NOTICE``: a confirmation's; None: an edition's."""
    if _CONFIRMATION.fullmatch(reference):
        return NO_NOTICE
    found = _NOTICE.fullmatch(reference)
    return int(found[1]) if found else None


def write_confirmation_reference(event: int) -> str:
    """``c7``: what confirms an opt-out, by the number of its event; no ledger knows it either."""
    return f"c{event}"
