"""Replies that a person decides."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from newsletter.delivery.models import Reply
from newsletter.delivery.replies import take_replies
from newsletter.delivery.reply_desk import (
    HandledReplyError,
    LaterWordError,
    UnknownReplyError,
    handle_reply,
    list_replies,
    mask_digits,
)
from newsletter.delivery.sending import send_edition
from newsletter.errors import InputError
from newsletter.journal.words import words_about
from newsletter.newsroom import Newsroom
from newsletter.organisation.staff import NoRightError
from newsletter.subscribers.leaving.consent_records import ConsentEvent
from newsletter.subscribers.leaving.optouts import read_note
from newsletter.subscribers.models import OptOutEvent, Suppression
from tests.delivery.conftest import EDITION
from tests.delivery.editions import add_members, number_keys
from tests.delivery.gateways import ObedientGateway

TEXT = "别再发了,有事打139 1234 5678"


@pytest.fixture
def gateway() -> ObedientGateway:
    return ObedientGateway()


@pytest.fixture
def waiting(ready: Newsroom, gateway: ObedientGateway) -> Newsroom:
    """An edition was sent; then one reply came that nobody could interpret."""
    send_edition(ready, EDITION)
    hear(ready, gateway, TEXT)
    return ready


def hear(newsroom: Newsroom, gateway: ObedientGateway, text: str, *, minutes: int = 5) -> None:
    gateway.hear(number_keys(newsroom)[0], text, at=newsroom.now() + timedelta(minutes=minutes))
    take_replies(newsroom, gateway)


def test_the_list_hides_numbers_and_looking_is_journalled(waiting: Newsroom) -> None:
    (reply,) = list_replies(waiting)
    assert (reply.number, reply.text, reply.verdict) == ("139****0000", "别再发了,有事打****", "")
    with waiting.reading() as session:
        (word,) = words_about(session, "replies")
    assert (word.verb, word.person, word.details["count"]) == ("reveal", "zhao", 1)
    assert "139" not in str(word.details)


def test_an_empty_list_leaves_no_statement(ready: Newsroom) -> None:
    assert list_replies(ready) == []
    with ready.reading() as session:
        assert words_about(session, "replies") == []


@pytest.mark.parametrize("person", ["sun", "li", "ma", "chen"])
def test_nobody_else_looks_or_decides(waiting: Newsroom, person: str) -> None:
    for refused in (list_replies, lambda newsroom: handle_reply(newsroom, 1, "out")):
        with pytest.raises(NoRightError):
            refused(waiting.acting_as(person))


def test_leaving_counts_from_when_it_was_received(waiting: Newsroom) -> None:
    handled = handle_reply(waiting, 1, "out", reason="太多,张三说的")
    event = handled.event
    assert event is not None
    with waiting.reading() as session:
        reply = session.get_one(Reply, 1)
        assert event.at == reply.received_at
        assert (reply.verdict, reply.event_id) == ("out", event.id)
        assert session.exec(select(Suppression.number_key)).all() == [reply.number_key]
        assert read_note(session, waiting.data_keys, event) == "太多,张三说的"
    assert (event.edition_id, event.attribution, event.source, event.reason) == (
        EDITION, "last_delivered", "reply", "too-many",
    )  # fmt: skip
    assert list_replies(waiting) == []
    assert [reply.verdict for reply in list_replies(waiting, with_handled=True)] == ["out"]


def test_a_reason_in_the_reply_is_found(ready: Newsroom, gateway: ObedientGateway) -> None:
    hear(ready, gateway, "不想收了,半夜吵人")
    event = handle_reply(ready, 1, "out").event
    assert event is not None
    assert event.reason == "bad-hours"


@pytest.mark.parametrize("verdict", ["out", "in", "none"])
def test_a_reply_is_handled_once(waiting: Newsroom, verdict: str) -> None:
    handle_reply(waiting, 1, verdict)
    with pytest.raises(HandledReplyError):
        handle_reply(waiting, 1, "out")
    with waiting.reading() as session:
        assert len(session.exec(select(OptOutEvent)).all()) == (verdict != "none")
        assert len(session.exec(select(ConsentEvent)).all()) == (verdict == "in")


def test_what_cannot_be_decided(waiting: Newsroom) -> None:
    with pytest.raises(UnknownReplyError):
        handle_reply(waiting, 99, "out")
    for verdict, reason in (("left", None), ("none", "太多"), ("out", "138 0000 5678"), ("out", "")):
        with pytest.raises(InputError):
            handle_reply(waiting, 1, verdict, reason=reason)
    assert [reply.verdict for reply in list_replies(waiting)] == [""]


@pytest.mark.parametrize(("later", "verdict"), [("START", "out"), ("退订", "in")])
def test_a_clear_word_since_then_stands(waiting: Newsroom, gateway: ObedientGateway, later: str, verdict: str) -> None:
    hear(waiting, gateway, later, minutes=60)
    with pytest.raises(LaterWordError):
        handle_reply(waiting, 1, verdict)
    handle_reply(waiting, 1, "none")


def test_one_paper_is_left(waiting: Newsroom) -> None:
    handle_reply(waiting, 1, "out", paper="main")
    with waiting.reading() as session:
        (suppression,) = session.exec(select(Suppression)).all()
        (event,) = session.exec(select(OptOutEvent).order_by(col(OptOutEvent.id))).all()
    assert suppression.paper_id == event.paper_id != 0


def test_on_either_database(any_newsroom: Newsroom, gateway: ObedientGateway) -> None:
    add_members(any_newsroom, 1)
    desk = any_newsroom.acting_as("zhao")
    hear(desk, gateway, TEXT)
    handle_reply(desk, 1, "out")
    with pytest.raises(HandledReplyError):
        handle_reply(desk, 1, "in")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("打13800005678", "打****"),
        ("１３８００００５６７８", "****"),
        ("138-0000-5678找我", "****找我"),
        ("证320682199001011234", "证****"),
        ("2026年,5条", "2026年,5条"),
    ],
)
def test_digits_are_hidden(text: str, shown: str) -> None:
    assert mask_digits(text) == shown
