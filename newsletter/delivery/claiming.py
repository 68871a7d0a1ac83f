"""Claiming: rows of one batch marked as about to be handed over, committed before the gateway is called.

What keeps a number from being written to is read here, so whoever left a moment ago is not written to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, func, select

from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState
from newsletter.delivery.receivers import NOT_ON_REGISTER, is_known_number, number_of_delivery
from newsletter.editions.models import Edition
from newsletter.subscribers.audience.exclusion import LEDGER_REASONS, Conditions, Exclusion, exclusion_conditions
from newsletter.subscribers.models import Status, Subscriber


@dataclass(frozen=True, slots=True)
class ClaimedRow:
    """A row to hand over now; ``number`` is still encrypted."""

    subscriber_id: int
    number_key: str
    number: bytes
    piece: str


@dataclass(frozen=True)
class Claim:
    """Rows of one batch, claimed; ``settled`` others ended without being sent."""

    batch: int
    rows: list[ClaimedRow]
    settled: int


def claim_rows(
    session: Session, *, edition_id: int, paper_id: int, limit: int, at: datetime, require_consent: bool = False
) -> Claim | None:
    """Claim rows of the first open batch; None when no batch is open. The caller commits.

    Args:
        session: a writing one.
        edition_id: which edition.
        paper_id: its paper.
        limit: rows at most.
        at: now.
        require_consent: as ``[privacy]`` says.
    """
    query = select(func.min(Batch.number)).where(Batch.edition_id == edition_id, Batch.state == BatchState.OPEN)
    batch: int | None = session.exec(query).one()
    if batch is None:
        return None
    # A correction goes to the numbers that got the original, also of people who have left the register since.
    by_number = session.get_one(Edition, edition_id).corrects_id is not None
    conditions = exclusion_conditions(
        session, col(Delivery.number_key), paper_id, require_consent=require_consent, by_number=by_number
    )
    settled = _settle_unreachable(session, edition_id, batch, conditions, at, by_number=by_number)
    rows = _queued_rows(session, edition_id, batch, limit, by_number=by_number)
    if rows:
        _set_state(session, edition_id, batch, rows[-1].subscriber_id, at)
    _set_batch(session, edition_id, batch, BatchState.CLAIMED if rows else BatchState.DONE)
    return Claim(batch, rows, settled)


def _settle_unreachable(
    session: Session, edition_id: int, batch: int, conditions: Conditions, at: datetime, *, by_number: bool
) -> int:
    waiting = update(Delivery).where(
        col(Delivery.edition_id) == edition_id,
        col(Delivery.batch) == batch,
        col(Delivery.state) == DeliveryState.QUEUED,
    )
    gone = ~(is_known_number() if by_number else _is_active())
    settled = 0
    for state, reason, condition in _endings(conditions, gone):
        ended = waiting.where(condition).values(state=state, reason=reason, changed_at=at)
        settled += session.connection().execute(ended).rowcount
    return settled


def _endings(conditions: Conditions, gone: ColumnElement[bool]) -> Iterator[tuple[DeliveryState, str, Any]]:
    """The ends of rows that are not sent, in the order of their reasons; whoever left the register was never asked."""
    told = [(DeliveryState.SUPPRESSED, LEDGER_REASONS[reason], holds) for reason, holds in conditions.items()]
    place = list(conditions).index(Exclusion.INVALID) + 1
    yield from told[:place]
    yield DeliveryState.CANCELLED, NOT_ON_REGISTER, gone
    yield from told[place:]


def _is_active() -> ColumnElement[bool]:
    query = select(Subscriber.id).where(col(Subscriber.id) == col(Delivery.subscriber_id))
    return query.where(Subscriber.status == Status.ACTIVE).exists()


def _queued_rows(session: Session, edition_id: int, batch: int, limit: int, *, by_number: bool) -> list[ClaimedRow]:
    number = number_of_delivery() if by_number else col(Subscriber.number)
    query = select(Delivery.subscriber_id, Delivery.number_key, number, Delivery.piece)
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
