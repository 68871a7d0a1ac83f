"""Growth and retention as tables: for screen, CSV and workbook, with a sheet that says what each column means."""

from collections.abc import Mapping, Sequence
from typing import Final

from newsletter.statistics.growth.balance import Balance
from newsletter.statistics.growth.counts import Growth
from newsletter.statistics.growth.retention import Cohort, GroupRetention, MonthPoint, Retention
from newsletter.statistics.labels import DIMENSIONS
from newsletter.statistics.merit.sheets import Cell, CellKind, Sheet, SheetColumn
from newsletter.translation import gettext as _
from newsletter.translation import mark

TOTAL: Final = "total"
#: Columns of a balance and what each means.
_BALANCE: Final[Mapping[str, tuple[str, str]]] = {
    "start": (
        mark("At the beginning"),
        mark("Members at the beginning: with a number, and not opted out."),
    ),
    "joined": (mark("Joined"), mark("Members for the first time.")),
    "came_back": (mark("Came back"), mark("Opted in again, or back on the register, having been members before.")),
    "moved_in": (mark("Moved in"), mark("Members who came from another group, or from units not looked at.")),
    "moved_out": (mark("Moved out"), mark("Members who went to another group, or to units not looked at.")),
    "opted_out": (
        mark("Voluntary losses"),
        mark("Members who opted out; of a shared number, each person."),
    ),
    "left": (mark("Left the register"), mark("Members who are no longer the newsroom's.")),
    "died": (mark("Died"), mark("Members who died.")),
    "erased": (mark("Erased"), mark("Members who had themselves erased, or whose time was over.")),
    "number_lost": (mark("Number lost"), mark("Members whose number is not on the register any more.")),
    "involuntary": (mark("Involuntary losses"), mark("Left the register, died, erased and number lost together.")),
    "net": (mark("Net growth"), mark("At the end minus at the beginning.")),
    "end": (mark("At the end"), mark("Members at the end; the beginning of the next month.")),
}
#: What the screen leaves out: the kinds of involuntary loss.
_DETAILS: Final = frozenset({"left", "died", "erased", "number_lost"})
_POINT: Final[Mapping[str, tuple[str, str, CellKind]]] = {
    "month": (mark("Months"), mark("Months of 30.4375 days since they joined or came back."), CellKind.COUNT),
    "at_risk": (mark("Still watched"), mark("Members watched longer than this."), CellKind.COUNT),
    "opted_out": (mark("Opted out"), mark("Opt-outs since the month before."), CellKind.COUNT),
    "retention": (mark("Stay"), mark("Kaplan–Meier estimate of the share that has not opted out."), CellKind.RATE),
    "low": (mark("from"), mark("Lower 95% limit (Greenwood, log-log); empty before the first opt-out."), CellKind.RATE),
    "high": (mark("up to"), mark("Upper 95% limit."), CellKind.RATE),
}
#: Months the screen shows of each group.
_MONTHS_SHOWN: Final = (1, 3, 6, 12, 24)


def growth_sheet(growth: Growth, *, brief: bool = False) -> Sheet:
    """The rows, the total last; ``brief``: without the kinds of involuntary loss."""
    fields = [name for name in _BALANCE if not (brief and name in _DETAILS)]
    name = DIMENSIONS[growth.by]
    columns = [SheetColumn(growth.by.value, name), SheetColumn(f"{growth.by}_label", mark("Name"))]
    columns += [SheetColumn(field, _BALANCE[field][0], CellKind.COUNT) for field in fields]
    rows: list[list[Cell]] = [[str(row.code), row.label, *_cells(row.balance, fields)] for row in growth.rows]
    rows.append([TOTAL, _("Total"), *_cells(growth.total, fields)])
    if brief:
        columns[0:2] = [SheetColumn(f"{growth.by}_label", name)]
        rows = [row[1:] for row in rows]
    return Sheet(_("Growth"), columns, rows)


def _cells(balance: Balance, fields: Sequence[str]) -> list[Cell]:
    document = balance.as_document()
    return [document[field] for field in fields]


def growth_dictionary() -> Sheet:
    """What the columns of ``growth_sheet`` mean."""
    return _dictionary({field: (heading, meaning) for field, (heading, meaning) in _BALANCE.items()})


