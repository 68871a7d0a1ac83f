"""The reminders' schedule: each threshold once at most, in order, whenever somebody looks."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from newsletter.workflow.contributing.models import NoticeKind
from newsletter.workflow.contributing.reminders import Term, reminder_due

ORDER = [NoticeKind.HALF, NoticeKind.MOST, NoticeKind.LAST_DAY]
START = datetime(2026, 10, 1, tzinfo=UTC)
HOURS = st.integers(0, 24 * 100)


def a_term(hours: int, *, known: int = 0) -> Term:
    last_day = START + timedelta(hours=hours)
    return Term(START, last_day, last_day + timedelta(days=1), START + timedelta(hours=known))


TERMS = st.builds(lambda hours, known: a_term(hours, known=known), st.integers(0, 24 * 92), HOURS)


@given(TERMS, st.lists(HOURS, max_size=30))
def test_reminders_never_go_back(term: Term, looks: list[int]) -> None:
    heard = [reminder_due(term, START + timedelta(hours=hour)) for hour in sorted(looks)]
    places = [ORDER.index(kind) for kind in heard if kind is not None]
    assert places == sorted(places)


@given(TERMS, HOURS)
def test_none_comes_before_its_time_or_after_the_end(term: Term, hour: int) -> None:
    now = START + timedelta(hours=hour)
    kind = reminder_due(term, now)
    if kind is not None:
        share = {NoticeKind.HALF: 0.5, NoticeKind.MOST: 0.8, NoticeKind.LAST_DAY: 1.0}[kind]
        moment = term.start + (term.last_day - term.start) * share
        assert term.known_since < moment + timedelta(seconds=1)
        assert moment - timedelta(seconds=1) <= now < term.end


@given(st.integers(24, 24 * 92))
def test_whoever_looks_every_hour_hears_all_three(hours: int) -> None:
    term = a_term(hours)
    heard = [reminder_due(term, START + timedelta(hours=hour)) for hour in range(hours + 48)]
    assert list(dict.fromkeys(filter(None, heard))) == ORDER
    assert heard[-1] is None


def test_who_is_asked_late_is_not_reminded_of_what_was_before() -> None:
    term = a_term(100, known=60)
    assert reminder_due(term, START + timedelta(hours=70)) is None
    assert reminder_due(term, START + timedelta(hours=80)) == NoticeKind.MOST


def test_what_is_due_on_the_day_it_is_asked_has_no_reminders() -> None:
    term = Term(START, START - timedelta(hours=9), START + timedelta(hours=15), START)
    assert {reminder_due(term, START + timedelta(hours=hour)) for hour in range(24)} == {None}
