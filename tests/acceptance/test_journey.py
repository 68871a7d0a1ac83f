"""The main job, as it is typed: articles in, edited, reviewed, signed, sent, and who left."""

import csv
import io
from pathlib import Path

import pytest

from tests.command_line import CommandLine, settings_changed
from tests.texts import a_subscriber_file, an_article_file, number_of


@pytest.fixture
def desk(shell: CommandLine, tmp_path: Path) -> CommandLine:
    """A newsroom with twelve members in one town and two articles of it."""
    shell.ask("subscribers", "import", a_subscriber_file(tmp_path), by="li")
    shell.ask("submit", an_article_file(tmp_path), an_article_file(tmp_path, "河道清淤", column="田间党课"), by="li")
    return shell


def an_approved_edition(desk: CommandLine, *options: object) -> int:
    edition: int = desk.ask("draft", 1, 2, *options, "--submit", by="li")["edition"]
    desk.ask("approve", edition, by="wang")
    return edition


def test_an_edition_goes_from_articles_to_every_member(desk: CommandLine) -> None:
    drafted = desk.ask("draft", 1, 2, "--kind", "town", "--unit", "banjing", by="li")
    assert drafted["kind"] == "town"
    assert drafted["stage"] == "drafted"
    assert [item["article"] for item in drafted["items"]] == [1, 2]
    edition = drafted["edition"]
    submitted = desk.ask("draft", "--edition", edition, "--submit", by="li")
    assert (submitted["stage"], submitted["digest"]) == ("submitted", drafted["digest"])
    assert desk.ask("approve", edition, by="wang")["stage"] == "approved"
    assert desk.ask("sign", edition, by="zhao")["stage"] == "signed"

    sent = desk.ask("send", edition, "--yes", by="zhao")

    assert sent["stage"] == "sent"
    assert sent["digest"] == drafted["digest"]
    assert sent["audience"] == 12
    assert sent["ledger"]["delivered"] == 12
    assert sum(sent["ledger"].values()) == 12
    messages = desk.ask("sandbox", "messages", "--edition", edition, by="zhao")["messages"]
    preview = desk.ask("preview", edition, by="chen")
    assert {message["text"] for message in messages} == {preview["sms"]["text"]}
    assert len({message["number_key"] for message in messages}) == 12
    assert all("****" in message["number"] for message in messages)
    assert sent["parts"] == 12 * len(preview["sms"]["parts"])
    assert Path(preview["pdf"]).read_bytes().startswith(b"%PDF")
    assert Path(preview["archive"]).read_bytes().startswith(b"%PDF")


def test_the_message_opens_with_the_signature_and_ends_with_the_way_out(desk: CommandLine) -> None:
    edition = desk.ask("draft", 1, 2, "--kind", "town", "--unit", "banjing", by="li")["edition"]
    text = desk.ask("preview", edition, by="li")["sms"]["text"]
    assert text.startswith("【如皋手机报】")
    assert text.endswith("拒收请回复R")
    assert "板凳会开到田头" in text
    assert text.count("【") == 1


def test_sending_again_only_reports(desk: CommandLine) -> None:
    edition = an_approved_edition(desk)
    first = desk.ask("send", edition, "--yes", by="zhao")
    again = desk.ask("send", edition, "--yes", by="zhao")
    assert again == first
    assert len(desk.ask("sandbox", "messages", by="zhao")["messages"]) == 12


def test_a_dry_run_writes_nothing(desk: CommandLine) -> None:
    edition = an_approved_edition(desk)
    before = desk.ask("status", edition, by="zhao")
    planned = desk.ask("send", edition, "--dry-run", by="zhao")
    assert planned["audience"] == planned["reachable"] == 12
    assert planned["parts"] == 12 * planned["parts_each"]
    assert desk.ask("status", edition, by="zhao") == before
    assert desk.ask("sandbox", "messages", by="zhao") == {"messages": []}


