"""Assessment, activity and originality as tables: what screen, CSV and workbook show alike."""

from collections.abc import Sequence
from typing import Final

from newsletter.statistics.merit.activity import Activity
from newsletter.statistics.merit.assessment import Assessment
from newsletter.statistics.merit.originality import Originality, OriginalityReport
from newsletter.statistics.merit.rankings import COUNTS, LISTS, count_cells
from newsletter.statistics.merit.sheets import Cell, CellKind, Sheet, SheetColumn, show_cell
from newsletter.translation import gettext as _
from newsletter.translation import mark
from newsletter.workflow.points.kinds import Source
from newsletter.workflow.points.standings import as_points

_LIST: Final = SheetColumn("list", mark("Ranking list"))
_RANK: Final = SheetColumn("rank", mark("Rank"), CellKind.COUNT)
_NAME: Final = SheetColumn("name", mark("Unit"))
_SHARE: Final = SheetColumn("share", mark("Original share"), CellKind.RATE)
#: Headings of the points by source; what a source is called elsewhere is a phrase, too long for a column.
_SOURCES: Final = {
    Source.ITEM: mark("Items printed"),
    Source.FEATURE: mark("MMS features"),
    Source.BRIEF: mark("Short items"),
    Source.PAPER: mark("Newspapers"),
    Source.WEBSITE: mark("Websites"),
    Source.BROADCASTER: mark("Broadcasters"),
    Source.PREFECTURE: mark("Prefecture"),
    Source.PROVINCE: mark("Province"),
    Source.COMMISSIONED: mark("Commissioned"),
    Source.LEADER_COMMENT: mark("Leaders' comments"),
    Source.BEST: mark("Best of the period"),
    Source.QUOTA: mark("Quota missed"),
}


_OVERVIEW_LACKS: Final = frozenset({*_SOURCES, "original", "reprinted"})


def assessment_sheets(assessments: Sequence[Assessment]) -> list[Sheet]:
    """A row a unit; of the sources, those that anybody earned by."""
    sources = [source for source in Source if any(source in one.sources for one in assessments)]
    columns = (
        *(_LIST, _RANK, _NAME, *COUNTS),
        *(SheetColumn(source, _SOURCES[source], CellKind.POINTS) for source in sources),
        SheetColumn("wanted", mark("Quota"), CellKind.COUNT),
        SheetColumn("missing", mark("Lacking"), CellKind.COUNT),
        SheetColumn("original", mark("Originals"), CellKind.COUNT),
        SheetColumn("reprinted", mark("Reprints"), CellKind.COUNT),
        _SHARE,
    )
    return [Sheet(_("Assessment"), columns, [_assessment_row(one, sources) for one in assessments])]


def assessment_overview(assessments: Sequence[Assessment]) -> list[Sheet]:
    """What fits a screen: of one unit everything, line by line; of several the counts."""
    whole = assessment_sheets(assessments)[0]
    if len(assessments) != 1:
        kept = [place for place, column in enumerate(whole.columns) if column.field not in _OVERVIEW_LACKS]
        rows = [[row[place] for place in kept] for row in whole.rows]
        return [Sheet(whole.name, [whole.columns[place] for place in kept], rows)]
    lines = [
        [_(column.heading), show_cell(column, cell)] for column, cell in zip(whole.columns, whole.rows[0], strict=True)
    ]
    return [Sheet(whole.name, (SheetColumn("what", mark("Figure")), SheetColumn("value", mark("Value"))), lines)]


def _assessment_row(one: Assessment, sources: Sequence[Source]) -> list[Cell]:
    standing = one.standing.standing
    return [
        *(_(LISTS[one.league]), one.standing.rank, standing.name, *count_cells(standing)),
        *(as_points(one.sources.get(source, 0)) for source in sources),
        sum(quota.wanted for quota in one.quotas) if one.quotas else None,
        sum(quota.missing for quota in one.quotas) if one.quotas else None,
        *(one.originality.original, one.originality.reprinted, one.originality.share),
    ]


def activity_sheets(report: Activity) -> list[Sheet]:
    """The columns, and the units."""
    columns = (
        SheetColumn("name", mark("Column")),
        SheetColumn("owner", mark("Owner")),
        SheetColumn("items", mark("Items printed"), CellKind.COUNT),
        SheetColumn("last", mark("Last item")),
        SheetColumn("weeks", mark("Weeks since"), CellKind.COUNT),
        SheetColumn("stale", mark("Remark")),
    )
    rows: list[list[Cell]] = [
        [
            *(one.name, one.owner, one.items, one.last.isoformat() if one.last else None, one.weeks),
            _("stale") if one.is_stale else "",
        ]
        for one in report.columns
    ]
    return [Sheet(_("Columns"), columns, rows), _units_sheet(report)]


def _units_sheet(report: Activity) -> Sheet:
    columns = (
        _LIST,
        _NAME,
        SheetColumn("submitted", mark("Submitted"), CellKind.COUNT),
        SheetColumn("adopted", mark("Adopted"), CellKind.COUNT),
        SheetColumn("silent", mark("Remark")),
    )
    rows: list[list[Cell]] = [
        [_(LISTS[one.league]), one.name, one.submitted, one.adopted, _("silent") if one.is_silent else ""]
        for one in report.units
    ]
    return Sheet(_("Units"), columns, rows)


def originality_sheets(report: OriginalityReport) -> list[Sheet]:
    """The units, and the papers with the total."""
    papers = [*map(_originality_row, report.papers), _originality_row(report.total)]
    papers[-1][0] = _("Total")
    return [
        Sheet(_("Units"), _originality_columns(mark("Unit")), [_originality_row(one) for one in report.units]),
        Sheet(_("Papers"), _originality_columns(mark("Paper")), papers),
    ]


def _originality_columns(noun: str) -> tuple[SheetColumn, ...]:
    originals = SheetColumn("original", mark("Originals"), CellKind.COUNT)
    return (SheetColumn("name", noun), originals, SheetColumn("reprinted", mark("Reprints"), CellKind.COUNT), _SHARE)


def _originality_row(one: Originality) -> list[Cell]:
    return [one.name, one.original, one.reprinted, one.share]
