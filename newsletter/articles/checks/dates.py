"""Dates and times that cannot be: a weekday that is not the date's, 2月30日, 25时, ranges that run backwards."""

import re
from calendar import monthrange
from collections.abc import Iterator
from contextlib import suppress
from datetime import MAXYEAR, date, timedelta
from typing import Final

from newsletter.articles.checks.findings import ErrorCode, Finding, Span
from newsletter.articles.checks.numerals import NUMERAL, read_numeral
from newsletter.articles.checks.times import find_impossible_times
from newsletter.translation import gettext as _

CHECK: Final = "dates"
_YEAR: Final = r"(?:(?P<year>\d{4}|[〇零○一二三四五六七八九]{4})年|(?P<relative>今年|去年|前年|明年))"
#: 11月21日, 2026年11月21日, 十一月二十一日; 2026-11-21, 2026.11.21.
_DATE: Final = re.compile(
    rf"(?<![\d.]){_YEAR}?(?P<month>{NUMERAL})月(?:份)?(?P<day>{NUMERAL})[日号]"
    r"|(?<![\d.])(?P<iso_year>\d{4})[-./](?P<iso_month>\d{1,2})[-./](?P<iso_day>\d{1,2})(?![\d.])"
)
_DAY: Final = "(?:星期|周|礼拜)(?P<weekday>[一二三四五六日天])"
#: What may stand between a date and its weekday, either way round.
_AFTER: Final = re.compile(
    rf"(?:上午|下午|晚上?|清晨)?(?:\d{{1,2}}(?:时|点|[:：]\d{{2}})(?:\d{{1,2}}分|半)?(?=[（(]))?\s?"
    rf"[（(，,]?\s?(?:即|是|正是|也就是|正好是|恰逢|正逢|适逢)?{_DAY}(?!\s?[至到、—-])[）)]?"
)
_BEFORE: Final = re.compile(rf"{_DAY}\s?[（(，,]?\s?(?:即)?$")
#: 21日（星期六）, the month being told before.
_BARE: Final = re.compile(
    rf"(?<![月\d一二三四五六七八九十廿卅至到、—-])(?P<day>{NUMERAL})[日号]\s?[（(]\s?{_DAY}(?!\s?[至到、—-])[）)]?"
)
#: 11月25日至27日（周三至周五）, 11月21日、22日（周六、周日）.
_TWO_DAYS: Final = re.compile(
    rf"{_YEAR}?(?P<month>{NUMERAL})月(?P<day>{NUMERAL})日?[至到、—-]+(?:(?P<next_month>{NUMERAL})月)?(?P<next_day>{NUMERAL})日"
    rf"\s?[（(]{_DAY}(?:[至到、—-]+(?:星期|周|礼拜)?(?P<next_weekday>[一二三四五六日天]))?[）)]?"
)
_MONTH: Final = re.compile(rf"(?<![\d个])(?P<month>{NUMERAL})月(?!\d|龄|均)")
_ODD_MONTH: Final = re.compile(
    r"(?<![\d.年第])(?:(?P<year>\d{4})年)?(?P<month>1[3-9]|[2-9]\d|0)月(?=[\d初中底下上份至、，。])"
)
_RANGE: Final = re.compile(rf"(?P<month>{NUMERAL})月(?P<first>{NUMERAL})日?(?:至|到|—+|-|–|~|～)(?P<last>{NUMERAL})日")
_LUNAR: Final = re.compile("(?:农历|阴历|腊月|正月|旧历)[^，。；]{0,8}$")
_YEARS: Final = {"今年": 0, "去年": -1, "前年": -2, "明年": 1}
_WEEKDAYS: Final = "一二三四五六日"
_MONTHS: Final = 12
_LEAP_YEAR: Final = 2024
_WINDOW: Final = 16
#: Days to a date that does not exist.
_FAR: Final = 9_999


def find_wrong_dates(field: str, text: str, day: date) -> list[Finding]:
    """Dates that are not in the calendar, or not on the weekday that is said; ``day`` tells the year where none is."""
    findings = [*_impossible(field, text, day), *_weekdays(field, text, day), *_bare_days(field, text, day)]
    findings += [*_odd_months(field, text), *_ranges(field, text), *_two_days(field, text, day)]
    return [*findings, *find_impossible_times(CHECK, field, text)]


def _parts(match: re.Match[str]) -> tuple[int | None, int, int]:
    """Year (None: not said), month and day of a match, as they are written."""
    if match.groupdict().get("iso_year"):
        return int(match["iso_year"]), int(match["iso_month"]), int(match["iso_day"])
    year = read_numeral(match["year"]) if match["year"] else None
    return year, read_numeral(match["month"]), read_numeral(match["day"])


def _is_lunar(text: str, start: int) -> bool:
    return bool(_LUNAR.search(text, max(0, start - _WINDOW), start))


def _impossible(field: str, text: str, day: date) -> Iterator[Finding]:
    for match in _DATE.finditer(text):
        year, month, number = _parts(match)
        if year is None and match["relative"]:
            year = day.year + _YEARS[match["relative"]]
        years = [year] if year else [day.year - 1, day.year, day.year + 1]
        if _is_lunar(text, match.start()) or any(_exists(one, month, number) for one in years):
            continue
        span = Span(field, text, match.start(), match.end())
        yield span.find(CHECK, ErrorCode.FACT, _("There is no such day: {quote}").format(quote=span.quote))


