"""How long members stay: what ``stats retention`` counts, as Kaplan–Meier curves by group and as monthly cohorts.

Spells, events and censoring are ``spells``'; members are ``movements``'. Days are whole days since the spell began; a
month of a curve is 30.4375 days (365.25 ÷ 12), one of a cohort is a calendar month. Groups of fewer people than
``small_count`` are merged with the next smallest; a curve ends where fewer than ``small_count`` are at risk, and no
sum over groups is shown beside them, from which a hidden end could be told. Small cohorts are joined with the next.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from newsletter.newsroom import Newsroom
from newsletter.organisation.papers import list_papers
from newsletter.statistics.counting import find_salt
from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.growth.counts import end_of, find_months, find_population, raise_if_limited
from newsletter.statistics.growth.movements import Watch
from newsletter.statistics.growth.spells import count_days, count_months, find_spells
from newsletter.statistics.growth.survival import (
    Curve,
    Exits,
    LogRank,
    Median,
    compare_groups,
    estimate_curve,
    find_median,
)
from newsletter.statistics.labels import label_suppressed
from newsletter.statistics.names import Code, Names, load_names, name_value
from newsletter.statistics.period import Period
from newsletter.statistics.privacy import SUPPRESSED, Group, split_small
from newsletter.statistics.report import RATE_PLACES
from newsletter.translation import gettext as _

#: What ``stats retention --by`` takes, beside ``cohort``.
RETENTION_DIMENSIONS: Final = (
    Dimension.UNIT,
    Dimension.REGION,
    Dimension.PROFESSION,
    Dimension.STANDING,
    Dimension.MOBILE,
    Dimension.RETIRED,
    Dimension.PAPER,
)
DAYS_IN_MONTH: Final = 365.25 / 12
#: Key of the small groups together; no database value is this.
_MERGED: Final = object()


@dataclass(frozen=True, kw_only=True)
class MonthPoint:
    """A curve after so many months: people still watched, opt-outs since the month before, share that stays."""

    month: int
    at_risk: int
    opted_out: int
    retention: float
    error: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class GroupRetention:
    """One group's curve, cut where few are at risk; ``code``, ``label``: empty without a dimension."""

    code: Code
    label: str
    people: int
    curve: Curve
    median: Median
    months: Sequence[MonthPoint]
    is_merged: bool = False

    def as_document(self) -> dict[str, Any]:
        """As JSON has it, beside its name."""
        return {
            "people": self.people,
            "median_days": self.median.time,
            "median_low": self.median.low,
            "median_high": self.median.high,
            "months": [{name: _round(value) for name, value in vars(point).items()} for point in self.months],
        }


@dataclass(frozen=True, kw_only=True)
class Retention:
    """What ``stats retention`` shows; ``log_rank``: whether the groups differ, None where it cannot be told.

    ``left_out``: papers whose curve is not shown, for fewer than ``small_count`` members that another one's has not.
    """

    by: Dimension | None
    groups: Sequence[GroupRetention]
    log_rank: LogRank | None
    small_count: int
    left_out: int = 0

    @property
    def has_merged(self) -> bool:
        """Whether small groups were merged."""
        return any(group.is_merged for group in self.groups)

    def as_document(self) -> dict[str, Any]:
        """The one JSON document."""
        test = self.log_rank
        return {
            "by": None if self.by is None else self.by.value,
            "groups": [self._name(group) | group.as_document() for group in self.groups],
            "log_rank": test and {"chi_square": _round(test.chi_square), "degrees": test.degrees, "p": _round(test.p)},
            "left_out": self.left_out,
        }

    def _name(self, group: GroupRetention) -> dict[str, Code]:
        return {} if self.by is None else {self.by.value: group.code, f"{self.by}_label": group.label}


