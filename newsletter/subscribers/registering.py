"""How people are put on the register and changed there by census and desk: the row and its events, never one alone."""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import BindParameter, bindparam, insert, update
from sqlmodel import Session, col, select

from newsletter.keys import NUMBER_KEY_LENGTH, DataKeys
from newsletter.subscribers.events import EventWriter, Snapshot
from newsletter.subscribers.free_ids import first_free_id, gives_own_ids
from newsletter.subscribers.leaving.consent import MEMBERSHIP, apply_consents
from newsletter.subscribers.lists.entries import Known
from newsletter.subscribers.models import Subscriber
from newsletter.subscribers.phones import mask_name, mask_number

#: People written together.
_AT_ONCE: Final = 1_000


@dataclass(frozen=True)
class Newcomer:
    """Somebody the register does not have: number (E.164, empty: none) and name in plain, and what is said of them.

    Attributes:
        extra: other columns, as they are stored.
        place: in plain; None: not known.
    """

    number: str
    name: str
    known: Known
    extra: Mapping[str, Any] = field(default_factory=dict)
    place: str | None = None


@dataclass(frozen=True)
class Change:
    """What becomes of somebody the register has.

    Attributes:
        number: the new one (E.164; empty: none any more); None: it stays.
        name: the new one; None: it stays.
        extra: other columns, as they are stored.
        place: in plain, empty: none any more; None: it stays.
    """

    before: Known
    after: Known
    number: str | None = None
    name: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    place: str | None = None

    @property
    def is_sealed_anew(self) -> bool:
        """Whether something that is encrypted changes."""
        return not (self.number is None and self.name is None and self.place is None)


