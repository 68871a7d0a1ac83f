"""Notices on their way: claimed before the gateway is called, its answers and receipts written, unclear ones looked up.

The same discipline as an edition's ledger: what may have been handed over is only queued again once the gateway has
said that it never had it, and what ended stays as it ended.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, String, type_coerce, update
from sqlmodel import Session, col, func, select

from newsletter.delivery.gateways.port import Gateway, Outcome, Receipt
from newsletter.delivery.models import DeliveryState
from newsletter.delivery.references import read_notice_reference, write_notice_reference
from newsletter.keys import DataKeys, MissingKeyError
from newsletter.newsroom import Newsroom
from newsletter.organisation.contributors import Contributor
from newsletter.subscribers.leaving.optouts import is_suppressed_condition
from newsletter.subscribers.models import ALL_PAPERS, Subscriber
from newsletter.subscribers.register import raise_if_wrong_key
from newsletter.workflow.contributing.models import Notice, NoticeState
from newsletter.workflow.contributing.outbox import NO_NUMBER, OPTED_OUT, lock_waiting
from newsletter.workflow.contributing.telephones import reveal_number

#: What may have been handed over without our knowing.
UNCLEAR: Final = (NoticeState.CLAIMED, NoticeState.UNKNOWN)
#: Not yet known to be with the gateway; a queued one's message may turn up late, after its absence was certified.
_BEFORE_ACCEPTED: Final = (NoticeState.QUEUED, *UNCLEAR)
#: What the gateway says -> how a notice stands then.
_STATES: Final = {
    DeliveryState.ACCEPTED: NoticeState.ACCEPTED,
    DeliveryState.SENT: NoticeState.ACCEPTED,
    DeliveryState.DELIVERED: NoticeState.DELIVERED,
    DeliveryState.SUPPRESSED: NoticeState.SUPPRESSED,
    DeliveryState.UNKNOWN: NoticeState.UNKNOWN,
}


@dataclass(frozen=True)
class ClaimedNotice:
    """A notice to hand over now; ``number`` is None where its entry cannot be read."""

    id: int
    number_key: str
    number: str | None = field(repr=False)
    text: str


def claim_notices(session: Session, newsroom: Newsroom, *, limit: int, at: datetime) -> list[ClaimedNotice]:
    """Mark up to ``limit`` waiting notices as about to be handed over, the oldest first. The caller commits.

    Who has opted out of everything, or has no number any more, is not written to.

    Raises:
        MissingKeyError: the key that hides numbers is not here, or is not the one that hid them.
    """
    lock_waiting(session)
    _suppress(session, _has_no_number(), NO_NUMBER, at)
    _suppress(session, _has_opted_out(), OPTED_OUT, at)
    query = (
        select(Notice, Contributor)
        .join(Contributor, col(Contributor.id) == col(Notice.contributor_id))
        .where(Notice.state == NoticeState.QUEUED)
        .order_by(col(Notice.id))
        .limit(limit)
    )
    keys = newsroom.data_keys
    claimed = [_reveal(keys, notice, contributor) for notice, contributor in session.exec(query)]
    if any(notice.number is None for notice in claimed):
        _raise_if_wrong_key(session, newsroom, keys)
    _set_states(session, [notice.id for notice in claimed], (NoticeState.QUEUED,), NoticeState.CLAIMED, at=at)
    return claimed


def _reveal(keys: DataKeys, notice: Notice, contributor: Contributor) -> ClaimedNotice:
    try:
        number = reveal_number(keys, contributor)
    except MissingKeyError:
        number = None
    return ClaimedNotice(notice.id or 0, contributor.number_key or "", number, notice.text)


def _raise_if_wrong_key(session: Session, newsroom: Newsroom, keys: DataKeys) -> None:
    """Tell a spoilt entry from the wrong key: any contributor's number proves the key, or else the register.

    Raises:
        MissingKeyError: it is the wrong key, or there is nothing else to prove it by: everything is left waiting.
    """
    query = select(Contributor).where(col(Contributor.number_key).is_not(None)).order_by(col(Contributor.id))
    trouble: MissingKeyError | None = None
    for contributor in session.exec(query):
        try:
            reveal_number(keys, contributor)
        except MissingKeyError as error:
            trouble = error
        else:
            return
    if trouble is not None and session.exec(select(Subscriber.id).limit(1)).first() is None:
        raise trouble
    raise_if_wrong_key(newsroom, keys)


def _has_no_number() -> ColumnElement[bool]:
    query = select(Contributor.id).where(
        col(Contributor.id) == col(Notice.contributor_id), col(Contributor.number_key).is_(None)
    )
    return query.exists()


def _has_opted_out() -> ColumnElement[bool]:
    query = select(Contributor.id).where(
        col(Contributor.id) == col(Notice.contributor_id),
        is_suppressed_condition(type_coerce(Contributor.number_key, String), ALL_PAPERS),
    )
    return query.exists()


def _suppress(session: Session, condition: ColumnElement[bool], reason: str, at: datetime) -> None:
    waiting = update(Notice).where(col(Notice.state) == NoticeState.QUEUED, condition)
    session.connection().execute(waiting.values(state=NoticeState.SUPPRESSED, reason=reason, changed_at=at))


def record_notice_outcomes(session: Session, outcomes: Iterable[tuple[int, Outcome]], *, at: datetime) -> None:
    """Write the gateway's answers; a notice that a receipt overtook stays as the receipt left it."""
    for notice_id, outcome in outcomes:
        _set_states(
            session,
            [notice_id],
            (NoticeState.CLAIMED,),
            _STATES.get(outcome.state, NoticeState.FAILED),
            at=at,
            reason=outcome.code,
            message_id=outcome.message_id,
        )


