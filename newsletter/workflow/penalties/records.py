"""Error records as stored: finding one, what was said about it since, and which of them wait for somebody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final, TypeVar

from sqlmodel import Session, col, or_, select

from newsletter.articles.models import Article, ArticleStage
from newsletter.editions.models import Edition, EditionStage
from newsletter.errors import NotFoundError
from newsletter.translation import gettext as _
from newsletter.workflow.penalties.models import (
    ErrorRecord,
    Found,
    PenaltyAppeal,
    PenaltyDecision,
    PenaltyRuling,
    Verdict,
)
from newsletter.workflow.rule_book.codes import GRAVE

#: Records are asked for so many at a time: databases take only so many values in one query.
_AT_ONCE: Final = 500
_Word = TypeVar("_Word", PenaltyAppeal, PenaltyRuling, PenaltyDecision)


class UnknownRecordError(NotFoundError):
    """No error record has this number."""

    code: ClassVar[str] = "unknown_record"


class Wait(StrEnum):
    """Whom an error record waits for."""

    #: An issuer, who decides whether the article is retracted.
    DECISION = "decision"
    #: Somebody outside its chain, who judges the appeal.
    RULING = "ruling"


@dataclass(frozen=True)
class Aftermath:
    """What was said about a record since."""

    appeal: PenaltyAppeal | None
    ruling: PenaltyRuling | None
    decision: PenaltyDecision | None
    waits_for: Wait | None


def get_record(session: Session, record_id: int) -> ErrorRecord:
    """The error record with this number.

    Raises:
        UnknownRecordError: there is none.
    """
    record = session.get(ErrorRecord, record_id)
    if record is None:
        raise unknown_record(record_id)
    return record


def unknown_record(record_id: int) -> UnknownRecordError:
    """The refusal for a number that no record has, or none that may be seen."""
    return UnknownRecordError(
        _("There is no error record {record}.").format(record=record_id), hint=_("See them: newsletter penalties list")
    )


def undecided_records(session: Session) -> Sequence[ErrorRecord]:
    """Grave errors found after sending on whose retraction an issuer has still to decide, oldest first."""
    settled = or_(
        col(ErrorRecord.id).in_(select(PenaltyDecision.record_id)),
        col(ErrorRecord.id).in_(select(PenaltyRuling.record_id).where(PenaltyRuling.verdict == Verdict.REVERSED)),
        col(Article.stage) == ArticleStage.RETRACTED,
        col(Edition.stage) == EditionStage.RETRACTED,
    )
    query = (
        select(ErrorRecord)
        .join(Article, col(Article.id) == col(ErrorRecord.article_id))
        .join(Edition, col(Edition.id) == col(ErrorRecord.edition_id))
        .where(col(ErrorRecord.code).in_(GRAVE), ErrorRecord.found == Found.AFTER, ~settled)
    )
    return session.exec(query.order_by(col(ErrorRecord.id))).all()


def waiting_ids(session: Session) -> set[int]:
    """Records that wait for a decision or a ruling."""
    unjudged = select(PenaltyAppeal.record_id).where(
        col(PenaltyAppeal.record_id).not_in(select(PenaltyRuling.record_id))
    )
    return {*session.exec(unjudged), *(record.id or 0 for record in undecided_records(session))}


def read_aftermaths(session: Session, records: Sequence[ErrorRecord]) -> dict[int, Aftermath]:
    """Record id → what was said about it since."""
    ids = [record.id or 0 for record in records]
    appeals = {one.record_id: one for one in _said(session, PenaltyAppeal, ids)}
    rulings = {one.record_id: one for one in _said(session, PenaltyRuling, ids)}
    decisions = {one.record_id: one for one in _said(session, PenaltyDecision, ids)}
    undecided = {record.id for record in undecided_records(session)}
    found = {}
    for number in ids:
        is_unjudged = number in appeals and number not in rulings
        waits_for = Wait.RULING if is_unjudged else Wait.DECISION if number in undecided else None
        found[number] = Aftermath(appeals.get(number), rulings.get(number), decisions.get(number), waits_for)
    return found


def _said(session: Session, kind: type[_Word], ids: Sequence[int]) -> Iterator[_Word]:
    """What was said of these records, asked for a number of them at a time."""
    for first in range(0, len(ids), _AT_ONCE):
        yield from session.exec(select(kind).where(col(kind.record_id).in_(ids[first : first + _AT_ONCE])))
