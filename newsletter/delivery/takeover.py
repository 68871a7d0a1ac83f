"""Taking over from a sender that died: what it had claimed is looked up with the gateway.

Only what the gateway says it never had is queued again.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlmodel import Session, col, select

from newsletter.delivery.claiming import close_batch
from newsletter.delivery.gateways.port import Gateway, Outcome
from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState
from newsletter.delivery.recording import record_outcomes
from newsletter.delivery.references import write_reference
from newsletter.newsroom import Newsroom

#: What may have been handed over without our knowing.
_UNCLEAR: Final = (DeliveryState.CLAIMED, DeliveryState.UNKNOWN)


def settle_unclear_rows(newsroom: Newsroom, gateway: Gateway, edition_id: int) -> int:
    """Look up every unclear row of an edition; the caller is the sole sender. Return how many there were."""
    settled = 0
    for batch in _unclear_batches(newsroom, edition_id):
        with newsroom.reading() as session:
            subscribers = _unclear_rows(session, edition_id, batch)
        references = {write_reference(edition_id, batch, subscriber): subscriber for subscriber in subscribers}
        found = gateway.find(list(references)) if references else {}
        present = [
            (references[reference], Outcome(state=DeliveryState.ACCEPTED, message_id=message_id))
            for reference, message_id in found.items()
        ]
        absent = [subscriber for reference, subscriber in references.items() if reference not in found]
        now = newsroom.now()
        with newsroom.writing() as session:
            _set_rows(session, edition_id, batch, subscribers, state=DeliveryState.CLAIMED, at=now)
            record_outcomes(session, edition_id=edition_id, batch=batch, outcomes=present, at=now)
            _set_rows(session, edition_id, batch, absent, state=DeliveryState.QUEUED, at=now)
            close_batch(session, edition_id, batch)
            session.commit()
        settled += len(subscribers)
    return settled


def _unclear_batches(newsroom: Newsroom, edition_id: int) -> list[int]:
    """Batches with unclear rows, and those left claimed: receipts may have settled all that was claimed of them."""
    with newsroom.reading() as session:
        rows = select(Delivery.batch).where(Delivery.edition_id == edition_id, col(Delivery.state).in_(_UNCLEAR))
        left = select(Batch.number).where(Batch.edition_id == edition_id, Batch.state == BatchState.CLAIMED)
        return sorted({*session.exec(rows.distinct()), *session.exec(left)})


def _unclear_rows(session: Session, edition_id: int, batch: int) -> list[int]:
    query = select(Delivery.subscriber_id).where(
        Delivery.edition_id == edition_id, Delivery.batch == batch, col(Delivery.state).in_(_UNCLEAR)
    )
    return list(session.exec(query).all())


def _set_rows(
    session: Session, edition_id: int, batch: int, subscribers: list[int], *, state: DeliveryState, at: datetime
) -> None:
    """Set rows still unclear to ``state``; a receipt that came meanwhile is left alone."""
    if subscribers:
        session.connection().execute(
            update(Delivery)
            .where(
                col(Delivery.edition_id) == edition_id,
                col(Delivery.batch) == batch,
                col(Delivery.subscriber_id).in_(subscribers),
                col(Delivery.state).in_(_UNCLEAR),
            )
            .values(state=state, changed_at=at)
        )