def record_notice_receipts(session: Session, receipts: Sequence[Receipt]) -> None:
    """Write receipts of notices, which may come twice or out of order; the caller commits."""
    for receipt in receipts:
        state = _STATES.get(receipt.state, NoticeState.FAILED)
        replaceable = _BEFORE_ACCEPTED if state is NoticeState.ACCEPTED else (*_BEFORE_ACCEPTED, NoticeState.ACCEPTED)
        notice_id = read_notice_reference(receipt.reference) or 0
        _set_states(
            session,
            [notice_id],
            replaceable,
            state,
            at=receipt.at,
            reason=receipt.code,
            message_id=receipt.message_id,
        )


def settle_unclear_notices(newsroom: Newsroom, gateway: Gateway) -> int:
    """Look up every unclear notice; what the gateway never had waits again. The caller is the sole sender.

    Returns:
        How many there were.
    """
    with newsroom.reading() as session:
        unclear = session.exec(select(Notice.id).where(col(Notice.state).in_(UNCLEAR)).order_by(col(Notice.id))).all()
    references = {write_notice_reference(notice_id or 0): notice_id or 0 for notice_id in unclear}
    found = gateway.find(list(references)) if references else {}
    absent = [notice_id for reference, notice_id in references.items() if reference not in found]
    now = newsroom.now()
    with newsroom.writing() as session:
        for reference, message_id in found.items():
            _set_states(session, [references[reference]], UNCLEAR, NoticeState.ACCEPTED, at=now, message_id=message_id)
        _set_states(session, absent, UNCLEAR, NoticeState.QUEUED, at=now)
        session.commit()
    return len(references)


def count_unclear(session: Session) -> int:
    """Notices of which it is not known whether the gateway has them."""
    return session.exec(select(func.count()).where(col(Notice.state).in_(UNCLEAR))).one()


def _set_states(
    session: Session,
    notice_ids: Sequence[int],
    replaceable: Collection[NoticeState],
    state: NoticeState,
    *,
    at: datetime,
    reason: str = "",
    message_id: str = "",
) -> None:
    """Set notices that still stand in one of ``replaceable``."""
    if notice_ids:
        standing = update(Notice).where(col(Notice.id).in_(notice_ids), col(Notice.state).in_(replaceable))
        values = {"state": state, "reason": reason[:20], "message_id": message_id, "changed_at": at}
        session.connection().execute(standing.values(**values))
