"""Whatever happens on the two ledgers, the balance holds, and agrees with a person-by-person retelling."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlmodel import Session

from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.growth.balance import Balance, join_small_spans, merge_balances, split_small_groups
from newsletter.statistics.growth.counts import Growth, count_growth, merge_spans
from newsletter.statistics.growth.retention import estimate_retention
from newsletter.subscribers.event_records import EventKind, MemberEvent
from newsletter.subscribers.models import OptOutEvent, Subscriber
from tests.statistics.ledgers import BAIPU_ID, BRANCH_ID, SHANGHAI, Desk
from tests.statistics.registers import Register, day, period

#: Person, hours later than the last thing, what happens.
WHAT = st.sampled_from(["join", "go", "die", "lose", "move", "out", "in", "out-bj", "in-bj"])
HISTORIES = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 900), WHAT), max_size=25)
CELL: dict[str, Any] = {
    "region_code": "", "profession": "", "standing": "full", "mobile": False, "retired": False,
}  # fmt: skip
STATUS = {"join": "active", "go": "left", "die": "died", "lose": "numberless"}


class Retelling:
    """The same, told person by person in Python: who is a member after each thing, and in which unit."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.status: dict[int, str] = {}
        self.unit = dict.fromkeys(range(1, 5), BRANCH_ID)
        self.is_out = dict.fromkeys(range(1, 5), False)
        self.records: list[Any] = []
        #: (moment, person, was member, is member, was unit, is unit, what)
        self.steps: list[tuple[datetime, int, bool, bool, int, int, str]] = []

    def tell(self, person: int, at: datetime, what: str) -> None:
        was, was_unit = self._is_member(person), self.unit[person]
        if what in ("out", "in"):
            self.is_out[person] = what == "out"
            self._say(person, what, at, 0)
        elif what.endswith("-bj"):
            self._say(person, what.removesuffix("-bj"), at, 2)
        elif what == "join" or person in self.status:
            if what == "move":
                self.unit[person] = BAIPU_ID if was_unit == BRANCH_ID else BRANCH_ID
            self.status[person] = STATUS.get(what, self.status.get(person, ""))
            snapshot = {**CELL, "unit_id": self.unit[person], "status": self.status[person]}
            kind = EventKind.JOINED if what == "join" else EventKind.CORRECTED
            self.records.append(MemberEvent(subscriber_id=person, kind=kind, source="desk", at=at, **snapshot))
        self.steps.append((at, person, was, self._is_member(person), was_unit, self.unit[person], what))

    def _is_member(self, person: int) -> bool:
        return self.status.get(person) == "active" and not self.is_out[person]

    def _say(self, person: int, kind: str, at: datetime, paper: int) -> None:
        key = f"n{person}"
        self.records.append(
            OptOutEvent(
                number_key=key, kind=kind, paper_id=paper, source="reply", at=at, is_effective=True,
                unit_id=BRANCH_ID, **CELL,
            )
        )  # fmt: skip

    def store(self) -> None:
        with Session(self.desk.newsroom.engine) as session:
            for table in (MemberEvent, OptOutEvent, Subscriber):
                session.execute(delete(table))
            for person in range(1, 5):
                session.add(
                    Subscriber(
                        id=person, number_key=f"n{person}", number=b"", name=b"", unit_id=BRANCH_ID,
                        created_at=day(1, 1), updated_at=day(1, 1),
                    )
                )  # fmt: skip
            # In the order they happened: the ledgers' numbers rise with time.
            for record in self.records:
                session.add(record)
                session.flush()
            session.commit()

    def members(self, moment: datetime, unit: int | None = None) -> int:
        last = {person: (now, place) for at, person, _was, now, _old, place, _what in self.steps if at < moment}
        return sum(1 for now, place in last.values() if now and unit in (None, place))

    def count(self, what: str, first: datetime, end: datetime) -> int:
        """Movements out of membership by this."""
        return sum(
            1 for at, _p, was, now, _o, _n, told in self.steps if first <= at < end and was and not now and told == what
        )


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=HISTORIES)
def test_growth_is_what_a_retelling_person_by_person_finds(desk: Desk, history: list[tuple[int, int, str]]) -> None:
    told, moment = Retelling(desk), day(1, 10)
    for person, hours, what in history:
        moment += timedelta(hours=hours, milliseconds=1)
        told.tell(person, moment, what)
    told.store()
    now = moment + timedelta(days=1)
    newsroom = Register(desk).newsroom(now)
    months = count_growth(newsroom, period=period("2026-01-01"))
    for row in months.rows:
        first, end = bounds(str(row.code))
        balance = row.balance
        assert (balance.start, balance.end) == (told.members(first), told.members(end))
        found = (balance.opted_out, balance.left, balance.died, balance.number_lost)
        assert found == tuple(told.count(what, first, end) for what in ("out", "go", "die", "lose"))
        assert (balance.moved_in, balance.moved_out, balance.erased) == (0, 0, 0)
    assert_chained(months)
    units = count_growth(newsroom, period=period("2026-02-01"), by=Dimension.UNIT)
    for row in units.rows:
        unit = BAIPU_ID if row.code == "baipu" else BRANCH_ID
        assert (row.balance.start, row.balance.end) == (told.members(day(2, 1, 0), unit), told.members(now, unit))
    whole = merge_balances(row.balance for row in units.rows)
    assert (whole.start, whole.end, whole.joined) == (units.total.start, units.total.end, units.total.joined)
    assert whole.moved_in == whole.moved_out
    assert_events_are_losses(newsroom, months)


