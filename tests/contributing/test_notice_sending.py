"""Notices on their way: a gateway that fails, receipts, opt-outs, the sending window, and an edition beside them."""

import itertools
from collections.abc import Callable

import pytest

from newsletter.delivery import notices as sending
from newsletter.delivery.gateways.port import Outcome
from newsletter.delivery.lock import SenderBusyError, sole_sender
from newsletter.delivery.models import DeliveryState
from newsletter.delivery.notices import send_notices
from newsletter.delivery.receipts import take_receipts
from newsletter.delivery.references import read_notice_reference, read_reference, write_notice_reference
from newsletter.delivery.sending import send_edition
from newsletter.errors import OutsideError
from newsletter.keys import DATA_KEY_FILE, MissingKeyError, create_data_keys
from newsletter.newsroom import Newsroom, open_newsroom
from newsletter.subscribers.leaving.optouts import record_opt_out
from newsletter.workflow.contributing.outbox import queue_notices
from newsletter.workflow.contributing.telephones import give_number
from tests.command_line import CommandLine, settings_changed
from tests.contributing.desks import GU, LU, NUMBERS, at, handed_over, notices, states, submit, with_numbers
from tests.delivery.editions import a_signed_edition, add_members
from tests.delivery.gateways import NOON, ObedientGateway, accepted, duplicates, is_down
from tests.delivery.ledgers import totals

UseGateway = Callable[[ObedientGateway], ObedientGateway]


@pytest.fixture
def desk(newsroom: Newsroom) -> Newsroom:
    """Two contributors with numbers, and three receipts that wait."""
    return with_receipts(newsroom)


@pytest.fixture
def any_desk(any_newsroom: Newsroom) -> Newsroom:
    """The same on either database."""
    return with_receipts(any_newsroom)


def with_receipts(newsroom: Newsroom) -> Newsroom:
    found = with_numbers(newsroom)
    for contributor in (LU, GU, LU):
        submit(found, contributor=contributor)
    assert queue_notices(found).waiting == 3
    return found


@pytest.fixture
def use_gateway(monkeypatch: pytest.MonkeyPatch) -> UseGateway:
    def use(gateway: ObedientGateway) -> ObedientGateway:
        monkeypatch.setattr(sending, "open_gateway", lambda _newsroom: gateway)
        return gateway

    return use


def got(gateway: ObedientGateway) -> list[str]:
    return [message.reference for message in gateway.messages]


def test_everything_is_handed_over_once_and_its_receipts_come_back(any_desk: Newsroom) -> None:
    sent = send_notices(any_desk)
    assert (sent.handed_over, sent.troubled, sent.waiting, sent.closed) == (3, 0, 0, "")
    assert sent.totals["delivered"] == 3
    assert send_notices(any_desk).handed_over == 0
    assert sum(handed_over(any_desk).values()) == 3


def test_a_gateway_that_is_down_halts_the_run_and_the_next_resumes(any_desk: Newsroom, use_gateway: UseGateway) -> None:
    gateway = use_gateway(ObedientGateway(is_down))
    with pytest.raises(OutsideError, match="nothing clear for 3 messages"):
        send_notices(any_desk)
    assert states(any_desk) == {"unknown": 3}
    assert gateway.is_closed
    gateway.answer = lambda message: accepted(message.reference)
    assert send_notices(any_desk).handed_over == 3
    assert sorted(got(gateway)) == ["n1", "n2", "n3"]


def test_what_the_gateway_took_without_saying_so_is_not_given_it_again(desk: Newsroom, use_gateway: UseGateway) -> None:
    gateway = use_gateway(ObedientGateway(lambda _message: Outcome(state=DeliveryState.UNKNOWN, code="timeout")))
    with pytest.raises(OutsideError):
        send_notices(desk)
    assert send_notices(desk).totals["accepted"] == 3
    assert duplicates(got(gateway)) == []
    assert {notice.message_id for _name, notice in notices(desk)} == {"Mn1", "Mn2", "Mn3"}


