"""What the rows of a workbook's sheets say, as text; and which files are no workbook that can be read.

python-calamine holds a sheet whole (measured: 0.6 kB for a row of eight cells), so memory grows with a workbook as it
does not with a CSV file. What is made of its rows here is not held.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from newsletter.errors import InputError
from newsletter.subscribers.lists.csv_files import Line
from newsletter.subscribers.lists.sheet_archives import ZIP_MARK, check_archive, no_workbook
from newsletter.text_files import read_start
from newsletter.translation import gettext as _

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

#: How other spreadsheets' files begin: the old .xls, .et and .wps, also a workbook with a password.
_OLE_MARK: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: What older programs call .xls and is a page of HTML or XML.
_PAGE_MARKS: Final = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<style", b"<workbook")
#: A float has every digit of a whole number up to here.
_EXACT: Final = 1e15


@dataclass(frozen=True)
class SheetLines:
    """One sheet.

    Attributes:
        name: of the sheet.
        place: file and, if there are several sheets, sheet, as errors name it.
        lines: its rows with content, with the numbers the sheet itself gives them, from 1.
        height: its rows.
    """

    name: str
    place: str
    lines: Iterator[Line]
    height: int


def is_workbook(path: Path) -> bool:
    """Whether a file is read as a workbook rather than as text, by how it begins.

    Raises:
        InputError: it is a spreadsheet of a kind that is not read; or missing, or no file.
        OutsideError: it cannot be read.
    """
    start = read_start(path, 512)
    if start.startswith(_OLE_MARK):
        message = _("{file} is an old .xls, .et or .wps file, or has a password.")
        raise no_workbook(path, message)
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_PAGE_MARKS):
        raise no_workbook(path, _("{file} is a web page, whatever its name says."))
    return start.startswith(ZIP_MARK)


@contextmanager
def open_sheets(path: Path, name: str | None) -> Iterator[Iterator[SheetLines]]:
    """The visible sheets of a workbook in its order, or the one called ``name``, each read when its turn comes.

    Raises:
        InputError: it is no workbook that can be read, or has no such sheet.
    """
    check_archive(path)
    with _translated(path):
        from python_calamine import CalamineWorkbook

        workbook = CalamineWorkbook.from_path(path)
    with workbook:
        yield _sheets(workbook, _sheet_names(workbook, name, path), path)


def _sheet_names(workbook: "CalamineWorkbook", name: str | None, path: Path) -> list[str]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    visible = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    if name is None:
        return visible
    found = [sheet.name for sheet in sheets if sheet.name.strip() == name.strip()]
    if not found:
        raise InputError(
            _("{file} has no sheet {sheet}.").format(file=path, sheet=name),
            hint=_("Its sheets: {names}").format(names=", ".join(visible)),
        )
    return found[:1]


def _sheets(workbook: "CalamineWorkbook", names: list[str], path: Path) -> Iterator[SheetLines]:
    for name in names:
        place = str(path) if len(names) == 1 else _("{file}, sheet {sheet}").format(file=path, sheet=name)
        with _translated(path):
            sheet = workbook.get_sheet_by_name(name)
        end = sheet.end
        yield SheetLines(name, place, _lines(sheet, path), end[0] + 1 if end else 0)


def _lines(sheet: "CalamineSheet", path: Path) -> Iterator[Line]:
    start = sheet.start
    if start is None:
        return
    merged = _merged_columns(sheet, start[1])
    above: dict[int, tuple[int, str]] = {}
    rows = sheet.iter_rows()
    for row in count():
        with _translated(path):
            values = next(rows, None)
        if values is None:
            return
        cells = [value if type(value) is str else _text(value) for value in values]
        if merged:
            _fill_merged(cells, row, merged, above)
        if "".join(cells).strip():
            yield row + 1, cells


def _merged_columns(sheet: "CalamineSheet", first_column: int) -> Mapping[int, list[tuple[int, int]]]:
    """First row → (column, last row) of cells merged downwards: a branch's name that stands once for its people."""
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left == right and bottom > top and left >= first_column:
            found[top].append((left - first_column, bottom))
    return found


def _fill_merged(
    cells: list[str], row: int, merged: Mapping[int, list[tuple[int, int]]], above: dict[int, tuple[int, str]]
) -> None:
    """Write what a merged cell says into each of its rows that says anything; ``above``: column → (last row, text)."""
    has_content = any(cell.strip() for cell in cells)
    for column, (last, text) in list(above.items()):
        if row > last:
            del above[column]
        elif has_content and column < len(cells) and not cells[column].strip():
            cells[column] = text
    for column, last in merged.get(row, ()):
        if column < len(cells):
            above[column] = (last, cells[column])


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat(" ") if isinstance(value, datetime) else str(value)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """What calamine says of a workbook it cannot read, as ours."""
    from python_calamine import CalamineError, PasswordError

    try:
        yield
    except PasswordError as error:
        raise no_workbook(path, _("{file} has a password.")) from error
    except (CalamineError, OSError, ValueError, MemoryError) as error:
        raise no_workbook(path, _("{file} is a damaged workbook, or none.")) from error
    except BaseException as error:
        # A Rust library that gives up raises its own exception, which is no Exception.
        if type(error).__module__ != "pyo3_runtime":
            raise
        raise no_workbook(path, _("{file} is a damaged workbook, or none.")) from error