def _exists(year: int, month: int, number: int) -> bool:
    return 1 <= month <= _MONTHS and 1 <= number <= monthrange(max(1, min(year, MAXYEAR)), month)[1]


def _weekdays(field: str, text: str, day: date) -> Iterator[Finding]:
    for match in _DATE.finditer(text):
        if _is_lunar(text, match.start()):
            continue
        after = _AFTER.match(text, match.end())
        before = _BEFORE.search(text, max(0, match.start() - _WINDOW), match.start())
        said = after or before
        days = _candidates(text, match, day)
        if said and days and not any(_WEEKDAYS[one.weekday()] == _plain(said["weekday"]) for one in days):
            start, end = min(match.start(), said.start()), max(match.end(), said.end())
            yield _describe(Span(field, text, start, end), days[0], said["weekday"])


def _plain(weekday: str) -> str:
    return "日" if weekday == "天" else weekday


def _describe(span: Span, day: date, said: str) -> Finding:
    right = _WEEKDAYS[day.weekday()]
    message = _("{date} is 星期{right}, not 星期{said}.").format(date=day, right=right, said=said)
    suggestion = re.sub(f"(?<=期|周|拜){said}", right, span.quote)
    return span.find(CHECK, ErrorCode.FACT, message, suggestion=suggestion)


def _candidates(text: str, match: re.Match[str], day: date) -> list[date]:
    """The days a written date can mean, the likeliest first."""
    year, month, number = _parts(match)
    if year is None and match["relative"]:
        year = day.year + _YEARS[match["relative"]]
    if year is not None:
        years = [year]
    else:
        nearest = sorted((day.year, day.year - 1, day.year + 1), key=lambda one: _distance(one, month, number, day))
        told = re.findall(r"(\d{4})年", text[: match.start()].rpartition("\n")[2])
        years = [nearest[0], *map(int, told[-1:])]
    return [date(one, month, number) for one in years if 1 <= one <= MAXYEAR and _exists(one, month, number)]


def _distance(year: int, month: int, number: int, day: date) -> int:
    return abs((date(year, month, number) - day).days) if _exists(year, month, number) else _FAR


def _bare_days(field: str, text: str, day: date) -> Iterator[Finding]:
    for match in _BARE.finditer(text):
        number = read_numeral(match["day"])
        told = _MONTH.findall(text[: match.start()].rpartition("\n")[2])
        month = read_numeral(told[-1]) if told else None
        days = [one for one in _near_days(day, number) if month is None or one.month == month]
        if days and not any(_WEEKDAYS[one.weekday()] == _plain(match["weekday"]) for one in days):
            yield _describe(Span(field, text, match.start(), match.end()), days[0], match["weekday"])


def _two_days(field: str, text: str, day: date) -> Iterator[Finding]:
    for match in _TWO_DAYS.finditer(text):
        first = _candidate(text, match, day)
        if first is None or _is_lunar(text, match.start()):
            continue
        month = read_numeral(match["next_month"]) if match["next_month"] else first.month
        number = read_numeral(match["next_day"])
        year = first.year + (month < first.month)
        last = date(year, month, number) if year <= MAXYEAR and _exists(year, month, number) else first
        told = [match["weekday"], match["next_weekday"] or match["weekday"]]
        right = [_WEEKDAYS[one.weekday()] for one in ((first, last) if match["next_weekday"] else (last, last))]
        if [_plain(weekday) for weekday in told] != right:
            wrong = 0 if _plain(told[0]) != right[0] else 1
            yield _describe(
                Span(field, text, *match.span()), (first if match["next_weekday"] else last, last)[wrong], told[wrong]
            )


def _candidate(text: str, match: re.Match[str], day: date) -> date | None:
    days = _candidates(text, match, day)
    return days[0] if days else None


def _near_days(day: date, number: int) -> list[date]:
    """The days of this number nearest to ``day``, that of its own month first."""
    found = []
    for offset in (0, -31, 31):
        with suppress(ValueError, OverflowError):
            found.append((day.replace(day=15) + timedelta(days=offset)).replace(day=number))
    return found


def _odd_months(field: str, text: str) -> Iterator[Finding]:
    taken = {match.start("month") for match in _DATE.finditer(text) if match["month"]}
    for match in _ODD_MONTH.finditer(text):
        if match.start("month") not in taken:
            span = Span(field, text, match.start("month"), match.end())
            yield span.find(CHECK, ErrorCode.FACT, _("There is no such month: {quote}").format(quote=span.quote))


def _ranges(field: str, text: str) -> Iterator[Finding]:
    for match in _RANGE.finditer(text):
        month, first, last = (read_numeral(match[name]) for name in ("month", "first", "last"))
        if first <= last or _is_lunar(text, match.start()) or not _exists(_LEAP_YEAR, month, first):
            continue
        span = Span(field, text, match.start(), match.end())
        yield span.find(CHECK, ErrorCode.FACT, _("It ends before it begins: {quote}").format(quote=span.quote))
