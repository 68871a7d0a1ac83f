"""The list of errors and penalties: by person, unit and period, with what they come to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from newsletter.newsroom import Newsroom
from newsletter.organisation.units import get_unit, subtree_ids
from newsletter.workflow.penalties.models import ErrorRecord, PenaltyEntry
from newsletter.workflow.penalties.people import Names, Person, find_person, read_names
from newsletter.workflow.penalties.records import Aftermath, read_aftermaths, waiting_ids
from newsletter.workflow.penalties.scope import (
    DESK,
    HOME,
    is_charged,
    is_in_chain,
    place_records,
    sees_entry,
    sees_record,
    sight_of,
)


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """Which errors are wanted; every one given must hold.

    Attributes:
        person: a name on staff, or a contributor's name or id.
        unit: the unit, with all under it, whose people or whose editions they are.
        start, end: errors recorded, and entries booked, from ``start`` up to, not including, ``end``.
        is_open: only those that wait for a decision or a ruling.
    """

    person: str | None = None
    unit: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    is_open: bool = False

    def hold_for(self, at: Any) -> list[ColumnElement[bool]]:
        """That a moment, as a column has it, lies in the period asked for."""
        first = [] if self.start is None else [col(at) >= self.start]
        return first if self.end is None else [*first, col(at) < self.end]


@dataclass(frozen=True, kw_only=True)
class Listed:
    """Errors with what was said of them since, and the entries booked for them."""

    records: Sequence[ErrorRecord]
    entries: Sequence[PenaltyEntry]
    aftermaths: dict[int, Aftermath]
    names: Names


def list_penalties(session: Session, newsroom: Newsroom, criteria: Criteria) -> Listed:
    """What the acting person may see of what they ask for, oldest first.

    Raises:
        UnknownPersonError, UnknownUnitError: looked up in vain.
        NoRightError: they are not on staff.
    """
    sight = sight_of(session, newsroom)
    person = find_person(session, criteria.person) if criteria.person else None
    wanted = frozenset(subtree_ids(session, get_unit(session, criteria.unit).id or 0)) if criteria.unit else None
    charging = [*criteria.hold_for(PenaltyEntry.at), sees_entry(sight), *_charges(person), *_costs(wanted)]
    charged = _placed(col(PenaltyEntry.record_id)).where(*charging)
    named = [*criteria.hold_for(ErrorRecord.at), sees_record(sight), *_names(person), *_belongs(wanted)]
    shown = _placed(col(ErrorRecord.id), entries=False).where(or_(col(ErrorRecord.id).in_(charged), and_(*named)))
    if criteria.is_open:
        shown = shown.where(col(ErrorRecord.id).in_(waiting_ids(session)))
    records = session.exec(
        select(ErrorRecord).where(col(ErrorRecord.id).in_(shown)).order_by(col(ErrorRecord.id))
    ).all()
    entries = session.exec(
        select(PenaltyEntry)
        .where(
            col(PenaltyEntry.id).in_(_placed(col(PenaltyEntry.id)).where(*charging)),
            col(PenaltyEntry.record_id).in_(shown),
        )
        .order_by(col(PenaltyEntry.id))
    ).all()
    return Listed(
        records=records, entries=entries, aftermaths=read_aftermaths(session, records), names=read_names(session)
    )


def _placed(what: Any, *, entries: bool = True) -> SelectOfScalar[Any]:
    """Ids of records, or of entries, with all that tells to which units they belong."""
    query = select(what).select_from(ErrorRecord)
    if entries:
        query = query.join(PenaltyEntry, col(PenaltyEntry.record_id) == col(ErrorRecord.id))
    return place_records(query)


def _charges(person: Person | None) -> list[ColumnElement[bool]]:
    return [] if person is None else [is_charged(person)]


def _costs(wanted: frozenset[int] | None) -> list[ColumnElement[bool]]:
    return [] if wanted is None else [or_(col(PenaltyEntry.unit_id).in_(wanted), DESK.in_(wanted))]


def _names(person: Person | None) -> list[ColumnElement[bool]]:
    return [] if person is None else [is_in_chain(person)]


def _belongs(wanted: frozenset[int] | None) -> list[ColumnElement[bool]]:
    return [] if wanted is None else [or_(DESK.in_(wanted), HOME.in_(wanted))]


@dataclass(frozen=True)
class Total:
    """What entries come to, in hundredths, and over how many errors.

    Attributes:
        by: ``person``, ``unit`` or ``month``; ``key`` says which one.
    """

    by: str
    key: Person | int | str
    errors: int
    hundredths: int


def sum_up(entries: Sequence[PenaltyEntry]) -> list[Total]:
    """Totals by person, by unit and by month; errors reversed are no errors."""
    struck = {entry.record_id for entry in entries if entry.reversal_of is not None}
    totals = []
    keys: dict[str, Callable[[PenaltyEntry], Person | int | str]] = {
        "person": lambda entry: Person(entry.person_kind, entry.person_id),
        "unit": lambda entry: entry.unit_id,
        "month": lambda entry: entry.month,
    }
    for by, key_of in keys.items():
        grouped: dict[Person | int | str, list[PenaltyEntry]] = {}
        for entry in entries:
            grouped.setdefault(key_of(entry), []).append(entry)
        totals += [
            Total(by, key, len({entry.record_id for entry in group} - struck), sum(entry.hundredths for entry in group))
            for key, group in grouped.items()
        ]
    return totals
