"""How many members there are, come and go: what ``stats growth`` counts, by month or by group. The balance holds.

Members are people who can be written to (``movements``). By month, a row for each month of the period; by a group, one
row for each group over the whole period, and who changes groups moves out of one and into another. Within the limits of
some units, or of a paper's, who crosses them moves in or out. ``total`` is the whole period of everybody looked at.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlmodel import Session

from newsletter.newsroom import Newsroom
from newsletter.organisation.papers import get_paper
from newsletter.organisation.roles import Right
from newsletter.organisation.scope import Scope, unit_ids_with_right
from newsletter.organisation.units import ROOT, get_unit, subtree_ids
from newsletter.statistics.counting import find_salt
from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.grouping import table_of
from newsletter.statistics.growth.balance import (
    BEGINNINGS,
    Balance,
    Movement,
    Span,
    count_movement,
    join_small_spans,
    merge_balances,
    split_small_groups,
)
from newsletter.statistics.growth.movements import Watch, bucket_of, find_movements
from newsletter.statistics.labels import label_suppressed
from newsletter.statistics.names import Code, load_names, name_value
from newsletter.statistics.period import Period, months_between
from newsletter.statistics.privacy import SUPPRESSED
from newsletter.statistics.unsubscribes import TooFewPeopleError
from newsletter.subscribers.event_records import MemberEvent
from newsletter.subscribers.models import ALL_PAPERS
from newsletter.translation import gettext as _

#: What ``stats growth --by`` takes.
GROWTH_DIMENSIONS: Final = (
    Dimension.MONTH,
    Dimension.UNIT,
    Dimension.REGION,
    Dimension.PROFESSION,
    Dimension.STANDING,
    Dimension.MOBILE,
    Dimension.RETIRED,
)
#: Instants are whole milliseconds: the first one not looked at any more.
_MOMENT: Final = timedelta(milliseconds=1)
#: Bucket, movement, group, former group.
_Counted = Mapping[tuple[int, str, object, object], int]


@dataclass(frozen=True, kw_only=True)
class GrowthRow:
    """A month or group: code and label, and its balance; ``is_merged``: several small ones together."""

    code: Code
    label: str
    balance: Balance
    is_merged: bool = False


@dataclass(frozen=True, kw_only=True)
class Growth:
    """What ``stats growth`` shows; ``small_count``: fewer members than this are few."""

    by: Dimension
    rows: Sequence[GrowthRow]
    total: Balance
    small_count: int

    @property
    def has_merged(self) -> bool:
        """Whether small rows were merged."""
        return any(row.is_merged for row in self.rows)

    def as_document(self) -> dict[str, Any]:
        """The one JSON document."""
        rows = [
            {self.by.value: row.code, f"{self.by}_label": row.label} | row.balance.as_document() for row in self.rows
        ]
        return {"by": self.by.value, "rows": rows, "total": self.total.as_document()}


def count_growth(
    newsroom: Newsroom, *, period: Period, by: Dimension = Dimension.MONTH, paper: str | None = None
) -> Growth:
    """Count members and their movements in ``period``; an analyst of some units counts theirs alone.

    Args:
        newsroom: its acting person must be an analyst.
        period: days looked at; without a beginning, from the first event; nothing after the present is known.
        by: one of ``GROWTH_DIMENSIONS``.
        paper: code of a paper: opt-outs from it count too, and only members of its unit's subtree.

    Raises:
        NoRightError: the acting person is no analyst.
        TooFewPeopleError: fewer members than ``small_count``, and they are an analyst of some units alone or ask for
            a paper.
        UnknownPaperError: there is no such paper.
    """
    small_count = newsroom.settings.privacy.small_count
    with newsroom.reading() as session:
        scope, paper_id = find_population(session, newsroom, paper)
        end = end_of(newsroom, period)
        watch = Watch(by=None if by is Dimension.MONTH else by, scope=scope, end=end, paper_id=paper_id)
        if by is Dimension.MONTH:
            months = find_months(session, period, end)
            spans = _by_month(_count(session, watch, [start for _month, start in months]), months)
            found = joined_months(spans, small_count)
            rows, total = list(found.rows), found.total
        else:
            first = period.first_moment()
            counted = _count(session, watch, [] if first is None else [first])
            groups = _by_group(counted, is_bounded=first is not None)
            rows = _name_groups(session, by, groups, small_count)
            total = _in_all(counted, is_bounded=first is not None)
        if total.is_small(small_count):
            raise_if_limited(session, newsroom, paper)
    return Growth(by=by, rows=rows, total=total, small_count=small_count)


def count_units_by_month(
    session: Session,
    watch: Watch,
    months: Sequence[tuple[str, datetime]],
    find_fold: Callable[[set[object]], Callable[[object], object]],
) -> tuple[list[Span], dict[object, Balance], Callable[[object], object]]:
    """The balance of everybody in each month, and of each unit in all of them: counted once, so that they agree.

    Args:
        session: reads.
        watch: by unit.
        months: of ``find_months``.
        find_fold: of all units that had members, tells which unit each one's are counted in.
    """
    found = _count(session, watch, [start for _month, start in months])
    fold = find_fold({unit for _bucket, _movement, value, was in found for unit in (value, was)})
    counted = Counter[tuple[int, str, object, object]]()
    for (bucket, movement, value, was), count in found.items():
        counted[bucket, movement, fold(value), fold(was)] += count
    moved = {key: count for key, count in counted.items() if key[1] != Movement.CHANGED or key[2] != key[3]}
    in_all = {key: count for key, count in moved.items() if key[1] != Movement.CHANGED}
    whole = Counter[tuple[int, str, object, object]]()
    for (bucket, movement, value, was), count in moved.items():
        whole[min(bucket, 1), movement, value, was] += count
    return _by_month(in_all, months), _by_group(whole, is_bounded=True), fold


def joined_months(spans: Sequence[Span], small_count: int) -> Growth:
    """The months as ``stats growth`` shows them."""
    rows = [_month_row(*span) for span in join_small_spans(spans, small_count)]
    return Growth(by=Dimension.MONTH, rows=rows, total=merge_spans(spans), small_count=small_count)


def find_population(session: Session, newsroom: Newsroom, paper: str | None) -> tuple[Scope, int]:
    """The units whose members count for the acting person, and the paper's id (``ALL_PAPERS``: none in particular)."""
    scope = unit_ids_with_right(session, newsroom, Right.STATISTICS)
    if paper is None:
        return scope, ALL_PAPERS
    found = get_paper(session, paper)
    if found.unit_id != get_unit(session, ROOT).id:
        own = frozenset(subtree_ids(session, found.unit_id))
        scope = own if scope is None else scope & own
    return scope, found.id or ALL_PAPERS


