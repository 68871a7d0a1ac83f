"""A table of merit as files have it: typed columns, headings by language, CSV that a spreadsheet opens well."""

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from newsletter.statistics.sheets import escape_cell
from newsletter.translation import active_language
from newsletter.translation import gettext as _

Cell = str | int | float | None
#: Decimal places of points and of rates in files.
POINT_PLACES: Final = 2
RATE_PLACES: Final = 4


class CellKind(StrEnum):
    """How a column's cells are written."""

    TEXT = "text"
    COUNT = "count"
    POINTS = "points"
    RATE = "rate"


@dataclass(frozen=True)
class SheetColumn:
    """A column: JSON's field name, its heading (a marked message), what is in it."""

    field: str
    heading: str
    kind: CellKind = CellKind.TEXT

    def title(self) -> str:
        """The heading in the user's language; in English the field's own name, for whoever reads it by program."""
        return self.field if active_language() == "en" else _(self.heading)


@dataclass(frozen=True)
class Sheet:
    """A table: its name, columns, and rows of as many cells; points are in points, rates between 0 and 1."""

    name: str
    columns: Sequence[SheetColumn]
    rows: Sequence[Sequence[Cell]]


def make_csv(sheets: Sequence[Sheet]) -> bytes:
    """The whole file: UTF-8 with BOM, no cell that is a formula; several tables have an empty line between them."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    for place, sheet in enumerate(sheets):
        if place:
            writer.writerow([])
        writer.writerow([column.title() for column in sheet.columns])
        for row in sheet.rows:
            writer.writerow([_csv_cell(column, cell) for column, cell in zip(sheet.columns, row, strict=True)])
    return codecs.BOM_UTF8 + stream.getvalue().encode()


def _csv_cell(column: SheetColumn, cell: Cell) -> str | float:
    if cell is None:
        return ""
    if column.kind is CellKind.POINTS:
        return f"{cell:.{POINT_PLACES}f}"
    if column.kind is CellKind.RATE:
        return f"{cell:.{RATE_PLACES}f}"
    return escape_cell(cell)


def show_cell(column: SheetColumn, cell: Cell) -> str:
    """A cell as tables on screen and on paper have it."""
    if cell is None:
        return ""
    if column.kind is CellKind.POINTS:
        return f"{cell:.{POINT_PLACES}f}"
    return f"{cell:.1%}" if column.kind is CellKind.RATE else str(cell)
