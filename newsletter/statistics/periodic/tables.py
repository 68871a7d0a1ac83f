"""The report's tables of editions, units and months, counted once and merged together, so that none betrays another.

Units are those directly below the newsroom's (or the analyst's) own, each with all of its own: one geographic
breakdown, the same for opt-outs and for members, with the same units merged in both. Kinds and columns are told from
the editions that may be shown, as ``placing`` does: they add nothing that those do not tell.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from newsletter.editions.models import Edition
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.scope import Scope, unit_ids_with_right
from newsletter.organisation.units import Unit
from newsletter.statistics.counting import count_groups, count_left_aside, find_salt
from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.growth.balance import Balance, merge_balances
from newsletter.statistics.growth.counts import (
    Growth,
    GrowthRow,
    count_units_by_month,
    end_of,
    find_months,
    joined_months,
    raise_if_limited,
)
from newsletter.statistics.growth.movements import Watch
from newsletter.statistics.joint import hide_jointly
from newsletter.statistics.labels import label_suppressed
from newsletter.statistics.names import Names, load_names, name_value
from newsletter.statistics.period import Period
from newsletter.statistics.placing import load_placing, place_groups
from newsletter.statistics.privacy import SUPPRESSED, Group, merge_groups
from newsletter.statistics.report import Report
from newsletter.statistics.unsubscribes import merged_row, order_of, raise_if_too_few, split_reasons

#: What the report breaks opt-outs down by, in the order of its tables.
BREAKDOWNS = (Dimension.EDITION, Dimension.UNIT, Dimension.REASON, Dimension.KIND, Dimension.COLUMN)
_Fold = Callable[[object], object]


@dataclass(frozen=True, kw_only=True)
class Tables:
    """All that one period's tables tell.

    Attributes:
        editions: with anybody in their ledger; reached: different numbers with an edition delivered.
        unsubscribes: the total; breakdowns: the rows, by dimension.
        growth: by month; growth_by_unit: of the same units as the breakdown.
    """

    editions: int
    reached: int
    unsubscribes: Report
    breakdowns: dict[Dimension, Report]
    growth: Growth
    growth_by_unit: Growth


def count_tables(newsroom: Newsroom, period: Period) -> Tables:
    """Count a period for the report; an analyst of some units counts theirs alone.

    Raises:
        NoRightError: the acting person is no analyst.
        TooFewPeopleError: they are one of some units alone, with too few people.
    """
    small_count = newsroom.settings.privacy.small_count
    with newsroom.reading() as session:
        scope = unit_ids_with_right(session, newsroom, Right.STATISTICS)
        reached = sum(group.people for group in count_groups(session, (), period, scope))
        if scope is not None:
            raise_if_too_few(reached, small_count)
        counted = count_groups(session, (Dimension.EDITION, Dimension.UNIT, Dimension.REASON), period, scope)
        months = find_months(session, period, end := end_of(newsroom, period))
        watch = Watch(by=Dimension.UNIT, scope=scope, end=end)
        reached_units = {group.key[1] for group in counted}
        spans, balances, fold = count_units_by_month(
            session, watch, months, lambda units: _find_fold(session, scope, units | reached_units)
        )
        growth = joined_months(spans, small_count)
        if growth.total.is_small(small_count):
            raise_if_limited(session, newsroom)
        cells = [Group(**{**vars(group), "key": (group.key[0], fold(group.key[1]))}) for group in counted]
        editions, units = _choose_hidden(cells, balances, small_count, find_salt(session))
        names = load_names(session, BREAKDOWNS)
        of_kind = select(col(Edition.id), col(Edition.kind))
        kinds: dict[object, str] = {row[0]: row[1] for row in session.connection().execute(of_kind)}
        placing = load_placing(session)
        aside = count_left_aside(session, period, scope)

    by_edition, by_unit = _along(cells, 0), _along(cells, 1)
    shown = [group for group in by_edition if group.key[0] not in editions]
    few = [group for group in by_edition if group.key[0] in editions]
    whole = merge_groups(cells)
    is_small = reached < small_count
    found = {
        Dimension.EDITION: (shown, few),
        Dimension.UNIT: _part(by_unit, units),
        Dimension.REASON: ([], [whole]) if is_small and cells else ([whole] if cells else [], []),
        Dimension.KIND: (_regroup(shown, lambda group: kinds.get(group.key[0])), few),
        Dimension.COLUMN: (place_groups(shown, [Dimension.COLUMN], placing), few),
    }

    def report(by: Sequence[Dimension], groups: Sequence[Group], hidden: Sequence[Group]) -> Report:
        rows = sorted((row for group in groups for row in split_reasons(group, by, names)), key=order_of)
        return Report(
            by=tuple(by),
            rows=[*rows, merged_row(hidden, by)] if hidden else rows,
            has_merged=bool(hidden),
            small_count=small_count,
            total=merged_row([whole], ()),
            unattributed=aside[0],
            elsewhere=aside[1],
            period=period,
        )

    return Tables(
        editions=sum(group.audience > 0 for group in by_edition),
        reached=reached,
        unsubscribes=report((), [], []),
        breakdowns={by: report((by,), *found[by]) for by in BREAKDOWNS},
        growth=growth,
        growth_by_unit=_unit_growth(balances, units, growth, names),
    )


def _find_fold(session: Session, scope: Scope, units: Collection[object]) -> _Fold:
    """Which unit each unit is counted in: one directly below the highest; where that is a single one, below it."""
    query = select(col(Unit.id), col(Unit.parent_id))
    parents: dict[object, object] = {row[0]: row[1] for row in session.connection().execute(query)}
    tops = {unit for unit, parent in parents.items() if parent is None or (scope is not None and parent not in scope)}
    if scope is not None:
        tops &= set(scope)

    def place(unit: object) -> object:
        while unit in parents and unit not in tops and parents[unit] not in tops and parents[unit] is not None:
            unit = parents[unit]
        return unit

    while len(places := {place(unit) for unit in units if unit in parents}) == 1 and not places <= tops:
        tops = tops | places
    return place


def _choose_hidden(
    cells: Iterable[Group], balances: Mapping[object, Balance], small_count: int, salt: str
) -> tuple[frozenset[object], frozenset[object]]:
    people: dict[tuple[object, object], int] = defaultdict(int)
    for group in cells:
        people[group.key[0], group.key[1]] += group.people

    def is_enough(hidden: frozenset[object]) -> bool:
        return not merge_balances(balances[unit] for unit in hidden if unit in balances).is_small(small_count)

    small = [unit for unit, balance in balances.items() if balance.is_small(small_count)]
    return hide_jointly(people, small_count, salt, units=balances, small_units=small, is_enough=is_enough)


def _along(cells: Iterable[Group], place: int) -> list[Group]:
    return _regroup(cells, lambda group: group.key[place])


def _regroup(groups: Iterable[Group], key: Callable[[Group], object]) -> list[Group]:
    found: dict[object, list[Group]] = defaultdict(list)
    for group in groups:
        found[key(group)].append(group)
    return [merge_groups(same, (one,)) for one, same in found.items()]


def _part(groups: Sequence[Group], hidden: Collection[object]) -> tuple[list[Group], list[Group]]:
    return (
        [group for group in groups if group.key[0] not in hidden],
        [group for group in groups if group.key[0] in hidden],
    )


def _unit_growth(
    balances: Mapping[object, Balance], hidden: Collection[object], growth: Growth, names: Mapping[Dimension, Names]
) -> Growth:
    rows = []
    for unit, balance in balances.items():
        if unit not in hidden:
            code, label = name_value(names, Dimension.UNIT, unit)
            rows.append(GrowthRow(code=code, label=label, balance=balance))
    rows.sort(key=lambda row: str(row.code))
    if few := [balance for unit, balance in balances.items() if unit in hidden]:
        merged = merge_balances(few)
        rows.append(GrowthRow(code=SUPPRESSED, label=label_suppressed(), balance=merged, is_merged=True))
    return Growth(by=Dimension.UNIT, rows=rows, total=growth.total, small_count=growth.small_count)
