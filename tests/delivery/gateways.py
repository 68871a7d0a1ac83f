"""A gateway under a test's thumb: it keeps what it was handed, and answers as it is told."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from newsletter.delivery.gateways.port import InboundReply, Message, Outcome, Receipt
from newsletter.delivery.models import DeliveryState
from newsletter.errors import OutsideError

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class ObedientGateway:
    """Keeps every message it is handed, unless ``answer`` raises before that; sends whatever receipts it is given."""

    name = "sandbox"

    def __init__(self, answer: Callable[[Message], Outcome] | None = None) -> None:
        self.messages: list[Message] = []
        self.asked: list[Message] = []
        self.waiting_receipts: list[Receipt] = []
        self.waiting_replies: list[InboundReply] = []
        self.answer = answer or (lambda message: accepted(message.reference))
        self.is_closed = False

    async def send(self, message: Message) -> Outcome:
        self.asked.append(message)
        outcome = self.answer(message)
        self.messages.append(message)
        return outcome

    def find(self, references: Sequence[str]) -> dict[str, str]:
        had = {message.reference for message in self.messages}
        return {reference: f"M{reference}" for reference in references if reference in had}

    def receipts(self, after: int, limit: int) -> list[Receipt]:
        return [receipt for receipt in self.waiting_receipts if receipt.position > after][:limit]

    def replies(self, after: int, limit: int) -> list[InboundReply]:
        return [reply for reply in self.waiting_replies if reply.position > after][:limit]

    def close(self) -> None:
        self.is_closed = True

    def say(self, reference: str, state: DeliveryState, *, code: str = "", at: datetime = NOON) -> None:
        """Let a receipt come in."""
        receipt = Receipt(
            position=len(self.waiting_receipts) + 1,
            reference=reference,
            message_id=f"M{reference}",
            state=state,
            code=code,
            at=at,
        )
        self.waiting_receipts.append(receipt)

    def hear(self, number_key: str, text: str, *, at: datetime = NOON) -> None:
        """Let a reader write back."""
        position = len(self.waiting_replies) + 1
        self.waiting_replies.append(InboundReply(position=position, number_key=number_key, text=text, at=at))


def accepted(reference: str) -> Outcome:
    return Outcome(state=DeliveryState.ACCEPTED, message_id=f"M{reference}")


def is_down(_message: Message) -> Outcome:
    """Answer nothing at all."""
    raise OutsideError("the gateway is down")


def duplicates(keys: Iterable[str]) -> list[str]:
    """Keys that stand there more than once."""
    seen = list(keys)
    return sorted({key for key in seen if seen.count(key) > 1})
