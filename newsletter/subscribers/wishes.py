"""How people's preferences and present places are kept: the place encrypted, and of it only the province in plain."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from newsletter.keys import DataKeys
from newsletter.subscribers.key_lists import select_by_keys, value_mark
from newsletter.subscribers.preferences import Preferences
from newsletter.subscribers.provinces import find_province

WISH_COLUMNS: Final = ("channel", "language", "large_type", "place", "place_region")
#: Places remembered with their provinces: many people went to the same towns.
_REMEMBERED: Final = 1 << 12


class Wishes(NamedTuple):
    """What the register says: ``place`` in plain, empty where it is not known."""

    channel: str = ""
    language: str = ""
    large_type: bool = False
    place: str = ""


_NOTHING: Final = Wishes()


def merge_wishes(found: Wishes, row: Preferences) -> Wishes:
    """What the register should say: a column the file has not keeps what is known, an empty cell says nothing."""
    return Wishes(*(old if new is None else new for old, new in zip(found, row, strict=True)))  # type: ignore[arg-type]


def wish_values(keys: DataKeys, number_key: str, row: Preferences | None, found: Wishes = _NOTHING) -> tuple[Any, ...]:
    """The values of ``WISH_COLUMNS`` for a person on this number."""
    wishes = found if row is None else merge_wishes(found, row)
    place = keys.encrypt(wishes.place, f"place/{number_key}") if wishes.place else None
    return wishes.channel, wishes.language, wishes.large_type, place, _province(wishes.place) if wishes.place else ""


def read_wishes(connection: Connection, keys: DataKeys, ids: Sequence[int]) -> dict[int, Wishes]:
    """Subscriber id → what the register says."""
    rows = select_by_keys(connection, "id, number_key, channel, language, large_type, place FROM subscriber", "id", ids)
    return {
        row[0]: Wishes(row[2], row[3], bool(row[4]), keys.decrypt(row[5], f"place/{row[1]}") if row[5] else "")
        for row in rows
    }


def write_wishes(connection: Connection, values: Mapping[int, tuple[Any, ...]], moment: int) -> None:
    """Write subscriber id → the values of ``WISH_COLUMNS``."""
    mark = value_mark(connection)
    assignments = ", ".join(f"{column} = {mark}" for column in (*WISH_COLUMNS, "updated_at"))
    statement = f"UPDATE subscriber SET {assignments} WHERE id = {mark}"  # noqa: S608 (constants only)
    connection.exec_driver_sql(statement, [(*columns, moment, number) for number, columns in values.items()])


def forget_places(connection: Connection, ids: Sequence[int]) -> None:
    """Keep no present place of people who came home."""
    if ids:
        mark = value_mark(connection)
        statement = f"UPDATE subscriber SET place = NULL, place_region = '' WHERE id = {mark}"  # noqa: S608 (constants only)
        connection.exec_driver_sql(statement, [(number,) for number in ids])


@lru_cache(_REMEMBERED)
def _province(place: str) -> str:
    return find_province(place)