def estimate_retention(
    newsroom: Newsroom,
    *,
    period: Period,
    by: Dimension | None = None,
    months: int = 24,
    paper: str | None = None,
    end: datetime | None = None,
) -> Retention:
    """Estimate how long those who began in ``period`` stay; an analyst of some units sees theirs alone.

    Args:
        newsroom: its acting person must be an analyst.
        period: days in which the spells begin; they are watched until ``end``.
        by: one of ``RETENTION_DIMENSIONS``; by paper, each paper's curve is of the same members, and not compared.
        months: how many to tell of.
        paper: as for ``count_growth``.
        end: the first moment not looked at; None: the present.

    Raises:
        NoRightError: the acting person is no analyst.
        TooFewPeopleError: fewer members than ``small_count``, and they are an analyst of some units alone or ask for
            a paper.
        UnknownPaperError: there is no such paper.
    """
    small_count, left_out = newsroom.settings.privacy.small_count, 0
    until = end or end_of(newsroom, Period(timezone=period.timezone))
    with newsroom.reading() as session:
        if by is Dimension.PAPER:
            exits, left_out = _by_paper(session, newsroom, period, until)
        else:
            exits = _measure(session, _watch(session, newsroom, paper, by, until), period)
        names = load_names(session, () if by is None else (by,))
        salt = find_salt(session)
        if sum(map(_people, exits.values())) < small_count:
            raise_if_limited(session, newsroom, paper)
    groups = {key: found for key, found in exits.items() if found}
    shown = list(groups.items()) if by in (None, Dimension.PAPER) else _merge_small(groups, small_count, salt)
    curves = [
        _describe(_name_group(by, names, key), found, months=months, small_count=small_count) for key, found in shown
    ]
    is_comparable = by not in (None, Dimension.PAPER)
    return Retention(
        by=by,
        groups=sorted(curves, key=lambda one: (one.is_merged, str(one.code))),
        log_rank=_compare([found for _key, found in shown], small_count) if is_comparable else None,
        small_count=small_count,
        left_out=left_out,
    )


def _watch(session: Session, newsroom: Newsroom, paper: str | None, by: Dimension | None, end: datetime) -> Watch:
    scope, paper_id = find_population(session, newsroom, paper)
    return Watch(by=by, scope=scope, end=end, paper_id=paper_id)


def _measure(session: Session, watch: Watch, period: Period) -> dict[object, list[Exits]]:
    return count_days(session, watch, find_spells(watch, period.first_moment(), period.end_moment()))


def _by_paper(
    session: Session, newsroom: Newsroom, period: Period, until: datetime
) -> tuple[dict[object, list[Exits]], int]:
    """Each paper's exits, and how many papers are left out.

    Papers of units within each other's share members: those left when the inner papers' are taken from an outer one's
    must be many too, or nobody.
    """
    small_count = newsroom.settings.privacy.small_count
    everybody, _paper = find_population(session, newsroom, None)
    by_unit = _measure(session, Watch(by=Dimension.UNIT, scope=everybody, end=until), period)
    people = {unit: _people(found) for unit, found in by_unit.items()}
    members: dict[object, frozenset[object]] = {}
    for one in list_papers(session):
        scope, _id = find_population(session, newsroom, one.code)
        members[one.id] = frozenset(people if scope is None else [unit for unit in people if unit in scope])
    shown = choose_nested({paper: frozenset(units) for paper, units in members.items() if units}, people, small_count)
    exits: dict[object, list[Exits]] = {
        one.id: _measure(session, _watch(session, newsroom, one.code, None, until), period).get(0, [])
        for one in list_papers(session)
        if one.id in shown
    }
    return exits, sum(bool(units) for units in members.values()) - len(shown)


def choose_nested(
    members: Mapping[object, frozenset[object]], people: Mapping[object, int], small_count: int
) -> set[object]:
    """Which of these sets of units, each within another or apart from it, may be shown beside each other."""

    def count(units: Iterable[object]) -> int:
        return sum(people.get(unit, 0) for unit in units)

    shown = {key for key, units in members.items() if count(units) >= small_count}
    for outer in sorted(shown, key=lambda key: count(members[key])):
        if outer not in shown:
            continue
        inner = sorted((key for key in shown if members[key] < members[outer]), key=lambda key: count(members[key]))
        while inner and 0 < count(members[outer].difference(*(members[key] for key in inner))) < small_count:
            # Who is left is few: the smallest paper within is not shown, and its members are left too.
            shown.discard(inner.pop(0))
    return shown


def _compare(groups: Sequence[Sequence[Exits]], small_count: int) -> LogRank | None:
    """Of what is shown alone: from the day on which a curve ends, everybody still watched in it is so no longer."""
    return compare_groups([_cut_exits(exits, small_count) for exits in groups])


def _cut_exits(exits: Sequence[Exits], small_count: int) -> list[Exits]:
    curve = estimate_curve(exits).cut(small_count)
    told = [Exits(step.time, step.events, step.censored) for step in curve.steps]
    rest = curve.people - _people(told)
    last = told[-1].time if told else 0
    return [*told, Exits(last, 0, rest)] if rest else told


def _merge_small(
    groups: Mapping[object, Sequence[Exits]], small_count: int, salt: str
) -> list[tuple[object, Sequence[Exits]]]:
    sizes = [
        Group(key=(key,), people=_people(exits), audience=0, delivered=0, opt_outs={}) for key, exits in groups.items()
    ]
    shown, hidden = split_small(sizes, small_count, salt)
    kept: list[tuple[object, Sequence[Exits]]] = [(one.key[0], groups[one.key[0]]) for one in shown]
    if hidden:
        kept.append((_MERGED, [exits for one in hidden for exits in groups[one.key[0]]]))
    return kept


