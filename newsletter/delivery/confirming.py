"""The one message that may follow an opt-out by reply, where the newsroom has set a text for it.

At most one for each opt-out that had an effect. What is to be sent is written down with the opt-out itself; that it is
about to be handed over is committed before the gateway is called, and whatever was is never handed over again: better
no confirmation than two. It is no delivery of an edition, and asks nothing.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import update
from sqlmodel import Session, col, select

from newsletter.delivery.gateways.port import Gateway, Message, Outcome
from newsletter.delivery.models import Confirmation, DeliveryState
from newsletter.delivery.pacing import OutsideWindowError, Pacer, raise_if_outside_window
from newsletter.delivery.references import write_confirmation_reference
from newsletter.errors import OutsideError
from newsletter.newsroom import Newsroom
from newsletter.subscribers.leaving.known_numbers import read_numbers
from newsletter.subscribers.leaving.optouts import read_suppressions
from newsletter.subscribers.models import ALL_PAPERS, OptOutEvent

#: What the gateway is told instead of an edition's number.
NO_EDITION: Final = 0
#: Older ones are not sent any more: who left yesterday needs no word today.
LONGEST_WAIT: Final = timedelta(days=1)
#: Handed over at once, so that an answer to a reply does not hold up the sending.
_CLAIMED_AT_ONCE: Final = 50
#: Why one was not handed over: they came back meanwhile; the register has no number for them.
CAME_BACK: Final = "came_back"
NO_NUMBER: Final = "no_number"


@dataclass(frozen=True)
class _Claimed:
    event_id: int
    number_key: str
    number: str = field(repr=False)


def queue_confirmation(session: Session, newsroom: Newsroom, event: OptOutEvent) -> None:
    """Note that an opt-out is to be confirmed, if the newsroom does so and it had an effect. The caller commits."""
    if newsroom.settings.replies.confirmation and event.is_effective:
        session.add(Confirmation(event_id=event.id or 0, changed_at=newsroom.now()))


def send_confirmations(newsroom: Newsroom, gateway: Gateway) -> int:
    """Hand over what waits, unless it is outside the sending window; return how many were handed over."""
    text = newsroom.settings.replies.confirmation
    if not text or not _has_waiting(newsroom) or not _may_send(newsroom):
        return 0
    pacer = Pacer(newsroom.settings.sending.parts_per_second, 1)
    sent = 0
    while _has_waiting(newsroom):
        claimed = _claim(newsroom)
        outcomes = asyncio.run(_hand_over_all(gateway, claimed, text, pacer))
        with newsroom.writing() as session:
            for row, outcome in zip(claimed, outcomes, strict=True):
                _record(session, row.event_id, outcome, newsroom.now())
            session.commit()
        sent += len(claimed)
    return sent


def _has_waiting(newsroom: Newsroom) -> bool:
    with newsroom.reading() as session:
        query = select(Confirmation.event_id).where(Confirmation.state == DeliveryState.QUEUED)
        return session.exec(query.limit(1)).first() is not None


def _may_send(newsroom: Newsroom) -> bool:
    try:
        raise_if_outside_window(newsroom, newsroom.now())
    except OutsideWindowError:
        return False
    return True


def _claim(newsroom: Newsroom) -> list[_Claimed]:
    """Mark some as about to be handed over, committed; others end here, since nobody is to get them."""
    keys, now = newsroom.data_keys, newsroom.now()
    with newsroom.writing() as session:
        query = (
            select(OptOutEvent)
            .join(Confirmation, col(Confirmation.event_id) == col(OptOutEvent.id))
            .where(Confirmation.state == DeliveryState.QUEUED)
            .order_by(col(OptOutEvent.id))
            .limit(_CLAIMED_AT_ONCE)
        )
        events = session.exec(query).all()
        numbers = read_numbers(session, keys, [event.number_key for event in events])
        suppressed = read_suppressions(session, [event.number_key for event in events])
        claimed = []
        for event in events:
            number = numbers.get(event.number_key)
            if now - event.at > LONGEST_WAIT:
                _settle(session, event, DeliveryState.EXPIRED, "", now)
            elif (event.number_key, ALL_PAPERS) not in suppressed:
                _settle(session, event, DeliveryState.CANCELLED, CAME_BACK, now)
            elif number is None:
                _settle(session, event, DeliveryState.FAILED, NO_NUMBER, now)
            elif _settle(session, event, DeliveryState.CLAIMED, "", now):
                claimed.append(_Claimed(event.id or 0, event.number_key, number))
        session.commit()
    return claimed


def _settle(session: Session, event: OptOutEvent, state: DeliveryState, reason: str, now: datetime) -> bool:
    """Move one that still waits; False if somebody else took it meanwhile."""
    waiting = update(Confirmation).where(
        col(Confirmation.event_id) == event.id, col(Confirmation.state) == DeliveryState.QUEUED
    )
    moved = session.connection().execute(waiting.values(state=state, reason=reason, changed_at=now))
    return moved.rowcount == 1


async def _hand_over_all(gateway: Gateway, claimed: Sequence[_Claimed], text: str, pacer: Pacer) -> list[Outcome]:
    return [await _hand_over(gateway, row, text, pacer) for row in claimed]


async def _hand_over(gateway: Gateway, row: _Claimed, text: str, pacer: Pacer) -> Outcome:
    message = Message(
        reference=write_confirmation_reference(row.event_id),
        edition=NO_EDITION,
        number=row.number,
        number_key=row.number_key,
        text=text,
    )
    await pacer.wait_turn()
    try:
        return await gateway.send(message)
    except OutsideError as error:
        return Outcome(state=DeliveryState.UNKNOWN, code=error.code)


def _record(session: Session, event_id: int, outcome: Outcome, now: datetime) -> None:
    claimed = update(Confirmation).where(
        col(Confirmation.event_id) == event_id, col(Confirmation.state) == DeliveryState.CLAIMED
    )
    values = {"state": outcome.state.value, "reason": outcome.code[:20], "message_id": outcome.message_id}
    session.connection().execute(claimed.values(**values, changed_at=now))
