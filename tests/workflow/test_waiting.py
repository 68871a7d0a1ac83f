"""What waits for whom: articles of one's own units, and each step for those who may take it."""

from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.texts import a_subscriber_file, an_article_file


@pytest.fixture
def desk(shell: CommandLine, tmp_path: Path) -> CommandLine:
    """Two articles of a town, one of a department; ``qian`` edits for the town, ``sun2`` for a village in it."""
    files = [an_article_file(tmp_path, f"镇里第{n}篇") for n in "一二"]
    shell.ask("submit", *files, by="li")
    shell.ask("submit", an_article_file(tmp_path, "局里一篇"), "--contributor", "顾春禾", by="li")
    shell.ask("units", "add", "jiaogang", "焦港村", "--kind", "village", "--parent", "banjing", by="sun")
    shell.ask("contributors", "add", "何小禾", "--unit", "jiaogang", by="sun")
    for name, unit in (("qian", "banjing"), ("wu", "jiaogang")):
        shell.ask("staff", "add", name, "--role", "editor", "--unit", unit, "--no-passphrase", by="sun")
    return shell


def articles_for(shell: CommandLine, person: str) -> int:
    count: int = shell.ask("status", by=person)["articles"]
    return count


def test_articles_are_counted_in_the_units_a_person_edits_for(desk: CommandLine, tmp_path: Path) -> None:
    people = ("li", "qian", "wu", "wang", "sun")
    assert [articles_for(desk, person) for person in people] == [3, 2, 0, 0, 0]
    desk.ask("submit", an_article_file(tmp_path, "村里一篇"), "--contributor", "何小禾", by="wu")
    assert [articles_for(desk, person) for person in people] == [4, 3, 1, 0, 0]
    desk.ask("hold", 1, "--reason", "等", by="li")
    desk.ask("give-back", 2, "--reason", "补", by="qian")
    assert [articles_for(desk, person) for person in people] == [2, 1, 1, 0, 0]


def test_two_roles_that_overlap_count_an_article_once(desk: CommandLine) -> None:
    desk.ask("staff", "grant", "qian", "--role", "editor", "--unit", "nyj", by="sun")
    desk.ask("staff", "grant", "qian", "--role", "editor", "--unit", "jiaogang", by="sun")
    assert articles_for(desk, "qian") == 3


def test_an_operator_sends_what_is_signed_and_nothing_before(desk: CommandLine, tmp_path: Path) -> None:
    desk.ask("subscribers", "import", a_subscriber_file(tmp_path), by="li")
    desk.ask("draft", 1, "--submit", by="li")
    steps = (("approve", "wang"), ("sign", "zhao"))
    for step, person in steps:
        assert desk.ask("status", by="ma")["waiting"] == {}
        assert desk.ask("send", 1, "--yes", by="ma", code=4)["error"]["code"] in ("edition_stage", "no_right")
        desk.ask(step, 1, by=person)
    assert desk.ask("status", by="ma")["waiting"] == {"1": "send"}
    assert "Edition 1 waits to be sent by you: newsletter send 1" in desk.type("status", by="ma").out
    sent = desk.ask("send", 1, "--yes", by="ma")
    assert (sent["stage"], sent["ledger"]["delivered"]) == ("sent", 12)
    assert [word["person"] for word in desk.ask("status", 1, by="ma")["statements"]] == ["li", "wang", "zhao"]
    assert desk.ask("show", 1, by="ma")["stage"] == "published"
