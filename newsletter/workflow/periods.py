"""Which days a word like ``2026Q4`` means: years, halves, quarters, months, weeks and days of the newsroom. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import ClassVar, Final
from unicodedata import normalize
from zoneinfo import ZoneInfo

from newsletter.errors import InputError
from newsletter.translation import gettext as _

#: Years a newsroom can mean; whatever lies outside is a slip of the fingers.
_YEARS: Final = range(2000, 3000)
_MONTHS_IN_YEAR: Final = 12
_SUNDAY: Final = 7


class PeriodKind(StrEnum):
    """How long a period is."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"
    WEEK = "week"
    DAY = "day"


class UnknownPeriodError(InputError):
    """A word that means no period."""

    code: ClassVar[str] = "bad_period"


@dataclass(frozen=True)
class Period:
    """Days from ``start`` to ``end``, both included; ``label`` is the one way it is written."""

    label: str
    start: date
    end: date
    kind: str


#: Months of the kinds that consist of whole months.
_MONTHS: Final = {PeriodKind.YEAR: 12, PeriodKind.HALF: 6, PeriodKind.QUARTER: 3, PeriodKind.MONTH: 1}


def parse_period(text: str) -> Period:
    """Read ``2026``, ``2026H2``, ``2026Q4``, ``2026-11``, ``2026-W47`` (ISO 8601) or ``2026-11-21``.

    Full-width characters and small letters are taken as well.

    Raises:
        UnknownPeriodError: it is none of these, or there is no such month, week or day.
    """
    word = normalize("NFKC", text).strip().upper()
    for pattern, read in _WRITTEN:
        found = pattern.fullmatch(word)
        if found is None:
            continue
        numbers = [int(number) for number in found.groups()]
        if numbers[0] not in _YEARS:
            break
        try:
            return read(numbers)
        except ValueError:
            break
    raise UnknownPeriodError(
        _("{text} is not a period.").format(text=text[:40]),
        hint=_("Write a year 2026, half 2026H2, quarter 2026Q4, month 2026-11, week 2026-W47 or day 2026-11-21."),
    )


def parse_day(text: str) -> date:
    """Read a day, ``2026-11-21``.

    Raises:
        UnknownPeriodError: it is none.
    """
    try:
        period = parse_period(text)
    except UnknownPeriodError:
        period = None
    if period is None or period.kind != PeriodKind.DAY:
        raise UnknownPeriodError(
            _("{text} is not a date.").format(text=text[:40]), hint=_("Write it as YYYY-MM-DD, as in 2026-11-05.")
        )
    return period.start


def period_of(day: date, kind: str) -> Period:
    """The period of this kind that ``day`` lies in; an ISO week may belong to the year before or after."""
    chosen = PeriodKind(kind)
    if chosen is PeriodKind.DAY:
        return Period(day.isoformat(), day, day, chosen)
    if chosen is PeriodKind.WEEK:
        year, week, _weekday = day.isocalendar()
        start, end = (date.fromisocalendar(year, week, weekday) for weekday in (1, _SUNDAY))
        return Period(f"{year:04}-W{week:02}", start, end, chosen)
    months = _MONTHS[chosen]
    return _of_months(day.year, (day.month - 1) // months + 1, chosen)


def bounds_of(period: Period, timezone: ZoneInfo) -> tuple[datetime, datetime]:
    """The moment the period begins, and the first moment after it, by the clocks of ``timezone``."""
    after = period.end + timedelta(days=1)
    return datetime.combine(period.start, time(), timezone), datetime.combine(after, time(), timezone)


def period_in_print(period: Period) -> str:
    """A period as offices write it, in Chinese whatever the interface speaks: 2026年第四季度, 2026年第47周."""
    day = period.start
    if period.kind == PeriodKind.WEEK:
        week = day.isocalendar()
        return f"{week.year}年第{week.week}周"
    return (
        f"{day.year}年"
        + {
            PeriodKind.YEAR: "度",
            PeriodKind.HALF: "上半年" if day.month == 1 else "下半年",
            PeriodKind.QUARTER: f"第{'一二三四'[day.month // 3]}季度",
            PeriodKind.MONTH: f"{day.month}月",
            PeriodKind.DAY: f"{day.month}月{day.day}日",
        }[PeriodKind(period.kind)]
    )


def _of_months(year: int, number: int, kind: PeriodKind) -> Period:
    """The ``number``-th half, quarter or month of a year, counted from 1.

    Raises:
        ValueError: the year has no such one.
    """
    months = _MONTHS[kind]
    first, last = (number - 1) * months + 1, number * months
    start = date(year, first, 1)
    following = date(year + 1, 1, 1) if last == _MONTHS_IN_YEAR else date(year, last + 1, 1)
    marks = {PeriodKind.YEAR: "", PeriodKind.HALF: f"H{number}", PeriodKind.QUARTER: f"Q{number}"}
    return Period(f"{year:04}{marks.get(kind, f'-{number:02}')}", start, following - timedelta(days=1), kind)


def _months_reader(kind: PeriodKind) -> Callable[[list[int]], Period]:
    return lambda numbers: _of_months(numbers[0], numbers[1], kind)


#: How each kind is written, and how its numbers are read.
_WRITTEN: Final[tuple[tuple[re.Pattern[str], Callable[[list[int]], Period]], ...]] = (
    (re.compile(r"([0-9]{4})"), lambda numbers: _of_months(numbers[0], 1, PeriodKind.YEAR)),
    (re.compile(r"([0-9]{4})H([0-9])"), _months_reader(PeriodKind.HALF)),
    (re.compile(r"([0-9]{4})Q([0-9])"), _months_reader(PeriodKind.QUARTER)),
    (re.compile(r"([0-9]{4})-([0-9]{2})"), _months_reader(PeriodKind.MONTH)),
    (
        re.compile(r"([0-9]{4})-W([0-9]{2})"),
        lambda numbers: period_of(date.fromisocalendar(numbers[0], numbers[1], 1), PeriodKind.WEEK),
    ),
    (
        re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"),
        lambda numbers: period_of(date(numbers[0], numbers[1], numbers[2]), PeriodKind.DAY),
    ),
)
