"""Dates and times that cannot be."""

from datetime import date

import pytest

from newsletter.articles.checks.dates import find_wrong_dates
from newsletter.articles.checks.numerals import read_numeral
from tests.articles.checks.reference import DAY


def found(text: str, day: date = DAY) -> list[tuple[str, str]]:
    return [(one.quote, one.suggestion) for one in find_wrong_dates("body", text, day)]


@pytest.mark.parametrize(
    ("text", "quote", "suggestion"),
    [
        ("11月21日（星期日）上午", "11月21日（星期日）", "11月21日（星期六）"),
        ("11月21日(周日)上午", "11月21日(周日)", "11月21日(周六)"),
        ("2026年11月21日 周五", "2026年11月21日 周五", "2026年11月21日 周六"),
        ("2026年11月21日星期天", "2026年11月21日星期天", "2026年11月21日星期六"),
        ("十一月二十一日（星期一）", "十一月二十一日（星期一）", "十一月二十一日（星期六）"),
        ("2026-11-21（周日）", "2026-11-21（周日）", "2026-11-21（周六）"),
        ("本周日（11月21日）", "周日（11月21日", "周六（11月21日"),
        ("21日（星期日）上午", "21日（星期日）", "21日（星期六）"),
        ("12月1日，星期三", "12月1日，星期三", "12月1日，星期二"),
        ("去年11月21日（星期六）", "去年11月21日（星期六）", "去年11月21日（星期五）"),
        ("11月25日至27日（周二至周五）", "11月25日至27日（周二至周五）", "11月25日至27日（周三至周五）"),
        ("11月21日晚7时（星期日）", "11月21日晚7时（星期日）", "11月21日晚7时（星期六）"),
        ("1月2日（星期五）", "1月2日（星期五）", "1月2日（星期六）"),  # the next one: 2027
    ],
)
def test_a_weekday_that_is_not_the_dates_is_found(text: str, quote: str, suggestion: str) -> None:
    assert found(text) == [(quote, suggestion)]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("2026年2月30日", "2026年2月30日"),
        ("4月31日前", "4月31日"),
        ("2月29日前", "2月29日"),
        ("2026年2月29日", "2026年2月29日"),
        ("13月5日", "13月5日"),
        ("2026年13月底", "13月"),
        ("十一月三十一日", "十一月三十一日"),
        ("2026-02-30", "2026-02-30"),
        ("11月25日至21日", "11月25日至21日"),
        ("21日25时", "25时"),
        ("上午9时65分", "上午9时65分"),
        ("上午15时", "上午15时"),
        ("下午25:30", "下午25:30"),
        ("8:30—12:75", "12:75"),
        ("24时10分", "24时10分"),
    ],
)
def test_what_no_calendar_or_clock_shows_is_found(text: str, quote: str) -> None:
    assert [one for one, _suggestion in found(text)] == [quote]


@pytest.mark.parametrize(
    "text",
    [
        "11月21日（星期六）、2026年11月21日周六、11月22日（周日）",
        "2024年2月29日",
        "11月25日至27日（周三至周五），11月21日、22日（周六、周日），11月29日至12月1日（周日至周二）",
        "农历二月三十日，腊月三十日",
        "2025年3月1日以来……11月21日（星期六）",
        "比分25:23、30:28",
        "第25课时、25小时、宝宝13月龄",
        "24时、0时30分、23:59",
        "11月28日至12月3日",
        "周一至周五，每月10日",
        "提出25点建议",
        "2026.11.21",
        "工期32日",
    ],
)
def test_what_can_be_passes(text: str) -> None:
    assert found(text) == []


def test_a_year_told_before_is_taken_too() -> None:
    assert found("2025年的事：11月21日（星期五）开工。") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [("21", 21), ("二十一", 21), ("十", 10), ("十二", 12), ("三十", 30), ("廿三", 23), ("二〇二六", 2026), ("一", 1)],
)
def test_numerals_are_read(text: str, number: int) -> None:
    assert read_numeral(text) == number