class RegisterWriter:
    """Writes people and their events, of one source, by one person, at one moment."""

    def __init__(
        self,
        session: Session,
        keys: DataKeys,
        *,
        source: str,
        staff_id: int | None,
        at: datetime,
        on: date | None = None,
    ) -> None:
        """``on``: the day it happened, where it is known."""
        self._session = session
        self._connection = session.connection()
        self._keys = keys
        self._at = at
        self._events = EventWriter(self._connection, source=source, staff_id=staff_id, at=at, on=on)

    def add(self, newcomers: Sequence[Newcomer]) -> list[int]:
        """Put people on the register; returns their ids."""
        ids: list[int] = []
        statement = insert(Subscriber).returning(Subscriber.__table__.c.id, sort_by_parameter_order=True)  # type: ignore[attr-defined]
        for start in range(0, len(newcomers), _AT_ONCE):
            some = newcomers[start : start + _AT_ONCE]
            records = [self._record(one) for one in some]
            if gives_own_ids(self._connection):
                free = first_free_id(self._connection)
                records = [{**record, "id": number} for number, record in enumerate(records, start=free)]
            added = list(self._connection.execute(statement, records).scalars())
            apply_consents(self._connection, [record["number_key"] for record in records])
            self._events.write(
                [(number, None, snapshot_of(one.known)) for number, one in zip(added, some, strict=True)]
            )
            ids += added
        return ids

    def change(self, changes: Sequence[Change]) -> None:
        """Bring people on the register to what is known of them now."""
        for start in range(0, len(changes), _AT_ONCE):
            some = changes[start : start + _AT_ONCE]
            plain = [change for change in some if not change.extra and not change.is_sealed_anew]
            if plain:
                self._update([{"key": change.before.id, **self._columns(change.after)} for change in plain])
            self._write_anew([change for change in some if change.extra or change.is_sealed_anew])
            self._events.write(
                [(change.before.id, snapshot_of(change.before), snapshot_of(change.after)) for change in some]
            )

    def _write_anew(self, changes: Sequence[Change]) -> None:
        """Write changes of what is not the same column for all: together those that have the same columns."""
        sealed = self._seal_anew([change for change in changes if change.is_sealed_anew])
        alike: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for change in changes:
            number = change.before.id
            record = {"key": number, **self._columns(change.after), **change.extra, **sealed.get(number, {})}
            alike[tuple(record)].append(record)
        for records in alike.values():
            self._update(records)
        renewed = [columns["number_key"] for columns in sealed.values() if "basis" in columns]
        if renewed:
            apply_consents(self._connection, renewed)

    def _update(self, records: list[dict[str, Any]]) -> None:
        values: dict[str, BindParameter[Any]] = {name: bindparam(f"new_{name}") for name in records[0] if name != "key"}
        table = Subscriber.__table__  # type: ignore[attr-defined]
        statement = update(table).where(table.c.id == bindparam("key")).values(values)
        renamed = [{name if name == "key" else f"new_{name}": value for name, value in r.items()} for r in records]
        self._connection.execute(statement, renamed)

    def _columns(self, known: Known) -> dict[str, Any]:
        columns = {name: value for name, value in known._asdict().items() if name != "id"}
        return {**columns, "updated_at": self._at}

    def _record(self, newcomer: Newcomer) -> dict[str, Any]:
        number_key = self._number_key(newcomer.number)
        sealed = seal(self._keys, number_key, newcomer.number, newcomer.name, newcomer.place)
        told = {**self._columns(newcomer.known), "created_at": self._at}
        return {**told, **sealed, "basis": MEMBERSHIP, **newcomer.extra}

    def _seal_anew(self, changes: Sequence[Change]) -> dict[int, dict[str, Any]]:
        """Subscriber id → the columns that hide who somebody is; the people are read together."""
        query = select(Subscriber).where(col(Subscriber.id).in_([change.before.id for change in changes]))
        people = self._session.exec(query.execution_options(populate_existing=True)) if changes else ()
        by_id = {person.id: person for person in people}
        return {change.before.id: self._seal_one(change, by_id[change.before.id]) for change in changes}

    def _seal_one(self, change: Change, person: Subscriber) -> dict[str, Any]:
        number, name, place = unseal(self._keys, person)
        name = name if change.name is None else change.name
        place = place if change.place is None else change.place or None
        if change.number is None or change.number == number:
            return seal(self._keys, person.number_key, number, name, place)
        # Consent was given on the number: what the ledger says of the new one is applied once the row is written.
        number_key = self._number_key(change.number)
        return {**seal(self._keys, number_key, change.number, name, place), "basis": MEMBERSHIP}

    def _number_key(self, number: str) -> str:
        # Who has no number is told apart by nothing of theirs.
        return self._keys.number_key(number) if number else secrets.token_hex(NUMBER_KEY_LENGTH // 2)


def snapshot_of(known: Known) -> Snapshot:
    """What events tell of a person."""
    return Snapshot(*(getattr(known, name) for name in Snapshot._fields))


def known_of(person: Subscriber) -> Known:
    """What the register says of a person, as import and census compare it."""
    return Known(*(getattr(person, name) for name in Known._fields))


def seal(keys: DataKeys, number_key: str, number: str, name: str, place: str | None) -> dict[str, Any]:
    """The columns that hide who a person is."""
    return {
        "number_key": number_key,
        "name_key": keys.name_key(name),
        "number": keys.encrypt(number, f"number/{number_key}") if number else b"",
        "name": keys.encrypt(name, f"name/{number_key}") if name else b"",
        "place": keys.encrypt(place, f"place/{number_key}") if place else None,
    }


def unseal(keys: DataKeys, person: Subscriber) -> tuple[str, str, str | None]:
    """Number (empty: none), name and present place of a person, in plain.

    Raises:
        MissingKeyError: the key is not the one that made the entry.
    """
    key = person.number_key
    return (
        keys.decrypt(person.number, f"number/{key}") if person.number else "",
        keys.decrypt(person.name, f"name/{key}") if person.name else "",
        keys.decrypt(person.place, f"place/{key}") if person.place else None,
    )


def mask_person(keys: DataKeys, person: Subscriber) -> tuple[str, str]:
    """Number (empty: none) and name of a person as they may be shown.

    Raises:
        MissingKeyError: the key is not the one that made the entry.
    """
    number, name, _place = unseal(keys, person)
    return mask_number(number) if number else "", mask_name(name)


def keep_others_out(session: Session) -> None:
    """Let nobody else change the register until this transaction ends; on SQLite the write lock does it already."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("LOCK TABLE subscriber IN SHARE ROW EXCLUSIVE MODE")
