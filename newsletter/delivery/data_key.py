"""Changing the key that encrypts members' data: a secret is added, everything encrypted anew, the old one dropped.

Whatever stops it, the same command goes on: the file holds both secrets until a statement says that nothing is left of
the old one. Number keys never change, so nobody is lost to an opt-out.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any, ClassVar, Final

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from newsletter.database import writing
from newsletter.delivery.key_status import sandbox_engine
from newsletter.errors import OutsideError, RefusedError
from newsletter.journal.secret_files import replace_secret_file
from newsletter.journal.statements import Statement, Verb, unlock_key, words_about
from newsletter.keys import (
    DATA_KEY_FILE,
    LAST_VERSION,
    DataKeys,
    StaleKeyError,
    key_document,
    load_data_keys,
    new_secret,
)
from newsletter.keys.guarding import DATA_KEY_SUBJECT, lock_keys
from newsletter.newsroom import Newsroom, Progress
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import ROOT, get_unit
from newsletter.subscribers.privacy.disclosing import journal_disclosure
from newsletter.subscribers.privacy.rekeying import (
    PLACES,
    SANDBOX_PLACES,
    Place,
    count_left,
    pages,
    read_page,
    renew_page,
    write_page,
)
from newsletter.translation import gettext as _

_LOCK_FILE: Final = "data.key.lock"
#: Sweeps after the first: each finds only what was written while the one before it ran.
_SWEEPS: Final = 20


class RotationBusyError(RefusedError):
    """The key is being changed by another process, or is written with too fast to come to an end."""

    code: ClassVar[str] = "rotation_busy"


class NoVersionLeftError(RefusedError):
    """The key was changed 254 times."""

    code: ClassVar[str] = "no_version_left"


@dataclass(kw_only=True)
class Rotation:
    """What a change of the key came to.

    Attributes:
        version: the one that encrypts now.
        renewed: ciphertexts encrypted anew by this call.
        unreadable: those no key here could read, which stay as they are: ``subscriber.number 12``.
        is_resumed: it had been begun before.
    """

    version: int
    fingerprint: str = ""
    renewed: int = 0
    unreadable: list[str] = field(default_factory=list)
    is_resumed: bool = False

    def as_document(self) -> dict[str, Any]:
        """For JSON."""
        return {("resumed" if name == "is_resumed" else name): value for name, value in asdict(self).items()}


def rotate_data_key(newsroom: Newsroom, *, progress: Progress = lambda _done, _total: None) -> Rotation:
    """Change the key that encrypts members' data, or finish a change that was interrupted.

    Args:
        newsroom: its acting person needs the right at the root.
        progress: called with ciphertexts encrypted anew, and how many there are.

    Raises:
        NoRightError: the acting person may not.
        StaleKeyError: the key was changed on another machine since this copy of it was made.
        RotationBusyError: another process is at it.
        OutsideError: the key file cannot be written.
    """
    with newsroom.reading() as session:
        require_right(session, newsroom, Right.DATA_KEY, get_unit(session, ROOT).id)
    unlock_key(newsroom)
    with _sole_rotator(newsroom), sandbox_engine(newsroom) as sandbox:
        keys, is_resumed = _begin(newsroom)
        rotation = Rotation(version=keys.newest, is_resumed=is_resumed)
        _Sweep(newsroom, sandbox, keys, rotation, progress).work()
        kept = replace(keys, secrets={keys.newest: keys.secrets[keys.newest]}, fixed=_fixed(keys))
        _write_keys(newsroom, kept)
        rotation.fingerprint = kept.fingerprint
    return rotation


def _fixed(keys: DataKeys) -> dict[str, bytes]:
    return {purpose: keys.fixed_key(purpose) for purpose in ("number", "link")}


def _begin(newsroom: Newsroom) -> tuple[DataKeys, bool]:
    """The keys with a new secret in them, on disk and in the journal; and whether they had it already."""
    keys = load_data_keys(newsroom.keys_directory, newsroom.id)
    with newsroom.reading() as session:
        if _newest_spoken_of(session) > keys.newest:
            raise StaleKeyError(
                _("The encryption key was changed on another machine; {file} here is the old one.").format(
                    file=DATA_KEY_FILE
                ),
                hint=_("Copy data.key from the machine where `newsletter keys rotate` was run."),
            )
    is_resumed = len(keys.secrets) > 1
    if not is_resumed:
        if keys.newest >= LAST_VERSION:
            raise NoVersionLeftError(_("This key was changed as often as it can be."))
        keys = replace(keys, secrets={**keys.secrets, keys.newest + 1: new_secret()})
        # First the file: from here on every process encrypts with the new secret, and can read both.
        _write_keys(newsroom, keys)
    _journal(newsroom, keys)
    return keys, is_resumed


def _newest_spoken_of(session: Session) -> int:
    begun = select(Statement.subject).where(col(Statement.subject).startswith(f"{DATA_KEY_SUBJECT}:"))
    versions = [subject.partition(":")[2] for subject in session.exec(begun)]
    return max((int(version) for version in versions if version.isdigit()), default=0)


def _journal(newsroom: Newsroom, keys: DataKeys) -> None:
    subject = f"{DATA_KEY_SUBJECT}:{keys.newest}"
    with newsroom.writing() as session:
        if not words_about(session, subject):
            count = count_left(session.connection(), PLACES, keys.newest)
            _say(session, newsroom, subject, {"version": keys.newest, "step": "begun"}, count)
            session.commit()


def _say(session: Session, newsroom: Newsroom, subject: str, details: dict[str, Any], count: int) -> None:
    purpose = _("the encryption key is changed")
    journal_disclosure(session, newsroom, Verb.REKEY, subject=subject, purpose=purpose, count=count, details=details)


def _write_keys(newsroom: Newsroom, keys: DataKeys) -> None:
    replace_secret_file(newsroom.keys_directory / DATA_KEY_FILE, key_document(keys))


class _Sweep:
    """Encrypting everything anew, until nothing is left that an old secret made."""

    def __init__(
        self, newsroom: Newsroom, sandbox: Engine | None, keys: DataKeys, rotation: Rotation, progress: Progress
    ) -> None:
        self._newsroom, self._keys, self._rotation, self._progress = newsroom, keys, rotation, progress
        self._stores: list[tuple[Engine, tuple[Place, ...], str]] = [(newsroom.engine, PLACES, "")]
        if sandbox is not None:
            self._stores.append((sandbox, SANDBOX_PLACES, "sandbox."))
        self._unreadable: set[str] = set()
        self._total = sum(self._left_in(engine, places) for engine, places, _prefix in self._stores)

    def work(self) -> None:
        """Sweep until a last look, with everybody else kept from writing, finds nothing."""
        for _turn in range(_SWEEPS):
            self._unreadable.clear()
            for engine, places, prefix in self._stores:
                for place in places:
                    self._sweep_place(engine, place, prefix)
            if self._end():
                self._rotation.unreadable = sorted(self._unreadable)
                return
        raise RotationBusyError(
            _("Entries are written faster with the old key than they can be encrypted anew."),
            hint=_("Stop the other programs that use this newsroom, and run the command again."),
        )

    def _sweep_place(self, engine: Engine, place: Place, prefix: str) -> None:
        def read(after: int) -> list[Any]:
            with engine.connect() as connection:
                return read_page(connection, place, self._keys.newest, after)

        for page in pages(read):
            renewed = renew_page(self._keys, place, page)
            with writing(engine) as session:
                write_page(session.connection(), place, renewed.rows)
                session.commit()
            self._rotation.renewed += len(renewed.rows)
            self._unreadable |= {f"{prefix}{place.name} {row}" for row in renewed.unreadable}
            self._progress(self._rotation.renewed, max(self._total, self._rotation.renewed))

    def _end(self) -> bool:
        """Say that it is done, if it is; in one transaction with the looking, while nobody else can write."""
        with self._newsroom.writing() as session:
            lock_keys(session.connection())
            left = count_left(session.connection(), PLACES, self._keys.newest)
            left += sum(self._left_in(engine, places) for engine, places, _prefix in self._stores[1:])
            if left > len(self._unreadable):
                return False
            said = words_about(session, DATA_KEY_SUBJECT)
            if not any(word.details.get("version") == self._keys.newest for word in said):
                details = {"version": self._keys.newest, "step": "ended"}
                _say(session, self._newsroom, DATA_KEY_SUBJECT, details, self._rotation.renewed)
                session.commit()
        return True

    def _left_in(self, engine: Engine, places: tuple[Place, ...]) -> int:
        with engine.connect() as connection:
            return count_left(connection, places, self._keys.newest)


@contextlib.contextmanager
def _sole_rotator(newsroom: Newsroom) -> Iterator[None]:
    path = newsroom.keys_directory / _LOCK_FILE
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise OutsideError(_("Cannot write {path}: {reason}.").format(path=path, reason=error.strerror)) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise RotationBusyError(
            _("Another process is changing the encryption key."), hint=_("See: newsletter keys status")
        ) from error
    finally:
        os.close(descriptor)
