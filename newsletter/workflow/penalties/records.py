"""Error records as stored: finding one, what was said about it since, and which of them wait for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

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
        raise UnknownRecordError(
            _("There is no error record {record}.").format(record=record_id),
            hint=_("See them: newsletter penalties list"),
        )
    return record


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


def read_aftermaths(session: Session, records: Sequence[ErrorRecord]) -> dict[int, Aftermath]:
    """Record id → what was said about it since."""
    appeals = {one.record_id: one for one in session.exec(select(PenaltyAppeal))}
    rulings = {one.record_id: one for one in session.exec(select(PenaltyRuling))}
    decisions = {one.record_id: one for one in session.exec(select(PenaltyDecision))}
    undecided = {record.id for record in undecided_records(session)}
    found = {}
    for number in (record.id or 0 for record in records):
        is_unjudged = number in appeals and number not in rulings
        waits_for = Wait.RULING if is_unjudged else Wait.DECISION if number in undecided else None
        found[number] = Aftermath(appeals.get(number), rulings.get(number), decisions.get(number), waits_for)
    return found
