"""What happened to a person between what the register said of them and what it says now. Append-only once written."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection

from newsletter.instants import to_milliseconds
from newsletter.subscribers.event_records import EventKind
from newsletter.subscribers.models import Standing, Status

#: Statuses of people on the register.
ON_REGISTER: Final = frozenset({Status.ACTIVE, Status.NUMBERLESS})
_COLUMNS: Final = (
    "subscriber_id", "kind", "unit_id", "region_code", "profession", "standing", "mobile", "retired", "status",
    "other_unit_id", "happened_on", "source", "staff_id", "at",
)  # fmt: skip
_BECAME: Final = {Standing.PROBATIONARY: EventKind.BECAME_PROBATIONARY, Standing.FULL: EventKind.BECAME_FULL}


class Snapshot(NamedTuple):
    """What the register says of a person that events tell of."""

    unit_id: int
    region_code: str
    profession: str
    standing: str
    mobile: bool
    retired: bool
    status: str


class Happening(NamedTuple):
    """One event: its kind, what the register says with it, and of a move the unit at the other end."""

    kind: EventKind
    snapshot: Snapshot
    other_unit_id: int | None = None


class EventWriter:
    """Writes the events of one source, by one person, at one moment."""

    def __init__(
        self, connection: Connection, *, source: str, staff_id: int | None, at: datetime, on: date | None = None
    ) -> None:
        """``on``: the day it happened, where it is known."""
        self._connection = connection
        self._tail = (on.isoformat() if on else None, source, staff_id, to_milliseconds(at))

    def write(self, people: Sequence[tuple[int, Snapshot | None, Snapshot]]) -> int:
        """Write what happened to these people: id, what the register said (None: nothing yet), what it says now.

        Returns:
            How many events there were.
        """
        rows = [
            (subscriber_id, happening.kind.value, *happening.snapshot, happening.other_unit_id, *self._tail)
            for subscriber_id, before, after in people
            for happening in what_happened(before, after)
        ]
        if rows:
            mark = "?" if self._connection.dialect.name == "sqlite" else "%s"
            marks = ", ".join([mark] * len(_COLUMNS))
            statement = f"INSERT INTO member_event ({', '.join(_COLUMNS)}) VALUES ({marks})"  # noqa: S608 (constants)
            self._connection.exec_driver_sql(statement, rows)
        return len(rows)

    def write_joined(self, first_id: int) -> None:
        """Write that everybody whom the register has from this id on joined it: in one statement, however many."""
        mark = "?" if self._connection.dialect.name == "sqlite" else "%s"
        _on, source, staff_id, at = self._tail
        told = "id, 'joined', unit_id, region_code, profession, standing, mobile, retired, status, NULL, NULL"
        statement = (
            f"INSERT INTO member_event ({', '.join(_COLUMNS)}) "  # noqa: S608 (constants)
            f"SELECT {told}, {mark}, {mark}, {mark} FROM subscriber WHERE id >= {mark} ORDER BY id"
        )
        self._connection.exec_driver_sql(statement, (source, staff_id, at, first_id))


def what_happened(before: Snapshot | None, after: Snapshot) -> list[Happening]:
    """The events from one to the other, in the order they are told; none where nothing changed.

    The last of them carries ``after``, so that the register can be told from the events alone.
    """
    return list(_tell(before, after))


def _tell(before: Snapshot | None, after: Snapshot) -> Iterator[Happening]:
    if before == after:
        return
    if before is None or (before.status not in ON_REGISTER and after.status in ON_REGISTER):
        yield Happening(EventKind.JOINED, after)
        return
    if after.status not in ON_REGISTER:
        gone = {Status.DIED: EventKind.DIED}.get(Status(after.status), EventKind.MOVED_OUT)
        yield Happening(gone if before.status != after.status else EventKind.CORRECTED, after)
        return
    if before.unit_id != after.unit_id:
        yield Happening(EventKind.MOVED_OUT, before, after.unit_id)
        yield Happening(EventKind.MOVED_IN, after, before.unit_id)
    told = list(_changes(before, after))
    yield from (Happening(kind, after) for kind in told)
    if not told and before.unit_id == after.unit_id:
        yield Happening(EventKind.CORRECTED, after)


def _changes(before: Snapshot, after: Snapshot) -> Iterator[EventKind]:
    if before.standing != after.standing:
        yield _BECAME.get(Standing(after.standing), EventKind.CORRECTED) if after.standing else EventKind.CORRECTED
    if before.mobile != after.mobile:
        yield EventKind.BECAME_MOBILE if after.mobile else EventKind.CAME_HOME
    if before.retired != after.retired:
        yield EventKind.RETIRED if after.retired else EventKind.CORRECTED
