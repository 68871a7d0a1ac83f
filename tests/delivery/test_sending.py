"""Sending as a whole, with a gateway that fails, rows that are taken away, and a second sender."""

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select

from newsletter.delivery import sending
from newsletter.delivery.gateways.port import Message, Outcome
from newsletter.delivery.lock import LOCK_FILE, SenderBusyError, sole_sender
from newsletter.delivery.models import DeliveryState
from newsletter.delivery.preflight import EmptyAudienceError
from newsletter.delivery.reconciling import reconcile_edition
from newsletter.delivery.sending import send_edition
from newsletter.editions.records import get_edition
from newsletter.errors import OutsideError
from newsletter.keys import DATA_KEY_FILE, MissingKeyError
from newsletter.newsroom import Newsroom
from newsletter.subscribers.leaving.optouts import record_opt_out
from newsletter.subscribers.lists.importing import import_subscribers
from newsletter.subscribers.models import Status, Subscriber
from tests.command_line import CommandLine
from tests.delivery.conftest import EDITION, MEMBERS
from tests.delivery.editions import a_signed_edition, number_keys
from tests.delivery.gateways import NOON, ObedientGateway, accepted, duplicates, is_down
from tests.delivery.ledgers import plan, rows, totals

UseGateway = Callable[[ObedientGateway], ObedientGateway]


def got_it(gateway: ObedientGateway) -> list[str]:
    return [message.number_key for message in gateway.messages]


def test_a_gateway_that_is_down_halts_the_run_and_the_same_call_resumes(
    ready: Newsroom, use_gateway: UseGateway
) -> None:
    gateway = use_gateway(ObedientGateway(is_down))
    with pytest.raises(OutsideError, match="nothing clear for 12 messages") as halted:
        send_edition(ready, EDITION)
    assert halted.value.exit_code == 5
    assert totals(ready, EDITION) == {"unknown": MEMBERS}
    assert gateway.is_closed
    gateway.answer = lambda message: accepted(message.reference)
    report = send_edition(ready, EDITION)
    assert (report.stage, report.ledger["accepted"]) == ("sent", MEMBERS)
    assert sorted(got_it(gateway)) == sorted(number_keys(ready))


def test_a_halted_run_stops_after_one_claim(
    ready: Newsroom, use_gateway: UseGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "claim_limit", lambda *_: 5)
    gateway = use_gateway(ObedientGateway(is_down))
    with pytest.raises(OutsideError):
        send_edition(ready, EDITION)
    assert len(gateway.asked) == 5
    assert totals(ready, EDITION) == {"unknown": 5, "queued": MEMBERS - 5}


def test_a_gateway_that_took_messages_and_hung_up_is_not_given_them_again(
    ready: Newsroom, use_gateway: UseGateway
) -> None:
    gateway = use_gateway(ObedientGateway(lambda _message: Outcome(state=DeliveryState.UNKNOWN, code="timeout")))
    with pytest.raises(OutsideError):
        send_edition(ready, EDITION)
    report = send_edition(ready, EDITION)
    assert report.ledger["accepted"] == MEMBERS
    assert duplicates(got_it(gateway)) == []
    assert {row.message_id[0] for row in rows(ready, EDITION)} == {"M"}


def test_unclear_answers_are_looked_up_and_only_what_was_absent_is_sent_again(
    ready: Newsroom, use_gateway: UseGateway
) -> None:
    first, second = number_keys(ready)[:2]

    def answer(message: Message) -> Outcome:
        if message.number_key == first:
            raise OutsideError("hung up before")
        return Outcome(state=DeliveryState.UNKNOWN) if message.number_key == second else accepted(message.reference)

    gateway = use_gateway(ObedientGateway(answer))
    report = send_edition(ready, EDITION)
    assert (report.stage, report.ledger["unknown"]) == ("sending", 0), "what was unclear is looked up at once"
    assert (report.ledger["queued"], report.ledger["accepted"]) == (1, MEMBERS - 1)
    found = reconcile_edition(ready, EDITION)
    assert (found.looked_up, found.stage) == (0, "sending"), "the absent one waits; it is not unclear any more"
    gateway.answer = lambda message: accepted(message.reference)
    assert send_edition(ready, EDITION).stage == "sent"
    assert sorted(got_it(gateway)) == sorted(number_keys(ready))


def test_refused_messages_are_told_and_not_tried_again(ready: Newsroom, use_gateway: UseGateway) -> None:
    gateway = use_gateway(ObedientGateway(lambda _: Outcome(state=DeliveryState.FAILED, code="30003")))
    report = send_edition(ready, EDITION)
    assert (report.stage, report.ledger["failed"]) == ("sent", MEMBERS)
    assert {row.reason for row in rows(ready, EDITION)} == {"30003"}
    assert send_edition(ready, EDITION).was_finished
    assert len(gateway.asked) == MEMBERS