def retention_sheet(retention: Retention) -> Sheet:
    """A row for each group and month."""
    names = [] if retention.by is None else _name_columns(retention)
    columns = [*names, SheetColumn("people", mark("Members"), CellKind.COUNT)]
    columns += [SheetColumn(field, heading, kind) for field, (heading, _meaning, kind) in _POINT.items()]
    rows = [
        [*_names(retention, group), group.people, *_point_cells(point)]
        for group in retention.groups
        for point in group.months
    ]
    return Sheet(_("Retention"), columns, rows)


def retention_overview(retention: Retention) -> Sheet:
    """A row for each group: members, median, and the share that stays after some months with its limits."""
    names = [] if retention.by is None else _name_columns(retention)[1:]
    known = [month for month in _MONTHS_SHOWN if any(_find(group, month) for group in retention.groups)]
    columns = [*names, SheetColumn("people", mark("Members"), CellKind.COUNT)]
    columns += [SheetColumn(f"month_{month}", _("Month {number}").format(number=month)) for month in known]
    columns.append(SheetColumn("median_days", mark("Half have left after (days)")))
    rows: list[list[Cell]] = [
        [
            *_names(retention, group)[1:],
            group.people,
            *(_show_point(_find(group, month)) for month in known),
            _show_median(group),
        ]
        for group in retention.groups
    ]
    return Sheet(_("Retention"), columns, rows)


def retention_dictionary() -> Sheet:
    """What the columns of ``retention_sheet`` mean."""
    people = (mark("Members"), mark("Times as a member that began in the period; who came back counts again."))
    return _dictionary({"people": people, **{field: words[:2] for field, words in _POINT.items()}})


def cohort_sheet(cohorts: Sequence[Cohort]) -> Sheet:
    """A row for each cohort, a column for each month since they began."""
    width = max((len(cohort.retention) for cohort in cohorts), default=0)
    columns = [
        SheetColumn("cohort", mark("Joined in")),
        SheetColumn("people", mark("Members"), CellKind.COUNT),
        *(SheetColumn(f"month_{month}", str(month), CellKind.RATE) for month in range(width)),
    ]
    rows: list[list[Cell]] = [
        [cohort.label, cohort.people, *cohort.retention, *([None] * (width - len(cohort.retention)))]
        for cohort in cohorts
    ]
    return Sheet(_("Cohorts"), columns, rows)


def cohort_dictionary() -> Sheet:
    """What the columns of ``cohort_sheet`` mean."""
    return _dictionary(
        {
            "cohort": (mark("Joined in"), mark("The month they joined or came back in; small ones joined together.")),
            "people": (mark("Members"), mark("Times as a member that began in it.")),
            "month_N": ("0, 1, 2 …", mark("Share that has not opted out by the end of so many calendar months later.")),
        }
    )


def _dictionary(words: Mapping[str, tuple[str, str]]) -> Sheet:
    columns = [SheetColumn("field", mark("Field")), SheetColumn("heading", mark("Heading"))]
    columns.append(SheetColumn("meaning", mark("Meaning")))
    return Sheet(
        _("Data dictionary"), columns, [[field, _(heading), _(meaning)] for field, (heading, meaning) in words.items()]
    )


def _name_columns(retention: Retention) -> list[SheetColumn]:
    by = retention.by
    return [] if by is None else [SheetColumn(by.value, DIMENSIONS[by]), SheetColumn(f"{by}_label", mark("Name"))]


def _names(retention: Retention, group: GroupRetention) -> list[Cell]:
    return [] if retention.by is None else [str(group.code), group.label]


def _point_cells(point: MonthPoint) -> list[Cell]:
    return [getattr(point, field) for field in _POINT]


def _find(group: GroupRetention, month: int) -> MonthPoint | None:
    return next((point for point in group.months if point.month == month), None)


def _show_point(point: MonthPoint | None) -> str:
    if point is None:
        return "–"
    if point.low is None or point.high is None:
        return f"{point.retention:.1%}"
    return f"{point.retention:.1%} ({point.low:.1%}–{point.high:.1%})"


def _show_median(group: GroupRetention) -> str:
    if group.median.time is None:
        return _("half not reached")
    low, high = (value if value is not None else "?" for value in (group.median.low, group.median.high))
    return f"{group.median.time} ({low}–{high})"
