"""Whose penalties somebody may see: those of the units that their roles are for, and always their own.

It is told by conditions of queries over records that ``place_records`` has joined with what says where they belong: to
the desk whose edition it is, and home to the contributor who brought the error in.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, case, true
from sqlmodel import Session, and_, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from newsletter.articles.models import Article
from newsletter.editions.models import Edition
from newsletter.newsroom import Newsroom
from newsletter.organisation.contributors import Contributor
from newsletter.organisation.scope import Scope, visible_unit_ids
from newsletter.organisation.staff import require_staff
from newsletter.workflow.penalties.models import ErrorRecord, PenaltyEntry, PersonKind
from newsletter.workflow.penalties.people import Person, staff_person
from newsletter.workflow.penalties.records import get_record, unknown_record

#: The unit whose desk an error belongs to: the edition's, else the article's.
DESK: Final[ColumnElement[int]] = case(
    (col(ErrorRecord.edition_id).is_(None), col(Article.unit_id)), else_=col(Edition.unit_id)
)
#: The unit of the contributor who brought it in; NULL if somebody on staff did.
HOME: Final = col(Contributor.unit_id)


@dataclass(frozen=True)
class Sight:
    """What one person sees: the units their roles are for, everything under them included."""

    person: Person
    scope: Scope


def sight_of(session: Session, newsroom: Newsroom) -> Sight:
    """What the acting person may see.

    Raises:
        NoRightError: they are not on staff.
    """
    return Sight(staff_person(require_staff(session, newsroom)), visible_unit_ids(session, newsroom))


def place_records(query: SelectOfScalar[Any]) -> SelectOfScalar[Any]:
    """A query over error records, joined with what tells to which units they belong."""
    is_home = and_(
        col(ErrorRecord.introducer_kind) == PersonKind.CONTRIBUTOR,
        col(Contributor.id) == col(ErrorRecord.introducer_id),
    )
    return (
        query.join(Article, col(Article.id) == col(ErrorRecord.article_id))
        .join(Edition, col(Edition.id) == col(ErrorRecord.edition_id), isouter=True)
        .join(Contributor, is_home, isouter=True)
    )


def is_charged(person: Person) -> ColumnElement[bool]:
    """That an entry is this person's."""
    return and_(col(PenaltyEntry.person_kind) == person.kind, col(PenaltyEntry.person_id) == person.id)


def is_in_chain(person: Person) -> ColumnElement[bool]:
    """That a record names this person: they brought the error in, or let it pass (``facts.chain_of``)."""
    brought_in = and_(col(ErrorRecord.introducer_kind) == person.kind, col(ErrorRecord.introducer_id) == person.id)
    if person.kind != PersonKind.STAFF:
        return brought_in
    # Canonical JSON, as in {"approve":3,"sign":4,"submit":2}: no number is followed by anything else.
    gates = col(ErrorRecord.gates)
    return or_(brought_in, gates.contains(f":{person.id},"), gates.contains(f":{person.id}}}"))


def sees_entry(sight: Sight) -> ColumnElement[bool]:
    """What their own units' people pay, what errors of their own desk cost, and what they pay themselves."""
    if sight.scope is None:
        return true()
    return or_(is_charged(sight.person), col(PenaltyEntry.unit_id).in_(sight.scope), DESK.in_(sight.scope))


def sees_record(sight: Sight) -> ColumnElement[bool]:
    """Errors of their own desk or of their own units' people, and errors that name them."""
    if sight.scope is None:
        return true()
    return or_(DESK.in_(sight.scope), HOME.in_(sight.scope), is_in_chain(sight.person))


def get_visible_record(session: Session, newsroom: Newsroom, record_id: int) -> ErrorRecord:
    """The error record with this number, if the acting person may see it.

    Raises:
        UnknownRecordError: there is none, or none that they may see: the answer does not tell which.
        NoRightError: they are not on staff.
    """
    sight = sight_of(session, newsroom)
    seen = place_records(select(col(ErrorRecord.id))).where(ErrorRecord.id == record_id, sees_record(sight))
    if session.exec(seen).first() is None:
        raise unknown_record(record_id)
    return get_record(session, record_id)
