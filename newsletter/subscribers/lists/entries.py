"""Which people of a file are new, changed or the same, and how they are written: set-based, a chunk at a time.

The statements go to the driver as they are, past the object mapper: this is the import's hot path.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection
from sqlmodel import Session

from newsletter.instants import to_milliseconds
from newsletter.keys import DataKeys
from newsletter.subscribers.events import EventWriter, Snapshot
from newsletter.subscribers.free_ids import first_free_id, gives_own_ids
from newsletter.subscribers.key_lists import has_rows, select_by_keys, value_mark
from newsletter.subscribers.leaving.consent import MEMBERSHIP, apply_consents
from newsletter.subscribers.lists.numberless import Given, find_numberless, give_numbers, has_numberless
from newsletter.subscribers.lists.rows import Particulars, Person
from newsletter.subscribers.models import ALL_PAPERS, Status
from newsletter.subscribers.preferences import Preferences
from newsletter.subscribers.wishes import (
    WISH_COLUMNS,
    forget_places,
    merge_wishes,
    read_wishes,
    wish_values,
    write_wishes,
)

#: Source of the events that an import writes.
IMPORT_SOURCE: Final = "import"
#: Consent basis of whoever comes by an import.
IMPORT_BASIS: Final = MEMBERSHIP
_COLUMNS: Final = (
    "number_key", "name_key", "number", "name", "unit_id", "region_code", "profession", "standing", "mobile",
    "retired", "status", "basis", "created_at", "updated_at",
)  # fmt: skip
_CHANGED: Final = ("unit_id", "region_code", "profession", "standing", "mobile", "retired", "status", "updated_at")


class Entry(NamedTuple):
    """A person of the file with the keys they are matched by."""

    line: int
    number_key: str
    name_key: str
    person: Person


class Tally(NamedTuple):
    """How many people of a chunk were new, changed and the same, and how many stand on a suppressed number."""

    added: int
    updated: int
    unchanged: int
    suppressed: int


class Known(NamedTuple):
    """What the register says of a person."""

    id: int
    unit_id: int
    region_code: str
    profession: str
    standing: str
    mobile: bool
    retired: bool
    status: str


#: (number key, name key) → the person.
KnownPeople = Mapping[tuple[str, str], Known]


class Columns(NamedTuple):
    """Which of the two columns that follow from one another the file has."""

    has_unit: bool
    has_region: bool


class Changes(NamedTuple):
    """What a chunk brings: new people, people to be brought up to date, and numbers for those who had none."""

    new: list[Entry]
    changed: list[tuple[Known, Known]]
    given: list[Given]


class EntryWriter:
    """Brings the register to what a file's rows say, a chunk at a time; ``finish`` ends it.

    Whoever calls it sees to it that nobody stands in the file twice; so what is asked of the register is what it
    said before the import, and nothing need be asked of one that was empty.
    """

    def __init__(
        self, session: Session, keys: DataKeys, columns: Columns, now: datetime, *, staff_id: int, is_dry: bool
    ) -> None:
        self._connection = session.connection()
        self._keys = keys
        self._columns = columns
        self._moment = to_milliseconds(now)
        self._is_dry = is_dry
        self._has_people = has_rows(self._connection, "subscriber")
        self._has_numberless = has_numberless(self._connection)
        self._taken_over: set[int] = set()
        self._has_suppressed = has_rows(self._connection, "suppression")
        self._has_consents = has_rows(self._connection, "consent_event")
        self._events = EventWriter(self._connection, source=IMPORT_SOURCE, staff_id=staff_id, at=now)
        self._first_id = self._next_id = first_free_id(self._connection)

    def look_up(self, entries: Sequence[Entry]) -> KnownPeople:
        """What the register says of everybody on these people's numbers."""
        return _read_known(self._connection, [e.number_key for e in entries]) if self._has_people else {}

    def write(self, entries: Sequence[Entry], known: KnownPeople) -> Tally:
        """Write some hundreds or thousands of people; a dry run only counts them."""
        changes = self._sort_out(entries, known)
        wishes = self._sort_wishes(_known_wishes(entries, known))
        if not self._is_dry:
            self._insert(changes.new)
            self._change(changes.changed)
            if changes.given:
                give_numbers(self._connection, self._keys, changes.given)
                wishes |= self._sort_wishes((g.person.id, g.number_key, g.preferences) for g in changes.given)
            if wishes:
                write_wishes(self._connection, wishes, self._moment)
            if _keeps_places(entries):
                forget_places(self._connection, _came_home(changes.changed))
            if self._has_consents:
                fresh = [entry.number_key for entry in changes.new] + [each.number_key for each in changes.given]
                apply_consents(self._connection, fresh)
        added, updated = len(changes.new), len({before.id for before, _after in changes.changed} | wishes.keys())
        return Tally(added, updated, len(entries) - added - updated, self._count_suppressed(entries))

    def finish(self) -> None:
        """Write the events of all who were added; to be called once, after the last chunk."""
        if not self._is_dry:
            self._events.write_joined(self._first_id)

    def _count_suppressed(self, entries: Sequence[Entry]) -> int:
        if not self._has_suppressed:
            return 0
        number_keys = [entry.number_key for entry in entries]
        suppressed = _read_suppressed(self._connection, number_keys)
        return sum(key in suppressed for key in number_keys)

    def _sort_out(self, entries: Sequence[Entry], known: KnownPeople) -> Changes:
        changes = Changes([], [], [])
        for entry in entries:
            found = known.get((entry.number_key, entry.name_key))
            if found is None:
                changes.new.append(entry)
                continue
            wanted = merge_particulars(found, entry.person.particulars, self._columns)
            if wanted != found:
                changes.changed.append((found, wanted))
        return self._take_over(changes) if self._has_numberless and changes.new else changes

    def _take_over(self, changes: Changes) -> Changes:
        """Have new people whose name the register has in their unit without a number be those, in the file's order."""
        named = [entry.name_key for entry in changes.new if entry.name_key]
        waiting = find_numberless(self._connection, named)
        left: list[Entry] = []
        for entry in changes.new:
            namesakes = waiting.get((entry.name_key, entry.person.particulars.unit_id), [])
            # A dry run writes nothing: whom an earlier chunk would have given a number still waits for one.
            person = next((one for one in namesakes if one.id not in self._taken_over), None)
            if person is None or not entry.name_key:
                left.append(entry)
                continue
            self._taken_over.add(person.id)
            found = Known(*(getattr(person, name) for name in Known._fields))
            changes.changed.append((found, merge_particulars(found, entry.person.particulars, self._columns)))
            plain = entry.person
            changes.given.append(Given(person, entry.number_key, plain.number, plain.name, plain.preferences))
        return changes._replace(new=left)

    def _sort_wishes(self, rows: Iterable[tuple[int, str, Preferences | None]]) -> dict[int, tuple[Any, ...]]:
        """Subscriber id → preferences, of known people (id, number key, what the row says) whose row brings others."""
        there = [(number, key, row) for number, key, row in rows if row is not None]
        if not there:
            return {}
        before = read_wishes(self._connection, self._keys, [number for number, _key, _row in there])
        return {
            number: wish_values(self._keys, key, row, before[number])
            for number, key, row in there
            if merge_wishes(before[number], row) != before[number]
        }

    def _insert(self, new: Sequence[Entry]) -> None:
        if not new:
            return
        keys = self._keys
        numbers = keys.encrypt_many([e.person.number for e in new], ["number/" + e.number_key for e in new])
        names = keys.encrypt_many([e.person.name for e in new], ["name/" + e.number_key for e in new])
        rows = [_record(*parts, self._moment) for parts in zip(new, numbers, names, strict=True)]
        columns: tuple[str, ...] = _COLUMNS
        if new[0].person.preferences is not None:
            columns += WISH_COLUMNS
            wishes = (wish_values(keys, entry.number_key, entry.person.preferences) for entry in new)
            rows = [row + more for row, more in zip(rows, wishes, strict=True)]
        if gives_own_ids(self._connection):
            columns += ("id",)
            rows = [(*row, number) for number, row in enumerate(rows, start=self._next_id)]
            self._next_id += len(rows)
        marks = ", ".join([value_mark(self._connection)] * len(columns))
        self._connection.exec_driver_sql(f"INSERT INTO subscriber ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608

    def _change(self, changed: Sequence[tuple[Known, Known]]) -> None:
        if not changed:
            return
        mark = value_mark(self._connection)
        assignments = ", ".join(f"{column} = {mark}" for column in _CHANGED)
        statement = f"UPDATE subscriber SET {assignments} WHERE id = {mark}"  # noqa: S608 (constants only)
        rows = [(*after[1:], self._moment, after.id) for _before, after in changed]
        self._connection.exec_driver_sql(statement, rows)
        self._events.write([(after.id, Snapshot(*before[1:]), Snapshot(*after[1:])) for before, after in changed])


def merge_particulars(found: Known, row: Particulars, columns: Columns) -> Known:
    """What the register should say: a column the file has not keeps what is known, an empty cell says "none".

    A unit that was only concluded from the region (or the reverse) replaces the known one when the region changed.
    """
    unit_id, region_code = row.unit_id, row.region_code
    if not columns.has_unit and region_code == found.region_code:
        unit_id = found.unit_id
    if not columns.has_region and unit_id == found.unit_id:
        region_code = found.region_code
    return Known(
        found.id,
        unit_id,
        region_code,
        found.profession if row.profession is None else row.profession,
        found.standing if row.standing is None else row.standing,
        found.mobile if row.mobile is None else row.mobile,
        found.retired if row.retired is None else row.retired,
        Status.ACTIVE.value,
    )


def _keeps_places(entries: Sequence[Entry]) -> bool:
    """Whether the file says nothing of where people live."""
    wishes = entries[0].person.preferences if entries else None
    return wishes is None or wishes.place is None


def _came_home(changed: Iterable[tuple[Known, Known]]) -> list[int]:
    """Ids of people who were away and are not any more: where they lived is past."""
    return [after.id for before, after in changed if before.mobile and not after.mobile]


def _known_wishes(entries: Sequence[Entry], known: KnownPeople) -> Iterable[tuple[int, str, Preferences | None]]:
    if not entries or entries[0].person.preferences is None:
        return
    for entry in entries:
        found = known.get((entry.number_key, entry.name_key))
        if found is not None:
            yield found.id, entry.number_key, entry.person.preferences


def _read_known(connection: Connection, number_keys: Sequence[str]) -> KnownPeople:
    columns = ", ".join(Known._fields)
    rows = select_by_keys(connection, f"number_key, name_key, {columns} FROM subscriber", "number_key", number_keys)
    return {(row[0], row[1]): Known(*row[2:]) for row in rows}


def _read_suppressed(connection: Connection, number_keys: Sequence[str]) -> set[str]:
    rows = select_by_keys(connection, "number_key, paper_id FROM suppression", "number_key", number_keys)
    return {row[0] for row in rows if row[1] == ALL_PAPERS}


def _record(entry: Entry, number: bytes, name: bytes, moment: int) -> tuple[Any, ...]:
    _line, number_key, name_key, person = entry
    unit_id, region_code, profession, standing, mobile, retired = person.particulars
    return (
        number_key,
        name_key,
        number,
        name if name_key else b"",
        unit_id,
        region_code,
        profession or "",
        standing or "",
        bool(mobile),
        bool(retired),
        "active",
        IMPORT_BASIS,
        moment,
        moment,
    )
