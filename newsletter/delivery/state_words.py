"""What the states of the ledger are called in the interface's language."""

from collections.abc import Mapping
from typing import Final

from newsletter.delivery.models import DeliveryState
from newsletter.translation import mark

#: In the order a message passes them.
STATES: Final[Mapping[str, str]] = {
    DeliveryState.QUEUED: mark("queued"),
    DeliveryState.CLAIMED: mark("claimed"),
    DeliveryState.ACCEPTED: mark("accepted"),
    DeliveryState.SENT: mark("sent"),
    DeliveryState.DELIVERED: mark("delivered"),
    DeliveryState.UNDELIVERED: mark("undelivered"),
    DeliveryState.FAILED: mark("failed"),
    DeliveryState.UNKNOWN: mark("unclear"),
    DeliveryState.SUPPRESSED: mark("not written to"),
    DeliveryState.EXPIRED: mark("expired"),
    DeliveryState.CANCELLED: mark("cancelled"),
}