def assert_chained(months: Growth) -> None:
    for earlier, later in zip(months.rows, months.rows[1:], strict=False):
        assert earlier.balance.end == later.balance.start
    if months.rows:
        assert months.total == merge_spans([(str(row.code), str(row.code), row.balance) for row in months.rows])


def assert_events_are_losses(newsroom: Any, months: Growth) -> None:
    """Every voluntary loss ends a spell, and every spell began by joining or coming back."""
    groups = estimate_retention(newsroom, period=period()).groups
    ended = sum(step.events for group in groups for step in group.curve.steps)
    assert (ended, sum(group.people for group in groups)) == (
        months.total.opted_out,
        months.total.joined + months.total.came_back,
    )


def bounds(month: str) -> tuple[datetime, datetime]:
    first = date.fromisoformat(f"{month}-01")
    following = (first + timedelta(days=32)).replace(day=1)
    start, end = (datetime(one.year, one.month, 1, tzinfo=SHANGHAI) for one in (first, following))
    return start, end


FLOWS = st.tuples(*[st.integers(0, 9)] * 3)


@given(st.lists(FLOWS, min_size=1, max_size=12), st.integers(1, 8))
def test_joined_times_keep_every_count_and_none_is_small_unless_all_are(
    flows: list[tuple[int, int, int]], small_count: int
) -> None:
    spans, start = [], 0
    for place, (joined, out, died) in enumerate(flows):
        lost = min(out, start + joined)
        balance = Balance(start=start, joined=joined, opted_out=lost, died=min(died, start + joined - lost))
        spans.append((f"{place:02}", f"{place:02}", balance))
        start = balance.end
    found = join_small_spans(spans, small_count)
    assert merge_spans(found) == merge_spans(spans)
    assert len(found) == 1 or not any(balance.is_small(small_count) for _first, _last, balance in found)
    assert [first for first, _last, _balance in found] == sorted(first for first, _last, _balance in found)


@given(st.lists(FLOWS, min_size=1, max_size=12), st.integers(2, 8), st.text(max_size=3))
def test_no_single_group_is_hidden_and_no_small_one_shown(
    flows: list[tuple[int, int, int]], small_count: int, salt: str
) -> None:
    groups = [
        (key, Balance(start=start, joined=joined, opted_out=min(out, start + joined)))
        for key, (start, joined, out) in enumerate(flows)
        if start + joined
    ]
    shown, hidden = split_small_groups(groups, small_count, salt)
    assert merge_balances([*(balance for _key, balance in shown), *hidden]) == merge_balances(b for _k, b in groups)
    assert not any(balance.is_small(small_count) for _key, balance in shown)
    assert len(hidden) != 1 or len(groups) == 1


def test_an_empty_time_is_no_secret() -> None:
    assert not Balance().is_small(5)
    assert Balance(start=4).is_small(5)
    assert Balance(start=9, opted_out=6).is_small(5)
    assert Balance(joined=3, opted_out=3).is_small(5)
    assert not Balance(start=3).is_small(1)