def test_a_refused_notice_says_why_and_is_not_tried_again(desk: Newsroom, use_gateway: UseGateway) -> None:
    gateway = use_gateway(ObedientGateway(lambda _message: Outcome(state=DeliveryState.FAILED, code="30006")))
    assert send_notices(desk).troubled == 3
    assert {(notice.state, notice.reason) for _name, notice in notices(desk)} == {("failed", "30006")}
    send_notices(desk)
    assert len(gateway.asked) == 3


def test_who_left_everything_is_not_written_to(any_desk: Newsroom) -> None:
    with any_desk.writing() as session:
        record_opt_out(session, number_key=any_desk.data_keys.number_key("+86" + NUMBERS[LU]), source="phone", at=NOON)
        session.commit()
    assert send_notices(any_desk).handed_over == 1
    assert states(any_desk) == {"suppressed": 2, "delivered": 1}
    assert {notice.reason for name, notice in notices(any_desk) if name == LU} == {"opted_out"}


def test_who_replies_td_to_a_notice_gets_no_more(shell: CommandLine, newsroom: Newsroom) -> None:
    desk = with_numbers(newsroom)
    submit(desk)
    queue_notices(desk)
    send_notices(desk)
    assert shell.ask("sandbox", "reply", NUMBERS[LU], "TD", by="zhao")["meaning"] == "out"
    submit(desk)
    queue_notices(desk)
    send_notices(desk)
    assert states(desk) == {"delivered": 1, "suppressed": 1}


def test_who_lost_their_number_after_queueing_is_not_written_to(desk: Newsroom) -> None:
    give_number(desk, LU, None)
    assert send_notices(desk).handed_over == 1
    assert {notice.reason for name, notice in notices(desk) if name == LU} == {"no_number"}


@pytest.mark.parametrize("order", list(itertools.permutations(["accepted", "sent", "delivered"])))
def test_receipts_may_come_twice_and_out_of_order(desk: Newsroom, order: tuple[str, ...]) -> None:
    gateway = ObedientGateway()
    for state in (*order, *order):
        gateway.say("n1", DeliveryState(state))
    gateway.say("n1", DeliveryState.FAILED, code="30005")
    gateway.say("n999", DeliveryState.DELIVERED)
    assert take_receipts(desk, gateway) == 8
    assert states(desk) == {"delivered": 1, "queued": 2}


def test_nothing_leaves_outside_the_window_and_that_is_no_error(newsroom: Newsroom) -> None:
    desk = with_numbers(newsroom)
    submit(desk)
    with settings_changed(newsroom.directory, '[sending]\nwindow = "03:00-03:01"'):
        closed = open_newsroom(newsroom.directory, actor="ma")
        queue_notices(desk)
        sent = send_notices(at(closed, "2026-11-21T23:30:00+08:00", actor="ma"))
        assert (sent.handed_over, sent.waiting) == (0, 1)
        assert "03:00" in sent.closed
        closed.engine.dispose()
    assert send_notices(at(newsroom, actor="ma")).handed_over == 1


def test_another_sender_is_waited_for(any_desk: Newsroom) -> None:
    with sole_sender(any_desk), pytest.raises(SenderBusyError):
        send_notices(any_desk)
    assert states(any_desk) == {"queued": 3}


def test_an_edition_and_notices_do_not_disturb_each_other(newsroom: Newsroom) -> None:
    desk = with_numbers(newsroom)
    add_members(newsroom, 5)
    edition = a_signed_edition(newsroom)
    assert edition == 1
    submit(desk, contributor=GU)
    queue_notices(desk)
    assert send_notices(desk).totals["delivered"] == 2
    assert totals(newsroom, edition) == {}
    report = send_edition(newsroom.acting_as("zhao"), edition)
    assert (report.stage, report.ledger["delivered"]) == ("sent", 5)
    queue_notices(desk, with_published=True)
    assert send_notices(desk).handed_over == 1
    assert [notice.kind for _name, notice in notices(desk)] == ["adopted", "received", "published"]
    assert totals(newsroom, edition) == {"delivered": 5}


