"""The page a link leads to: looking changes nothing, the button leaves, and nothing is told to whoever guesses."""

from datetime import UTC, datetime

import pytest
from sqlmodel import col, select

from newsletter.delivery.links import find_link
from newsletter.delivery.models import LinkToken
from newsletter.newsroom import Newsroom
from newsletter.organisation.papers import add_paper
from newsletter.subscribers.leaving.optouts import read_note
from newsletter.subscribers.leaving.reasons import REASON_WORDS, ReasonCode
from newsletter.subscribers.models import ALL_PAPERS, OptOutEvent, OptOutNote, Subscriber, Suppression
from tests.texts import number_of
from tests.web.browsing import Browser
from tests.web.newsrooms import EDITION

ENGLISH = {"Accept-Language": "en-GB,en;q=0.9"}
UNKNOWN = "2" * 12


def events(newsroom: Newsroom) -> list[OptOutEvent]:
    with newsroom.reading() as session:
        return list(session.exec(select(OptOutEvent).order_by(col(OptOutEvent.id))).all())


def notes(newsroom: Newsroom) -> list[str]:
    with newsroom.reading() as session:
        return [read_note(session, newsroom.data_keys, event) for event in session.exec(select(OptOutEvent))]


def key_of(newsroom: Newsroom, token: str) -> str:
    with newsroom.reading() as session:
        return session.get_one(LinkToken, token).number_key


def another_paper(newsroom: Newsroom) -> None:
    with newsroom.writing() as session:
        add_paper(session, code="banjing", name="搬经手机报", unit="banjing", signature="搬经手机报")
        session.commit()


def test_looking_changes_nothing_however_often(browser: Browser, linked: Newsroom, tokens: list[str]) -> None:
    for method in ("GET", "HEAD", "GET"):
        assert browser.request(method, f"/u/{tokens[0]}").status_code == 200
    assert events(linked) == []


def test_the_page_names_the_paper_and_asks_in_chinese(browser: Browser, tokens: list[str]) -> None:
    page = browser.get(f"/u/{tokens[0]}").text
    assert "退订【如皋手机报】" in page
    assert '<html lang="zh-CN">' in page
    for words in REASON_WORDS["zh"].values():
        assert f">{words[0]}</option>" in page
    assert "scope" not in page, "there is one paper only: nothing to choose"


def test_a_telephone_that_speaks_english_is_answered_in_english(browser: Browser, tokens: list[str]) -> None:
    assert "Unsubscribe from 【如皋手机报】" in browser.get(f"/u/{tokens[0]}", headers=ENGLISH).text
    left = browser.post(f"/u/{tokens[0]}", headers=ENGLISH).text
    assert "Unsubscribed" in left
    assert "START" in left


def test_the_button_leaves_and_says_how_to_come_back(browser: Browser, linked: Newsroom, tokens: list[str]) -> None:
    answer = browser.post(f"/u/{tokens[3]}", data={"reason": "too-many", "note": "早中晚都发，受不了"})
    assert answer.status_code == 200
    assert "已退订" in answer.text
    assert "恢复" in answer.text
    (event,) = events(linked)
    assert (event.kind, event.source, event.reason) == ("out", "link", ReasonCode.TOO_MANY)
    assert (event.edition_id, event.attribution, event.is_effective) == (EDITION, "link", True)
    assert event.number_key == key_of(linked, tokens[3])
    assert (event.profession, event.standing) == ("worker", "full"), "the cell of the ledger's row"
    assert event.staff_id is None
    assert notes(linked) == ["早中晚都发，受不了"]
    with linked.reading() as session:
        assert "受不了".encode() not in session.exec(select(OptOutNote)).one().note
        assert session.exec(select(Suppression.paper_id)).one() == ALL_PAPERS


def test_pressing_again_records_nothing_and_says_the_same(
    browser: Browser, linked: Newsroom, tokens: list[str]
) -> None:
    first, second = (browser.post(f"/u/{tokens[0]}", data={"reason": "cost"}).text for _ in range(2))
    assert first == second
    assert len(events(linked)) == 1


def test_one_of_several_papers_can_be_left_and_then_the_others(
    browser: Browser, linked: Newsroom, tokens: list[str]
) -> None:
    another_paper(linked)
    assert 'value="paper" checked' in browser.get(f"/u/{tokens[0]}").text
    assert "今后不会再收到【如皋手机报】" in browser.post(f"/u/{tokens[0]}", data={"scope": "paper"}).text
    assert "任何手机报" in browser.post(f"/u/{tokens[0]}", data={"scope": "all"}).text
    assert [event.paper_id for event in events(linked)] == [1, ALL_PAPERS]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (
            b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (b"", "text/plain"),
        (b"scope=paper", "text/plain"),
        (b"\xff\xfe=%&&&&&&&&&;=%%zz&reason=\xe4", "application/x-www-form-urlencoded"),
        (b"&".join(b"reason=cost" for _ in range(300)), "application/x-www-form-urlencoded"),
    ],
    ids=["one click", "one click, multipart", "nothing", "no form", "nonsense", "too many fields"],
)
def test_whatever_is_posted_leaves_everything(
    browser: Browser, linked: Newsroom, tokens: list[str], body: bytes, kind: str
) -> None:
    another_paper(linked)
    assert browser.post(f"/u/{tokens[0]}", content=body, headers={"Content-Type": kind}).status_code == 200
    assert [(event.paper_id, event.reason) for event in events(linked)] == [(ALL_PAPERS, "")]


