"""Which rows a list of members has, be it a CSV file or a workbook, and where in it the headings stand."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Protocol

from newsletter.errors import InputError
from newsletter.subscribers.lists.csv_files import SEARCHED_ROWS, Line, check_stretches, find_delimiter, read_stretches
from newsletter.subscribers.lists.heading_rows import HeadingRows, find_headings, raise_if_shared
from newsletter.subscribers.lists.headings import Headings, count_headings, read_headings
from newsletter.subscribers.lists.rejects import unescape_formula
from newsletter.subscribers.lists.sheet_files import SheetLines, is_workbook, open_sheets
from newsletter.text_files import open_text
from newsletter.translation import gettext as _

#: File (and sheet) and the line in it.
Place = tuple[str, int]


class Understand(Protocol):
    """How a line of headings is understood; raises ``InputError`` where it cannot be used."""

    def __call__(self, cells: Sequence[str], mapping: Mapping[str, str], file: str, line: int) -> Headings:
        """The headings in ``cells``, which stand on a line of ``file``."""


@dataclass(frozen=True)
class RowFile:
    """An opened list.

    Attributes:
        headings: what its columns are.
        lines: the rows under the headings, each with the line of the file, or row of the sheet, it stands on; rows
            without content are left out.
        count: about how many rows there are, for telling how far it is.
        other_sheets: of a workbook, further sheets with such headings, which are not read.
    """

    headings: Headings
    lines: Iterator[Line]
    count: int
    other_sheets: tuple[str, ...] = ()


@contextmanager
def open_rows(
    path: Path, mapping: Mapping[str, str], *, sheet: str | None = None, understand: Understand = read_headings
) -> Iterator[RowFile]:
    """Open a list of members; a title and remarks may stand above its headings.

    Args:
        path: CSV in whatever encoding and with whatever between the cells, or an .xlsx workbook: told by its content.
        mapping: heading → field, as ``read_mapping`` gives it.
        sheet: of a workbook, the sheet; None: the first visible one with such headings.
        understand: what makes a line the headings.

    Raises:
        InputError: missing, empty, or none of these; or its headings cannot be used.
        OutsideError: it cannot be read.
    """
    if is_workbook(path):
        with open_sheets(path, sheet) as sheets:
            yield _choose_sheet(sheets, mapping, understand, path)
        return
    if sheet is not None:
        raise InputError(_("{file} is no workbook, and has no sheets.").format(file=path))
    with open_text(path, may_be_utf16=True) as (text, survey):
        delimiter = find_delimiter(text, lambda cells: count_headings(cells, mapping))
        stretches = read_stretches(text, path, delimiter)
        first = list(islice(stretches, SEARCHED_ROWS))
        rows = [stretch.cells for stretch in first]
        found = _heading_rows(rows, mapping, path)
        place = (str(path), first[found.first].first_line)
        headings = _understand(rows, found, partial(understand, mapping=mapping, file=place[0], line=place[1]), place)
        lines = check_stretches(chain(first[found.after :], stretches), headings.width, path, delimiter)
        if headings.is_rejects:
            lines = ((line, [unescape_formula(cell) for cell in cells] if cells else cells) for line, cells in lines)
        yield RowFile(headings, lines, max(survey.lines - first[found.after - 1].last_line, 0))


def _heading_rows(rows: Sequence[Sequence[str]], mapping: Mapping[str, str], path: Path) -> HeadingRows:
    if not rows:
        raise InputError(_("{file} is empty.").format(file=path))
    return find_headings(rows, mapping)


def _understand(
    rows: Sequence[Sequence[str]], found: HeadingRows, understand: Callable[[Sequence[str]], Headings], place: Place
) -> Headings:
    headings = understand(found.cells)
    raise_if_shared(headings.names, rows[found.after :], headings.position["phone"], *place)
    return headings


def _choose_sheet(
    sheets: Iterator[SheetLines], mapping: Mapping[str, str], understand: Understand, path: Path
) -> RowFile:
    chosen: RowFile | None = None
    others: list[str] = []
    problem: tuple[int, InputError] | None = None
    for sheet in sheets:
        first = list(islice(sheet.lines, SEARCHED_ROWS))
        if not first:
            continue
        rows = [cells for _line, cells in first]
        found = _heading_rows(rows, mapping, path)
        line = first[found.first][0]
        place = (sheet.place, line)
        try:
            headings = _understand(rows, found, partial(understand, mapping=mapping, file=place[0], line=line), place)
        except InputError as error:
            count = count_headings(found.cells, mapping)
            problem = problem if problem and problem[0] >= count else (count, error)
            continue
        if chosen is None:
            chosen = RowFile(headings, chain(first[found.after :], sheet.lines), max(sheet.height - line, 0))
        else:
            others.append(sheet.name)
    if chosen is None:
        raise problem[1] if problem else InputError(_("{file} is empty.").format(file=path))
    return RowFile(chosen.headings, chosen.lines, chosen.count, tuple(others))
