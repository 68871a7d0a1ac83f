"""What must not slip past the desk: changes behind the issuer's back, forged roles, broken entries, lost admins."""

import sqlite3
from pathlib import Path

import pytest

from newsletter.delivery.sending import send_edition
from newsletter.newsroom import Newsroom
from newsletter.workflow.approval import ChangedSinceError
from tests.command_line import CommandLine
from tests.texts import BODY, a_subscriber_file, an_article_file


@pytest.fixture
def desk(shell: CommandLine, tmp_path: Path) -> CommandLine:
    """Members, one article, one approved edition."""
    shell.ask("subscribers", "import", a_subscriber_file(tmp_path), by="li")
    shell.ask("submit", an_article_file(tmp_path), by="li")
    shell.ask("draft", 1, "--submit", by="li")
    shell.ask("approve", 1, by="wang")
    return shell


def meddle(directory: Path, statement: str) -> None:
    connection = sqlite3.connect(directory / "newsletter.db")
    with connection:
        connection.execute(statement)
    connection.close()


def test_an_issuer_signs_only_what_they_were_shown(desk: CommandLine, newsroom: Newsroom, tmp_path: Path) -> None:
    shown = desk.ask("status", 1, by="zhao")["digest"]
    edited = an_article_file(tmp_path, body=BODY + "\n\n又及。", name="edited.md")
    desk.ask("edit", 1, "--file", edited, by="li")
    desk.ask("draft", 1, "--edition", 1, "--submit", by="li")
    desk.ask("approve", 1, by="wang")
    with pytest.raises(ChangedSinceError, match="shown to you"):
        send_edition(newsroom.acting_as("zhao"), 1, digest=shown)
    assert desk.ask("sandbox", "messages", by="zhao") == {"messages": []}


def test_a_forged_grant_row_lets_nobody_speak(desk: CommandLine, newsroom_directory: Path) -> None:
    desk.ask("return", 1, "--reason", "再看", by="wang")
    desk.ask("draft", "--edition", 1, "--submit", by="li")
    forged = (
        "INSERT INTO staff_grant (staff_id, role, unit_id, granted_at, statement_id) "
        "SELECT staff.id, 'reviewer', unit.id, 0, 1 FROM staff, unit WHERE staff.name = 'chen' AND unit.code = 'root'"
    )
    meddle(newsroom_directory, forged)
    assert desk.ask("approve", 1, by="chen", code=4)["error"]["code"] == "role_lost"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE piece SET data = CAST('【如皋手机报】假消息' AS BLOB) WHERE name = 'sms'",
        "UPDATE edition SET audience_definition = replace(audience_definition, 'root', 'baipu')",
        "UPDATE paper SET signature = '别家手机报'",
        "UPDATE unit SET parent_id = (SELECT id FROM unit WHERE code = 'baipu') WHERE code = 'banjing'",
        "UPDATE edition SET unit_id = (SELECT id FROM unit WHERE code = 'banjing')",
    ],
)
def test_what_is_changed_in_the_database_does_not_leave(
    desk: CommandLine, newsroom_directory: Path, change: str
) -> None:
    desk.ask("sign", 1, by="zhao")
    meddle(newsroom_directory, change)
    expected = 0 if "parent_id" in change else 4  # the edition is the root's: moving a town changes nothing of it
    answer = desk.ask("send", 1, "--yes", by="zhao", code=expected)
    assert ("error" in answer) is (expected == 4)


def test_another_first_admin_in_the_settings_is_noticed(desk: CommandLine, newsroom_directory: Path) -> None:
    path = newsroom_directory / "newsletter.toml"
    text = path.read_text(encoding="utf-8")
    start = text.index('admin_key = "') + len('admin_key = "')
    path.write_text(text[:start] + "0" * 64 + text[start + 64 :], encoding="utf-8")
    assert desk.ask("send", 1, "--yes", by="zhao", code=4)["error"]["code"] == "forged_trust"


def test_one_broken_entry_stops_nobody_else(desk: CommandLine, newsroom_directory: Path) -> None:
    meddle(newsroom_directory, "UPDATE subscriber SET number = X'01' WHERE id = 3")
    sent = desk.ask("send", 1, "--yes", by="zhao", code=6)
    assert (sent["stage"], sent["ledger"]["failed"], sent["ledger"]["delivered"]) == ("sent", 1, 11)


def test_the_last_admin_cannot_give_up_the_role(desk: CommandLine) -> None:
    answer = desk.ask("staff", "revoke", "sun", "--role", "admin", by="sun", code=4)
    assert answer["error"]["code"] == "last_admin"
    desk.ask("staff", "grant", "li", "--role", "admin", by="sun")
    desk.ask("staff", "revoke", "sun", "--role", "admin", by="sun")


def test_a_signed_edition_can_be_returned(desk: CommandLine) -> None:
    desk.ask("sign", 1, by="zhao")
    assert desk.ask("return", 1, "--reason", "换人签发", by="wang")["stage"] == "returned"


@pytest.mark.parametrize(
    ("words", "by"),
    [
        (("optout", "13900000001", "--reason", "张三 139 1234 5678 来电"), "zhao"),
        (("return", 1, "--reason", "请联系１３９１２３４５６７８"), "wang"),
        (("decline", 1, "--reason", "身份证320682199001011234"), "li"),
    ],
)
def test_remarks_hold_no_numbers(desk: CommandLine, words: tuple[object, ...], by: str) -> None:
    assert desk.ask(*words, by=by, code=2)["error"]["code"] == "number_in_remark"


def test_a_units_desk_writes_to_its_own_people_only(desk: CommandLine) -> None:
    for role, name in (("editor", "bian"), ("reviewer", "shen")):
        desk.ask("staff", "add", name, "--role", role, "--unit", "banjing", "--no-passphrase", by="sun")
    desk.ask("audience", "save", "everyone", "--unit", "root", by="li")
    desk.ask("draft", 1, "--unit", "banjing", "--audience", "everyone", by="bian", code=4)
    desk.ask("draft", 1, "--unit", "banjing", "--kind", "special", by="bian", code=4)
    assert desk.ask("draft", 1, "--unit", "banjing", by="bian")["kind"] == "town"


def test_a_newer_revision_is_told_before_sending(desk: CommandLine, tmp_path: Path) -> None:
    edited = an_article_file(tmp_path, body=BODY + "\n\n又及。", name="edited.md")
    desk.ask("edit", 1, "--file", edited, by="li")
    newer, shared = desk.ask("send", 1, "--dry-run", by="zhao")["warnings"]
    assert "newer one, 2" in newer
    assert shared == "The keys of li, wang, zhao lie in one place: whoever reads them can pass these gates alone."
    printed = {"edition": 1, "revision": 1, "stage": "approved", "corrected_by": []}
    assert desk.ask("show", 1, by="li")["editions"] == [printed]