def _people(exits: Iterable[Exits]) -> int:
    return sum(events + censored for _time, events, censored in exits)


def _name_group(by: Dimension | None, names: Mapping[Dimension, Names], key: object) -> tuple[Code, str]:
    if by is None:
        return "", ""
    if key is _MERGED:
        return SUPPRESSED, label_suppressed()
    return name_value(names, by, bool(key) if by in (Dimension.MOBILE, Dimension.RETIRED) else key)


def _describe(name: tuple[Code, str], exits: Sequence[Exits], *, months: int, small_count: int) -> GroupRetention:
    code, label = name
    whole = estimate_curve(exits)
    curve = whole.cut(small_count)
    return GroupRetention(
        code=code,
        label=label,
        people=whole.people,
        curve=curve,
        median=find_median(curve),
        months=list(_points(whole, months, max(small_count, 1))),
        is_merged=name == (SUPPRESSED, label_suppressed()),
    )


def _points(curve: Curve, months: int, least: int) -> Iterator[MonthPoint]:
    told = 0
    for month in range(months + 1):
        # The beginning is before anybody could leave.
        day = round(month * DAYS_IN_MONTH) if month else -1
        at_risk = curve.at_risk_after(day)
        if at_risk < least:
            return
        step = curve.at(day)
        gone = sum(one.events for one in curve.steps if one.time <= day)
        yield MonthPoint(
            month=month,
            at_risk=at_risk,
            opted_out=gone - told,
            retention=step.survival,
            error=step.error,
            low=step.low,
            high=step.high,
        )
        told = gone


def _round(value: Any) -> Any:
    return round(value, RATE_PLACES) if isinstance(value, float) else value


@dataclass(frozen=True, kw_only=True)
class Cohort:
    """Those who began in one month, or in several small ones: the share that stays to the end of each month after it.

    Attributes:
        code: ``2026-11``, or first and last of several: ``2026-09/2026-11``.
        retention: place 0 is the end of the month they began in; as far as enough are at risk. The last one of the
            newest month is as it stands now.
    """

    code: str
    label: str
    people: int
    retention: Sequence[float]
    is_merged: bool = False

    def as_document(self) -> dict[str, Any]:
        """As JSON has it."""
        shares = [_round(share) for share in self.retention]
        return {"cohort": self.code, "cohort_label": self.label, "people": self.people, "retention": shares}


def count_cohorts(
    newsroom: Newsroom, *, period: Period, months: int = 24, paper: str | None = None, end: datetime | None = None
) -> list[Cohort]:
    """The cohorts that began in the months of ``period``; arguments and errors as for ``estimate_retention``."""
    small_count = newsroom.settings.privacy.small_count
    until = end or end_of(newsroom, Period(timezone=period.timezone))
    with newsroom.reading() as session:
        watch = _watch(session, newsroom, paper, None, until)
        calendar = find_months(session, Period(timezone=period.timezone, since=period.since), until)
        spells = find_spells(watch, period.first_moment(), period.end_moment())
        counted = count_months(session, spells, [start for _month, start in calendar])
        if sum(map(_people, counted.values())) < small_count:
            raise_if_limited(session, newsroom, paper)
    begun = [
        (month, month, counted.get(place, []))
        for place, (month, _start) in enumerate(calendar, start=1)
        if counted.get(place)
    ]
    return [_cohort(first, last, exits, months, small_count) for first, last, exits in _join_small(begun, small_count)]


_Begun = tuple[str, str, list[Exits]]


def _join_small(begun: Sequence[_Begun], small_count: int) -> list[_Begun]:
    """Small cohorts with the next, the last one with the one before."""
    joined: list[_Begun] = []
    for first, last, exits in begun:
        if joined and _people(joined[-1][2]) < small_count:
            earlier = joined.pop()
            joined.append((earlier[0], last, [*earlier[2], *exits]))
        else:
            joined.append((first, last, exits))
    if len(joined) > 1 and _people(joined[-1][2]) < small_count:
        late, early = joined.pop(), joined.pop()
        joined.append((early[0], late[1], [*early[2], *late[2]]))
    return joined


def _cohort(first: str, last: str, exits: Sequence[Exits], months: int, small_count: int) -> Cohort:
    curve = estimate_curve(exits)
    longest = max(time for time, _events, _censored in exits)
    shares = []
    for month in range(min(months, longest) + 1):
        if curve.at_risk_after(month - 1) < max(small_count, 1):
            break
        shares.append(curve.at(month).survival)
    is_merged = first != last
    label = _("{first} to {last}").format(first=first, last=last) if is_merged else first
    return Cohort(
        code=f"{first}/{last}" if is_merged else first,
        label=label,
        people=curve.people,
        retention=shares,
        is_merged=is_merged,
    )
