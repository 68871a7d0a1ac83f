"""Coverage as tables: on the screen, as CSV and as a workbook the same columns."""

from collections.abc import Iterator
from typing import Final

from newsletter.organisation.units import KIND_LABELS, UnitKind
from newsletter.statistics.coverage.counts import Coverage, CoverageRow
from newsletter.statistics.labels import label_suppressed
from newsletter.statistics.merit.sheets import Cell, CellKind, Sheet, SheetColumn, make_csv
from newsletter.statistics.trait_names import place_label
from newsletter.translation import gettext as _
from newsletter.translation import mark

_COUNT: Final = CellKind.COUNT
COLUMNS: Final = (
    SheetColumn("unit", mark("code")),
    SheetColumn("name", mark("unit")),
    SheetColumn("kind", mark("kind")),
    SheetColumn("known_members", mark("known members"), _COUNT),
    SheetColumn("registered", mark("registered"), _COUNT),
    SheetColumn("rate", mark("coverage"), CellKind.RATE),
    SheetColumn("without_number", mark("no number"), _COUNT),
    SheetColumn("invalid_number", mark("unusable number"), _COUNT),
    SheetColumn("mobile", mark("mobile"), _COUNT),
    SheetColumn("retired", mark("retired"), _COUNT),
    SheetColumn("not_reached", mark("not reached"), _COUNT),
    SheetColumn("large_type", mark("large type"), _COUNT),
    SheetColumn("full_text", mark("full text"), _COUNT),
)
PLACE_COLUMNS: Final = (
    SheetColumn("unit", mark("code")),
    SheetColumn("name", mark("home unit")),
    SheetColumn("place", mark("lives in")),
    SheetColumn("people", mark("people"), _COUNT),
)


def coverage_sheets(counted: Coverage, *, indent: str = "") -> list[Sheet]:
    """The tables: units from the top down, and, asked for, where people away live.

    Args:
        counted: what they show.
        indent: what moves a unit's name to the right, once for each unit above it.
    """
    sheets = [Sheet(_("Coverage"), COLUMNS, [_cells(row, indent) for row in counted.rows])]
    if counted.places is not None:
        sheets.append(Sheet(_("Where members away live"), PLACE_COLUMNS, list(_place_cells(counted))))
    return sheets


def make_coverage_file(counted: Coverage, ending: str) -> bytes:
    """The whole file, by its ending: ``.csv`` or ``.xlsx``."""
    sheets = coverage_sheets(counted)
    if ending == ".csv":
        return make_csv(sheets)
    from newsletter.statistics.merit.workbooks import make_workbook

    return make_workbook(sheets)


def _cells(row: CoverageRow, indent: str) -> list[Cell]:
    document = row.document()
    kind = _(KIND_LABELS[UnitKind(row.kind)])
    known = {**document, "name": indent * row.depth + row.name, "kind": kind}
    return [known[column.field] for column in COLUMNS]


def _place_cells(counted: Coverage) -> Iterator[list[Cell]]:
    for row in counted.places or ():
        place = label_suppressed() if row.place is None else place_label(row.place)
        yield [row.unit, row.name, place, row.people]