def test_nobody_is_asked_where_there_is_no_terminal(desk: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    edition = an_approved_edition(desk)
    assert "--yes" in desk.type("send", edition, by="zhao", code=4).err
    assert desk.ask("sandbox", "messages", by="zhao") == {"messages": []}


def test_who_left_is_not_written_to_again_even_when_imported_again(desk: CommandLine, tmp_path: Path) -> None:
    first = an_approved_edition(desk)
    desk.ask("send", first, "--yes", by="zhao")
    for place, word in enumerate(("退订", "TD", "R", "STOP")):
        assert desk.ask("sandbox", "reply", number_of(place), word, by="zhao")["meaning"] == "out"
    left = desk.ask("optout", number_of(4), "--reason", "太多", "--source", "phone", by="zhao")
    assert (left["edition"], left["effective"]) == (first, True)
    again = desk.ask("subscribers", "import", a_subscriber_file(tmp_path), by="li")
    assert (again["unchanged"], again["suppressed"]) == (12, 5)

    second = an_approved_edition(desk)
    sent = desk.ask("send", second, "--yes", by="zhao")

    assert (sent["ledger"]["suppressed"], sent["ledger"]["delivered"]) == (5, 7)
    assert len(desk.ask("sandbox", "messages", "--edition", second, by="zhao")["messages"]) == 7


def test_unsubscribes_are_counted_over_delivered(desk: CommandLine, tmp_path: Path) -> None:
    desk.ask("subscribers", "import", a_subscriber_file(tmp_path, 8, unit="baipu", first=100), by="li")
    edition = an_approved_edition(desk)
    desk.ask("send", edition, "--yes", by="zhao")
    desk.ask("sandbox", "reply", number_of(0), "退订", by="zhao")
    desk.ask("optout", number_of(1), "--reason", "太多", by="zhao")

    counted = desk.ask("stats", "unsubscribes", "--by", "region", by="chen")

    rows = {row["region"]: row for row in counted["rows"]}
    banjing = rows["320682116"]
    assert (banjing["delivered"], banjing["unsubscribed"]) == (12, 2)
    assert banjing["rate"] == pytest.approx(2 / 12, abs=1e-6)
    assert (counted["total"]["delivered"], counted["total"]["unsubscribed"]) == (20, 2)
    path = tmp_path / "unsubscribes.csv"
    desk.type("stats", "unsubscribes", "--by", "region", "--format", "csv", "--out", path, by="chen")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert len(list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))) == 4


def test_failed_deliveries_end_in_part(desk: CommandLine, newsroom_directory: Path) -> None:
    with settings_changed(newsroom_directory, "[gateway.sandbox]\nfailure_rate = 1.0\nseed = 1"):
        sent = desk.ask("send", an_approved_edition(desk), "--yes", by="zhao", code=6)
    assert sent["ledger"]["delivered"] == 0
    assert sent["ledger"]["failed"] + sent["ledger"]["undelivered"] == 12


def test_an_edition_for_some_goes_to_them_only(desk: CommandLine, tmp_path: Path) -> None:
    desk.ask("subscribers", "import", a_subscriber_file(tmp_path, 3, unit="nyj", first=200), by="li")
    desk.ask("audience", "save", "白领", "--unit", "nyj", by="li")
    assert desk.ask("audience", "count", "白领", by="li")["reachable"] == 3
    edition = an_approved_edition(desk, "--kind", "department", "--unit", "nyj", "--audience", "白领")
    assert desk.ask("send", edition, "--yes", by="zhao")["audience"] == 3


def test_who_comes_back_is_written_to_again(desk: CommandLine) -> None:
    desk.ask("sandbox", "reply", number_of(0), "TD", by="zhao")
    assert desk.ask("sandbox", "reply", number_of(0), "恢复", by="zhao")["meaning"] == "in"
    assert desk.ask("send", an_approved_edition(desk), "--yes", by="zhao")["ledger"]["delivered"] == 12
