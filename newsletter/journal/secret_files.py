"""Replacing a secret file so that whatever happens there is the old one or the new one, never half of either."""

import os
from pathlib import Path

from newsletter.errors import OutsideError
from newsletter.translation import gettext as _


def replace_secret_file(path: Path, content: bytes) -> None:
    """Write a file readable by its owner only, in place of one that may be there; one writer at a time.

    Raises:
        OutsideError: it cannot be written.
    """
    waiting = path.with_name(f"{path.name}.new")
    try:
        descriptor = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        move_durably(waiting, path)
    except OSError as error:
        raise OutsideError(_("Cannot write {path}: {reason}.").format(path=path, reason=error.strerror)) from error


def move_durably(source: Path, target: Path) -> None:
    """Put ``source`` in ``target``'s place, on the disk and not only on its way there.

    Raises:
        OSError: it is not there, or the directory cannot be written.
    """
    source.replace(target)
    keep_directory(target.parent)


def keep_directory(directory: Path) -> None:
    """Have the names in a directory on the disk, as fsync of a file keeps only its content."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
