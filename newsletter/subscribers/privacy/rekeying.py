"""Encrypting anew: which fields hold ciphertexts, how many of them an old key made, and how a page of them is replaced.

The version byte of each ciphertext is the only state: whatever was interrupted goes on where old versions are left.
Each page is read without a lock and written back row by row only where the row still holds what was read, so senders
and imports may run beside it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from newsletter.keys import DataKeys, MissingKeyError

#: Rows encrypted anew in one transaction.
PAGE_ROWS: Final = 500


@dataclass(frozen=True, kw_only=True)
class Place:
    """A field of a table that holds ciphertexts.

    Attributes:
        context: what each is bound to, up to its number key.
        key: the table's primary key, an integer.
        owner: the table that has the number key, joined by ``event_id``; empty: this one has it.
    """

    table: str
    column: str
    context: str
    key: str = "id"
    owner: str = ""

    @property
    def name(self) -> str:
        """As it is told: ``subscriber.number``."""
        return f"{self.table}.{self.column}"

    @property
    def source(self) -> str:
        """What stands behind FROM; the field's own table is ``t``, the number key is ``k.number_key``."""
        if self.owner:
            return f"{self.table} t JOIN {self.owner} k ON k.id = t.{self.key}"
        return f"{self.table} t"

    @property
    def number_key(self) -> str:
        """The column that the context ends with."""
        return "k.number_key" if self.owner else "t.number_key"


#: Every field of the newsroom's database that is encrypted.
PLACES: Final = (
    Place(table="subscriber", column="number", context="number/"),
    Place(table="subscriber", column="name", context="name/"),
    Place(table="subscriber", column="place", context="place/"),
    Place(table="contributor", column="number", context="contributor/"),
    Place(table="reply", column="text", context="reply/"),
    Place(table="optout_note", column="note", context="optout/", key="event_id", owner="optout_event"),
    Place(table="consent_proof", column="proof", context="consent/", key="event_id", owner="consent_event"),
)
#: Those of the sandbox gateway's own.
SANDBOX_PLACES: Final = (Place(table="reply", column="text", context="sandbox/"),)


class Sealed(NamedTuple):
    """A ciphertext in its place."""

    id: int
    ciphertext: bytes
    number_key: str


def count_versions(connection: Connection, place: Place) -> dict[int, int]:
    """How many ciphertexts each version of the key made there."""
    # The versions themselves are bytes, which only the driver can turn into numbers on either database.
    query = (
        f"SELECT substr(t.{place.column}, 1, 1), count(*) FROM {place.table} t "  # noqa: S608 (constants only)
        f"WHERE length(t.{place.column}) > 0 GROUP BY 1"
    )
    return {bytes(version)[0]: count for version, count in connection.execute(text(query))}


def count_left(connection: Connection, places: tuple[Place, ...], newest: int) -> int:
    """How many ciphertexts another version than ``newest`` made."""
    return sum(
        count for place in places for version, count in count_versions(connection, place).items() if version != newest
    )


def read_page(connection: Connection, place: Place, newest: int, after: int) -> list[Sealed]:
    """The next ciphertexts of another version than ``newest``, in the order of their rows."""
    query = (
        f"SELECT t.{place.key}, t.{place.column}, {place.number_key} FROM {place.source} "  # noqa: S608 (constants)
        f"WHERE t.{place.key} > :after AND length(t.{place.column}) > 0 AND substr(t.{place.column}, 1, 1) <> :newest "
        f"ORDER BY t.{place.key} LIMIT {PAGE_ROWS}"
    )
    values = {"after": after, "newest": bytes((newest,))}
    return [Sealed(row[0], bytes(row[1]), row[2]) for row in connection.execute(text(query), values)]


def pages(read: Callable[[int], list[Sealed]]) -> Iterator[list[Sealed]]:
    """Page after page, as ``read`` gives them behind an id."""
    after = 0
    while page := read(after):
        yield page
        after = page[-1].id


class Renewed(NamedTuple):
    """A page encrypted anew: what replaces what, and the rows that no key of ours can read."""

    rows: list[dict[str, object]]
    unreadable: list[int]


def renew_page(keys: DataKeys, place: Place, page: list[Sealed]) -> Renewed:
    """Decrypt a page with whichever version made it, and encrypt it with the newest."""
    found, unreadable = [], []
    for sealed in page:
        try:
            found.append((sealed, keys.decrypt(sealed.ciphertext, place.context + sealed.number_key)))
        except MissingKeyError:
            unreadable.append(sealed.id)
    contexts = [place.context + sealed.number_key for sealed, _plain in found]
    anew = keys.encrypt_many([plain for _sealed, plain in found], contexts)
    rows: list[dict[str, object]] = [
        {"id": sealed.id, "old": sealed.ciphertext, "new": ciphertext}
        for (sealed, _plain), ciphertext in zip(found, anew, strict=True)
    ]
    return Renewed(rows, unreadable)


def write_page(connection: Connection, place: Place, rows: list[dict[str, object]]) -> None:
    """Put ciphertexts in the place of those they were made from; one that changed meanwhile stays."""
    if rows:
        update = (
            f"UPDATE {place.table} SET {place.column} = :new "  # noqa: S608 (constants only)
            f"WHERE {place.key} = :id AND {place.column} = :old"
        )
        connection.execute(text(update), rows)
