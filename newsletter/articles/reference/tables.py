"""How a reference file is read: a CSV with Chinese or English headings; one line says whatever is wrong with it."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar

from newsletter.errors import InputError
from newsletter.text_files import read_text_file
from newsletter.translation import gettext as _

RecordType = TypeVar("RecordType")
#: Path → modification time and size, and what was read then; for as long as the process lives.
_READ: Final[dict[Path, tuple[tuple[int, int], Any]]] = {}
_LONGEST_SHOWN: Final = 40


class ReferenceFileError(InputError):
    """A reference file with an error in it; the message names file, line and column."""

    code: ClassVar[str] = "reference_file"


@dataclass(frozen=True)
class Row:
    """One line of a reference file, and the line's number."""

    path: Path
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def wrong(self, column: str, reason: str) -> ReferenceFileError:
        """The error to raise for one of its cells."""
        message = _("{path} line {line}, field {field}: {reason}")
        return ReferenceFileError(message.format(path=self.path, line=self.line, field=column, reason=reason))

    def required(self, column: str) -> str:
        """A cell that must not be empty.

        Raises:
            ReferenceFileError: it is.
        """
        if not self[column]:
            raise self.wrong(column, _("empty."))
        return self[column]

    def day(self, column: str) -> date | None:
        """A cell that holds a date, as 2026-07-01; None for an empty one.

        Raises:
            ReferenceFileError: something else stands there.
        """
        try:
            return date.fromisoformat(self[column]) if self[column] else None
        except ValueError as error:
            reason = _("{word} is not a date; write it as 2026-07-01.").format(word=self[column][:_LONGEST_SHOWN])
            raise self.wrong(column, reason) from error


def read_once(
    path: Path, columns: Mapping[str, str], read_row: Callable[[Row], RecordType], *, optional: Sequence[str] = ()
) -> tuple[RecordType, ...]:
    """Every line of a reference file, read again only when the file was changed; a missing file has none.

    Args:
        path: the file.
        columns: each column's English heading → its Chinese one.
        read_row: makes a record of a line.
        optional: columns that may be missing.

    Raises:
        ReferenceFileError: a malformed file, by line and column.
        InputError, OutsideError: the file cannot be read.
    """
    if not path.exists():
        return ()
    status = path.stat()
    stamp = (status.st_mtime_ns, status.st_size)
    if path not in _READ or _READ[path][0] != stamp:
        _READ[path] = (stamp, tuple(read_row(row) for row in _read_rows(path, columns, optional)))
    records: tuple[RecordType, ...] = _READ[path][1]
    return records


def _read_rows(path: Path, columns: Mapping[str, str], optional: Sequence[str]) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(read_text_file(path), newline=""), strict=True)
    line = 1
    try:
        headings = _read_headings(path, next(reader, []), columns, optional)
        line = reader.line_num + 1
        for cells in reader:
            if any(map(str.strip, cells)):
                yield _named(path, line, headings, cells, columns)
            line = reader.line_num + 1
    except csv.Error as error:
        raise ReferenceFileError(_("{path} line {line}: not a CSV file.").format(path=path, line=line)) from error


def _read_headings(path: Path, cells: list[str], columns: Mapping[str, str], optional: Sequence[str]) -> list[str]:
    english = {chinese: name for name, chinese in columns.items()} | {name: name for name in columns}
    headings = [english.get(cell.strip().casefold(), cell.strip()) for cell in cells]
    for heading in headings:
        if heading not in columns:
            known = ", ".join(f"{name} ({chinese})" for name, chinese in columns.items())
            message = _("{path} line 1: unknown column {column}; known are {known}.")
            raise ReferenceFileError(message.format(path=path, column=heading[:_LONGEST_SHOWN], known=known))
        if headings.count(heading) > 1:
            message = _("{path} line 1: the column {column} stands twice.")
            raise ReferenceFileError(message.format(path=path, column=heading))
    for name, chinese in columns.items():
        if name not in headings and name not in optional:
            message = _("{path} line 1: the column {column} is missing.")
            raise ReferenceFileError(message.format(path=path, column=f"{name} ({chinese})"))
    return headings


def _named(path: Path, line: int, headings: list[str], cells: list[str], columns: Mapping[str, str]) -> Row:
    if len(cells) > len(headings):
        message = _("{path} line {line}: {found} cells under {expected} headings.")
        raise ReferenceFileError(message.format(path=path, line=line, found=len(cells), expected=len(headings)))
    given = dict(zip(headings, map(str.strip, cells), strict=False))
    return Row(path, line, {name: given.get(name, "") for name in columns})
