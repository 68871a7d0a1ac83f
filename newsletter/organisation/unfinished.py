"""When a newsroom is made: its settings wait in ``newsletter.toml.new``, locked, until all else is there.

Only then are they moved to their place. So whatever interrupts a founding, it can be begun again, and nothing that
holds somebody's records is ever taken for the remains of one.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Final

from newsletter.errors import OutsideError, RefusedError
from newsletter.newsroom import DATABASE_FILE
from newsletter.settings import SETTINGS_FILE, Settings, SettingsError, read_settings
from newsletter.translation import gettext as _

WAITING_FILE: Final = f"{SETTINGS_FILE}.new"


class NewsroomExistsError(RefusedError):
    """The directory, or the database, already holds a newsroom."""

    code: ClassVar[str] = "newsroom_exists"


class WaitingSettings:
    """The settings of a newsroom being made, beside their place."""

    def __init__(self, directory: Path, descriptor: int, *, is_new: bool) -> None:
        """``descriptor``: of the file, open and locked."""
        self._directory, self._descriptor, self._is_new = directory, descriptor, is_new

    def read(self) -> Settings | None:
        """What an interrupted founding had written; None unless it is whole."""
        try:
            return read_settings(self._directory / WAITING_FILE)
        except SettingsError:
            return None

    def write(self, text: str) -> None:
        """Write them, on the disk and not only on their way there."""
        with _explained(self._directory / WAITING_FILE):
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, text.encode(), 0)
            os.fsync(self._descriptor)

    def discard(self) -> None:
        """Take them away: nothing waits any more."""
        (self._directory / WAITING_FILE).unlink(missing_ok=True)

    def discard_if_new(self) -> None:
        """Take them away unless an interrupted founding left something to recognise."""
        if self._is_new:
            self.discard()

    def put_in_place(self) -> None:
        """Move them to ``newsletter.toml``: from now on there is a newsroom."""
        with _explained(self._directory / SETTINGS_FILE):
            (self._directory / WAITING_FILE).replace(self._directory / SETTINGS_FILE)


@contextlib.contextmanager
def waiting_settings(directory: Path) -> Iterator[WaitingSettings]:
    """Begin to make a newsroom in ``directory``, which is made if need be, or go on with an interrupted founding.

    Raises:
        NewsroomExistsError: it holds one, or one is being made there this moment.
        OutsideError: it cannot be written.
    """
    is_new = not (directory / WAITING_FILE).exists()
    # A database without settings that wait is somebody's, whose settings were lost.
    if (directory / SETTINGS_FILE).exists() or (is_new and (directory / DATABASE_FILE).exists()):
        raise newsroom_exists(directory)
    descriptor = _open_waiting(directory)
    try:
        _lock(descriptor, directory)
        yield WaitingSettings(directory, descriptor, is_new=is_new)
    finally:
        os.close(descriptor)


def _open_waiting(directory: Path) -> int:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        return os.open(directory / WAITING_FILE, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        message = _("Cannot write into {directory}: {reason}.")
        raise OutsideError(message.format(directory=directory, reason=error.strerror)) from error


def _lock(descriptor: int, directory: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise newsroom_exists(directory) from error
    if (directory / SETTINGS_FILE).exists():
        raise newsroom_exists(directory)


def newsroom_exists(directory: Path) -> NewsroomExistsError:
    """The refusal for a directory that is taken."""
    return NewsroomExistsError(
        _("{directory} already holds a newsroom.").format(directory=directory), hint=_("Choose another directory.")
    )


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = _("Cannot write {path}: {reason}.").format(path=path, reason=error.strerror)
        raise OutsideError(message) from error
