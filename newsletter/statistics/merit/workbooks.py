"""Tables of merit as a workbook: typed numbers, a heading that stays in sight, columns as wide as what is in them."""

import io
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Final
from unicodedata import east_asian_width

from newsletter.statistics.merit.sheets import CellKind, Sheet, show_cell

#: What no sheet's name may hold, and how long it may be (Excel's own limits).
_BAD_NAME: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_LONGEST_NAME: Final = 31
#: Of files about no period in particular: their own day would make every one of them another.
_EPOCH: Final = date(2000, 1, 1)
_WIDTHS: Final = (8, 44)
_NUMBER_FORMATS: Final = {CellKind.COUNT: "0", CellKind.POINTS: "0.00", CellKind.RATE: "0.0%"}


def make_workbook(sheets: Sequence[Sheet], *, created: date | None = None) -> bytes:
    """The whole file, a worksheet a table; same tables, same bytes. ``created`` is what the file says of itself."""
    import xlsxwriter

    stream = io.BytesIO()
    # Text is text: what looks like a formula, a link or a number in somebody's title stays what they wrote.
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": datetime.combine(created or _EPOCH, time())})
        heading = book.add_format({"bold": True, "bg_color": "#F2DCDB", "border": 1, "align": "center"})
        formats = {kind: book.add_format({"num_format": number}) for kind, number in _NUMBER_FORMATS.items()}
        for sheet in sheets:
            page = book.add_worksheet(sheet.name.translate(_BAD_NAME)[:_LONGEST_NAME])
            _write_sheet(page, sheet, heading, formats)
    return stream.getvalue()


def _write_sheet(page: Any, sheet: Sheet, heading: Any, formats: dict[CellKind, Any]) -> None:
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, column.title(), heading)
        cells = [row[place] for row in sheet.rows]
        widest = max(_width_of(text) for text in (column.title(), *(show_cell(column, cell) for cell in cells)))
        smallest, largest = _WIDTHS
        page.set_column(place, place, max(smallest, min(largest, widest + 2)))
        for line, cell in enumerate(cells, start=1):
            if isinstance(cell, str):
                page.write_string(line, place, cell)
            elif cell is not None:
                page.write_number(line, place, cell, formats.get(column.kind))
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)


def _width_of(text: str) -> int:
    """Characters wide, a Chinese one counting two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
