"""How members' data is written to a file: readable by its owner only, and whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from newsletter.errors import OutsideError
from newsletter.translation import gettext as _


@contextmanager
def private_file(path: Path) -> Iterator[TextIO]:
    """A new file, mode 0600, that takes its place when all went well; made beside it, so that it is there or not.

    Raises:
        OutsideError: it cannot be written.
    """
    try:
        # mkstemp makes it 0600.
        descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        Path(draft).unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> OutsideError:
    return OutsideError(_("Cannot write {file}: {reason}.").format(file=path, reason=error.strerror))
