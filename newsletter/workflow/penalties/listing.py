"""The list of errors and penalties: by person, unit and period, with what they come to."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from newsletter.articles.models import Article
from newsletter.editions.models import Edition
from newsletter.newsroom import Newsroom
from newsletter.organisation.units import get_unit, subtree_ids
from newsletter.workflow.penalties.facts import chain_of
from newsletter.workflow.penalties.models import ErrorRecord, PenaltyEntry, PersonKind
from newsletter.workflow.penalties.people import Names, Person, find_person, read_names
from newsletter.workflow.penalties.records import Aftermath, read_aftermaths
from newsletter.workflow.penalties.scope import Sight, Units, sight_of


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

    def covers(self, at: datetime) -> bool:
        """Whether a moment lies in the period asked for."""
        return (self.start is None or at >= self.start) and (self.end is None or at < self.end)


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
    records = session.exec(select(ErrorRecord).order_by(col(ErrorRecord.id))).all()
    names = read_names(session)
    units = _units_of(session, records, names)
    entries = [
        entry
        for entry in session.exec(select(PenaltyEntry).order_by(col(PenaltyEntry.id)))
        if criteria.covers(entry.at)
        and sight.sees_entry(entry, units[entry.record_id])
        and (person is None or Person(entry.person_kind, entry.person_id) == person)
        and (wanted is None or entry.unit_id in wanted or units[entry.record_id].desk in wanted)
    ]
    aftermaths = read_aftermaths(session, records)
    charged = {entry.record_id for entry in entries}
    shown = [
        record
        for record in records
        if (record.id in charged or _is_wanted(record, units[record.id or 0], sight, criteria, person, wanted))
        and (not criteria.is_open or aftermaths[record.id or 0].waits_for)
    ]
    ids = {record.id for record in shown}
    return Listed(
        records=shown,
        entries=[entry for entry in entries if entry.record_id in ids],
        aftermaths={number: aftermath for number, aftermath in aftermaths.items() if number in ids},
        names=names,
    )


def _is_wanted(  # noqa: PLR0917 (the record, and what is asked)
    record: ErrorRecord,
    units: Units,
    sight: Sight,
    criteria: Criteria,
    person: Person | None,
    wanted: frozenset[int] | None,
) -> bool:
    """Whether a record is listed for itself, whatever was booked for it."""
    return (
        criteria.covers(record.at)
        and sight.sees_record(record, units)
        and (person is None or person in chain_of(record))
        and (wanted is None or not wanted.isdisjoint(units.both))
    )


def _units_of(session: Session, records: Iterable[ErrorRecord], names: Names) -> dict[int, Units]:
    """Record id → the units it belongs to."""
    editions = dict(session.exec(select(Edition.id, Edition.unit_id)).all())
    articles = dict(session.exec(select(Article.id, Article.unit_id)).all())
    return {
        record.id or 0: Units(
            desk=articles[record.article_id] if record.edition_id is None else editions[record.edition_id],
            home=names.contributors[record.introducer_id].unit_id
            if record.introducer_kind == PersonKind.CONTRIBUTOR
            else None,
        )
        for record in records
    }


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
