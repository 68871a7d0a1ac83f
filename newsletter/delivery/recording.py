"""Recording: what the gateway answered, and what its receipts say, written to the ledger in bulk. Final states stay."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, or_, update
from sqlmodel import Session, col

from newsletter.delivery.gateways.port import Outcome, Receipt
from newsletter.delivery.models import FINAL_STATES, Delivery, DeliveryState
from newsletter.delivery.references import read_reference

#: What a receipt may still change: not what ended, and nothing back to an earlier state.
_OPEN_STATES: Final = tuple(state for state in DeliveryState if state not in FINAL_STATES)


def record_outcomes(
    session: Session, *, edition_id: int, batch: int, outcomes: Sequence[tuple[int, Outcome]], at: datetime
) -> None:
    """Write the answers for claimed rows; a row that a receipt overtook stays as the receipt left it."""
    statement = _update_row(DeliveryState.CLAIMED)
    rows = [
        _row(
            edition_id,
            batch,
            subscriber,
            state=outcome.state,
            message_id=outcome.message_id,
            reason=outcome.code,
            at=at,
        )
        for subscriber, outcome in outcomes
    ]
    if rows:
        session.connection().execute(statement, rows)


def record_receipts(session: Session, receipts: Sequence[Receipt]) -> None:
    """Write receipts, which may come twice or out of order."""
    rows = [
        _row(
            *read_reference(receipt.reference),
            state=receipt.state,
            message_id=receipt.message_id,
            reason=receipt.code,
            at=receipt.at,
        )
        for receipt in receipts
    ]
    if rows:
        session.connection().execute(_update_row(*_OPEN_STATES), rows)


def _update_row(*states: DeliveryState) -> Any:
    return (
        update(Delivery)
        .where(
            col(Delivery.edition_id) == bindparam("its_edition"),
            col(Delivery.batch) == bindparam("its_batch"),
            col(Delivery.subscriber_id) == bindparam("its_subscriber"),
            # an expanding IN cannot be used with many rows of values
            or_(*(col(Delivery.state) == state for state in states)),
        )
        .values(
            state=bindparam("new_state"),
            message_id=bindparam("new_message_id"),
            reason=bindparam("new_reason"),
            changed_at=bindparam("new_changed_at"),
        )
    )


def _row(
    edition: int, batch: int, subscriber: int, *, state: DeliveryState, message_id: str, reason: str, at: datetime
) -> dict[str, Any]:
    return {
        "its_edition": edition,
        "its_batch": batch,
        "its_subscriber": subscriber,
        "new_state": state,
        "new_message_id": message_id,
        "new_reason": reason,
        "new_changed_at": at,
    }