def raise_if_limited(session: Session, newsroom: Newsroom, paper: str | None = None) -> None:
    """Refuse a total of few people to an analyst of some units, and to anybody that of a paper: a count like another.

    Raises:
        TooFewPeopleError: they are one, or ``paper`` is one.
    """
    if paper is not None:
        raise TooFewPeopleError(
            _("Paper {paper} has fewer than {count} members.").format(
                paper=paper, count=newsroom.settings.privacy.small_count
            ),
            hint=_("Leave --paper out."),
        )
    if unit_ids_with_right(session, newsroom, Right.STATISTICS) is not None:
        raise TooFewPeopleError(
            _("In your units there are fewer than {count} members.").format(
                count=newsroom.settings.privacy.small_count
            ),
            hint=_("Choose a longer period."),
        )


def end_of(newsroom: Newsroom, period: Period) -> datetime:
    """The first moment not looked at: the period's end, or the present where that comes first."""
    now, end = newsroom.now() + _MOMENT, period.end_moment()
    return now if end is None else min(now, end)


def find_months(session: Session, period: Period, end: datetime) -> list[tuple[str, datetime]]:
    """The months of the period and the moment each begins in it."""
    events = table_of(MemberEvent)
    since = period.first_moment()
    earliest = session.connection().execute(select(func.min(events.c.at))).scalar_one()
    if earliest is None or max(since or earliest, earliest) >= end:
        # Before there is a register nothing is to be told; what is asked for only after it ends, neither.
        return []
    # Months before the register began are not told, nor gone through.
    first = earliest if since is None else max(since, _month_start(earliest, period))
    months = []
    for month, month_end in months_between(first, end - _MOMENT, period.timezone):
        months.append((month, first))
        first = month_end
    return months


