"""The ledger in the database: worked out anew it is the same, whatever was recorded, appealed against and reversed."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from newsletter.editions.models import Edition, EditionStage
from newsletter.editions.records import items_of
from newsletter.errors import RefusedError
from newsletter.newsroom import Newsroom, open_newsroom
from newsletter.workflow.penalties import ledger
from newsletter.workflow.penalties.appeals import AppealedAlreadyError, appeal_record, judge_appeal
from newsletter.workflow.penalties.charging import Charge, Facts, History, charge_error
from newsletter.workflow.penalties.decisions import decide_against_retraction
from newsletter.workflow.penalties.ledger import penalty_totals
from newsletter.workflow.penalties.locating import AlreadyRecordedError
from newsletter.workflow.penalties.models import PenaltyEntry, PersonRole, Verdict
from newsletter.workflow.penalties.people import Person, read_names
from newsletter.workflow.penalties.recomputing import recompute
from newsletter.workflow.penalties.recording import ErrorReport, record_error
from newsletter.workflow.rule_book.codes import ErrorCode
from newsletter.workflow.rule_book.model import Rules
from tests.command_line import CommandLine
from tests.delivery.editions import a_signed_edition
from tests.workflow.penalties.conftest import EDITED

LEFT = datetime(2026, 11, 28, 4, tzinfo=UTC)
STEPS = st.lists(
    st.tuples(
        st.sampled_from([None, None, None, Verdict.REVERSED, Verdict.UPHELD]),
        st.sampled_from([ErrorCode.TYPO, ErrorCode.STYLE, ErrorCode.PLACE, ErrorCode.ORIENTATION]),
        st.sampled_from(["会", "搬经镇", "座坛会", "板橙会", "三段", "王建囯", *EDITED[:6]]),
        st.integers(0, 5),
        st.integers(1, 40),
    ),
    max_size=14,
)


def at(newsroom: Newsroom, moment: datetime, by: str) -> Newsroom:
    return replace(newsroom, clock=lambda: moment, actor=by)


def report(code: ErrorCode, quote: str, **changes: Any) -> ErrorReport:
    return ErrorReport(code=code, article=1, quote=quote, **changes)


@given(STEPS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_worked_out_anew_it_is_the_same(recorded: Path, tmp_path_factory: pytest.TempPathFactory, steps: Any) -> None:
    root = tmp_path_factory.mktemp("ledger")
    shutil.copytree(recorded / "newsroom", root / "newsroom")
    shutil.copytree(recorded / "keys", root / "keys")
    newsroom = open_newsroom(root / "newsroom", environment={"NEWSLETTER_KEYS_DIR": str(root / "keys")})
    records: list[int] = []
    moment = LEFT
    for verdict, code, quote, days, place in steps:
        moment += timedelta(days=days, minutes=1)
        try:
            if verdict is None:
                said = report(code, quote, is_self_reported=days == 0)
                found = record_error(at(newsroom, moment, "li"), said, edition_id=1, left_at=LEFT)
                records.append(found.record.id or 0)
            elif records:
                number = records[place % len(records)]
                appeal_record(at(newsroom, moment, "li"), number, reason="原件如此")
                judge_appeal(at(newsroom, moment, "sun"), number, verdict=verdict, reason="核实")
        except (AlreadyRecordedError, AppealedAlreadyError):
            continue
    with newsroom.reading() as session:
        lines, differences = recompute(session, newsroom)
        totals = penalty_totals(session, start=LEFT, end=moment + timedelta(seconds=1))
    newsroom.engine.dispose()
    shutil.rmtree(root)
    assert differences == []
    assert all(total >= 0 for total in totals.values())
    assert lines or not records


def test_totals_are_of_what_was_booked_in_the_period(newsroom: Newsroom) -> None:
    december = LEFT + timedelta(days=5)
    record_error(at(newsroom, LEFT, "ma"), report(ErrorCode.PLACE, "三段何道"), edition_id=1, left_at=LEFT)
    record_error(at(newsroom, december, "ma"), report(ErrorCode.LEADER, "王建囯"), edition_id=1, left_at=LEFT)
    appeal_record(at(newsroom, december, "li"), 1, reason="原件如此")
    judge_appeal(at(newsroom, december, "sun"), 1, verdict=Verdict.REVERSED, reason="核实")
    with newsroom.reading() as session:
        first = penalty_totals(session, start=LEFT, end=december)
        second = penalty_totals(session, start=december, end=december + timedelta(days=1))
        names = read_names(session)
    named = [{names.name_of(Person(*key)): points for key, points in totals.items()} for totals in (first, second)]
    assert named == [
        {"陆小满": 800, "li": 400, "wang": 400, "zhao": 400},
        {"陆小满": -800, "li": 1100, "wang": 350, "zhao": 350},
    ]


def test_an_hour_is_told_by_the_clock_and_the_deliveries_ledger(newsroom: Newsroom) -> None:
    hour = LEFT + timedelta(hours=1)
    own = {"is_self_reported": True, "reports_for": "陆小满"}
    said, late = report(ErrorCode.PLACE, "三段何道", **own), report(ErrorCode.PLACE, "搬经镇", **own)
    for moment, one, points in ((hour, said, 400), (hour + timedelta(seconds=1), late, 800)):
        found = record_error(at(newsroom, moment, "li"), one, edition_id=1, left_at=LEFT)
        assert found.entries[0].hundredths == points


@pytest.fixture
def sent(any_newsroom: Newsroom) -> tuple[Newsroom, int]:
    """A newsroom on either database, and an edition of one article that has left."""
    return any_newsroom, an_edition_that_left(any_newsroom)


def an_edition_that_left(newsroom: Newsroom) -> int:
    number = a_signed_edition(newsroom)
    with newsroom.writing() as session:
        edition = session.get_one(Edition, number)
        edition.stage = EditionStage.SENT
        session.commit()
    return number


TABLES = ("error_record", "penalty_entry", "penalty_appeal", "penalty_ruling", "penalty_decision")


def test_nothing_recorded_is_ever_changed(sent: tuple[Newsroom, int]) -> None:
    newsroom, edition = sent
    article = article_of(newsroom, edition)
    for quote in ("搬经镇", "村口"):
        said = ErrorReport(code=ErrorCode.ORIENTATION, article=article, quote=quote)
        record_error(newsroom.acting_as("ma"), said, edition_id=edition)
    appeal_record(newsroom.acting_as("li"), 1, reason="原件如此")
    judge_appeal(newsroom, 1, verdict=Verdict.REVERSED, reason="核实")
    decide_against_retraction(newsroom.acting_as("zhao"), 2, reason="已说明")
    for table in TABLES:
        for statement in (f"UPDATE {table} SET at = at + 1", f"DELETE FROM {table}"):
            with pytest.raises(DBAPIError, match="append-only"), newsroom.engine.begin() as connection:
                connection.execute(text(statement))
    with newsroom.reading() as session:
        assert recompute(session, newsroom)[1] == []
        totals = penalty_totals(session, start=LEFT - timedelta(days=9999), end=LEFT + timedelta(days=9999))
    assert sorted(totals.values()) == [2000, 2000, 2000, 4000]


def test_a_reversed_error_does_not_make_later_ones_dearer(newsroom: Newsroom) -> None:
    for quote in ("座坛会", "板橙会"):
        record_error(newsroom.acting_as("ma"), report(ErrorCode.TYPO, quote), edition_id=1)
    appeal_record(newsroom.acting_as("li"), 1, reason="原件如此")
    judge_appeal(newsroom, 1, verdict=Verdict.REVERSED, reason="核实")
    third = record_error(newsroom.acting_as("ma"), report(ErrorCode.TYPO, "三段何道"), edition_id=1)
    assert third.entries[0].hundredths == 50
    with newsroom.reading() as session:
        assert recompute(session, newsroom) == (16, [])


def test_the_same_error_is_one_whoever_brought_it_in(newsroom: Newsroom) -> None:
    for _time in range(3):
        record_error(newsroom.acting_as("ma"), report(ErrorCode.PLACE, "会"), edition_id=1)
    said = report(ErrorCode.PLACE, "会", introduced_by="li", because="电话口述")
    fourth = record_error(newsroom.acting_as("ma"), said, edition_id=1)
    assert [entry.hundredths for entry in fourth.entries] == [0, 0, 0]


def test_errors_recorded_at_once_are_charged_one_after_the_other(
    sent: tuple[Newsroom, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each waits, with what was booked before in hand, for the other; who has to wait for the lock never comes."""
    newsroom, edition = sent
    editions = (edition, an_edition_that_left(newsroom))
    meeting = Barrier(2)

    def charge_together(facts: Facts, rules: Rules, history: History) -> list[Charge]:
        with suppress(BrokenBarrierError):
            meeting.wait(timeout=0.5)
        return charge_error(facts, rules, history)

    def say(number: int, quote: str = "搬经镇") -> None:
        said = ErrorReport(code=ErrorCode.TYPO, article=article_of(newsroom, number), quote=quote)
        record_error(newsroom.acting_as("ma"), said, edition_id=number)

    say(edition, "村口")
    monkeypatch.setattr(ledger, "charge_error", charge_together)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(say, editions))
    with newsroom.reading() as session:
        assert recompute(session, newsroom) == (12, [])
        rows = session.exec(select(PenaltyEntry.hundredths).where(PenaltyEntry.role == PersonRole.INTRODUCER))
        assert sorted(rows) == [50, 50, 100]


