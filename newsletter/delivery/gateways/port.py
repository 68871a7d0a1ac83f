"""What every gateway does for us: the words between the sender and whoever carries messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from newsletter.delivery.models import DeliveryState


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One message to hand over.

    Attributes:
        reference: our own name of the delivery; the gateway keeps it, so that an unclear outcome can be looked up.
        number: E.164; goes to the gateway and nowhere else.
        text: what the telephone shows, word for word.
        token: what in ``text`` is this recipient's own, and ``token_at`` the characters before it; empty: nothing is.
            Only for a gateway that keeps what it was handed: it need not keep the same text for everybody anew.
    """

    reference: str
    edition: int
    number: str
    number_key: str
    text: str
    token: str = ""
    token_at: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What the gateway answered at once: ``accepted``, ``failed`` or, if it is not known, ``unknown``."""

    state: DeliveryState
    message_id: str = ""
    code: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """What became of a message; ``position`` orders the gateway's receipts."""

    position: int
    reference: str
    message_id: str
    state: DeliveryState
    code: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class InboundReply:
    """What a reader wrote back; ``position`` orders the gateway's replies.

    Attributes:
        is_readable: False: the gateway has it and cannot say what it is; ``text`` is empty.
    """

    position: int
    number_key: str
    text: str
    at: datetime
    is_readable: bool = True


class Gateway(Protocol):
    """Who carries messages."""

    name: str

    async def send(self, message: Message) -> Outcome:
        """Hand over one message; never called inside a transaction of ours."""

    def find(self, references: Sequence[str]) -> dict[str, str]:
        """Which of these the gateway has: reference → its message id. What is not in it is authoritatively absent."""

    def receipts(self, after: int, limit: int) -> list[Receipt]:
        """Receipts beyond a position, in order."""

    def replies(self, after: int, limit: int) -> list[InboundReply]:
        """Replies beyond a position, in order."""

    def close(self) -> None:
        """Let go of connections."""