def _month_start(moment: datetime, period: Period) -> datetime:
    return moment.astimezone(period.timezone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _count(session: Session, watch: Watch, bounds: Sequence[datetime]) -> _Counted:
    movements = find_movements(watch)
    columns = (movements.c.movement, movements.c.value, movements.c.was_value)
    rows = select(bucket_of(movements.c.at, bounds).label("bucket"), *columns).subquery("bucketed")
    query = select(*rows.c, func.count()).group_by(*rows.c)
    counted: dict[tuple[int, str, object, object], int] = {}
    for row in session.connection().execute(query):
        bucket, movement, value, was, count = tuple(row)
        counted[bucket, movement, value, was] = count
    return counted


def _by_month(counted: _Counted, months: Sequence[tuple[str, datetime]]) -> list[Span]:
    """One balance a month, each beginning where the last one ended; bucket 0 is all that was before."""
    balances = [Balance() for _bucket in range(len(months) + 1)]
    for (bucket, movement, _value, _was), count in counted.items():
        balances[bucket] = count_movement(balances[bucket], Movement(movement), count)
    spans: list[Span] = []
    start = balances[0].end
    for (month, _start), balance in zip(months, balances[1:], strict=True):
        spans.append((month, month, Balance(start=start).followed_by(balance)))
        start += balance.net
    return spans


def merge_spans(spans: Sequence[Span]) -> Balance:
    """All times as one."""
    whole = Balance(start=spans[0][2].start) if spans else Balance()
    for _first, _last, balance in spans:
        whole = whole.followed_by(balance)
    return whole


def _by_group(counted: _Counted, *, is_bounded: bool) -> dict[object, Balance]:
    """Group → its balance; where the period has a beginning, bucket 0 is what was before it."""
    before: dict[object, Balance] = {}
    within: dict[object, Balance] = {}
    for (bucket, movement, value, was), count in counted.items():
        books = before if is_bounded and not bucket else within
        for key, kind in _bookings(Movement(movement), value, was):
            books[key] = count_movement(books.get(key, Balance()), kind, count)
    keys = sorted({*before, *within}, key=str)
    found = {key: Balance(start=before.get(key, Balance()).end).followed_by(within.get(key, Balance())) for key in keys}
    return {key: balance for key, balance in found.items() if balance.start or balance.entered}


def _in_all(counted: _Counted, *, is_bounded: bool) -> Balance:
    """The balance of everybody: who only changed groups has not moved."""
    alike: Counter[tuple[int, str, object, object]] = Counter()
    for (bucket, movement, _value, _was), count in counted.items():
        if movement != Movement.CHANGED:
            alike[bucket, movement, None, None] += count
    return _by_group(alike, is_bounded=is_bounded).get(None, Balance())


def _month_row(first: str, last: str, balance: Balance) -> GrowthRow:
    if first == last:
        return GrowthRow(code=first, label=first, balance=balance)
    label = _("{first} to {last} (few members)").format(first=first, last=last)
    return GrowthRow(code=f"{first}/{last}", label=label, balance=balance, is_merged=True)


def _bookings(movement: Movement, value: object, was: object) -> Sequence[tuple[object, Movement]]:
    if movement is Movement.CHANGED:
        return ((was, Movement.MOVED_OUT), (value, Movement.MOVED_IN))
    is_coming = movement in (*BEGINNINGS, Movement.MOVED_IN)
    # Who goes belonged where they were before, whatever the last event says of them.
    return ((value if is_coming else was, movement),)


def _name_groups(
    session: Session, by: Dimension, groups: Mapping[object, Balance], small_count: int
) -> list[GrowthRow]:
    shown, hidden = split_small_groups(list(groups.items()), small_count, find_salt(session))
    names = load_names(session, [by])
    flags = by in (Dimension.MOBILE, Dimension.RETIRED)
    rows = []
    for key, balance in shown:
        code, label = name_value(names, by, bool(key) if flags else key)
        rows.append(GrowthRow(code=code, label=label, balance=balance))
    rows.sort(key=lambda row: str(row.code))
    if hidden:
        merged = merge_balances(hidden)
        rows.append(GrowthRow(code=SUPPRESSED, label=label_suppressed(), balance=merged, is_merged=True))
    return rows
