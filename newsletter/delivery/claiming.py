"""Claiming: rows of one batch marked as about to be handed over, committed before the gateway is called.

Suppression is read here, so whoever left a moment ago is not written to.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, func, select

from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState
from newsletter.delivery.receivers import is_known_number, number_of_delivery
from newsletter.editions.models import Edition
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
    # A correction goes to the numbers that got the original, also of people who have left the register since.
    by_number = session.get_one(Edition, edition_id).corrects_id is not None
    settled = _settle_unreachable(session, edition_id, batch, paper_id, at, by_number=by_number)
    rows = _queued_rows(session, edition_id, batch, limit, by_number=by_number)
    if rows:
        _set_state(session, edition_id, batch, rows[-1].subscriber_id, at)
    _set_batch(session, edition_id, batch, BatchState.CLAIMED if rows else BatchState.DONE)
    return Claim(batch, rows, settled)


def _settle_unreachable(
    session: Session, edition_id: int, batch: int, paper_id: int, at: datetime, *, by_number: bool
) -> int:
    waiting = (
        col(Delivery.edition_id) == edition_id,
        col(Delivery.batch) == batch,
        col(Delivery.state) == DeliveryState.QUEUED,
    )
    suppressed = update(Delivery).where(*waiting, is_suppressed_condition(col(Delivery.number_key), paper_id))
    gone = update(Delivery).where(*waiting, ~(is_known_number() if by_number else _is_active()))
    settled = 0
    for statement, state, reason in (
        (suppressed, DeliveryState.SUPPRESSED, "opted_out"),
        (gone, DeliveryState.CANCELLED, "not_on_register"),
    ):
        result = session.connection().execute(statement.values(state=state, reason=reason, changed_at=at))
        settled += result.rowcount
    return settled


def _is_active() -> ColumnElement[bool]:
    query = select(Subscriber.id).where(col(Subscriber.id) == col(Delivery.subscriber_id))
    return query.where(Subscriber.status == Status.ACTIVE).exists()


def _queued_rows(session: Session, edition_id: int, batch: int, limit: int, *, by_number: bool) -> list[ClaimedRow]:
    number = number_of_delivery() if by_number else col(Subscriber.number)
    query = select(Delivery.subscriber_id, Delivery.number_key, number)
    if not by_number:
        query = query.join(Subscriber, col(Subscriber.id) == col(Delivery.subscriber_id))
    query = (
        query.where(Delivery.edition_id == edition_id, Delivery.batch == batch, Delivery.state == DeliveryState.QUEUED)
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
