"""What the report on a period tells: every figure from the same counting as the commands, and from the period before.

Nothing is counted twice in two ways: opt-outs are ``stats unsubscribes``', members ``stats growth``', curves ``stats
retention``', coverage ``subscribers coverage``'. Small groups are merged for all tables of the report together
(``tables``), since who has the report has them all.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Final

from newsletter.errors import InputError
from newsletter.instants import to_iso
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.scope import home_units, unit_ids_with_right
from newsletter.statistics.counting import count_groups
from newsletter.statistics.coverage.counts import CoverageRow, count_coverage
from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.growth.counts import Growth, count_growth, end_of
from newsletter.statistics.growth.retention import Retention, estimate_retention
from newsletter.statistics.period import Period as Days
from newsletter.statistics.periodic.tables import count_tables
from newsletter.statistics.report import Report, divide
from newsletter.statistics.unsubscribes import TooFewPeopleError, count_unsubscribes
from newsletter.translation import active_language, use_language
from newsletter.translation import gettext as _
from newsletter.workflow.periods import Period, period_of

#: What is counted one after the other, for who waits.
_STEPS: Final = 4
_CHINESE = "zh-CN"


class PeriodNotBegunError(InputError):
    """There is nothing to tell of days to come."""

    code: ClassVar[str] = "period_not_begun"


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A period in figures.

    Attributes:
        editions: planned in it; reached: different numbers with an edition delivered.
        unsubscribes: opt-outs over deliveries; only the total.
        growth: members by month.
    """

    editions: int
    reached: int
    unsubscribes: Report
    growth: Growth

    @property
    def delivered_rate(self) -> float:
        """Delivered rows by ledger row."""
        return divide(self.unsubscribes.total.delivered, self.unsubscribes.total.audience)

    def as_document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "editions": self.editions,
            "reached": self.reached,
            "delivered_rate": self.delivered_rate,
            "unsubscribes": self.unsubscribes.as_document()["total"],
            "growth": self.growth.total.as_document(),
        }


@dataclass(frozen=True, kw_only=True)
class PeriodicReport:
    """Everything the report tells.

    Attributes:
        units: names of the units it is limited to; empty: the whole newsroom.
        made_at: local time; is_running: the period is not over.
        before: the period before; None where it may not be told.
        growth_by_unit, breakdowns: of ``tables``; units are those directly below, with all of theirs.
        coverage: of the register as it is now; None: nobody said how many members there are.
    """

    newsroom: str
    units: tuple[str, ...]
    period: Period
    period_before: Period
    made_at: datetime
    is_running: bool
    now: Figures
    before: Figures | None
    growth_by_unit: Growth
    breakdowns: dict[Dimension, Report]
    retention: Retention
    coverage: CoverageRow | None
    small_count: int

    def as_document(self) -> dict[str, Any]:
        """The one JSON document."""
        return {
            "period": self.period.label,
            "since": self.period.start.isoformat(),
            "until": self.period.end.isoformat(),
            "is_running": self.is_running,
            "made_at": to_iso(self.made_at, self.now.unsubscribes.period.timezone),
            "units": list(self.units),
            "now": self.now.as_document(),
            "before": self.before and {"period": self.period_before.label} | self.before.as_document(),
            "months": self.now.growth.as_document()["rows"],
            "growth_by_unit": self.growth_by_unit.as_document()["rows"],
            "unsubscribes": {by.value: found.as_document()["rows"] for by, found in self.breakdowns.items()},
            "retention": self.retention.as_document(),
            "coverage": self.coverage and self.coverage.document(),
            "small_count": self.small_count,
        }


def gather_report(
    newsroom: Newsroom, period: Period, advance: Callable[[int, int | None], None] = lambda _done, _total: None
) -> PeriodicReport:
    """Count everything of ``period`` and of the one before; an analyst of some units reports on theirs alone.

    Args:
        newsroom: its acting person must be an analyst.
        period: must have begun.
        advance: is told how much is counted, and of how much.

    Raises:
        PeriodNotBegunError: it lies in the future.
        NoRightError: the acting person is no analyst.
        TooFewPeopleError: they are one of some units alone, with too few people.
    """
    made_at = newsroom.now().astimezone(newsroom.timezone)
    if period.start > made_at.date():
        raise PeriodNotBegunError(
            _("{period} has not begun yet.").format(period=period.label),
            hint=_("Give a period that has begun, as in 2026Q4."),
        )
    days = _days(newsroom, period)
    earlier = period_of(period.start - timedelta(days=1), period.kind)
    with in_chinese():
        advance(0, _STEPS)
        tables = count_tables(newsroom, days)
        advance(1, _STEPS)
        before = _figures_before(newsroom, _days(newsroom, earlier))
        advance(2, _STEPS)
        retention = estimate_retention(
            newsroom, period=_until(newsroom, period.end), months=12, end=end_of(newsroom, days)
        )
        advance(3, _STEPS)
        return PeriodicReport(
            newsroom=newsroom.settings.newsroom.name,
            units=_limits(newsroom),
            period=period,
            period_before=earlier,
            made_at=made_at,
            is_running=period.end >= made_at.date(),
            now=Figures(
                editions=tables.editions,
                reached=tables.reached,
                unsubscribes=tables.unsubscribes,
                growth=tables.growth,
            ),
            before=before,
            growth_by_unit=tables.growth_by_unit,
            breakdowns=tables.breakdowns,
            retention=retention,
            coverage=_coverage(newsroom),
            small_count=newsroom.settings.privacy.small_count,
        )


@contextmanager
def in_chinese() -> Iterator[None]:
    """Labels in Chinese, whatever the interface speaks: offices read the report."""
    before = active_language()
    use_language(_CHINESE)
    try:
        yield
    finally:
        use_language(before)


def _days(newsroom: Newsroom, period: Period) -> Days:
    return Days(timezone=newsroom.timezone, since=period.start, until=period.end)


def _until(newsroom: Newsroom, day: date) -> Days:
    return Days(timezone=newsroom.timezone, until=day)


def _limits(newsroom: Newsroom) -> tuple[str, ...]:
    with newsroom.reading() as session:
        if unit_ids_with_right(session, newsroom, Right.STATISTICS) is None:
            return ()
        return tuple(unit.name for unit in home_units(session, newsroom, Right.STATISTICS))


def _figures_before(newsroom: Newsroom, days: Days) -> Figures | None:
    try:
        unsubscribes, growth = count_unsubscribes(newsroom, by=(), period=days), count_growth(newsroom, period=days)
    except TooFewPeopleError:
        return None
    with newsroom.reading() as session:
        scope = unit_ids_with_right(session, newsroom, Right.STATISTICS)
        editions = count_groups(session, (Dimension.EDITION,), days, scope, with_people=False)
        reached = sum(group.people for group in count_groups(session, (), days, scope))
    return Figures(
        editions=sum(group.audience > 0 for group in editions),
        reached=reached,
        unsubscribes=unsubscribes,
        growth=growth,
    )


def _coverage(newsroom: Newsroom) -> CoverageRow | None:
    rows = count_coverage(newsroom).rows
    # Limited to several units there is no row of them all.
    whole = [row for row in rows if row.depth == 0]
    return whole[0] if len(whole) == 1 and whole[0].rate is not None else None
