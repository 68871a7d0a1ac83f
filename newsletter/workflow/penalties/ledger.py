"""The ledger of penalties: what was booked to whom, and what that comes to."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, and_, col, func, or_, select

from newsletter.articles.models import Article
from newsletter.editions.models import Edition
from newsletter.newsroom import Newsroom
from newsletter.organisation.contributors import Contributor
from newsletter.workflow.penalties.charging import Charge, Facts, History, charge_error
from newsletter.workflow.penalties.facts import facts_of
from newsletter.workflow.penalties.models import (
    ErrorRecord,
    PenaltyEntry,
    PenaltyRuling,
    PersonKind,
    PersonRole,
    Verdict,
)
from newsletter.workflow.penalties.people import Person
from newsletter.workflow.rule_book.adopting import read_version


def penalty_totals(session: Session, *, start: datetime, end: datetime) -> dict[tuple[str, int], int]:
    """What was booked to each person from ``start`` up to, not including, ``end``.

    Returns:
        (``contributor`` or ``staff``, id) → hundredths of a point, reversals taken off; below zero if what was
        reversed then had been booked before. People without entries are not in it.
    """
    query = (
        select(PenaltyEntry.person_kind, PenaltyEntry.person_id, func.sum(PenaltyEntry.hundredths))
        .where(PenaltyEntry.at >= start, PenaltyEntry.at < end)
        .group_by(col(PenaltyEntry.person_kind), col(PenaltyEntry.person_id))
    )
    return {(kind, person): int(total) for kind, person, total in session.exec(query)}


def lock_ledger(session: Session) -> None:
    """Let one transaction at a time add to the ledger: what an error costs depends on what was booked before.

    SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("LOCK TABLE penalty_entry IN SHARE ROW EXCLUSIVE MODE"))


def book_record(session: Session, newsroom: Newsroom, record: ErrorRecord) -> list[PenaltyEntry]:
    """Charge an error just recorded, and write the entries."""
    facts = facts_of(record, newsroom.timezone)
    rules = read_version(session, record.rule_book_version).rules
    charges = charge_error(facts, rules, _history_for(session, newsroom, facts))
    entries = [_entry(session, record, charge) for charge in charges]
    session.add_all(entries)
    session.flush()
    return entries


def reverse_record(session: Session, newsroom: Newsroom, record_id: int, at: datetime) -> list[PenaltyEntry]:
    """Book the opposite of everything a record cost."""
    entries = [
        PenaltyEntry(
            record_id=record_id,
            person_kind=entry.person_kind,
            person_id=entry.person_id,
            unit_id=entry.unit_id,
            role=entry.role,
            hundredths=-entry.hundredths,
            rule=entry.rule,
            month=at.astimezone(newsroom.timezone).strftime("%Y-%m"),
            at=at,
            reversal_of=entry.id,
        )
        for entry in entries_of(session, [record_id])
    ]
    session.add_all(entries)
    session.flush()
    return entries


def entries_of(session: Session, record_ids: Sequence[int]) -> Sequence[PenaltyEntry]:
    """Everything booked for these records, oldest first."""
    query = select(PenaltyEntry).where(col(PenaltyEntry.record_id).in_(record_ids))
    return session.exec(query.order_by(col(PenaltyEntry.id))).all()


def _history_for(session: Session, newsroom: Newsroom, facts: Facts) -> History:
    """What still stands of errors of this kind in the same edition, or by the same person."""
    reversed_ids = select(PenaltyRuling.record_id).where(PenaltyRuling.verdict == Verdict.REVERSED)
    same_person = and_(
        col(ErrorRecord.introducer_kind) == facts.introducer.kind,
        col(ErrorRecord.introducer_id) == facts.introducer.id,
    )
    same_edition = col(ErrorRecord.edition_id) == facts.edition
    query = (
        select(ErrorRecord, PenaltyEntry)
        .join(PenaltyEntry, col(PenaltyEntry.record_id) == col(ErrorRecord.id))
        .where(ErrorRecord.code == facts.code, or_(same_edition, same_person))
        .where(col(ErrorRecord.id).not_in(reversed_ids))
        .order_by(col(PenaltyEntry.id))
    )
    return History(
        Charge(
            facts=facts_of(record, newsroom.timezone),
            person=Person(entry.person_kind, entry.person_id),
            role=PersonRole(entry.role),
            hundredths=entry.hundredths,
            rule=entry.rule,
        )
        for record, entry in session.exec(query)
    )


def _entry(session: Session, record: ErrorRecord, charge: Charge) -> PenaltyEntry:
    return PenaltyEntry(
        record_id=record.id or 0,
        person_kind=charge.person.kind,
        person_id=charge.person.id,
        unit_id=_unit_of(session, record, charge.person),
        role=charge.role,
        hundredths=charge.hundredths,
        rule=charge.rule,
        month=charge.facts.month,
        at=record.at,
    )


def _unit_of(session: Session, record: ErrorRecord, person: Person) -> int:
    if person.kind == PersonKind.CONTRIBUTOR:
        return session.get_one(Contributor, person.id).unit_id
    return unit_of_record(session, record)


def unit_of_record(session: Session, record: ErrorRecord) -> int:
    """The unit whose desk an error belongs to: the edition's, else the article's."""
    if record.edition_id is not None:
        return session.get_one(Edition, record.edition_id).unit_id
    return session.get_one(Article, record.article_id).unit_id
