"""Which days a word means."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.workflow.periods import (
    PeriodKind,
    UnknownPeriodError,
    bounds_of,
    parse_day,
    parse_period,
    period_of,
)

DAYS = st.dates(date(2001, 1, 1), date(2998, 12, 31))
#: More near misses: years too far away, digits of another script.
MORE = ("1999", "3000", "26Q4", "2026 Q4", "2026Q", "十一月", "2026-11-21-1", "٢٠٢٦")
KINDS = st.sampled_from(PeriodKind)


@given(DAYS, KINDS)
def test_a_day_lies_in_its_period_and_the_label_means_it(day: date, kind: PeriodKind) -> None:
    period = period_of(day, kind)
    assert period.start <= day <= period.end
    assert period.kind == kind
    assert parse_period(period.label) == period
    assert parse_period(f" {period.label.lower()} ") == period


@given(DAYS, KINDS)
def test_periods_follow_each_other_without_gap_or_overlap(day: date, kind: PeriodKind) -> None:
    period = period_of(day, kind)
    assert period_of(period.start, kind) == period == period_of(period.end, kind)
    assert period_of(period.end + timedelta(days=1), kind).start == period.end + timedelta(days=1)


@given(DAYS, KINDS)
def test_bounds_are_midnights_of_the_newsroom(day: date, kind: PeriodKind) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    period = period_of(day, kind)
    start, end = bounds_of(period, zone)
    assert start == datetime(period.start.year, period.start.month, period.start.day, tzinfo=zone)
    assert end == bounds_of(period_of(period.end + timedelta(days=1), kind), zone)[0]


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_period_or_is_refused(text: str) -> None:
    try:
        period = parse_period(text)
    except UnknownPeriodError:
        return
    assert parse_period(period.label) == period


@pytest.mark.parametrize(
    ("word", "start", "end"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026H1", "2026-01-01", "2026-06-30"),
        ("2026h2", "2026-07-01", "2026-12-31"),
        ("2026Q4", "2026-10-01", "2026-12-31"),
        ("２０２６Ｑ４", "2026-10-01", "2026-12-31"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2026-W47", "2026-11-16", "2026-11-22"),
        ("2026-W53", "2026-12-28", "2027-01-03"),
        ("2026-11-21", "2026-11-21", "2026-11-21"),
    ],
)
def test_the_ways_of_writing_a_period(word: str, start: str, end: str) -> None:
    period = parse_period(word)
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)


@pytest.mark.parametrize(
    "word",
    ["", "2026Q0", "2026Q5", "2026H3", "2026-00", "2026-13", "2026-W00", "2025-W53", "2026-02-29", "2026-2-1", *MORE],
)
def test_near_misses_are_refused(word: str) -> None:
    with pytest.raises(UnknownPeriodError):
        parse_period(word)


@pytest.mark.parametrize("word", ["2026-11", "2026Q4", "明天", "2026-11-31"])
def test_a_day_is_no_longer_period(word: str) -> None:
    with pytest.raises(UnknownPeriodError, match="is not a date"):
        parse_day(word)