def test_the_wrong_key_leaves_everything_waiting(newsroom: Newsroom) -> None:
    desk = with_numbers(newsroom)
    submit(desk)
    queue_notices(desk)
    (newsroom.keys_directory / DATA_KEY_FILE).unlink()
    create_data_keys(newsroom.keys_directory, newsroom.id)
    other = open_newsroom(newsroom.directory, actor="ma")
    with pytest.raises(MissingKeyError):
        send_notices(other)
    assert states(desk) == {"queued": 1}
    other.engine.dispose()


def spoil(newsroom: Newsroom, contributor: int) -> None:
    with newsroom.writing() as session:
        session.connection().exec_driver_sql(f"UPDATE contributor SET number = NULL WHERE id = {contributor}")
        session.commit()


def test_one_spoilt_entry_does_not_hold_up_the_others(desk: Newsroom) -> None:
    spoil(desk, 2)
    assert (send_notices(desk).handed_over, states(desk)) == (3, {"delivered": 2, "failed": 1})
    assert [notice.reason for name, notice in notices(desk) if name == GU] == ["unreadable"]


def test_a_spoilt_entry_that_waits_alone_fails_once_and_is_done_with(newsroom: Newsroom) -> None:
    desk = with_numbers(newsroom)
    submit(desk, contributor=GU)
    queue_notices(desk)
    spoil(desk, 2)
    assert (send_notices(desk).waiting, states(desk)) == (0, {"failed": 1})


def test_where_every_number_is_spoilt_the_register_proves_the_key(any_newsroom: Newsroom) -> None:
    desk = with_numbers(any_newsroom, GU)
    submit(desk, contributor=GU)
    queue_notices(desk)
    spoil(desk, 2)
    with pytest.raises(MissingKeyError):
        send_notices(desk)
    assert states(desk) == {"queued": 1}
    add_members(any_newsroom, 1)
    assert (send_notices(desk).waiting, states(desk)) == (0, {"failed": 1})


def test_the_commands_ask_send_and_show(shell: CommandLine, newsroom: Newsroom) -> None:
    with_numbers(newsroom, LU)
    shell.ask("briefs", "publish", "冬种进度", "--due", "2999-01-01", "--body", "面积。", by="li")
    assert shell.ask("notices", "send", by="ma", code=4)["error"]["code"] == "refused"
    assert sum(handed_over(newsroom).values()) == 0
    sent = shell.ask("notices", "send", "--yes", by="ma")
    assert (sent["queued"], sent["handed_over"], sent["notices"]["delivered"], sent["closed"]) == (0, 1, 1, None)
    assert [person["name"] for person in sent["skipped"]] == [GU]
    (message,) = shell.ask("sandbox", "messages", by="zhao")["messages"]
    assert (message["edition"], message["number"]) == (0, "138****5678")
    (notice,) = shell.ask("notices", "list", "--contributor", LU, "--state", "delivered", by="chen")["notices"]
    assert (notice["subject"], notice["kind"], notice["text"]) == ("brief:1", "brief", message["text"])
    assert NUMBERS[LU] not in str(notice)
    assert "冬种进度" in shell.type("notices", "list", by="li").out
    assert shell.ask("notices", "list", "--state", "lost", by="li", code=2)["error"]["code"] == "unknown_state"


@pytest.mark.parametrize("number", [1, 7, 999_999_999])
def test_a_notices_reference_is_no_deliverys(number: int) -> None:
    reference = write_notice_reference(number)
    assert read_notice_reference(reference) == number
    with pytest.raises(OutsideError):
        read_reference(reference)


@pytest.mark.parametrize("strange", ["1-2-3", "n0", "n-1", "n", "n1-2", "N1", ""])
def test_what_is_no_notices_reference_is_left_to_the_ledger(strange: str) -> None:
    assert read_notice_reference(strange) is None
