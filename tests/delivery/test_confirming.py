"""The one message that may follow an opt-out."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from newsletter.delivery import confirming
from newsletter.delivery.gateways.port import Message, Outcome
from newsletter.delivery.gateways.sandbox import open_sandbox
from newsletter.delivery.models import Confirmation, Delivery, DeliveryState
from newsletter.delivery.receipts import take_receipts
from newsletter.delivery.replies import take_replies
from newsletter.delivery.sending import send_edition
from newsletter.newsroom import Newsroom
from newsletter.settings import RepliesTable, SendingTable
from tests.delivery.conftest import EDITION
from tests.delivery.editions import number_keys
from tests.delivery.gateways import ObedientGateway, is_down

TEXT = "您已退订,今后不再打扰。"


class DiedError(Exception):
    """The process ends here."""


@pytest.fixture
def gateway() -> ObedientGateway:
    return ObedientGateway()


@pytest.fixture
def confirmed(ready: Newsroom) -> Newsroom:
    """A newsroom that confirms opt-outs, at noon of the next day."""
    noon = ready.now().replace(hour=4) + timedelta(days=1)
    settings = ready.settings.model_copy(update={"replies": RepliesTable(confirmation=TEXT)})
    return replace(ready, settings=settings, clock=lambda: noon)


def leave(newsroom: Newsroom, gateway: ObedientGateway, *texts: str, person: int = 0) -> None:
    for text in texts:
        gateway.hear(number_keys(newsroom)[person], text, at=newsroom.now())
    take_replies(newsroom, gateway)


def states(newsroom: Newsroom) -> list[tuple[str, str]]:
    with newsroom.reading() as session:
        rows = session.exec(select(Confirmation).order_by(col(Confirmation.event_id))).all()
        return [(row.state, row.reason) for row in rows]


def test_nothing_is_said_unless_the_newsroom_wants_it(ready: Newsroom, gateway: ObedientGateway) -> None:
    leave(ready, gateway, "退订")
    assert gateway.asked == []
    assert states(ready) == []


def test_exactly_one_message_to_the_number_that_left(confirmed: Newsroom, gateway: ObedientGateway) -> None:
    leave(confirmed, gateway, "退订 太多", "退订", "TD")
    leave(confirmed, gateway, "退订")
    (message,) = gateway.messages
    assert (message.text, message.edition, message.number_key) == (TEXT, 0, number_keys(confirmed)[0])
    assert message.number.endswith("13900000000")
    assert states(confirmed) == [("accepted", "")]


def test_unclear_replies_and_returns_get_none(confirmed: Newsroom, gateway: ObedientGateway) -> None:
    leave(confirmed, gateway, "不退订", "START", "谢谢")
    assert gateway.asked == []


def test_who_leaves_again_after_coming_back_gets_one_again(confirmed: Newsroom, gateway: ObedientGateway) -> None:
    leave(confirmed, gateway, "退订")
    leave(confirmed, gateway, "恢复")
    leave(confirmed, gateway, "退订")
    assert len(gateway.messages) == 2


def test_it_is_no_delivery_and_its_receipt_troubles_nobody(confirmed: Newsroom, gateway: ObedientGateway) -> None:
    leave(confirmed, gateway, "退订")
    gateway.say(gateway.messages[0].reference, DeliveryState.DELIVERED)
    assert take_receipts(confirmed, gateway) == 1
    with confirmed.reading() as session:
        assert session.exec(select(Delivery)).all() == []


def test_an_unclear_one_is_never_handed_over_again(confirmed: Newsroom, gateway: ObedientGateway) -> None:
    gateway.answer = is_down
    leave(confirmed, gateway, "退订")
    assert len(gateway.asked) == 1
    leave(confirmed, gateway, "谢谢")
    assert len(gateway.asked) == 1
    assert states(confirmed)[0][0] == "unknown"


def test_a_sender_that_died_during_the_call_has_said_it_once(confirmed: Newsroom, gateway: ObedientGateway) -> None:
    def die(_message: Message) -> Outcome:
        raise DiedError

    gateway.answer = die
    with pytest.raises(DiedError):
        leave(confirmed, gateway, "退订")
    assert states(confirmed) == [("claimed", "")], "what is to be done is committed before it is done"
    gateway.answer = ObedientGateway().answer
    leave(confirmed, gateway, "谢谢")
    assert len(gateway.asked) == 1


def test_one_that_died_before_the_call_says_it_later(
    confirmed: Newsroom, gateway: ObedientGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(_session: Session, _keys: object, _number_keys: object) -> dict[str, str]:
        raise DiedError

    with monkeypatch.context() as patch:
        patch.setattr(confirming, "read_numbers", die)
        with pytest.raises(DiedError):
            leave(confirmed, gateway, "退订")
    assert states(confirmed) == [("queued", "")]
    leave(confirmed, gateway, "谢谢")
    assert len(gateway.messages) == 1


def test_who_came_back_or_left_long_ago_or_has_no_number_gets_none(
    confirmed: Newsroom, gateway: ObedientGateway
) -> None:
    key = number_keys(confirmed)[1]
    gateway.hear(number_keys(confirmed)[0], "退订", at=confirmed.now())
    gateway.hear(number_keys(confirmed)[0], "恢复", at=confirmed.now())
    gateway.hear(key, "退订", at=confirmed.now() - timedelta(days=2))
    gateway.hear("f" * 32, "退订", at=confirmed.now())
    take_replies(confirmed, gateway)
    assert gateway.asked == []
    assert states(confirmed) == [("cancelled", "came_back"), ("expired", ""), ("failed", "no_number")]


def test_at_night_it_waits_for_the_morning(confirmed: Newsroom, gateway: ObedientGateway) -> None:
    night = confirmed.now().replace(hour=20)
    window = SendingTable.model_validate({"window": "08:00-21:00"})
    asleep = replace(confirmed, settings=confirmed.settings.model_copy(update={"sending": window}), clock=lambda: night)
    leave(asleep, gateway, "退订")
    assert states(asleep) == [("queued", "")]
    morning = replace(asleep, clock=lambda: night + timedelta(hours=7))
    take_replies(morning, gateway)
    assert len(gateway.messages) == 1


def test_sending_an_edition_sends_what_waits_first(confirmed: Newsroom) -> None:
    sandbox = open_sandbox(confirmed)
    sandbox.play_reply(number_keys(confirmed)[0], "退订")
    report = send_edition(confirmed, EDITION)
    texts = [text for _key, _number, edition, text, _at in sandbox.messages(None) if edition == 0]
    sandbox.close()
    assert texts == [TEXT]
    assert report.ledger["suppressed"] == 1
    assert sum(report.ledger.values()) == report.audience
