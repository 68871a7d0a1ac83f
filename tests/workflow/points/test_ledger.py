"""The ledger: settled once it stands, and whatever happens between settlings it says what a fresh count says."""

import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from newsletter.database import open_engine, sqlite_url
from newsletter.errors import RefusedError
from newsletter.newsroom import DATABASE_FILE, Newsroom
from newsletter.organisation.staff import NoRightError
from newsletter.workflow.points import recording
from newsletter.workflow.points.book import settle
from newsletter.workflow.points.kinds import OUTLETS, Source
from newsletter.workflow.points.models import PointEvent
from newsletter.workflow.points.recording import EventExistsError, Happening, record_event, revoke_event
from tests.command_line import CommandLine
from tests.workflow.points.histories import DAY, GU, LU, History, sums


def test_settling_twice_adds_nothing(any_history: History) -> None:
    any_history.print(any_history.article(LU, GU))
    any_history.quota("baipu", "2026-11", 4)
    first, second = any_history.settle(), any_history.settle()
    assert [(entry.contributor_id, entry.points) for entry in first.added] == [(LU, 250), (GU, 250), (None, -400)]
    assert (second.added, second.reversed) == ([], [])


def test_a_retraction_is_a_reversing_entry(any_history: History) -> None:
    article = any_history.article()
    any_history.print(article)
    entry = any_history.settle().added[0]
    any_history.retract(article)
    settled = any_history.settle()
    assert settled.added == []
    assert [(one.points, one.reversal_of, one.day) for one in settled.reversed] == [(-500, entry.id, entry.day)]
    assert len(any_history.ledger()) == 2
    assert any_history.standing() == []


def test_what_fell_away_and_came_back_is_entered_anew(history: History) -> None:
    article = history.article()
    event = record_event(history.newsroom, article, Happening(kind=Source.PREFECTURE, day=DAY)).event
    history.settle()
    revoke_event(history.newsroom, event.id or 0, reason="登记错了")
    history.settle()
    record_event(history.newsroom, article, Happening(kind=Source.PREFECTURE, day=DAY))
    history.settle()
    assert [entry.points for entry in history.ledger()] == [2000, -2000, 2000]


