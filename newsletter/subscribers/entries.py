"""Which people of a file are new, changed or the same, and how they are written: set-based, a chunk at a time.

The statements go to the driver as they are, past the object mapper: this is the import's hot path.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection
from sqlmodel import Session

from newsletter.instants import to_milliseconds
from newsletter.keys import DataKeys
from newsletter.subscribers.models import ALL_PAPERS, Status
from newsletter.subscribers.rows import Particulars, Person

#: How SQLite and PostgreSQL take a list of keys as one value.
_KEY_LISTS: Final = {"sqlite": "IN (SELECT value FROM json_each(?))", "postgresql": "= ANY(%s)"}
_COLUMNS: Final = (
    "number_key", "name_key", "number", "name", "unit_id", "region_code", "profession", "standing", "mobile",
    "retired", "status", "basis", "created_at", "updated_at",
)  # fmt: skip
_CHANGED: Final = ("unit_id", "region_code", "profession", "standing", "mobile", "retired", "status", "updated_at")
#: Consent basis of whoever comes by an import.
IMPORT_BASIS: Final = "membership"


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


class Columns(NamedTuple):
    """Which of the two columns that follow from one another the file has."""

    has_unit: bool
    has_region: bool


class EntryWriter:
    """Brings the register to what a file's rows say, a chunk at a time.

    Whoever calls it sees to it that nobody stands in the file twice; so what is asked of the register is what it
    said before the import, and nothing need be asked of one that was empty.
    """

    def __init__(self, session: Session, keys: DataKeys, columns: Columns, now: datetime, *, is_dry: bool) -> None:
        self._connection = session.connection()
        self._keys = keys
        self._columns = columns
        self._moment = to_milliseconds(now)
        self._is_dry = is_dry
        self._has_people = _has_rows(self._connection, "subscriber")
        self._has_suppressed = _has_rows(self._connection, "suppression")

    def write(self, entries: Sequence[Entry]) -> Tally:
        """Write some hundreds or thousands of people; a dry run only counts them."""
        number_keys = [entry.number_key for entry in entries]
        known = _read_known(self._connection, number_keys) if self._has_people else {}
        suppressed = _read_suppressed(self._connection, number_keys) if self._has_suppressed else set()
        new, changed = self._sort_out(entries, known)
        if not self._is_dry:
            _insert(self._connection, self._keys, new, self._moment)
            _update(self._connection, changed)
        unchanged = len(entries) - len(new) - len(changed)
        return Tally(len(new), len(changed), unchanged, sum(key in suppressed for key in number_keys))

    def find_foreign(self, entries: Sequence[Entry], unit_ids: Collection[int]) -> set[int]:
        """The lines of people whom the register has under a unit that is none of ``unit_ids``."""
        known = _read_known(self._connection, [entry.number_key for entry in entries]) if self._has_people else {}
        homes = {key: person.unit_id for key, person in known.items()}
        lines = {entry.line: homes.get((entry.number_key, entry.name_key)) for entry in entries}
        return {line for line, home in lines.items() if home is not None and home not in unit_ids}

    def _sort_out(
        self, entries: Sequence[Entry], known: Mapping[tuple[str, str], Known]
    ) -> tuple[list[Entry], list[tuple[Any, ...]]]:
        new: list[Entry] = []
        changed: list[tuple[Any, ...]] = []
        for entry in entries:
            found = known.get((entry.number_key, entry.name_key))
            if found is None:
                new.append(entry)
                continue
            wanted = merge_particulars(found, entry.person.particulars, self._columns)
            if wanted != found:
                changed.append((*wanted[1:], self._moment, found.id))
        return new, changed


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
        Status.ACTIVE,
    )


def _has_rows(connection: Connection, table: str) -> bool:
    return connection.exec_driver_sql(f"SELECT 1 FROM {table} LIMIT 1").first() is not None  # noqa: S608 (a constant)


def _read_known(connection: Connection, number_keys: Sequence[str]) -> dict[tuple[str, str], Known]:
    columns = ", ".join(Known._fields)
    rows = _select_by_keys(connection, f"number_key, name_key, {columns} FROM subscriber", number_keys)
    return {(row[0], row[1]): Known(*row[2:]) for row in rows}


def _read_suppressed(connection: Connection, number_keys: Sequence[str]) -> set[str]:
    rows = _select_by_keys(connection, "number_key, paper_id FROM suppression", number_keys)
    return {row[0] for row in rows if row[1] == ALL_PAPERS}


def _select_by_keys(connection: Connection, what: str, number_keys: Sequence[str]) -> Sequence[Any]:
    dialect = connection.dialect.name
    value = json.dumps(number_keys) if dialect == "sqlite" else list(number_keys)
    statement = f"SELECT {what} WHERE number_key {_KEY_LISTS[dialect]}"
    return connection.exec_driver_sql(statement, (value,)).fetchall()


def _insert(connection: Connection, keys: DataKeys, new: Sequence[Entry], moment: int) -> None:
    if not new:
        return
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    statement = f"INSERT INTO subscriber ({', '.join(_COLUMNS)}) VALUES ({', '.join([mark] * len(_COLUMNS))})"  # noqa: S608
    numbers = keys.encrypt_many([e.person.number for e in new], ["number/" + e.number_key for e in new])
    names = keys.encrypt_many([e.person.name for e in new], ["name/" + e.number_key for e in new])
    rows = [_record(*parts, moment) for parts in zip(new, numbers, names, strict=True)]
    connection.exec_driver_sql(statement, rows)


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


def _update(connection: Connection, changed: Sequence[tuple[Any, ...]]) -> None:
    if not changed:
        return
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    assignments = ", ".join(f"{column} = {mark}" for column in _CHANGED)
    statement = f"UPDATE subscriber SET {assignments} WHERE id = {mark}"  # noqa: S608 (constants only)
    connection.exec_driver_sql(statement, list(changed))
