"""Claiming: rows of one batch marked as about to be handed over, committed before the gateway is called.

Suppression is read here, so whoever left a moment ago is not written to.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState
from newsletter.subscribers.models import Status, Subscriber
from newsletter.subscribers.optouts import is_suppressed_condition


@dataclass(frozen=True, slots=True)
class ClaimedRow:
    """A row to hand over now; ``number`` is still encrypted."""

    subscriber_id: int
    number_key: str
    number: bytes


@dataclass(frozen=True)
class Claim:
    """Rows of one batch, claimed; ``settled`` others ended without being sent."""

    batch: int
    rows: list[ClaimedRow]
    settled: int


def claim_rows(session: Session, *, edition_id: int, paper_id: int, limit: int, at: datetime) -> Claim | None:
    """Claim up to ``limit`` rows of the first open batch; None when no batch is open. The caller commits."""
    query = select(func.min(Batch.number)).where(Batch.edition_id == edition_id, Batch.state == BatchState.OPEN)
    batch: int | None = session.exec(query).one()
    if batch is None:
        return None
    settled = _settle_unreachable(session, edition_id, batch, paper_id, at)
    rows = _queued_rows(session, edition_id, batch, limit)
    if rows:
        _set_state(session, edition_id, batch, rows[-1].subscriber_id, at)
    _set_batch(session, edition_id, batch, BatchState.CLAIMED if rows else BatchState.DONE)
    return Claim(batch, rows, settled)


def _settle_unreachable(session: Session, edition_id: int, batch: int, paper_id: int, at: datetime) -> int:
    waiting = (
        col(Delivery.edition_id) == edition_id,
        col(Delivery.batch) == batch,
        col(Delivery.state) == DeliveryState.QUEUED,
    )
    suppressed = update(Delivery).where(*waiting, is_suppressed_condition(col(Delivery.number_key), paper_id))
    on_register = (
        select(Subscriber.id)
        .where(col(Subscriber.id) == col(Delivery.subscriber_id), Subscriber.status == Status.ACTIVE)
        .exists()
    )
    gone = update(Delivery).where(*waiting, ~on_register)
    settled = 0
    for statement, state, reason in (
        (suppressed, DeliveryState.SUPPRESSED, "opted_out"),
        (gone, DeliveryState.CANCELLED, "not_on_register"),
    ):
        result = session.connection().execute(statement.values(state=state, reason=reason, changed_at=at))
        settled += result.rowcount
    return settled


def _queued_rows(session: Session, edition_id: int, batch: int, limit: int) -> list[ClaimedRow]:
    query = (
        select(Delivery.subscriber_id, Delivery.number_key, Subscriber.number)
        .join(Subscriber, col(Subscriber.id) == col(Delivery.subscriber_id))
        .where(Delivery.edition_id == edition_id, Delivery.batch == batch, Delivery.state == DeliveryState.QUEUED)
        .order_by(col(Delivery.subscriber_id))
        .limit(limit)
    )
    return [ClaimedRow(*row) for row in session.connection().execute(query)]


def _set_state(session: Session, edition_id: int, batch: int, last_subscriber: int, at: datetime) -> None:
    session.connection().execute(
        update(Delivery)
        .where(
            col(Delivery.edition_id) == edition_id,
            col(Delivery.batch) == batch,
            col(Delivery.subscriber_id) <= last_subscriber,
            col(Delivery.state) == DeliveryState.QUEUED,
        )
        .values(state=DeliveryState.CLAIMED, changed_at=at)
    )


def _set_batch(session: Session, edition_id: int, batch: int, state: BatchState) -> None:
    session.connection().execute(
        update(Batch).where(col(Batch.edition_id) == edition_id, col(Batch.number) == batch).values(state=state)
    )


def close_batch(session: Session, edition_id: int, batch: int) -> None:
    """Mark a worked-off batch done, or open again if rows of it still wait."""
    query = select(func.count()).where(
        Delivery.edition_id == edition_id, Delivery.batch == batch, Delivery.state == DeliveryState.QUEUED
    )
    waits = session.exec(query).one()
    _set_batch(session, edition_id, batch, BatchState.OPEN if waits else BatchState.DONE)
