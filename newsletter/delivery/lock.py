"""One sender a newsroom: an operating system's lock, which dies with its holder.

Holding it proves that the former sender is dead, so its claimed rows may be looked up and taken over at once.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from typing import ClassVar, Final

from sqlalchemy import text

from newsletter.errors import OutsideError, RefusedError
from newsletter.newsroom import Newsroom
from newsletter.translation import gettext as _

LOCK_FILE: Final = "sending.lock"
#: Key of the PostgreSQL advisory lock that holds across machines ("send" in ASCII).
_ADVISORY_KEY: Final = 0x73656E64


class SenderBusyError(RefusedError):
    """Another sender is at work in this newsroom."""

    code: ClassVar[str] = "sender_busy"


@contextlib.contextmanager
def sole_sender(newsroom: Newsroom) -> Iterator[None]:
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
        with _advisory_lock(newsroom):
            yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _advisory_lock(newsroom: Newsroom) -> Iterator[None]:
    if newsroom.engine.dialect.name != "postgresql":
        yield
        return
    with newsroom.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        values = {"key": _ADVISORY_KEY}
        if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), values).scalar():
            raise _busy()
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), values)


def _busy() -> SenderBusyError:
    return SenderBusyError(
        _("Another sender is at work in this newsroom."), hint=_("Wait until it ends, or see: newsletter status")
    )
