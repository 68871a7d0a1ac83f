"""The full text without a link: when an edition has one, who gets it, and what that costs."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from newsletter.delivery.checking import check_sending
from newsletter.delivery.models import Delivery, Dispatch
from newsletter.delivery.sending import send_edition
from newsletter.editions.models import Piece, PieceName
from newsletter.newsroom import Newsroom, open_newsroom
from newsletter.statistics.deliveries import count_deliveries
from newsletter.subscribers.leaving.optouts import record_opt_out
from newsletter.subscribers.models import Status, Subscriber
from tests.command_line import CommandLine
from tests.delivery.editions import number_keys
from tests.delivery.gateways import NOON, ObedientGateway, is_down
from tests.delivery.ledgers import totals
from tests.texts import BODY, an_article_file
from tests.web.newsrooms import EDITION, MEMBERS, found_linked, prefer_full_text

UseGateway = Callable[[ObedientGateway], ObedientGateway]


@pytest.fixture(scope="module")
def founded_linked(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return found_linked(founded, tmp_path_factory.mktemp("linked") / "root")


@pytest.fixture
def newsroom_directory(founded_linked: Path, tmp_path: Path) -> Path:
    for name in ("newsroom", "keys"):
        shutil.copytree(founded_linked / name, tmp_path / name)
    return tmp_path / "newsroom"


@pytest.fixture
def linked(newsroom_directory: Path) -> Iterator[Newsroom]:
    opened = open_newsroom(newsroom_directory, actor="zhao")
    yield opened
    opened.engine.dispose()


def texts(newsroom: Newsroom, edition: int = EDITION) -> dict[str, str]:
    """Piece → its text, messages only."""
    with newsroom.reading() as session:
        pieces = session.exec(select(Piece).where(Piece.edition_id == edition)).all()
        return {piece.name: piece.data.decode() for piece in pieces if piece.media_type.startswith("text/")}


def pieces_sent(newsroom: Newsroom) -> dict[str, str]:
    """Number key → piece."""
    with newsroom.reading() as session:
        return {row.number_key: row.piece for row in session.exec(select(Delivery))}


def test_it_is_the_whole_text_with_another_way_out_and_no_link(linked: Newsroom) -> None:
    full = texts(linked)[PieceName.SMS_FULL]
    assert "会后当天就定下了三段河道" in full
    assert full.endswith("\n拒收请回复R")
    assert "http" not in full


def test_it_goes_to_whoever_shares_a_number_with_somebody_who_asked(linked: Newsroom, use_gateway: UseGateway) -> None:
    first, second, third, fourth = number_keys(linked)[:4]
    prefer_full_text(linked, first, second)
    with linked.writing() as session:
        person = session.exec(select(Subscriber).where(Subscriber.number_key == second)).one()
        person.status = Status.LEFT
        session.add(person)
        # The other person on the third number is of another mind.
        values = {**person.model_dump(), "id": None, "number_key": third, "name_key": "other", "status": "active"}
        session.add(Subscriber(**values))
        session.add(Subscriber(**values | {"number_key": fourth, "status": Status.LEFT}))
        session.commit()
    gateway = use_gateway(ObedientGateway())
    report = send_edition(linked, EDITION)
    expected = dict.fromkeys(number_keys(linked), "sms") | {first: "sms-full", third: "sms-full"}
    expected.pop(second)
    assert pieces_sent(linked) == expected
    got = {message.number_key: message for message in gateway.messages}
    full = texts(linked)[PieceName.SMS_FULL]
    assert {got[first].text, got[third].text} == {full}
    assert got[first].token == ""
    assert all(message.text != full for key, message in got.items() if key not in (first, third))
    with linked.reading() as session:
        dispatch = session.get_one(Dispatch, EDITION)
    assert dispatch.full_part_count is not None
    assert dispatch.full_part_count > dispatch.part_count
    assert report.parts == dispatch.part_count * (MEMBERS - 3) + dispatch.full_part_count * 2
    assert [found.parts for found in count_deliveries(linked.acting_as("chen"))] == [report.parts]


def test_what_is_said_before_sending_is_what_it_comes_to(linked: Newsroom, use_gateway: UseGateway) -> None:
    keys = number_keys(linked)
    prefer_full_text(linked, *keys[:4])
    with linked.writing() as session:
        record_opt_out(session, number_key=keys[0], source="reply", at=NOON)
        session.commit()
    checked = check_sending(linked, EDITION)
    assert checked is not None
    assert (checked.full.wanted, checked.reachable) == (3, MEMBERS - 1)
    gateway = use_gateway(ObedientGateway(is_down))
    with pytest.raises(Exception, match="nothing clear"):
        send_edition(linked, EDITION)
    assert totals(linked, EDITION) == {"unknown": MEMBERS - 1, "suppressed": 1}
    use_gateway(ObedientGateway())
    assert gateway.is_closed
    assert send_edition(linked, EDITION).parts == checked.parts


def test_a_sending_begun_counts_who_still_waits(linked: Newsroom, use_gateway: UseGateway) -> None:
    keys = number_keys(linked)
    prefer_full_text(linked, *keys[:4])
    use_gateway(ObedientGateway(is_down))
    with pytest.raises(Exception, match="nothing clear"):
        send_edition(linked, EDITION)
    with linked.writing() as session:
        for row in session.exec(select(Delivery).where(Delivery.number_key != keys[0])):
            row.state = "delivered"
            session.add(row)
        session.connection().exec_driver_sql("UPDATE delivery SET state = 'queued' WHERE state = 'unknown'")
        session.commit()
    checked = check_sending(linked, EDITION)
    assert checked is not None
    assert (checked.reachable, checked.full.wanted, checked.parts) == (1, 1, checked.full.parts_each)


def test_an_edition_has_one_only_where_it_differs_and_fits(shell: CommandLine, tmp_path: Path) -> None:
    shell.ask("submit", an_article_file(tmp_path, "长文", body=BODY * 30), an_article_file(tmp_path, "短文"), by="li")
    assert set(shell.ask("draft", 3, by="li")["pieces"]) == {"sms", "sms-full", "pdf"}
    assert set(shell.ask("draft", "--edition", 2, "--text", "full", by="li")["pieces"]) == {"sms", "sms-full", "pdf"}
    settings = shell.directory / "newsletter.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("opt_out_link = true", ""), encoding="utf-8")
    drafted = shell.ask("draft", "--edition", 2, by="li")
    assert set(drafted["pieces"]) == {"sms", "pdf"}, "the message is the full text, and has no link now"
    assert shell.ask("preview", 2, "--piece", "sms-full", by="li", code=3)["error"]["code"] == "no_piece"
    assert set(shell.ask("draft", 2, by="li")["pieces"]) == {"sms", "pdf"}, "too long for the gateway"


def test_who_asked_for_what_an_edition_has_not_is_told_of(linked: Newsroom, shell: CommandLine, tmp_path: Path) -> None:
    prefer_full_text(linked, *number_keys(linked)[:2])
    shell.ask("submit", an_article_file(tmp_path, "长文", body=BODY * 30), by="li")
    shell.ask("draft", 2, "--submit", by="li")
    shell.ask("approve", 2, by="wang")
    found = shell.ask("send", 2, "--dry-run", by="zhao")
    assert found["full_text"] == {"numbers": 2, "parts_each": None}
    assert found["parts"] == found["parts_each"] * MEMBERS
    assert any("2 numbers asked for the full text" in line for line in found["warnings"])


def test_the_proof_shows_both_texts_and_says_what_the_placeholder_is(shell: CommandLine, linked: Newsroom) -> None:
    shown = shell.ask("preview", 1, by="li")
    assert shown["sms"]["link_token"]["placeholder"] == "x" * 12
    assert shown["sms_full"]["text"] == texts(linked)[PieceName.SMS_FULL]
    assert shown["sms_full"]["link_token"] is None
    only = shell.ask("preview", 1, "--piece", "sms-full", by="li")
    assert (only["sms"], only["pdf"]) == (None, None)
    assert only["sms_full"] == shown["sms_full"]
    told = shell.type("preview", 1, by="li").out
    assert "xxxxxxxxxxxx stands for the reader's own token" in told
    assert "To those who asked for the full text" in told


def test_a_correction_goes_the_way_each_number_asks_for_now(
    shell: CommandLine, linked: Newsroom, use_gateway: UseGateway
) -> None:
    first, second = number_keys(linked)[:2]
    prefer_full_text(linked, first)
    use_gateway(ObedientGateway())
    send_edition(linked, EDITION)
    with linked.writing() as session:
        session.connection().exec_driver_sql("UPDATE subscriber SET channel = ''")
        session.commit()
    prefer_full_text(linked, second)
    text = "原文“三段河道”应为“两段河道”。"
    correction = shell.ask("correct", 1, "--kind", "correction", "--article", 1, "--text", text, "--yes", by="li")
    edition = correction["edition"]
    shell.ask("approve", edition, by="wang")
    gateway = use_gateway(ObedientGateway())
    checked = check_sending(linked, edition)
    report = send_edition(linked, edition)
    assert checked is not None
    assert (checked.full.wanted, checked.parts) == (1, report.parts)
    got = {message.number_key: message.text for message in gateway.messages}
    assert got[second] == texts(linked, edition)[PieceName.SMS_FULL]
    assert got[first].startswith(texts(linked, edition)[PieceName.SMS][:-12])
