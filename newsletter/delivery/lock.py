"""One sender a newsroom: an operating system's lock, which dies with its holder.

Holding it proves that the former sender is dead, so its claimed rows may be looked up and taken over at once.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from typing import ClassVar, Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from newsletter.errors import OutsideError, RefusedError
from newsletter.newsroom import Newsroom
from newsletter.translation import gettext as _

LOCK_FILE: Final = "sending.lock"
#: Key of the PostgreSQL advisory lock that holds across machines ("send" in ASCII).
_ADVISORY_KEY: Final = 0x73656E64


class SenderBusyError(RefusedError):
    """Another sender is at work in this newsroom."""

    code: ClassVar[str] = "sender_busy"


class LockLostError(OutsideError):
    """Somebody else may have become the sender."""

    code: ClassVar[str] = "lock_lost"


class SenderLock:
    """The lock held; ``prove`` says that it still is."""

    def __init__(self, connection: Connection | None) -> None:
        """``connection``: the one whose end would free the lock on PostgreSQL; None: the system's lock suffices."""
        self._connection = connection

    def prove(self) -> None:
        """Make sure nobody else can have become the sender meanwhile.

        Raises:
            LockLostError: the connection that held the lock is gone.
        """
        if self._connection is None:
            return
        try:
            self._connection.execute(text("SELECT 1"))
        except DBAPIError as error:
            raise LockLostError(
                _("The connection to the database was lost while sending."),
                hint=_("Run the same command again: it looks up what the gateway has and resumes."),
            ) from error


@contextlib.contextmanager
def sole_sender(newsroom: Newsroom) -> Iterator[SenderLock]:
    """Be the only sender until the end of the block.

    Raises:
        SenderBusyError: another process is.
        OutsideError: the lock file cannot be made.
    """
    path = newsroom.directory / LOCK_FILE
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise OutsideError(_("Cannot write {path}: {reason}.").format(path=path, reason=error.strerror)) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _busy() from error
        with _advisory_lock(newsroom) as connection:
            yield SenderLock(connection)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _advisory_lock(newsroom: Newsroom) -> Iterator[Connection | None]:
    if newsroom.engine.dialect.name != "postgresql":
        yield None
        return
    with newsroom.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        values = {"key": _ADVISORY_KEY}
        if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), values).scalar():
            raise _busy()
        try:
            yield connection
        finally:
            # The lock ends with the connection at the latest; one that broke has no lock to give back.
            with contextlib.suppress(SQLAlchemyError):
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), values)


def _busy() -> SenderBusyError:
    return SenderBusyError(
        _("Another sender is at work in this newsroom."), hint=_("Wait until it ends, or see: newsletter status")
    )
