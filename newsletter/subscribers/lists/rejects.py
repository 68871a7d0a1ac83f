"""What the file of rejected rows looks like: the known columns as given, and why; made to be mended and imported."""

import csv
import fcntl
import glob
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from newsletter.errors import InputError, OutsideError
from newsletter.subscribers.lists.headings import ERROR_HEADINGS, Headings, clean_heading, usual_field
from newsletter.subscribers.lists.problems import Reject
from newsletter.translation import gettext as _

if TYPE_CHECKING:
    from io import TextIOWrapper

#: A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection).
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_SHEET_SUFFIX: Final = ".xlsx"
_DRAFT_SUFFIX: Final = ".draft"
#: Rows of a sheet (ECMA-376), the headings' included; characters of a cell.
_MOST_SHEET_ROWS: Final = 1 << 20
_LONGEST_SHEET_CELL: Final = 32_767


def escape_formula(cell: str) -> str:
    """The cell as text to a spreadsheet: an apostrophe goes before what it would calculate."""
    return "'" + cell if cell.startswith(_FORMULA_STARTS) else cell


def unescape_formula(cell: str) -> str:
    """What ``escape_formula`` made a cell of."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA_STARTS) else cell


class _Table(Protocol):
    """Where rows are written."""

    def write(self, cells: Sequence[str]) -> None:
        """Write one row."""

    def close(self) -> None:
        """Have all of it in the file; may be called again."""


class _CsvTable:
    """UTF-8 with a mark, as Excel likes it; what it would calculate is escaped."""

    def __init__(self, path: Path) -> None:
        self._file: TextIOWrapper = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file, lineterminator="\r\n")

    def write(self, cells: Sequence[str]) -> None:
        self._writer.writerow([escape_formula(cell) for cell in cells])

    def close(self) -> None:
        self._file.close()


class _SheetTable:
    """A workbook all of text, so that no spreadsheet shortens a number; written row by row."""

    def __init__(self, path: Path) -> None:
        from xlsxwriter import Workbook

        # Its drafts hold what the file holds: they lie in a directory of the owner's beside it, and go with it.
        self._scratch = _scratch_of(path)
        self._scratch.mkdir(0o700)
        self._workbook = Workbook(str(path), {"constant_memory": True, "tmpdir": str(self._scratch)})
        self._sheet = self._workbook.add_worksheet()
        self._text = self._workbook.add_format({"num_format": "@"})
        self._rows = 0
        self._is_open = True

    def write(self, cells: Sequence[str]) -> None:
        if self._rows == _MOST_SHEET_ROWS:
            raise InputError(_("There are more rejected rows than a sheet holds; name a .csv file for them."))
        for column, cell in enumerate(cells):
            self._sheet.write_string(self._rows, column, cell[:_LONGEST_SHEET_CELL], self._text)
        self._rows += 1

    def close(self) -> None:
        if not self._is_open:
            return
        self._is_open = False
        try:
            self._workbook.close()
        finally:
            shutil.rmtree(self._scratch, ignore_errors=True)


class RejectsFile:
    """Collects rejected rows in a hidden file beside the wanted one, which it becomes when all went well.

    The file holds members' numbers as given and is readable by its owner only.
    """

    def __init__(self, path: Path, draft: Path, lock: int) -> None:
        self._path = path
        self._lock = lock
        self._draft = draft
        self._table: _Table = _SheetTable(draft) if path.suffix.lower() == _SHEET_SUFFIX else _CsvTable(draft)
        self._columns: list[int] = []

    def write_headings(self, headings: Headings) -> None:
        """Write the first line; unknown columns are left out, since nobody knows what they hold.

        A column that is known by ``--map`` only is called by its field's name, so that the file needs none.
        """
        fields = {column: field for field, column in headings.position.items()}
        self._columns = sorted(fields)
        names = [_known_heading(headings.names[column], fields[column]) for column in self._columns]
        self._write(names + list(ERROR_HEADINGS))

    def write(self, reject: Reject, cells: Sequence[str]) -> None:
        """Write one rejected row."""
        given = [cells[column] if column < len(cells) else "" for column in self._columns]
        self._write([*given, str(reject.line), reject.field, reject.code, reject.message])

    def _write(self, cells: Sequence[str]) -> None:
        try:
            self._table.write(cells)
        except OSError as error:
            raise _unwritable(self._path, error) from error

    def seal(self) -> None:
        """Have all of it on the disk, still beside its place: what can fail, fails before anything is imported.

        Raises:
            OutsideError: it cannot be written.
        """
        try:
            self._table.close()
            with self._draft.open("rb+") as written:
                os.fsync(written.fileno())
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
        try:
            self._table.close()
        finally:
            self._draft.unlink(missing_ok=True)
            os.close(self._lock)


@contextmanager
def rejects_file(path: Path | None, source: Path) -> Iterator[RejectsFile | None]:
    """Make ready for a file of rejected rows before anything is imported; None when none is wanted.

    It is a workbook if it is called .xlsx, else CSV. What a killed run for the same file left behind is removed.

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
        _remove_stale(path)
        # mkstemp makes it 0600.
        lock, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=_DRAFT_SUFFIX, dir=path.parent)
        draft = Path(name)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return RejectsFile(path, draft, lock)
        except OSError:
            draft.unlink(missing_ok=True)
            os.close(lock)
            raise
    except OSError as error:
        raise _unwritable(path, error) from error


def _remove_stale(path: Path) -> None:
    """Remove the drafts that nobody holds any more: they hold numbers, and their program was killed."""
    for draft in path.parent.glob(f".{glob.escape(path.name)}.*{_DRAFT_SUFFIX}"):
        with suppress(OSError), draft.open("rb+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(_scratch_of(draft), ignore_errors=True)
            draft.unlink(missing_ok=True)


def _scratch_of(draft: Path) -> Path:
    return draft.with_name(f"{draft.name}.sheet")


def _known_heading(heading: str, field: str) -> str:
    return heading if usual_field(clean_heading(heading)) == field else field


def _unwritable(path: Path, error: OSError) -> OutsideError:
    return OutsideError(_("Cannot write {file}: {reason}.").format(file=path, reason=error.strerror))
