"""How a result is written to a file: whole or not at all."""

import contextlib
import os
import tempfile
from pathlib import Path
from typing import ClassVar

from newsletter.errors import OutsideError
from newsletter.translation import gettext as _


class UnwritableError(OutsideError):
    """The output cannot be written where it was asked for."""

    code: ClassVar[str] = "unwritable"


def write_whole(path: Path, data: bytes) -> None:
    """Write beside ``path``, then put it in place; what stood there stays until the new file is complete.

    Raises:
        UnwritableError: no such directory, no permission, no space; nothing new is left behind.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise _explain(path, error) from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        part.chmod(0o666 & ~_umask())
        part.replace(path)
    except OSError as error:
        raise _explain(path, error) from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            part.unlink()


def _umask() -> int:
    """The process' own, which can only be read by setting it; a temporary file starts readable by its owner alone."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _explain(path: Path, error: OSError) -> UnwritableError:
    return UnwritableError(_("Cannot write {path}: {reason}.").format(path=path, reason=error.strerror))
