"""The schedule as it reaches the outbox: whenever, and however often, the command is run."""

from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.newsroom import Newsroom
from newsletter.workflow.contributing.outbox import queue_notices
from newsletter.workflow.contributing.quotas import set_quota
from newsletter.workflow.periods import bounds_of, parse_period
from tests.contributing.desks import LU, at, notices, with_numbers

ORDER = ("reminder-50", "reminder-80", "last-day")
MONTH = parse_period("2026-11")
HOURS = 24 * 32


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(looks=st.lists(st.integers(-24, HOURS), min_size=1, max_size=12))
def test_each_threshold_is_told_once_at_most_and_in_order(newsroom: Newsroom, looks: list[int]) -> None:
    """Every example begins with an empty outbox, so that one newsroom does for all."""
    with_numbers(newsroom, LU, since=datetime.fromisoformat("2026-01-01T00:00:00+08:00"))
    start, _end = bounds_of(MONTH, newsroom.timezone)
    with newsroom.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM notice")
        session.commit()
    # The same number asked again is no new word: the quota stays as the first example set it.
    set_quota(at(newsroom, start), "banjing", MONTH, 3)
    for hour in sorted(looks):
        queue_notices(at(newsroom, start + timedelta(hours=hour)))
        queue_notices(at(newsroom, start + timedelta(hours=hour)))
    kinds = [notice.kind for _name, notice in notices(newsroom)]
    assert kinds == sorted(set(kinds), key=ORDER.index)
    waiting = [notice.kind for _name, notice in notices(newsroom) if notice.state == "queued"]
    assert waiting in ([], kinds[-1:])
