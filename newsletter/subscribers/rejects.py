"""What the file of rejected rows looks like: the known columns as given, and why; made to be mended and imported."""

import csv
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from newsletter.errors import InputError, OutsideError
from newsletter.subscribers.headings import ERROR_HEADINGS, Headings
from newsletter.subscribers.problems import Reject
from newsletter.translation import gettext as _

#: A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection).
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def escape_formula(cell: str) -> str:
    """The cell as text to a spreadsheet: an apostrophe goes before what it would calculate."""
    return "'" + cell if cell.startswith(_FORMULA_STARTS) else cell


class RejectsFile:
    """Collects rejected rows in a hidden file beside the wanted one, which it becomes when all went well.

    The file holds members' numbers as given and is readable by its owner only.
    """

    def __init__(self, path: Path, draft: Path, descriptor: int) -> None:
        self._path = path
        self._draft = draft
        self._file = os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file, lineterminator="\r\n")
        self._columns: list[int] = []

    def write_headings(self, headings: Headings) -> None:
        """Write the first line; unknown columns are left out, since nobody knows what they hold."""
        self._columns = sorted(headings.position.values())
        self._write([headings.names[column] for column in self._columns] + list(ERROR_HEADINGS))

    def write(self, reject: Reject, cells: Sequence[str]) -> None:
        """Write one rejected row."""
        given = [cells[column] if column < len(cells) else "" for column in self._columns]
        self._write([*given, str(reject.line), reject.field, reject.code, reject.message])

    def _write(self, cells: Sequence[str]) -> None:
        self._writer.writerow([escape_formula(cell) for cell in cells])

    def seal(self) -> None:
        """Have all of it on the disk, still beside its place: what can fail, fails before anything is imported.

        Raises:
            OutsideError: it cannot be written.
        """
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        except OSError as error:
            raise _unwritable(self._path, error) from error

    def finish(self) -> None:
        """Put the sealed file where it was wanted.

        Raises:
            OutsideError: it cannot be moved there.
        """
        try:
            self._draft.replace(self._path)
        except OSError as error:
            raise _unwritable(self._path, error) from error

    def discard(self) -> None:
        """Leave nothing behind, unless finished."""
        self._file.close()
        self._draft.unlink(missing_ok=True)


@contextmanager
def rejects_file(path: Path | None, source: Path) -> Iterator[RejectsFile | None]:
    """Make ready for a file of rejected rows before anything is imported; None when none is wanted.

    Raises:
        InputError: it would overwrite ``source``.
        OutsideError: it cannot be written there.
    """
    if path is None:
        yield None
        return
    rejects = _begin(path, source)
    try:
        yield rejects
    finally:
        rejects.discard()


def _begin(path: Path, source: Path) -> RejectsFile:
    try:
        if path.is_dir():
            raise InputError(_("{file} is not a file.").format(file=path))
        if path.exists() and path.samefile(source):
            raise InputError(_("{file} is the file to be imported; name another for the rejects.").format(file=path))
        # mkstemp makes it 0600.
        descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error
    return RejectsFile(path, Path(draft), descriptor)


def _unwritable(path: Path, error: OSError) -> OutsideError:
    return OutsideError(_("Cannot write {file}: {reason}.").format(file=path, reason=error.strerror))
