"""Any sequence of leaving and coming back, in whatever order it reaches us, on both databases.

Who is suppressed, and what statistics count.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from newsletter.newsroom import Newsroom
from newsletter.subscribers.leaving.optouts import OptOut, StillOutError, record_opt_in, record_opt_out, record_opt_outs
from newsletter.subscribers.models import ALL_PAPERS, OptOutEvent, Suppression

AT = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
KEYS = tuple(letter * 32 for letter in "ab")
PAPERS = (ALL_PAPERS, 1, 2)


@dataclass(frozen=True)
class Step:
    """Something said: ``out``, ``in``, ``new`` (a new holder), or ``many`` (a list of numbers that left)."""

    kind: str
    key: str
    paper: int


STEPS = st.lists(
    st.builds(
        Step, st.sampled_from(["out", "out", "in", "new", "many"]), st.sampled_from(KEYS), st.sampled_from(PAPERS)
    ),
    max_size=12,
)


class Ledger:
    """What ought to be: which papers each number gets, told without any table."""

    def __init__(self) -> None:
        self.gone: dict[str, set[int]] = {key: set() for key in KEYS}
        self.effective: list[bool] = []

    def leave(self, key: str, paper: int) -> None:
        was_written_to = ALL_PAPERS not in self.gone[key] and paper not in self.gone[key]
        self.gone[key].add(paper)
        self.effective.append(was_written_to)

    def may_come_back(self, key: str, paper: int) -> bool:
        return paper == ALL_PAPERS or ALL_PAPERS not in self.gone[key]

    def come_back(self, key: str, paper: int, *, is_new_holder: bool) -> None:
        lifted = set(self.gone[key]) if paper == ALL_PAPERS else self.gone[key] & {paper}
        self.gone[key] -= lifted
        self.effective.append(bool(lifted) and not is_new_holder)


def suppressed(newsroom: Newsroom) -> set[tuple[str, int]]:
    with newsroom.reading() as session:
        return {(row.number_key, row.paper_id) for row in session.exec(select(Suppression))}


def replay(events: Iterable[OptOutEvent]) -> set[tuple[str, int]]:
    """The suppression that the events alone amount to."""
    out: set[tuple[str, int]] = set()
    for event in events:
        if event.kind == "out":
            out.add((event.number_key, event.paper_id))
        elif event.paper_id == ALL_PAPERS:
            out = {found for found in out if found[0] != event.number_key}
        else:
            out.discard((event.number_key, event.paper_id))
    return out


def take(newsroom: Newsroom, step: Step, ledger: Ledger, at: datetime) -> None:
    """Have one step recorded, in a transaction of its own, and foretold."""
    with newsroom.writing() as session:
        if step.kind == "many":
            record_opt_outs(session, [OptOut(number_key=k, source="gateway", at=at, paper_id=step.paper) for k in KEYS])
            for key in KEYS:
                ledger.leave(key, step.paper)
        elif step.kind == "out":
            record_opt_out(session, number_key=step.key, source="reply", at=at, paper_id=step.paper)
            ledger.leave(step.key, step.paper)
        else:
            is_new = step.kind == "new"
            try:
                record_opt_in(
                    session, number_key=step.key, source="desk", at=at, paper_id=step.paper, is_new_holder=is_new
                )
            except StillOutError:
                assert not ledger.may_come_back(step.key, step.paper)
                return
            assert ledger.may_come_back(step.key, step.paper)
            ledger.come_back(step.key, step.paper, is_new_holder=is_new)
        session.commit()


def begin(newsroom: Newsroom) -> datetime:
    """Everybody is written to, whatever the example before left behind; a moment after all of it."""
    with newsroom.reading() as session:
        newest: datetime = max([AT, *session.exec(select(OptOutEvent.at))])
    for key in KEYS:
        take(newsroom, Step("in", key, ALL_PAPERS), Ledger(), newest + timedelta(minutes=1))
    return newest + timedelta(minutes=2)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=STEPS)
def test_the_suppression_is_what_the_events_amount_to(any_newsroom: Newsroom, steps: list[Step]) -> None:
    ledger = Ledger()
    start = begin(any_newsroom)
    with any_newsroom.reading() as session:
        before = session.exec(select(OptOutEvent.id).order_by(col(OptOutEvent.id).desc()).limit(1)).first() or 0
    for minute, step in enumerate(steps):
        take(any_newsroom, step, ledger, start + timedelta(minutes=minute))
    with any_newsroom.reading() as session:
        events = session.exec(
            select(OptOutEvent).where(col(OptOutEvent.id) > before).order_by(col(OptOutEvent.id))
        ).all()
    assert suppressed(any_newsroom) == {(key, paper) for key in KEYS for paper in ledger.gone[key]} == replay(events)
    assert [event.is_effective for event in events] == ledger.effective


class Word(NamedTuple):
    """Something said of every paper or of one, at a minute of its own."""

    kind: str
    paper: int
    minute: int


WORDS = st.lists(
    st.builds(Word, st.sampled_from(["out", "in"]), st.sampled_from(PAPERS), st.integers(0, 6)), max_size=8
)


def amount(words: Iterable[Word]) -> set[int]:
    """The papers left: each word out that no later word in undoes, told without any order of arrival."""
    said = list(words)
    return {
        left.paper
        for left in said
        if left.kind == "out"
        and not any(
            back.kind == "in" and back.paper in (ALL_PAPERS, left.paper) and back.minute > left.minute for back in said
        )
    }


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(words=WORDS)
def test_the_later_word_counts_in_whatever_order_they_arrive(newsroom: Newsroom, words: list[Word]) -> None:
    start = begin(newsroom)
    taken: list[Word] = []
    for word in words:
        before, at = amount(taken), start + timedelta(minutes=word.minute)
        with newsroom.writing() as session:
            if word.kind == "out":
                event = record_opt_out(session, number_key=KEYS[0], source="reply", at=at, paper_id=word.paper)
            else:
                try:
                    event = record_opt_in(session, number_key=KEYS[0], source="reply", at=at, paper_id=word.paper)
                except StillOutError:
                    assert ALL_PAPERS in before
                    continue
            session.commit()
        taken.append(word)
        after = amount(taken)
        assert suppressed(newsroom) == {(KEYS[0], paper) for paper in after}
        if word.kind == "in":
            assert event.is_effective == (after != before)
        else:
            assert event.is_effective == (not {ALL_PAPERS, word.paper} & before and word.paper in after)
