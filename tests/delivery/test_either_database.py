"""Storage on SQLite and on PostgreSQL alike, so that nothing of one of them only creeps in."""

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, func, select

from newsletter.delivery import planning
from newsletter.delivery.gateways.port import InboundReply
from newsletter.delivery.models import DeliveryState
from newsletter.delivery.receipts import take_receipts
from newsletter.delivery.recording import record_outcomes
from newsletter.delivery.replies import take_replies
from newsletter.delivery.takeover import settle_unclear_rows
from newsletter.journal.chain import read_journal
from newsletter.journal.statements import Statement, Verb, append_statement
from newsletter.newsroom import Newsroom
from newsletter.subscribers.audience.audiences import AudienceDefinition, count_audience
from newsletter.subscribers.leaving.optouts import record_opt_out
from newsletter.subscribers.models import ALL_PAPERS, OptOutEvent, Suppression
from tests.command_line import CommandLine
from tests.delivery.editions import a_signed_edition, add_members, number_keys
from tests.delivery.gateways import NOON, ObedientGateway, accepted
from tests.delivery.ledgers import claimed_rows, plan, references, rows, states, totals
from tests.texts import a_subscriber_file, an_article_file, number_of

MEMBERS = 12
EDITION = 1


@pytest.fixture
def signed(any_newsroom: Newsroom) -> Newsroom:
    """Members, and a signed edition, with the issuer at the desk."""
    add_members(any_newsroom, MEMBERS)
    assert a_signed_edition(any_newsroom) == EDITION
    return any_newsroom.acting_as("zhao")


def test_planning_freezes_the_audience_in_batches(signed: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "BATCH_ROWS", 5)
    assert plan(signed, EDITION) == MEMBERS
    add_members(signed, 3, first=800)
    assert [row.batch for row in rows(signed, EDITION)] == [1] * 5 + [2] * 5 + [3] * 2
    assert totals(signed, EDITION) == {"queued": MEMBERS}
    assert sorted(states(signed, EDITION)) == sorted(number_keys(signed)[:MEMBERS])


def test_a_ledger_goes_from_claim_to_receipt(signed: Newsroom) -> None:
    plan(signed, EDITION)
    with signed.writing() as session:
        record_opt_out(session, number_key=number_keys(signed)[0], source="reply", at=NOON)
        session.commit()
    claimed = claimed_rows(signed, EDITION, limit=6)
    assert (claimed.settled, len(claimed.rows)) == (1, 6)
    outcomes = [(row.subscriber_id, accepted("x")) for row in claimed.rows[:4]]
    with signed.writing() as session:
        record_outcomes(session, edition_id=EDITION, batch=1, outcomes=outcomes, at=NOON)
        session.commit()
    gateway = ObedientGateway()
    gateway.say(references(signed, EDITION)[1], DeliveryState.DELIVERED)
    gateway.say(references(signed, EDITION)[5], DeliveryState.FAILED, code="30005")
    assert take_receipts(signed, gateway) == 2
    assert settle_unclear_rows(signed, gateway, EDITION) == 1
    assert totals(signed, EDITION) == {"accepted": 3, "delivered": 1, "failed": 1, "suppressed": 1, "queued": 6}
    assert len(claimed_rows(signed, EDITION).rows) == 6


def test_replies_become_opt_outs(signed: Newsroom) -> None:
    gateway = ObedientGateway()
    for place, word in enumerate(("退订", "TD", "不要再发", "谢谢")):
        gateway.hear(number_keys(signed)[place], word)
    take_replies(signed, gateway)
    with signed.reading() as session:
        assert session.exec(select(func.count()).select_from(Suppression)).one() == 2
        count = count_audience(session, AudienceDefinition(regions=("320682116",), units=("county",)), ALL_PAPERS)
    assert (count.people, count.suppressed, count.reachable) == (MEMBERS, 2, MEMBERS - 2)


def test_two_who_take_in_the_same_replies_record_them_once(signed: Newsroom) -> None:
    gateway, together = ObedientGateway(), Barrier(2, timeout=20)
    for key in number_keys(signed):
        gateway.hear(key, "退订")

    class Slow(ObedientGateway):
        """Both have read the same page before either writes."""

        def replies(self, after: int, limit: int) -> list[InboundReply]:
            if after == 0:
                together.wait()
            return gateway.replies(after, limit)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: take_replies(signed, Slow()), range(2)))
    with signed.reading() as session:
        assert session.exec(select(func.count()).select_from(OptOutEvent)).one() == MEMBERS


