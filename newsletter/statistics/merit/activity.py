"""Which sections and columns live, and which units are silent: the table of a week, or of any other period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import case
from sqlmodel import Session, col, func, select

from newsletter.editions.models import Edition, EditionStage, Item
from newsletter.newsroom import Newsroom
from newsletter.organisation.columns import Column, list_columns
from newsletter.organisation.scope import Scope, is_in, visible_unit_ids
from newsletter.workflow.periods import Period
from newsletter.workflow.points.counting import count_adopted, count_submitted
from newsletter.workflow.points.gathering import gather
from newsletter.workflow.points.homes import Homes, League, load_homes
from newsletter.workflow.points.tables import load_tables

_DAYS_IN_WEEK: Final = 7


@dataclass(frozen=True, kw_only=True)
class ColumnActivity:
    """A column and everything under it.

    Attributes:
        owner: name of the department whose own it is; else empty.
        items: printed in the period.
        last: the last day something was printed in it, up to the period's end; None: never.
        weeks: whole weeks from then to the period's end.
    """

    code: str
    name: str
    owner: str
    items: int
    last: date | None
    weeks: int | None
    is_stale: bool

    def as_document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "column": self.code,
            "name": self.name,
            "owner": self.owner or None,
            "items": self.items,
            "last": self.last.isoformat() if self.last else None,
            "weeks": self.weeks,
            "stale": self.is_stale,
        }


@dataclass(frozen=True, kw_only=True)
class UnitActivity:
    """A town or department; silent if nothing came from it, or from anything that earns for it."""

    code: str
    name: str
    league: str
    submitted: int
    adopted: int

    @property
    def is_silent(self) -> bool:
        """Whether nothing was handed in."""
        return self.submitted == 0

    def as_document(self) -> dict[str, Any]:
        """As JSON has it."""
        counts = {"submitted": self.submitted, "adopted": self.adopted, "silent": self.is_silent}
        return {"unit": self.code, "name": self.name, "list": self.league, **counts}


@dataclass(frozen=True, kw_only=True)
class Activity:
    """The table of a period; ``stale_weeks`` without an item make a column stale."""

    period: Period
    stale_weeks: int
    columns: Sequence[ColumnActivity]
    units: Sequence[UnitActivity]

    def as_document(self) -> dict[str, Any]:
        """The one JSON document."""
        return {
            "period": self.period.label,
            "stale_weeks": self.stale_weeks,
            "columns": [column.as_document() for column in self.columns],
            "units": [unit.as_document() for unit in self.units],
            "stale": [column.code for column in self.columns if column.is_stale],
            "silent": [unit.code for unit in self.units if unit.is_silent],
        }


def report_activity(newsroom: Newsroom, period: Period, *, stale_weeks: int | None = None) -> Activity:
    """Look at every column in a period, and at every town and department that the acting person sees.

    Args:
        newsroom: any.
        period: of the items and articles.
        stale_weeks: weeks without an item that make a column stale; None: the rule book's.

    Raises:
        NoRightError: the acting person is not on staff.
    """
    with newsroom.reading() as session:
        scope = visible_unit_ids(session, newsroom)
        homes, tables = load_homes(session), load_tables(session)
        limit = stale_weeks or tables.newest.stale_weeks
        return Activity(
            period=period,
            stale_weeks=limit,
            columns=_columns(session, period, homes, limit),
            units=_units(homes, scope, *_counts(session, newsroom, period, homes)),
        )


def _counts(
    session: Session, newsroom: Newsroom, period: Period, homes: Homes
) -> tuple[Mapping[int, int], Mapping[int, int]]:
    adopted = count_adopted(gather(session, load_tables(session), period), period, homes)
    return count_submitted(session, newsroom, period, homes).homes, adopted.homes


def _units(homes: Homes, scope: Scope, submitted: Mapping[int, int], adopted: Mapping[int, int]) -> list[UnitActivity]:
    return [
        UnitActivity(
            code=homes.units[unit].code,
            name=homes.units[unit].name,
            league=homes.league_of(unit),
            submitted=submitted[unit],
            adopted=adopted[unit],
        )
        for unit in sorted(homes.ranked_ids(), key=lambda unit: (homes.league_of(unit) is not League.TOWNS, unit))
        if is_in(unit, scope)
    ]


def _columns(session: Session, period: Period, homes: Homes, stale_weeks: int) -> list[ColumnActivity]:
    columns = list_columns(session)
    items = _items_by_column(session, period)
    found: list[ColumnActivity] = []
    for column in columns:
        family = [items[one] for one in _family(columns, column) if one in items]
        last = max((day for _count, day in family), default=None)
        weeks = None if last is None else (period.end - last).days // _DAYS_IN_WEEK
        found.append(
            ColumnActivity(
                code=column.code,
                name=column.name,
                owner=homes.units[column.owner_unit_id].name if column.owner_unit_id else "",
                items=sum(count for count, _day in family),
                last=last,
                weeks=weeks,
                is_stale=weeks is None or weeks >= stale_weeks,
            )
        )
    return found


def _family(columns: Sequence[Column], column: Column) -> set[int]:
    """Ids of a column and of all under it."""
    family = {column.id or 0}
    while True:
        more = {one.id or 0 for one in columns if one.parent_id in family} - family
        if not more:
            return family
        family |= more


def _items_by_column(session: Session, period: Period) -> dict[int, tuple[int, date]]:
    """Column → items printed in the period, and the last day of any up to its end."""
    in_period = func.sum(case((col(Edition.date) >= period.start, 1), else_=0))
    query = (
        select(Item.column_id, in_period, func.max(Edition.date))
        .join(Edition, col(Edition.id) == col(Item.edition_id))
        .where(Edition.stage == EditionStage.SENT, Edition.date <= period.end, col(Item.column_id).is_not(None))
        .group_by(col(Item.column_id))
    )
    return {column or 0: (int(count), last) for column, count, last in session.exec(query)}
