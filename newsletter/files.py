"""How results are written to files: whole or not at all; members' data readable by its owner only."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Final, TextIO

from newsletter.errors import OutsideError
from newsletter.translation import gettext as _

#: What everybody may do with an ordinary file, before the process' own mask.
_ORDINARY: Final = 0o666


class UnwritableError(OutsideError):
    """The output cannot be written where it was asked for."""

    code: ClassVar[str] = "unwritable"


@contextmanager
def draft_file(path: Path, *, is_private: bool = False) -> Iterator[Path]:
    """An empty file beside ``path`` that takes its place when all went well; what stands there stays until then.

    Args:
        path: where the file is to stand.
        is_private: it stays mode 0600.

    Raises:
        UnwritableError: no such directory, no permission, no space; nothing new is left behind.
    """
    try:
        # mkstemp makes it 0600.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise unwritable(path, error) from error
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        _keep(draft)
        if not is_private:
            draft.chmod(_ORDINARY & ~_umask())
        draft.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def private_file(path: Path) -> Iterator[TextIO]:
    """A new text file, mode 0600, with the mark that spreadsheets know UTF-8 by; whole or not at all.

    Raises:
        UnwritableError: it cannot be written.
    """
    with draft_file(path, is_private=True) as draft, draft.open("w", encoding="utf-8-sig", newline="") as file:
        yield file


def write_whole(path: Path, data: bytes, *, is_private: bool = False) -> None:
    """Write a file, or leave what stands there.

    Raises:
        UnwritableError: it cannot be written; nothing new is left behind.
    """
    with draft_file(path, is_private=is_private) as draft:
        draft.write_bytes(data)


def unwritable(path: Path, error: OSError) -> UnwritableError:
    """Why a file or directory cannot be written, in one line."""
    return UnwritableError(_("Cannot write {path}: {reason}.").format(path=path, reason=error.strerror))


def _keep(draft: Path) -> None:
    """Have the disk hold it before it takes the other's place."""
    with draft.open("rb") as file:
        os.fsync(file.fileno())


def _umask() -> int:
    """The process' own, which can only be read by setting it; a temporary file starts readable by its owner alone."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