def test_a_reason_written_instead_of_chosen_is_coded(browser: Browser, linked: Newsroom, tokens: list[str]) -> None:
    browser.post(f"/u/{tokens[0]}", data={"reason": "没有这一项", "note": "太频繁"})
    assert [event.reason for event in events(linked)] == [ReasonCode.TOO_MANY]
    assert notes(linked) == [""]


def test_a_longer_note_is_cut_and_refuses_nobody(browser: Browser, linked: Newsroom, tokens: list[str]) -> None:
    assert browser.post(f"/u/{tokens[0]}", data={"reason": "other", "note": "长" * 500}).status_code == 200
    assert notes(linked) == ["长" * 200]


def test_a_body_beyond_all_measure_is_refused(browser: Browser, linked: Newsroom, tokens: list[str]) -> None:
    answer = browser.post(f"/u/{tokens[0]}", data={"note": "x" * 9000})
    assert answer.status_code == 413
    assert events(linked) == []


@pytest.mark.parametrize("token", [UNKNOWN, "x" * 12, "短", "a" * 300, "%00", "..%2f..%2fetc"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_never_was_looks_like_any_other_wrong_address(
    browser: Browser, linked: Newsroom, token: str, method: str
) -> None:
    answer, other = browser.request(method, f"/u/{token}"), browser.get("/nowhere")
    assert (answer.status_code, answer.text) == (404, other.text)
    assert answer.headers == other.headers
    assert "手机报" not in answer.text
    assert events(linked) == []


def test_a_row_that_was_altered_leads_nowhere(browser: Browser, linked: Newsroom, tokens: list[str]) -> None:
    """Somebody with the database points a link at somebody else, to have them struck off."""
    with linked.writing() as session:
        row = session.get_one(LinkToken, tokens[0])
        row.number_key = key_of(linked, tokens[1])
        session.add(row)
        session.commit()
    assert browser.post(f"/u/{tokens[0]}").status_code == 404
    assert events(linked) == []


def test_a_link_typed_in_capitals_works(browser: Browser, tokens: list[str]) -> None:
    assert browser.get(f"/u/{tokens[0].upper()}").status_code == 200


@pytest.mark.parametrize("behind", ["/", ")", "。", "%20退订", "，谢谢", "/index"])
def test_what_a_telephone_takes_for_a_part_of_the_link_does_no_harm(
    browser: Browser, linked: Newsroom, tokens: list[str], behind: str
) -> None:
    assert browser.get(f"/u/{tokens[0]}{behind}").status_code == 200
    assert browser.post(f"/u/{tokens[0]}{behind}").status_code == 200
    assert len(events(linked)) == 1


def test_the_link_outlives_the_person(browser: Browser, linked: Newsroom, tokens: list[str]) -> None:
    key = key_of(linked, tokens[0])
    with linked.writing() as session:
        for person in session.exec(select(Subscriber).where(Subscriber.number_key == key)):
            session.delete(person)
        session.commit()
    assert "已退订" in browser.post(f"/u/{tokens[0]}").text
    (event,) = events(linked)
    assert (event.number_key, event.attribution, event.profession) == (key, "link", "worker")


def test_neither_number_nor_name_stands_on_any_page(browser: Browser, linked: Newsroom, tokens: list[str]) -> None:
    pages = [browser.get(f"/u/{tokens[0]}").text, browser.post(f"/u/{tokens[0]}").text, browser.get("/").text]
    for page in pages:
        assert number_of(0)[3:] not in page
        assert "成员" not in page
        assert tokens[0] not in page
        assert key_of(linked, tokens[0]) not in page


def test_a_page_tells_of_the_edition_its_signature_when_it_was_sent(linked: Newsroom, tokens: list[str]) -> None:
    from newsletter.editions.models import Edition

    with linked.writing() as session:
        edition = session.get_one(Edition, EDITION)
        edition.signature = "旧名手机报"
        session.add(edition)
        session.commit()
    with linked.reading() as session:
        found = find_link(session, linked.data_keys, tokens[0])
    assert found is not None
    assert found.signature == "旧名手机报"


def test_a_link_counts_before_an_edition_delivered_later(browser: Browser, linked: Newsroom, tokens: list[str]) -> None:
    """The old message is still on the phone: its link is what made them leave, whatever came since."""
    from newsletter.delivery.models import DeliveryState
    from tests.delivery.editions import a_signed_edition
    from tests.delivery.ledgers import plan, set_state

    later = a_signed_edition(linked)
    plan(linked, later)
    with linked.writing() as session:
        set_state(session, later, DeliveryState.DELIVERED, at=datetime.now(UTC))
    browser.post(f"/u/{tokens[0]}")
    assert [(event.edition_id, event.attribution) for event in events(linked)] == [(EDITION, "link")]