def test_concurrent_writers_cannot_fork_the_journal(any_newsroom: Newsroom) -> None:
    writers, each = 4, 8
    together = Barrier(writers, timeout=20)

    def speak(name: str) -> None:
        together.wait()
        for turn in range(each):
            with any_newsroom.writing() as session:
                append_statement(
                    session,
                    any_newsroom.acting_as(name),
                    verb=Verb.RETURN,
                    subject=f"edition:{turn}",
                    role="x",
                    unit="",
                )
                session.commit()

    with any_newsroom.reading() as session:
        before = len(read_journal(session, any_newsroom))
    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(speak, ("li", "wang", "zhao", "ma")))
    with any_newsroom.reading() as session:
        words = read_journal(session, any_newsroom)
        hashes = session.exec(select(Statement.hash).order_by(col(Statement.id))).all()
        previous = session.exec(select(Statement.previous).order_by(col(Statement.id))).all()
    assert [word.place for word in words] == list(range(1, before + writers * each + 1))
    assert previous[1:] == hashes[:-1]


def test_concurrent_opt_outs_of_one_number_are_effective_once(signed: Newsroom) -> None:
    together = Barrier(4, timeout=20)

    def leave(_turn: int) -> None:
        together.wait()
        with signed.writing() as session:
            record_opt_out(session, number_key="a" * 32, source="reply", at=NOON)
            session.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(leave, range(4)))
    with signed.reading() as session:
        effective = session.exec(select(OptOutEvent.is_effective)).all()
    assert sorted(effective) == [False, False, False, True]


@pytest.mark.parametrize("change", ["UPDATE statement SET body = ''", "DELETE FROM statement"])
def test_the_journal_refuses_changes(any_newsroom: Newsroom, change: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), any_newsroom.engine.begin() as connection:
        connection.execute(text(change))


@pytest.mark.parametrize("change", ["UPDATE optout_event SET reason = ''", "DELETE FROM optout_event"])
def test_opt_outs_refuse_changes(any_newsroom: Newsroom, change: str) -> None:
    with any_newsroom.writing() as session:
        record_opt_out(session, number_key="a" * 32, source="reply", at=NOON)
        session.commit()
    with pytest.raises(DBAPIError, match="append-only"), any_newsroom.engine.begin() as connection:
        connection.execute(text(change))


def test_a_number_stands_once_in_an_edition(signed: Newsroom) -> None:
    plan(signed, EDITION)
    twice = "INSERT INTO delivery SELECT edition_id, batch, 999, number_key, state, reason, message_id, changed_at, "
    twice += "unit_id, region_code, profession, standing, mobile, retired, piece FROM delivery LIMIT 1"
    with pytest.raises(DBAPIError, match=r"(?i)unique"), signed.engine.begin() as connection:
        connection.execute(text(twice))


def test_nobody_joins_between_counting_and_inserting(signed: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    importing: list[Future[None]] = []
    insert = planning.insert_deliveries
    with ThreadPoolExecutor(1) as pool:

        def insert_while_somebody_imports(*arguments: Any) -> Any:
            importing.append(pool.submit(add_members, signed, 3, first=800))
            with pytest.raises(TimeoutError):
                importing[0].result(timeout=0.5)
            return insert(*arguments)

        monkeypatch.setattr(planning, "insert_deliveries", insert_while_somebody_imports)
        assert plan(signed, EDITION) == MEMBERS
        importing[0].result(timeout=20)
    assert totals(signed, EDITION) == {"queued": MEMBERS}
    assert len(number_keys(signed)) == MEMBERS + 3


def test_the_whole_journey(any_shell: CommandLine) -> None:
    directory = any_shell.directory.parent
    assert any_shell.ask("subscribers", "import", a_subscriber_file(directory, 8), by="li")["added"] == 8
    any_shell.ask("subscribers", "import", a_subscriber_file(directory, 4, unit="baipu", first=50), by="li")
    any_shell.ask("audience", "save", "搬经", "--unit", "banjing", by="li")
    any_shell.ask("submit", an_article_file(directory), by="li")
    edition = any_shell.ask("draft", 1, "--submit", by="li")["edition"]
    any_shell.ask("approve", edition, by="wang")
    any_shell.ask("sign", edition, by="zhao")
    assert any_shell.ask("send", edition, "--yes", by="ma")["ledger"]["delivered"] == 12
    assert any_shell.ask("sandbox", "reply", number_of(0), "退订", by="zhao")["meaning"] == "out"
    left = any_shell.ask("optout", number_of(50), "--reason", "太多", by="zhao")
    assert (left["edition"], left["effective"]) == (edition, True)
    assert any_shell.ask("reconcile", edition, by="zhao")["looked_up"] == 0
    again = any_shell.ask("subscribers", "import", a_subscriber_file(directory, 8), by="li")
    assert (again["unchanged"], again["suppressed"]) == (8, 1)
    counted = any_shell.ask("stats", "unsubscribes", "--by", "region", by="chen")
    assert (counted["total"]["delivered"], counted["total"]["unsubscribed"]) == (12, 2)
    assert any_shell.ask("stats", "delivery", edition, by="chen")
    second = any_shell.ask("draft", 1, "--audience", "搬经", "--submit", by="li")["edition"]
    any_shell.ask("approve", second, by="wang")
    sent = any_shell.ask("send", second, "--yes", by="zhao")
    assert (sent["ledger"]["delivered"], sent["ledger"]["suppressed"]) == (7, 1)
