"""The sandbox gateway: a network of its own in ``sandbox.db``, written before it answers, with receipts and replies.

It knows nothing of our ledger, so it can be asked what really was handed over. It keeps the keyed hash of a number and
the masked number, never the number.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Final

from newsletter.delivery.gateways.port import InboundReply, Message, Outcome, Receipt
from newsletter.delivery.models import DeliveryState
from newsletter.errors import OutsideError
from newsletter.instants import from_milliseconds, to_milliseconds
from newsletter.keys import DataKeys, MissingKeyError
from newsletter.keys.guarding import raise_if_outdated
from newsletter.newsroom import Newsroom
from newsletter.settings import SandboxTable
from newsletter.subscribers.phones import mask_number
from newsletter.translation import gettext as _

SANDBOX_FILE: Final = "sandbox.db"
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS body (id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY, reference TEXT NOT NULL, edition INTEGER NOT NULL, number_key TEXT NOT NULL,
    number TEXT NOT NULL, body_id INTEGER NOT NULL REFERENCES body (id), at INTEGER NOT NULL,
    state TEXT NOT NULL, code TEXT NOT NULL, token TEXT NOT NULL DEFAULT '', token_at INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS message_reference ON message (reference);
CREATE TABLE IF NOT EXISTS reply (
    id INTEGER PRIMARY KEY, number_key TEXT NOT NULL, text BLOB NOT NULL, at INTEGER NOT NULL);
"""
#: Columns that a sandbox made by an earlier version lacks.
_NEWER_COLUMNS: Final = {"token": "TEXT NOT NULL DEFAULT ''", "token_at": "INTEGER NOT NULL DEFAULT 0"}
#: How the simulated network fails, in turn (FACTS: unreachable, blocked, unknown, carrier trouble).
_FAILURES: Final = (
    (DeliveryState.UNDELIVERED, "30003"),
    (DeliveryState.FAILED, "30005"),
    (DeliveryState.UNDELIVERED, "30008"),
)
_FIND_CHUNK: Final = 500


class SandboxTroubleError(OutsideError):
    """The sandbox's own database cannot be used."""

    code: ClassVar[str] = "gateway"


