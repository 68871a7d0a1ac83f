"""How somebody known by name only gets the number that a list brings: taken over, not doubled."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection

from newsletter.keys import DataKeys
from newsletter.subscribers.key_lists import has_rows, select_by_keys, value_mark
from newsletter.subscribers.models import Status
from newsletter.subscribers.preferences import Preferences

_NUMBERLESS: Final = f"status = '{Status.NUMBERLESS.value}'"


class Numberless(NamedTuple):
    """Somebody without a number; the first eight are what ``Known`` says, ``place`` is a ciphertext or None."""

    id: int
    unit_id: int
    region_code: str
    profession: str
    standing: str
    mobile: bool
    retired: bool
    status: str
    number_key: str
    name_key: str
    place: bytes | None


class Given(NamedTuple):
    """The number somebody gets; number and name in plain; preferences are what the same row says."""

    person: Numberless
    number_key: str
    number: str
    name: str
    preferences: Preferences | None


def has_numberless(connection: Connection) -> bool:
    """Whether the register has anybody without a number."""
    return has_rows(connection, "subscriber", _NUMBERLESS)


def find_numberless(connection: Connection, name_keys: Sequence[str]) -> dict[tuple[str, int], list[Numberless]]:
    """(name key, unit id) → the people of that name there without a number, by id."""
    columns = ", ".join(Numberless._fields)
    rows = select_by_keys(connection, f"{columns} FROM subscriber WHERE {_NUMBERLESS}", "name_key", name_keys)
    found: defaultdict[tuple[str, int], list[Numberless]] = defaultdict(list)
    for person in sorted(Numberless(*row) for row in rows):
        found[person.name_key, person.unit_id].append(person)
    return found


def give_numbers(connection: Connection, keys: DataKeys, given: Sequence[Given]) -> None:
    """Write numbers, and what is encrypted for them: number, name and place are bound to the number's key."""
    mark = value_mark(connection)
    rows = [
        (
            each.number_key,
            keys.encrypt(each.number, f"number/{each.number_key}"),
            keys.encrypt(each.name, f"name/{each.number_key}"),
            _bind_place(keys, each),
            each.person.id,
        )
        for each in given
    ]
    assignments = ", ".join(f"{column} = {mark}" for column in ("number_key", "number", "name", "place"))
    connection.exec_driver_sql(f"UPDATE subscriber SET {assignments} WHERE id = {mark}", rows)  # noqa: S608 (constants)


def _bind_place(keys: DataKeys, given: Given) -> bytes | None:
    if given.person.place is None:
        return None
    place = keys.decrypt(given.person.place, f"place/{given.person.number_key}")
    return keys.encrypt(place, f"place/{given.number_key}")
