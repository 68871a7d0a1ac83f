"""Days and months are those of the newsroom's clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.statistics.dimensions import Dimension, UnknownDimensionError, parse_dimensions, shared_dimensions
from newsletter.statistics.period import PeriodError, months_between, parse_period
from tests.statistics.ledgers import SHANGHAI, utc

BERLIN = ZoneInfo("Europe/Berlin")


def test_a_period_begins_and_ends_at_local_midnight() -> None:
    period = parse_period("2026-11-01", "2026-11-30", SHANGHAI)
    assert (period.first_moment(), period.end_moment()) == (utc(2026, 10, 31, 16), utc(2026, 11, 30, 16))


def test_a_day_may_be_shorter_where_clocks_change() -> None:
    period = parse_period("2026-03-29", "2026-03-29", BERLIN)
    assert (period.first_moment(), period.end_moment()) == (utc(2026, 3, 28, 23), utc(2026, 3, 29, 22))


def test_a_period_may_be_open() -> None:
    period = parse_period(None, None, SHANGHAI)
    assert (period.first_moment(), period.end_moment()) == (None, None)
    assert parse_period("0001-01-01", "9999-12-31", SHANGHAI).end_moment() is None


@pytest.mark.parametrize(
    "text",
    ["", "2026-13-01", "2026-02-29", "2026-1-01", "20261101", "2026-W01-1", "2026-11-05T00:00", "05.11.2026", "昨天"],
)
def test_a_date_is_written_one_way(text: str) -> None:
    for since, until in ((text, None), (None, text)):
        with pytest.raises(PeriodError) as caught:
            parse_period(since, until, SHANGHAI)
        assert "YYYY-MM-DD" in caught.value.hint
        assert caught.value.exit_code == 2


def test_a_full_width_date_is_refused() -> None:
    with pytest.raises(PeriodError):
        parse_period("２０２６-11-05", None, SHANGHAI)


def test_a_period_does_not_end_before_it_begins() -> None:
    assert parse_period("2026-11-05", "2026-11-05", SHANGHAI).since == date(2026, 11, 5)
    with pytest.raises(PeriodError, match="2026-11-06"):
        parse_period("2026-11-06", "2026-11-05", SHANGHAI)


def test_months_are_local() -> None:
    months = list(months_between(utc(2026, 10, 31, 15, 59), utc(2026, 12, 31, 16), SHANGHAI))
    assert months == [
        ("2026-10", utc(2026, 10, 31, 16)),
        ("2026-11", utc(2026, 11, 30, 16)),
        ("2026-12", utc(2026, 12, 31, 16)),
        ("2027-01", utc(2027, 1, 31, 16)),
    ]


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)), st.integers(0, 2000))  # noqa: DTZ001 (hypothesis adds the zone)
def test_every_moment_lies_in_the_month_its_local_date_says(first: datetime, days: int) -> None:
    last = first + timedelta(days=days)
    months = list(months_between(first, last, BERLIN))
    found = next(name for name, end in months if last < end)
    assert found == f"{last.astimezone(BERLIN):%Y-%m}" == months[-1][0]
    assert months[0][0] == f"{first.astimezone(BERLIN):%Y-%m}"


def test_dimensions_are_read_in_order_and_once() -> None:
    assert parse_dimensions(["Unit", "region", "unit"]) == (Dimension.UNIT, Dimension.REGION)
    assert shared_dimensions((Dimension.UNIT, Dimension.REASON)) == (Dimension.UNIT,)


@pytest.mark.parametrize("name", ["author", "", "region,unit", "units"])
def test_an_unknown_dimension_names_the_choices(name: str) -> None:
    with pytest.raises(UnknownDimensionError) as caught:
        parse_dimensions(["region", name])
    assert all(choice in caught.value.hint for choice in Dimension)
