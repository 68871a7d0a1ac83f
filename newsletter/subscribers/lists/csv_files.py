"""What counts as a row of a CSV file, what divides its cells, and on which line of the file it stands."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, TextIO

from newsletter.errors import InputError
from newsletter.translation import gettext as _

#: Stands for the cells of a row that cannot be taken apart.
BROKEN: Final[list[str]] = []
#: What may divide cells: the comma, what spreadsheets save instead, and the comma of a Chinese keyboard.
DELIMITERS: Final = (",", "\t", ";", "\uff0c")
#: Rows with content among which the headings are looked for: above them offices put a title, a date, who filled it in.
SEARCHED_ROWS: Final = 20
#: Characters of a file that are looked at to see what divides its cells.
_HEAD_LENGTH: Final = 1 << 16
#: A mobile number of this country among other words, as offices write it.
MOBILE_NUMBER: Final = re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)")

#: One row: the line of the file it begins on (the first is 1), and its cells (``BROKEN`` if unreadable).
Line = tuple[int, list[str]]


class Stretch(NamedTuple):
    """One row and the lines of the file it runs over."""

    first_line: int
    last_line: int
    cells: list[str]


def find_delimiter(text: TextIO, recognise: Callable[[Sequence[str]], int]) -> str:
    """What divides the cells: with which the most headings of one row are recognised; the comma in doubt.

    Reads the beginning of ``text`` and goes back to it.

    Args:
        text: the file, at its beginning.
        recognise: how many headings there are in a row.
    """
    head = text.read(_HEAD_LENGTH)
    text.seek(0)

    def most(delimiter: str) -> int:
        rows = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        found = islice((row for row in rows if "".join(row).strip()), SEARCHED_ROWS)
        return max((recognise(row) for row in found), default=0)

    return max(DELIMITERS, key=most)


def read_stretches(text: TextIO, path: Path, delimiter: str = ",") -> Iterator[Stretch]:
    """The rows of a CSV file; rows without any content are left out.

    Raises:
        InputError: a quotation mark that is not closed; names file and line.
    """
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    before = 0
    while True:
        try:
            for cells in reader:
                line, before = before + 1, reader.line_num
                if "".join(cells).strip():
                    yield Stretch(line, before, cells)
        except csv.Error as error:
            line, before = before + 1, reader.line_num
            if before > line or "end of data" in str(error):
                raise _open_quotation(path, line) from error
            yield Stretch(line, before, BROKEN)
        else:
            return


def check_stretches(stretches: Iterable[Stretch], width: int, path: Path, delimiter: str = ",") -> Iterator[Line]:
    """The rows under a header of so many columns.

    A quotation mark that is never closed, or stands for "the same as above", would swallow the good rows after it, so
    a row that runs over several lines and then does not fit, or has such rows in a cell, refuses the whole file.

    Raises:
        InputError: such a quotation mark; names file and line.
    """
    for first_line, last_line, cells in stretches:
        if last_line > first_line:
            if len(cells) != width:
                raise _open_quotation(path, first_line)
            if any(_has_swallowed(cell, width, delimiter) for cell in cells):
                raise _swallowed_rows(path, first_line)
        yield first_line, cells


def _has_swallowed(cell: str, width: int, delimiter: str) -> bool:
    """Whether a cell over several lines holds what looks like rows: as many cells as one has, or a number and more.

    A mark in whatever column swallows a row's worth of delimiters, unless the row lacks the empty cells at its end.
    """
    if "\n" not in cell and "\r" not in cell:
        return False
    count = cell.count(delimiter)
    return count >= max(width - 1, 1) or (count > 0 and MOBILE_NUMBER.search(cell) is not None)


def _swallowed_rows(path: Path, line: int) -> InputError:
    return InputError(
        _("{file}, line {line}: a quotation mark is opened, and a later row stands in the same cell.").format(
            file=path, line=line
        ),
        hint=_("Where it means the same as above, write what stands above; nothing was imported."),
    )


def _open_quotation(path: Path, line: int) -> InputError:
    return InputError(
        _("{file}, line {line}: a quotation mark is opened and not closed.").format(file=path, line=line),
        hint=_("Mend that line and run it again; nothing was imported."),
    )
