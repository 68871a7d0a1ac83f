"""On which days a role holds: first and last day included, by the newsroom's clocks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.journal.periods import ALWAYS, GrantDatesError, Period, parse_period, read_period

TODAY = date(2026, 11, 20)
DAYS = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2028, 1, 1)))


def parse(since: str | None, until: str | None) -> Period:
    return parse_period(since, until, today=TODAY, timezone="Asia/Shanghai")


@pytest.mark.parametrize(
    ("moment", "holds"),
    [
        ("2026-11-20T23:59:59+08:00", False),
        ("2026-11-21T00:00:00+08:00", True),
        ("2026-11-20T16:00:00+00:00", True),
        ("2026-11-22T15:59:59+00:00", True),
        ("2026-11-22T16:00:00+00:00", False),
    ],
)
def test_a_day_begins_and_ends_where_the_newsroom_is(moment: str, holds: bool) -> None:
    assert parse("2026-11-21", "2026-11-22").holds_at(datetime.fromisoformat(moment)) is holds


def test_without_a_moment_only_what_has_no_dates_holds() -> None:
    assert parse(None, None).holds_at(None)
    assert not parse("2026-11-20", None).holds_at(None)


@given(DAYS, DAYS)
def test_what_a_statement_carries_is_read_back(since: date | None, until: date | None) -> None:
    period = Period(valid_from=since, valid_until=until, timezone="Asia/Shanghai")
    assert read_period(period.as_details()) == (period if period.is_dated else ALWAYS)


@given(DAYS, DAYS, st.dates(date(2025, 1, 1), date(2029, 1, 1)))
def test_a_day_is_in_it_or_before_or_behind(since: date | None, until: date | None, day: date) -> None:
    period = Period(valid_from=since, valid_until=until)
    expected = (since or date.min) <= day <= (until or date.max)
    assert period.holds_on(day) is expected
    assert period.holds_at(datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=23)) is expected


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("2026-11-19", None, "2026-11-19 is past: today is 2026-11-20."),
        (None, "2026-11-19", "2026-11-19 is past"),
        ("2026-11-25", "2026-11-24", "would end on 2026-11-24, before it begins on 2026-11-25"),
        ("2026-02-30", None, "2026-02-30 is not a date"),
        ("20261120", None, "20261120 is not a date"),
        ("2026-W47-5", None, "is not a date"),
        ("", None, "is not a date"),
        ("明天", None, "明天 is not a date"),
        ("２０２６-11-20", None, "is not a date"),
        ("x" * 100, None, "x{40} is not a date"),
    ],
)
def test_dates_that_no_role_can_have(since: str | None, until: str | None, said: str) -> None:
    with pytest.raises(GrantDatesError, match=said):
        parse(since, until)


def test_today_alone_is_a_period() -> None:
    assert parse("2026-11-20", " 2026-11-20 ").holds_on(TODAY)


@pytest.mark.parametrize(
    "details", [{"from": "x"}, {"from": 3}, {"until": "2026-11-20"}, {"from": "2026-11-20", "timezone": "Mars"}]
)
def test_a_grant_with_dates_that_are_none_is_no_grant(details: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        read_period(details)
