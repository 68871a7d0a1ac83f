"""Registers and rankings as tables: what screen, CSV and workbook show alike."""

from collections.abc import Sequence
from typing import Final

from newsletter.statistics.merit.sheets import Cell, CellKind, Sheet, SheetColumn
from newsletter.translation import gettext as _
from newsletter.translation import mark
from newsletter.workflow.points.homes import League
from newsletter.workflow.points.kinds import source_label
from newsletter.workflow.points.ranking import Ranking
from newsletter.workflow.points.register import Line, Sum
from newsletter.workflow.points.standings import Ranked, Standing, as_points

#: Field of JSON → what the list is called.
LISTS: Final = {
    "contributors": mark("Contributors"),
    League.TOWNS: mark("Towns, streets and zones"),
    League.DEPARTMENTS: mark("Departments"),
    League.OTHERS: mark("Other units"),
    "rewards": mark("To be rewarded"),
}
_LIST: Final = SheetColumn("list", mark("Ranking list"))
_RANK: Final = SheetColumn("rank", mark("Rank"), CellKind.COUNT)
_NAME: Final = SheetColumn("name", mark("Name"))
_UNIT: Final = SheetColumn("unit_name", mark("Unit"))
_POINTS: Final = SheetColumn("points", mark("Points"), CellKind.POINTS)
COUNTS: Final = (
    _POINTS,
    SheetColumn("adopted", mark("Adopted"), CellKind.COUNT),
    SheetColumn("submitted", mark("Submitted"), CellKind.COUNT),
    SheetColumn("rate", mark("Adoption rate"), CellKind.RATE),
    SheetColumn("penalties", mark("Penalties"), CellKind.POINTS),
)


def ranking_lists(ranking: Ranking, of: str = "") -> dict[str, Sequence[Ranked]]:
    """The lists to show; ``of`` may ask for ``contributors`` or ``units`` alone. An empty list of others is none."""
    lists: dict[str, Sequence[Ranked]] = {}
    if of != "units":
        lists["contributors"] = ranking.contributors
    if of != "contributors":
        lists |= {league: ranked for league, ranked in ranking.leagues.items() if ranked or league != League.OTHERS}
    return lists


def ranking_sheets(ranking: Ranking, of: str = "") -> list[Sheet]:
    """A table a list."""
    lists = ranking_lists(ranking, of)
    if of != "units":
        lists["rewards"] = ranking.rewards
    return [_ranked_sheet(name, ranked) for name, ranked in lists.items()]


def ranking_sheet(ranking: Ranking, of: str = "") -> Sheet:
    """All lists one below the other, for a file that has one table only."""
    rows = [
        [_(LISTS[name]), one.rank, one.standing.name, one.standing.unit_name, *count_cells(one.standing)]
        for name, ranked in ranking_lists(ranking, of).items()
        for one in ranked
    ]
    return Sheet(ranking.period.label, (_LIST, _RANK, _NAME, _UNIT, *COUNTS), rows)


def rewards_sheet(ranked: Sequence[Ranked]) -> Sheet:
    """Who is rewarded."""
    return _ranked_sheet("rewards", ranked)


def _ranked_sheet(name: str, ranked: Sequence[Ranked]) -> Sheet:
    is_of_units = name in tuple(League)
    columns = (_RANK, _NAME, *COUNTS) if is_of_units else (_RANK, _NAME, _UNIT, *COUNTS)
    rows: list[list[Cell]] = [
        [
            *(one.rank, one.standing.name),
            *([] if is_of_units else [one.standing.unit_name]),
            *count_cells(one.standing),
        ]
        for one in ranked
    ]
    return Sheet(_(LISTS[name]), columns, rows)


def count_cells(standing: Standing) -> list[Cell]:
    """The cells of ``COUNTS``."""
    return [
        as_points(standing.points),
        standing.adopted,
        standing.submitted,
        float(standing.rate),
        as_points(standing.penalties),
    ]


def register_sheet(lines: Sequence[Line]) -> Sheet:
    """The register line by line; ``event`` is what ``points revoke`` takes."""
    columns = (
        SheetColumn("date", mark("Date")),
        SheetColumn("article", mark("Article"), CellKind.COUNT),
        SheetColumn("title", mark("Title")),
        SheetColumn("name", mark("Contributor")),
        _UNIT,
        SheetColumn("kind", mark("Earned by")),
        _POINTS,
        SheetColumn("event", mark("Record"), CellKind.COUNT),
    )
    rows: list[list[Cell]] = [
        [
            *(line.award.day.isoformat(), line.award.article, line.title, line.contributor, line.unit_name),
            *(describe_rule(line.award.rule), as_points(line.award.points), line.event),
        ]
        for line in lines
    ]
    return Sheet(_("Register of points"), columns, rows)


def sums_sheet(sums: Sequence[Sum], by: str) -> Sheet:
    """The register summed."""
    columns = (
        SheetColumn(by, _BUCKETS[by]),
        _UNIT,
        SheetColumn("name", mark("Contributor")),
        SheetColumn("articles", mark("Articles"), CellKind.COUNT),
        _POINTS,
    )
    rows: list[list[Cell]] = [
        [one.bucket, one.unit_name, one.contributor, one.articles, as_points(one.points)] for one in sums
    ]
    return Sheet(_("Register of points"), columns, rows)


_BUCKETS: Final = {"day": mark("Day"), "week": mark("Week"), "month": mark("Month")}


def describe_rule(rule: str) -> str:
    """What was applied, in the user's language: ``item printed, lead item, 1/3``."""
    source, *details = rule.split(" ")
    return ", ".join([source_label(source), *map(_describe_detail, details)])


def _describe_detail(detail: str) -> str:
    if detail.startswith("no."):
        return _("place {place}").format(place=detail.removeprefix("no."))
    words = {
        "lead": _("lead item"),
        "retracted": _("retracted"),
        "reprint": _("reprint"),
        "counted": _("counted before"),
        "difference": _("only the difference"),
    }
    return words.get(detail, detail)
