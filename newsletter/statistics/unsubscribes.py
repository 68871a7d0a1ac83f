"""Who left, as a share of those delivered to: what ``stats unsubscribes`` counts.

* ``audience``: ledger rows of the editions planned in the period; ``delivered``: those in state delivered.
* ``unsubscribed``: effective opt-outs of the period attributed to one of these editions.
* ``rate``: unsubscribed ÷ delivered; 0 where nothing was delivered.

A reason is known only of those who left: by reason, every row of a group has the whole group's audience and delivered,
a group nobody left has no row, and ``total`` is not the rows' sum. Opt-outs count where the delivery they are
attributed to counts: by month in the month its edition was planned, by unit in the unit the person then was of.
Small groups are found by people delivered to, before reasons are told apart: that a reason was given once tells on
nobody in a large group. By column, every edition that contained it counts, and small groups are found among editions
(``placing``): ``total`` is not the rows' sum then either.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from newsletter.errors import RefusedError
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.scope import unit_ids_with_right
from newsletter.statistics.counting import count_groups, count_left_aside, find_salt
from newsletter.statistics.dimensions import OPT_OUT_ONLY, Dimension, shared_dimensions
from newsletter.statistics.labels import NO_REASON, label_suppressed
from newsletter.statistics.names import Names, load_names, name_value
from newsletter.statistics.period import Period
from newsletter.statistics.placing import finer, load_placing, place_groups
from newsletter.statistics.privacy import SUPPRESSED, Group, merge_groups, split_small
from newsletter.statistics.report import Report, Row
from newsletter.translation import gettext as _


class TooFewPeopleError(RefusedError):
    """Even all of them together are so few that a count of who left would tell on them."""

    code: ClassVar[str] = "too_few_people"


def count_unsubscribes(newsroom: Newsroom, *, by: Sequence[Dimension], period: Period) -> Report:
    """Count who left in ``period``; without dimensions only the total. An analyst of some units counts theirs alone.

    Raises:
        NoRightError: the acting person is no analyst.
        TooFewPeopleError: they are one of some units alone, with fewer people delivered to than ``small_count``.
    """
    small_count = newsroom.settings.privacy.small_count
    with newsroom.reading() as session:
        scope = unit_ids_with_right(session, newsroom, Right.STATISTICS)
        if scope is not None:
            raise_if_too_few(sum(one.people for one in count_groups(session, (), period, scope)), small_count)
        groups = count_groups(session, finer(by), period, scope, with_people=bool(by))
        unattributed, elsewhere = count_left_aside(session, period, scope)
        names = load_names(session, by)
        placing = load_placing(session) if Dimension.COLUMN in by else {}
        shown, hidden = split_small(groups, small_count, find_salt(session)) if by else ([], [])
    if Dimension.COLUMN in by:
        shown = place_groups(shown, by, placing)
    rows = sorted((row for group in shown for row in split_reasons(group, by, names)), key=order_of)
    return Report(
        by=tuple(by),
        rows=[*rows, merged_row(hidden, by)] if hidden else rows,
        has_merged=bool(hidden),
        small_count=small_count,
        total=merged_row(groups, ()),
        unattributed=unattributed,
        elsewhere=elsewhere,
        period=period,
    )


def raise_if_too_few(people: int, small_count: int) -> None:
    """Refuse a branch's total of few ``people``: it is a count like another, and would tell it who left.

    The newsroom's total is always shown.

    Raises:
        TooFewPeopleError: they are fewer than ``small_count``.
    """
    if people < small_count and small_count > 1:
        raise TooFewPeopleError(
            _("In your units fewer than {count} people were delivered to in this period.").format(count=small_count),
            hint=_("Choose a longer period."),
        )


def split_reasons(group: Group, by: Sequence[Dimension], names: Mapping[Dimension, Names]) -> Iterator[Row]:
    """Yield a group's row, or one for every reason somebody gave."""
    values = dict(zip(shared_dimensions(by), group.key, strict=True))
    counts = {NO_REASON: group.unsubscribed} if OPT_OUT_ONLY.isdisjoint(by) else group.opt_outs
    for reason, unsubscribed in counts.items():
        yield Row(
            names={dimension: name_value(names, dimension, values.get(dimension, reason)) for dimension in by},
            audience=group.audience,
            delivered=group.delivered,
            unsubscribed=unsubscribed,
        )


def merged_row(groups: Sequence[Group], by: Sequence[Dimension]) -> Row:
    """The row of small groups together; without dimensions, of all: the total."""
    merged = merge_groups(groups)
    return Row(
        names={dimension: (SUPPRESSED, label_suppressed()) for dimension in by},
        audience=merged.audience,
        delivered=merged.delivered,
        unsubscribed=merged.unsubscribed,
    )


def order_of(row: Row) -> list[tuple[bool, Any]]:
    """Rows' order: numbers before words, since an edition's code is a number and an unknown one's is empty."""
    return [(isinstance(code, str), code) for code, _label in row.names.values()]
