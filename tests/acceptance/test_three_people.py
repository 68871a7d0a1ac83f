"""Editor, reviewer and issuer are three people, and what leaves is what all three spoke of."""

from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.texts import BODY, a_subscriber_file, an_article_file


@pytest.fixture
def desk(shell: CommandLine, tmp_path: Path) -> CommandLine:
    """A newsroom with members and one article."""
    shell.ask("subscribers", "import", a_subscriber_file(tmp_path), by="li")
    shell.ask("submit", an_article_file(tmp_path), by="li")
    return shell


def refused(desk: CommandLine, *words: object, by: str) -> str:
    error = desk.ask(*words, by=by, code=4)["error"]
    return str(error["message"])


@pytest.mark.parametrize(
    ("words", "by"),
    [
        (("draft", 1), "wang"),
        (("submit", "x.md"), "zhao"),
        (("approve", 1), "li"),
        (("approve", 1), "sun"),
        (("return", 1, "--reason", "x"), "zhao"),
        (("stats", "unsubscribes"), "li"),
        (("optout", "13900000001", "--reason", "x"), "li"),
        (("sandbox", "messages"), "li"),
        (("staff", "add", "new", "--role", "editor"), "li"),
        (("units", "add", "x", "某村", "--kind", "village"), "li"),
    ],
)
def test_a_wrong_role_is_refused(desk: CommandLine, tmp_path: Path, words: tuple[object, ...], by: str) -> None:
    desk.ask("draft", 1, "--submit", by="li")
    file = an_article_file(tmp_path, "另一篇")
    assert by in refused(desk, *(file if word == "x.md" else word for word in words), by=by)


def test_nobody_approves_what_they_submitted(desk: CommandLine) -> None:
    desk.ask("staff", "grant", "li", "--role", "reviewer", by="sun")
    edition = desk.ask("draft", 1, "--submit", by="li")["edition"]
    assert "li cannot approve what they submitted" in refused(desk, "approve", edition, by="li")


def test_nobody_signs_what_they_approved(desk: CommandLine) -> None:
    desk.ask("staff", "grant", "wang", "--role", "issuer", by="sun")
    edition = desk.ask("draft", 1, "--submit", by="li")["edition"]
    desk.ask("approve", edition, by="wang")
    assert "wang cannot sign what they approved" in refused(desk, "sign", edition, by="wang")
    assert "wang cannot sign what they approved" in refused(desk, "send", edition, "--yes", by="wang")


def test_nobody_judges_a_text_they_worked_on(desk: CommandLine, tmp_path: Path) -> None:
    desk.ask("staff", "grant", "wang", "--role", "editor", by="sun")
    edited = an_article_file(tmp_path, body=BODY + "\n\n编者按。", name="edited.md")
    desk.ask("edit", 1, "--file", edited, by="wang")
    edition = desk.ask("draft", 1, "--submit", by="li")["edition"]
    assert "wang worked on the text of article 1" in refused(desk, "approve", edition, by="wang")


def test_an_admin_has_no_way_round(desk: CommandLine) -> None:
    edition = desk.ask("draft", 1, "--submit", by="li")["edition"]
    for words in (("approve", edition), ("sign", edition), ("send", edition, "--yes")):
        refused(desk, *words, by="sun")


def test_a_change_voids_the_approval(desk: CommandLine, tmp_path: Path) -> None:
    edition = desk.ask("draft", 1, "--submit", by="li")["edition"]
    desk.ask("approve", edition, by="wang")
    edited = an_article_file(tmp_path, body=BODY + "\n\n又及。", name="edited.md")
    desk.ask("edit", 1, "--file", edited, by="li")
    assert desk.ask("status", edition, by="li")["stage"] == "approved", "an edit alone leaves the edition as it is"
    changed = desk.ask("draft", 1, "--edition", edition, by="li")
    assert changed["stage"] == "drafted"
    refused(desk, "sign", edition, by="zhao")
    refused(desk, "send", edition, "--yes", by="zhao")
    desk.ask("draft", "--edition", edition, "--submit", by="li")
    assert desk.ask("approve", edition, by="wang")["changes"] == {"added": [], "revised": [1], "dropped": []}


def test_saving_without_a_change_keeps_the_approval(desk: CommandLine) -> None:
    edition = desk.ask("draft", 1, "--submit", by="li")["edition"]
    approved = desk.ask("approve", edition, by="wang")
    again = desk.ask("draft", 1, "--edition", edition, by="li")
    assert (again["stage"], again["digest"]) == ("approved", approved["digest"])
    assert desk.ask("sign", edition, by="zhao")["stage"] == "signed"


def test_a_returned_edition_starts_anew(desk: CommandLine) -> None:
    edition = desk.ask("draft", 1, "--submit", by="li")["edition"]
    desk.ask("approve", edition, by="wang")
    assert desk.ask("return", edition, "--reason", "标题不妥", by="wang")["stage"] == "returned"
    refused(desk, "send", edition, "--yes", by="zhao")
    desk.ask("draft", "--edition", edition, "--submit", by="li")
    refused(desk, "sign", edition, by="zhao")
    desk.ask("approve", edition, by="wang")
    assert desk.ask("send", edition, "--yes", by="zhao")["stage"] == "sent"


def test_a_lost_role_stops_the_sending(desk: CommandLine) -> None:
    edition = desk.ask("draft", 1, "--submit", by="li")["edition"]
    desk.ask("approve", edition, by="wang")
    desk.ask("sign", edition, by="zhao")
    desk.ask("staff", "revoke", "wang", "--role", "reviewer", by="sun")
    assert "wang does not hold the role reviewer" in refused(desk, "send", edition, "--yes", by="zhao")


def test_an_operator_sends_only_what_is_signed(desk: CommandLine) -> None:
    edition = desk.ask("draft", 1, "--submit", by="li")["edition"]
    desk.ask("approve", edition, by="wang")
    refused(desk, "send", edition, "--yes", by="ma")
    desk.ask("sign", edition, by="zhao")
    assert desk.ask("send", edition, "--yes", by="ma")["stage"] == "sent"


def test_a_town_editor_has_no_say_elsewhere(desk: CommandLine) -> None:
    desk.ask("staff", "add", "qian", "--role", "editor", "--unit", "baipu", by="sun")
    refused(desk, "draft", 1, by="qian")
    refused(desk, "draft", 1, "--unit", "baipu", by="qian")


def test_statements_are_shown_with_who_said_what(desk: CommandLine) -> None:
    edition = desk.ask("draft", 1, "--submit", by="li")["edition"]
    desk.ask("approve", edition, "--note", "照发", by="wang")
    statements = desk.ask("status", edition, by="ma")["statements"]
    assert [(said["verb"], said["person"]) for said in statements] == [("submit", "li"), ("approve", "wang")]
    assert statements[1]["note"] == "照发"
    assert len({said["digest"] for said in statements}) == 1


def test_an_edit_can_move_an_article_to_another_column(desk: CommandLine, tmp_path: Path) -> None:
    moved = an_article_file(tmp_path, column="田间党课", name="moved.md")
    answer = desk.ask("edit", 1, "--file", moved, by="li")
    assert (answer["revision"], answer["changed"]) == (1, True)
    assert desk.ask("articles", by="li")["articles"][0]["column"] == "tianjian"


def test_an_edition_begun_cannot_change_its_channel(desk: CommandLine) -> None:
    edition = desk.ask("draft", 1, by="li")["edition"]
    assert "mms" in refused(desk, "draft", "--edition", edition, "--channel", "mms", by="li")
