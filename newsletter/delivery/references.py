"""Our own name of a delivery, as the gateway keeps it: the ledger row's key."""

from newsletter.errors import OutsideError
from newsletter.translation import gettext as _


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