def test_two_judges_at_once_are_one(sent: tuple[Newsroom, int]) -> None:
    newsroom, edition = sent
    said = ErrorReport(code=ErrorCode.TYPO, article=article_of(newsroom, edition), quote="搬经镇")
    record_error(newsroom.acting_as("ma"), said, edition_id=edition)
    appeal_record(newsroom.acting_as("li"), 1, reason="原件如此")

    def judge(verdict: Verdict) -> str:
        try:
            judge_appeal(newsroom, 1, verdict=verdict, reason="核实")
        except RefusedError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(judge, (Verdict.REVERSED, Verdict.REVERSED)))
    assert answers[0] == "done"
    assert answers[1] in ("judged_already", "simultaneous_change")
    with newsroom.reading() as session:
        assert recompute(session, newsroom) == (8, [])


def test_a_meddled_ledger_is_found_out(newsroom: Newsroom, shell: CommandLine) -> None:
    record_error(newsroom.acting_as("ma"), report(ErrorCode.PLACE, "三段何道"), edition_id=1)
    with newsroom.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER penalty_entry_refuse_update"))
        connection.execute(text("UPDATE penalty_entry SET hundredths = 0 WHERE id = 2"))
    error = shell.ask("penalties", "recompute", by="chen", code=4)["error"]
    assert error["message"] == "What is booked is not what the records say: 1 lines differ, the first is line 2."


def article_of(newsroom: Newsroom, edition: int) -> int:
    with newsroom.reading() as session:
        return items_of(session, edition)[0].article_id