def test_who_is_struck_off_or_leaves_after_planning_is_not_written_to(ready: Newsroom, use_gateway: UseGateway) -> None:
    keys = number_keys(ready)
    plan(ready, EDITION)
    with ready.writing() as session:
        people = session.exec(select(Subscriber)).all()
        session.delete(people[0])
        people[1].status = Status.LEFT
        session.add(people[1])
        record_opt_out(session, number_key=keys[2], source="reply", at=NOON)
        session.commit()
    gateway = use_gateway(ObedientGateway())
    report = send_edition(ready, EDITION)
    assert (report.audience, sum(report.ledger.values())) == (MEMBERS, MEMBERS)
    assert (report.ledger["cancelled"], report.ledger["suppressed"]) == (2, 1)
    assert [row.reason for row in rows(ready, EDITION)[:3]] == ["not_on_register", "not_on_register", "opted_out"]
    assert sorted(got_it(gateway)) == sorted(keys[3:])


def test_a_reply_that_waits_at_the_gateway_is_heard_before_sending(ready: Newsroom, use_gateway: UseGateway) -> None:
    gateway = use_gateway(ObedientGateway())
    gateway.hear(number_keys(ready)[0], "退订")
    assert send_edition(ready, EDITION).ledger["suppressed"] == 1
    assert number_keys(ready)[0] not in got_it(gateway)


def test_several_people_on_one_number_get_one_message(ready: Newsroom, use_gateway: UseGateway, tmp_path: Path) -> None:
    file = tmp_path / "family.csv"
    file.write_text("phone,name,unit\n13900000000,周一,banjing\n13900000000,周二,baipu\n", encoding="utf-8")
    assert import_subscribers(ready.acting_as("li"), file).added == 2
    gateway = use_gateway(ObedientGateway())
    report = send_edition(ready, EDITION)
    assert report.audience == MEMBERS
    assert sorted(got_it(gateway)) == sorted(set(number_keys(ready)))


def test_what_is_handed_over_is_the_stored_text_and_the_real_number(ready: Newsroom, use_gateway: UseGateway) -> None:
    gateway = use_gateway(ObedientGateway())
    send_edition(ready, EDITION)
    assert {message.number for message in gateway.messages} == {f"+86139{place:08d}" for place in range(MEMBERS)}
    assert len({message.text for message in gateway.messages}) == 1
    assert gateway.messages[0].text.startswith("【如皋手机报】")


def test_a_second_sender_is_refused_while_one_is_at_work(ready: Newsroom, use_gateway: UseGateway) -> None:
    refusals: list[SenderBusyError] = []

    def answer(message: Message) -> Outcome:
        if not refusals:
            with pytest.raises(SenderBusyError) as refused, sole_sender(ready):
                pass
            refusals.append(refused.value)
        return accepted(message.reference)

    use_gateway(ObedientGateway(answer))
    assert send_edition(ready, EDITION).stage == "sent"
    assert [refusal.exit_code for refusal in refusals] == [4]


def test_the_commands_refuse_while_another_process_sends(
    ready_directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = CommandLine(ready_directory, capsys)
    with (ready_directory / LOCK_FILE).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert desk.ask("send", EDITION, "--yes", by="zhao", code=4)["error"]["code"] == "sender_busy"
    assert desk.ask("send", EDITION, "--yes", by="zhao")["ledger"]["delivered"] == MEMBERS


def test_the_lock_is_free_again_after_an_error(ready: Newsroom) -> None:
    with pytest.raises(ZeroDivisionError), sole_sender(ready):
        raise ZeroDivisionError
    with sole_sender(ready):
        pass


def test_without_the_members_key_nothing_is_begun(ready: Newsroom, use_gateway: UseGateway) -> None:
    (ready.keys_directory / DATA_KEY_FILE).unlink()
    gateway = use_gateway(ObedientGateway())
    with pytest.raises(MissingKeyError):
        send_edition(ready, EDITION)
    with ready.reading() as session:
        assert get_edition(session, EDITION).stage == "signed"
    assert rows(ready, EDITION) == []
    assert gateway.asked == []


def test_nobody_to_write_to_is_refused_before_anything_is_planned(ready: Newsroom, use_gateway: UseGateway) -> None:
    with ready.writing() as session:
        for key in number_keys(ready):
            record_opt_out(session, number_key=key, source="reply", at=NOON)
        session.commit()
    gateway = use_gateway(ObedientGateway())
    with pytest.raises(EmptyAudienceError, match="12 opted out"):
        send_edition(ready, EDITION)
    assert (rows(ready, EDITION), gateway.asked) == ([], [])


def test_a_second_edition_goes_to_the_same_people(ready: Newsroom) -> None:
    assert send_edition(ready, EDITION).stage == "sent"
    second = a_signed_edition(ready)
    assert send_edition(ready, second).ledger["delivered"] == MEMBERS
