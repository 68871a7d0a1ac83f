"""What readers write back."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from newsletter.delivery.departures import opt_in_number, opt_out_number
from newsletter.delivery.models import Reply
from newsletter.delivery.replies import take_replies
from newsletter.delivery.sending import send_edition
from newsletter.newsroom import Newsroom
from newsletter.subscribers.leaving.consent_records import ConsentEvent, ConsentProof
from newsletter.subscribers.leaving.keywords import ReplyKind
from newsletter.subscribers.models import OptOutEvent, OptOutNote, Subscriber, Suppression
from tests.delivery.conftest import EDITION
from tests.delivery.editions import number_keys
from tests.delivery.gateways import NOON, ObedientGateway
from tests.texts import number_of


def events(newsroom: Newsroom) -> list[OptOutEvent]:
    with newsroom.reading() as session:
        return list(session.exec(select(OptOutEvent).order_by(col(OptOutEvent.id))).all())


@pytest.fixture
def gateway() -> ObedientGateway:
    return ObedientGateway()


def test_every_reply_is_taken_in_once(ready: Newsroom, gateway: ObedientGateway) -> None:
    out, back, unclear, nothing = number_keys(ready)[:4]
    said = ((out, "退订"), (back, "TD"), (back, "恢复"), (unclear, "不要再发了"), (nothing, "谢谢"))
    for minute, (key, text) in enumerate(said):
        gateway.hear(key, text, at=NOON + timedelta(minutes=minute))
    expected = {ReplyKind.OUT: 2, ReplyKind.IN: 1, ReplyKind.UNCLEAR: 1, ReplyKind.NONE: 1}
    assert take_replies(ready, gateway) == expected
    assert set(take_replies(ready, gateway).values()) == {0}
    assert [(event.kind, event.keyword) for event in events(ready)] == [("out", "退订"), ("out", "TD"), ("in", "恢复")]
    with ready.reading() as session:
        assert session.exec(select(Suppression.number_key)).all() == [out]


def test_an_opt_out_is_put_down_to_the_edition_it_answers(ready: Newsroom, gateway: ObedientGateway) -> None:
    send_edition(ready, EDITION)
    gateway.hear(number_keys(ready)[0], "T", at=ready.now() + timedelta(minutes=5))
    take_replies(ready, gateway)
    (event,) = events(ready)
    assert (event.edition_id, event.attribution, event.source) == (EDITION, "last_delivered", "reply")


def test_leaving_twice_counts_once(ready: Newsroom, gateway: ObedientGateway) -> None:
    for text in ("退订", "退订"):
        gateway.hear(number_keys(ready)[0], text)
    take_replies(ready, gateway)
    assert [event.is_effective for event in events(ready)] == [True, False]


def test_what_waits_for_a_person_is_kept_encrypted(ready: Newsroom, gateway: ObedientGateway) -> None:
    key = number_keys(ready)[0]
    gateway.hear(key, "别再发这些了")
    take_replies(ready, gateway)
    with ready.reading() as session:
        (reply,) = session.exec(select(Reply)).all()
    assert "别再发".encode() not in reply.text
    assert ready.data_keys.decrypt(reply.text, f"reply/{key}") == "别再发这些了"
    assert (reply.gateway_id, reply.received_at) == ("sandbox/1", NOON)


def test_somebody_who_is_not_on_the_register_can_leave(ready: Newsroom, gateway: ObedientGateway) -> None:
    gateway.hear("f" * 32, "R")
    take_replies(ready, gateway)
    assert [(event.edition_id, event.is_effective) for event in events(ready)] == [(None, True)]


def test_a_reason_in_the_reply_is_coded_and_nothing_more_is_kept(ready: Newsroom, gateway: ObedientGateway) -> None:
    gateway.hear(number_keys(ready)[0], "退订 太多了,谢谢")
    take_replies(ready, gateway)
    (event,) = events(ready)
    assert (event.kind, event.keyword, event.reason) == ("out", "退订", "too-many")
    with ready.reading() as session:
        assert session.exec(select(OptOutNote)).all() == []
        assert session.exec(select(Reply)).all() == []


def test_start_is_a_consent_whose_proof_is_the_reply(ready: Newsroom, gateway: ObedientGateway) -> None:
    key = number_keys(ready)[0]
    gateway.hear(key, "恢复。")
    take_replies(ready, gateway)
    with ready.reading() as session:
        (consent,) = session.exec(select(ConsentEvent)).all()
        proof = session.get_one(ConsentProof, consent.id).proof
        bases = session.exec(select(Subscriber.basis).where(Subscriber.number_key == key)).all()
    assert (consent.kind, consent.channel, consent.wording_version, consent.at) == ("given", "reply", None, NOON)
    assert ready.data_keys.decrypt(proof, f"consent/{key}") == "恢复。"
    assert list(bases) == ["express"]


def test_a_start_that_lay_at_the_gateway_does_not_bring_back_who_left_since(
    ready: Newsroom, gateway: ObedientGateway
) -> None:
    key = number_keys(ready)[0]
    gateway.hear(key, "START", at=ready.now() - timedelta(minutes=5))
    opt_out_number(ready.acting_as("zhao"), number_of(0), reason="太多", source="phone")
    take_replies(ready, gateway)
    assert [(event.kind, event.is_effective) for event in events(ready)] == [("out", True), ("in", False)]
    with ready.reading() as session:
        assert session.exec(select(Suppression.number_key)).all() == [key]


def test_what_the_desk_records_now_is_the_last_word_though_the_gateways_clock_is_ahead(
    ready: Newsroom, gateway: ObedientGateway
) -> None:
    gateway.hear(number_keys(ready)[0], "TD", at=ready.now() + timedelta(minutes=5))
    take_replies(ready, gateway)
    desk = ready.acting_as("zhao")
    assert opt_in_number(desk, number_of(0), evidence="来电恢复").is_effective
    assert opt_out_number(desk, number_of(0), reason="太多").is_effective