def test_recorded_twice_at_once_it_is_recorded_once(any_history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each waits, having found no such record, for the other; who has to wait for the article never comes."""
    meeting, article = Barrier(2), any_history.article()
    look = recording._raise_if_recorded

    def look_together(session: Session, event: PointEvent) -> None:
        look(session, event)
        with suppress(BrokenBarrierError):
            meeting.wait(timeout=0.5)

    def record(_attempt: int) -> str:
        try:
            record_event(any_history.newsroom, article, Happening(kind=Source.PREFECTURE, day=DAY))
        except RefusedError as error:
            return error.code
        return "done"

    monkeypatch.setattr(recording, "_raise_if_recorded", look_together)
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(record, range(2))) == ["done", "point_event_exists"]
    assert any_history.earned() == {LU: 2000}


def test_only_the_desk_settles(history: History) -> None:
    settle(history.newsroom.acting_as("zhao"))
    for person in ("sun", "wang", "ma", "chen"):
        with pytest.raises(NoRightError):
            settle(history.newsroom.acting_as(person))


def test_the_database_refuses_to_change_entries(any_history: History) -> None:
    record_event(any_history.newsroom, any_history.article(), Happening(kind=Source.PREFECTURE, day=DAY))
    any_history.settle()
    for table in ("point_entry", "point_event"):
        for statement in (f"UPDATE {table} SET day = '2020-01-01'", f"DELETE FROM {table}"):
            with pytest.raises(DBAPIError, match="append-only"), any_history.newsroom.engine.begin() as connection:
                connection.execute(text(statement))


ARTICLES = st.integers(1, 4)
DAYS = st.integers(0, 60).map(lambda days: date(2026, 10, 15) + timedelta(days=days))
KINDS = st.sampled_from(
    [Source.BRIEF, Source.PAPER, Source.PREFECTURE, Source.PROVINCE, Source.LEADER_COMMENT, Source.BEST]
)
WORTH = {
    Source.BRIEF: 300,
    Source.PAPER: 500,
    Source.PREFECTURE: 2000,
    Source.PROVINCE: 3000,
    Source.LEADER_COMMENT: 1000,
}


class PointsMachine(RuleBasedStateMachine):
    """Anything may happen to four articles, one of them joint, one a reprint; settlings come at any time."""

    ready: Newsroom

    def __init__(self) -> None:
        super().__init__()
        self.directory = Path(tempfile.mkdtemp(prefix="points-"))
        shutil.copy(self.ready.directory / DATABASE_FILE, self.directory)
        engine = open_engine(sqlite_url(self.directory / DATABASE_FILE))
        self.history = History(replace(self.ready, directory=self.directory, engine=engine))
        self.printed: dict[int, tuple[list[int], int]] = {}
        self.events: dict[int, tuple[int, Source, int]] = {}
        self.retracted: set[int] = set()

    @rule(articles=st.lists(ARTICLES, min_size=1, unique=True), day=DAYS, kind=st.sampled_from(["main", "town"]))
    def print_edition(self, articles: list[int], day: date, kind: str) -> None:
        lead = 1000 if kind == "main" else 500
        self.printed[self.history.print(*articles, day=day, kind=kind)] = (articles, lead)

    @rule(article=ARTICLES, kind=KINDS, place=st.integers(1, 3), day=DAYS)
    def record(self, article: int, kind: Source, place: int, day: date) -> None:
        place = place if kind is Source.BEST else 0
        outlet = "如皋日报" if kind in OUTLETS else ""
        happening = Happening(kind=kind, place=place, outlet=outlet, day=day)
        try:
            event = record_event(self.history.newsroom, article, happening).event
        except EventExistsError:
            return
        price = {1: 1500, 2: 1000, 3: 500}[place] if place else WORTH[kind]
        self.events[event.id or 0] = (article, kind, price)

    @rule(data=st.data())
    def revoke(self, data: st.DataObject) -> None:
        if self.events:
            event = data.draw(st.sampled_from(sorted(self.events)))
            revoke_event(self.history.newsroom, event, reason="有误")
            del self.events[event]

    @rule(article=ARTICLES)
    def retract(self, article: int) -> None:
        self.history.retract(article)
        self.retracted.add(article)

    @rule(data=st.data())
    def retract_edition(self, data: st.DataObject) -> None:
        if self.printed:
            edition = data.draw(st.sampled_from(sorted(self.printed)))
            self.history.retract_edition(edition)
            del self.printed[edition]

    @rule()
    def settle(self) -> None:
        self.history.settle()
        fresh = sums(((award.contributor, award.day), award.points) for award in self.history.awards())
        assert sums(((entry.contributor_id, entry.day), entry.points) for entry in self.history.ledger()) == fresh
        again = self.history.settle()
        assert not again.added
        assert not again.reversed

    @invariant()
    def articles_earn_what_their_history_is_worth(self) -> None:
        found = sums((award.article, award.points) for award in self.history.awards())
        assert found == {article: price for article in range(1, 4) if (price := self._price(article))}

    def _price(self, article: int) -> int:
        """The best use, and of every bonus the best; counted here anew, without days or shares."""
        if article in self.retracted:
            return 0
        prints = [
            lead if articles[0] == article else 500 for articles, lead in self.printed.values() if article in articles
        ]
        records = [(kind, price) for event, kind, price in self.events.values() if event == article]
        uses = [price for kind, price in records if kind in (Source.BRIEF, Source.PAPER)]
        bonuses = {kind: max(p for k, p in records if k is kind) for kind, _ in records if kind not in WORTH_USES}
        return max([0, *prints, *uses]) + sum(bonuses.values())

    def teardown(self) -> None:
        self.history.settle()
        self.settle()
        self.history.newsroom.engine.dispose()
        shutil.rmtree(self.directory)


WORTH_USES = (Source.BRIEF, Source.PAPER)


@pytest.mark.slow
def test_whatever_happens_the_ledger_says_what_a_fresh_count_says(history: History) -> None:
    third = history.contributor("吴桂兰", "baipu")
    for authors, more in (((LU,), {}), ((GU, LU), {}), ((LU, GU, third), {}), ((GU,), {"source": "新华社"})):
        options: dict[str, Any] = more
        history.article(*authors, day=date(2026, 10, 15), **options)
    # The last connection to close takes what was written into the file that is copied.
    history.newsroom.engine.dispose()
    PointsMachine.ready = history.newsroom
    run_state_machine_as_test(
        PointsMachine,
        settings=settings(
            max_examples=20, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_settling_is_told_in_one_line_and_one_document(shell: CommandLine, history: History) -> None:
    history.print(history.article())
    assert "+5.00" in shell.type("points", "settle", by="li").out
    assert shell.ask("points", "settle", by="li") == {"added": 0, "reversed": 0, "points": 0.0}
