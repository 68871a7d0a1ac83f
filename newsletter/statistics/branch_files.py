"""How a branch's form is written to a file: readable by its owner only, whole or not at all."""

import os
import tempfile
from pathlib import Path

from newsletter.statistics.files import UnwritableError
from newsletter.translation import gettext as _


def write_private(path: Path, data: bytes) -> None:
    """Write beside ``path``, mode 0600, then put it in place.

    Raises:
        UnwritableError: no such directory, no permission, no space; nothing new is left behind.
    """
    try:
        # mkstemp makes it 0600.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise _explain(path, error) from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as error:
        raise _explain(path, error) from error
    finally:
        part.unlink(missing_ok=True)


def make_directory(path: Path) -> None:
    """Make a directory for forms, for its owner only; one that is there stays as it is.

    Raises:
        UnwritableError: it cannot be made.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _explain(path, error) from error


def _explain(path: Path, error: OSError) -> UnwritableError:
    return UnwritableError(_("Cannot write {file}: {reason}.").format(file=path, reason=error.strerror))
