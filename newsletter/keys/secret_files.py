"""Secret files: written whole and once, readable by their owner only; one that others can reach is refused."""

import errno
import os
import secrets
from pathlib import Path
from typing import ClassVar, Final

from newsletter.errors import OutsideError
from newsletter.translation import gettext as _

#: What file systems answer that know no second name of a file (link(2)).
_NO_LINKS: Final = frozenset({errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK})
#: Mode bits that let others than the owner in.
_OTHERS: Final = 0o077


class MissingKeyError(OutsideError):
    """A key file that ought to be there is not, is unreadable, or is not one."""

    code: ClassVar[str] = "missing_key"


def write_secret_file(path: Path, content: bytes) -> None:
    """Write a new file readable by its owner only, all of it or none; directories are made with mode 0700.

    Raises:
        OutsideError: it exists, or cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        waiting = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
        try:
            _write_new(waiting, content)
            _give_name(waiting, path, content)
        finally:
            waiting.unlink(missing_ok=True)
    except OSError as error:
        raise OutsideError(_("Cannot write {path}: {reason}.").format(path=path, reason=error.strerror)) from error


def _write_new(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _give_name(waiting: Path, path: Path, content: bytes) -> None:
    """Let a written file appear as ``path``, unless there is one: a link, unlike a move, replaces nothing."""
    try:
        os.link(waiting, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _write_new(path, content)


def read_secret_file(path: Path) -> bytes:
    """Read a key file, refusing one that others can reach.

    Raises:
        MissingKeyError: it is absent or unreadable, or its mode or its directory's lets others in.
    """
    hint = _("Restore it from its backup into {directory}, or set NEWSLETTER_KEYS_DIR.").format(directory=path.parent)
    try:
        for place, mode in ((path.parent, "700"), (path, "600")):
            if place.stat().st_mode & _OTHERS:
                raise MissingKeyError(
                    _("{path} is open to others.").format(path=place),
                    hint=_("Run: chmod {mode} {path}").format(mode=mode, path=place),
                )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise MissingKeyError(_("The key {path} is missing.").format(path=path), hint=hint) from error
    except OSError as error:
        message = _("Cannot read {path}: {reason}.").format(path=path, reason=error.strerror)
        raise MissingKeyError(message, hint=hint) from error
