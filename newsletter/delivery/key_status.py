"""How the key that encrypts members' data stands: which versions of it there are, and what each of them made."""

import contextlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine

from newsletter.database import open_engine, sqlite_url
from newsletter.delivery.gateways.sandbox import SANDBOX_FILE
from newsletter.keys import load_data_keys
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import ROOT, get_unit
from newsletter.subscribers.privacy.rekeying import PLACES, SANDBOX_PLACES, Place, count_versions


@dataclass(kw_only=True)
class KeyStatus:
    """How the encryption key stands.

    Attributes:
        fingerprint: the same on every machine whose copy of the key is the newsroom's.
        versions: secrets in ``data.key``; the last encrypts. More than one: a change of the key is not finished.
        places: field → version → how many ciphertexts it made; the sandbox's own as ``sandbox.reply.text``.
        left: ciphertexts of another version than the newest.
        unknown: those of a version that ``data.key`` here does not hold.
    """

    fingerprint: str
    versions: list[int]
    places: dict[str, dict[int, int]] = field(default_factory=dict)
    left: int = 0
    unknown: int = 0

    def as_document(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def key_status(newsroom: Newsroom) -> KeyStatus:
    """How many ciphertexts each version of the key made; nothing is changed.

    Raises:
        NoRightError: the acting person may not change the key.
        MissingKeyError: it is not on this machine.
    """
    with newsroom.reading() as session:
        require_right(session, newsroom, Right.DATA_KEY, get_unit(session, ROOT).id)
        keys = load_data_keys(newsroom.keys_directory, newsroom.id)
        status = KeyStatus(fingerprint=keys.fingerprint, versions=sorted(keys.secrets))
        _count_places(status, session.connection(), PLACES, "")
    with sandbox_engine(newsroom) as sandbox:
        if sandbox is not None:
            with sandbox.connect() as connection:
                _count_places(status, connection, SANDBOX_PLACES, "sandbox.")
    for counts in status.places.values():
        status.left += sum(count for version, count in counts.items() if version != keys.newest)
        status.unknown += sum(count for version, count in counts.items() if version not in keys.secrets)
    return status


def _count_places(status: KeyStatus, connection: Connection, places: tuple[Place, ...], prefix: str) -> None:
    for place in places:
        status.places[prefix + place.name] = count_versions(connection, place)


@contextlib.contextmanager
def sandbox_engine(newsroom: Newsroom) -> Iterator[Engine | None]:
    """The sandbox gateway's own database, if this newsroom ever used it."""
    path = newsroom.directory / SANDBOX_FILE
    if not path.is_file():
        yield None
        return
    engine = open_engine(sqlite_url(path.absolute()))
    try:
        yield engine
    finally:
        engine.dispose()