class SandboxGateway:
    """A gateway with no network behind it; ``name`` as the settings call it."""

    name = "sandbox"

    def __init__(
        self,
        path: Path,
        settings: SandboxTable,
        clock: Callable[[], datetime],
        keys: Callable[[], DataKeys],
        guard: Callable[[], None],
    ) -> None:
        """Open, or make, the sandbox at ``path``.

        Args:
            path: its database.
            settings: how it behaves.
            clock: tells the time.
            keys: hide what readers write back.
            guard: raises if what ``keys`` hid last must not be written, since they are an old copy.

        Raises:
            SandboxTroubleError: the file cannot be used.
        """
        self._path, self._settings, self._clock, self._keys, self._guard = path, settings, clock, keys, guard
        self._body_ids: dict[str, int] = {}
        with self._trouble():
            path.touch(mode=0o600)
            self._connection = sqlite3.connect(path, timeout=30, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.executescript(_SCHEMA)
            self._add_newer_columns()

    async def send(self, message: Message) -> Outcome:
        """Write the message down, committed so that it survives this process, and only then answer."""
        state, code = self._draw_fate(message)
        with self._trouble():
            cursor = self._connection.execute(
                "INSERT INTO message "
                "(reference, edition, number_key, number, body_id, at, state, code, token, token_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    message.reference,
                    message.edition,
                    message.number_key,
                    mask_number(message.number),
                    self._body_id(_without_token(message)),
                    to_milliseconds(self._clock()),
                    state,
                    code,
                    message.token,
                    message.token_at,
                ),
            )
        return Outcome(state=DeliveryState.ACCEPTED, message_id=f"SB{cursor.lastrowid}")

    def find(self, references: Sequence[str]) -> dict[str, str]:
        """Which of these were written down; the sandbox always knows."""
        found: dict[str, str] = {}
        for start in range(0, len(references), _FIND_CHUNK):
            chunk = references[start : start + _FIND_CHUNK]
            marks = ",".join("?" * len(chunk))
            query = f"SELECT reference, id FROM message WHERE reference IN ({marks})"  # noqa: S608 (marks only)
            found.update({reference: f"SB{number}" for reference, number in self._rows(query, chunk)})
        return found

    def receipts(self, after: int, limit: int) -> list[Receipt]:
        """What became of messages, in the order they were handed over."""
        query = "SELECT id, reference, state, code, at FROM message WHERE id > ? ORDER BY id LIMIT ?"
        return [
            Receipt(
                position=number,
                reference=reference,
                message_id=f"SB{number}",
                state=DeliveryState(state),
                code=code,
                at=from_milliseconds(at),
            )
            for number, reference, state, code, at in self._rows(query, (after, limit))
        ]

    def _draw_fate(self, message: Message) -> tuple[DeliveryState, str]:
        """A share of ``failure_rate`` fails: for the same seed, edition and number always the same way."""
        if not self._settings.failure_rate:
            return DeliveryState.DELIVERED, ""
        drawn = hashlib.sha256(f"{self._settings.seed}/{message.edition}/{message.number}".encode()).digest()
        if int.from_bytes(drawn[:4]) < self._settings.failure_rate * 2**32:
            return _FAILURES[drawn[4] % len(_FAILURES)]
        return DeliveryState.DELIVERED, ""

    def replies(self, after: int, limit: int) -> list[InboundReply]:
        """Replies that were played, in order."""
        query = "SELECT id, number_key, text, at FROM reply WHERE id > ? ORDER BY id LIMIT ?"
        return [
            self._read_reply(number, key, text, from_milliseconds(at))
            for number, key, text, at in self._rows(query, (after, limit))
        ]

    def _read_reply(self, position: int, number_key: str, hidden: bytes, at: datetime) -> InboundReply:
        """One that this newsroom's key does not open holds up no other; an old copy of the key opens nothing newer."""
        text, is_readable, keys = "", True, self._keys()
        try:
            # Empty: whoever wrote it has been erased since.
            text = keys.decrypt(hidden, f"sandbox/{number_key}") if hidden else ""
        except MissingKeyError:
            if hidden[0] > keys.newest:
                raise
            is_readable = False
        return InboundReply(position=position, number_key=number_key, text=text, at=at, is_readable=is_readable)

    def play_reply(self, number_key: str, text: str) -> None:
        """Let a reader write back; what they write is kept encrypted.

        Raises:
            StaleKeyError: this machine's key is an old copy; nothing was written.
        """
        hidden = self._keys().encrypt(text, f"sandbox/{number_key}")
        self._guard()
        with self._trouble():
            self._connection.execute(
                "INSERT INTO reply (number_key, text, at) VALUES (?, ?, ?)",
                (number_key, hidden, to_milliseconds(self._clock())),
            )

    def messages(self, edition: int | None) -> Iterator[tuple[str, str, int, str, datetime]]:
        """What was handed over, oldest first: number key, masked number, edition, text, time."""
        query = (
            "SELECT number_key, number, edition, substr(text, 1, token_at) || token || substr(text, token_at + 1), at "
            "FROM message JOIN body ON body.id = body_id "
            "WHERE ? IS NULL OR edition = ? ORDER BY message.id"
        )
        with self._trouble():
            for key, number, its_edition, text, at in self._connection.execute(query, (edition, edition)):
                yield key, number, its_edition, text, from_milliseconds(at)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _add_newer_columns(self) -> None:
        present = {row[1] for row in self._connection.execute("PRAGMA table_info(message)")}
        for name, kind in _NEWER_COLUMNS.items():
            if name not in present:
                self._connection.execute(f"ALTER TABLE message ADD COLUMN {name} {kind}")

    def _body_id(self, text: str) -> int:
        if text not in self._body_ids:
            sha256 = hashlib.sha256(text.encode()).hexdigest()
            self._connection.execute("INSERT OR IGNORE INTO body (sha256, text) VALUES (?, ?)", (sha256, text))
            row = self._connection.execute("SELECT id FROM body WHERE sha256 = ?", (sha256,)).fetchone()
            self._body_ids[text] = row[0]
        return self._body_ids[text]

    def _rows(self, query: str, values: Sequence[object]) -> list[Any]:
        with self._trouble():
            return self._connection.execute(query, tuple(values)).fetchall()

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            message = _("Trouble with the sandbox gateway {path}: {reason}.")
            raise SandboxTroubleError(message.format(path=self._path, reason=error)) from error


def _without_token(message: Message) -> str:
    """What everybody's message says: kept once, each recipient's own token beside it."""
    return message.text[: message.token_at] + message.text[message.token_at + len(message.token) :]


def open_sandbox(newsroom: Newsroom) -> SandboxGateway:
    """The newsroom's sandbox."""
    path, settings = newsroom.directory / SANDBOX_FILE, newsroom.settings.gateway.sandbox

    def guard() -> None:
        with newsroom.reading() as session:
            raise_if_outdated(session.connection(), newsroom.data_keys)

    return SandboxGateway(path, settings, newsroom.clock, lambda: newsroom.data_keys, guard)
