"""Who may what: the table, held against the promise of the command line."""

from pathlib import Path

import pytest

from newsletter.organisation.roles import GATE_ROLES, RIGHTS, Right, Role
from tests.command_line import CommandLine
from tests.conftest import STAFF
from tests.texts import BODY

#: Command-line promise "Who may", word for word.
PROMISED = {
    Role.ADMIN: {
        Right.STRUCTURE,
        Right.STAFF,
        Right.IMPORT,
        Right.AUDIT,
        Right.UNLOCK,
        Right.RULES,
        Right.JUDGE_APPEALS,
        Right.REVEAL,
        Right.EXPORT,
        Right.ERASE,
        Right.RETENTION,
        Right.DATA_KEY,
        Right.CONSENT,
    },
    Role.EDITOR: {
        Right.ARTICLES,
        Right.DRAFTS,
        Right.AUDIENCES,
        Right.IMPORT,
        Right.WAIVE,
        Right.NOTICES,
        Right.POINTS,
        Right.RECORD_ERRORS,
    },
    Role.REVIEWER: {Right.APPROVE, Right.RETURN, Right.WAIVE, Right.RECORD_ERRORS, Right.JUDGE_APPEALS},
    Role.ISSUER: {
        Right.SIGN,
        Right.SEND,
        Right.OPT_OUT,
        Right.CONSENT,
        Right.REPLIES,
        Right.DEPARTURES,
        Right.SANDBOX,
        Right.RECONCILE,
        Right.NOTICES,
        Right.POINTS,
        Right.RECORD_ERRORS,
        Right.JUDGE_APPEALS,
        Right.DECIDE_ERRORS,
    },
    Role.OPERATOR: {Right.SEND, Right.NOTICES, Right.RECORD_ERRORS},
    Role.ANALYST: {Right.STATISTICS, Right.RECORD_ERRORS},
}
PEOPLE = {"sun": Role.ADMIN} | STAFF
#: A command for each right; with nothing in the newsroom, whoever holds the right is told 3 or 2, never 4.
COMMANDS = {
    Right.STRUCTURE: ("columns", "add", "x", "某栏"),
    Right.STAFF: ("staff", "revoke", "sun", "--role", "analyst", "--unit", "banjing"),
    Right.IMPORT: ("subscribers", "import", "members.csv"),
    Right.ARTICLES: ("decline", "1", "--reason", "x"),
    Right.DRAFTS: ("draft", "1"),
    Right.AUDIENCES: ("audience", "save", "x", "--mobile"),
    Right.APPROVE: ("approve", "1"),
    Right.RETURN: ("return", "1", "--reason", "x"),
    Right.SIGN: ("sign", "1"),
    Right.SEND: ("send", "1", "--dry-run"),
    Right.OPT_OUT: ("optout", "13900000000", "--reason", "x"),
    Right.SANDBOX: ("sandbox", "messages"),
    Right.RECONCILE: ("reconcile", "1"),
    Right.STATISTICS: ("stats", "unsubscribes"),
    Right.AUDIT: ("audit", "verify"),
    Right.WAIVE: ("waive", "1", "00000000", "--reason", "x"),
    Right.NOTICES: ("notices", "queue"),
    Right.RULES: ("penalties", "rules", "--adopt", "members.csv"),
    Right.POINTS: ("points", "record", "1", "--kind", "leader_comment"),
    Right.REVEAL: ("subscribers", "list", "--reveal", "--purpose", "核对", "--yes"),
    Right.EXPORT: ("subscribers", "export", "--unit", "root", "--purpose", "x", "--out", "out.csv", "--yes"),
    Right.ERASE: ("subscribers", "erase", "13900000001", "--reason", "x", "--yes"),
    Right.RETENTION: ("retention", "--dry-run"),
    Right.DATA_KEY: ("keys", "rotate", "--yes"),
    Right.CONSENT: ("consent", "list"),
    Right.REPLIES: ("replies", "list"),
    Right.DEPARTURES: ("optouts", "show", "13900000000", "--purpose", "x"),
}


def test_the_table_is_what_was_promised() -> None:
    for role, rights in PROMISED.items():
        assert {right for right, roles in RIGHTS.items() if role in roles} == rights
    assert set(RIGHTS) == set(Right)
    assert {Role.REVIEWER, Role.ISSUER} == GATE_ROLES


@pytest.mark.parametrize("right", COMMANDS, ids=str)
def test_a_command_is_refused_to_whoever_lacks_the_right(shell: CommandLine, right: Right, tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text(f"标题\n{BODY}", encoding="utf-8")
    members = tmp_path / "members.csv"
    members.write_text("phone,unit\n13900000000,banjing\n", encoding="utf-8")
    shell.ask("submit", article, "--contributor", "陆小满", by="li")
    shell.ask("draft", 1, "--submit", by="li")
    files = {"members.csv": members, "out.csv": tmp_path / "out.csv"}
    words = [files.get(word, word) for word in COMMANDS[right]]
    for person, role in PEOPLE.items():
        if role not in RIGHTS[right]:
            error = shell.ask(*words, by=person, code=4)["error"]
            assert error["code"] == "no_right", (person, error)
    for person, role in PEOPLE.items():
        if role in RIGHTS[right]:
            answer = shell.type(*words, "--json", by=person, code=None)
            assert '"no_right"' not in answer.out, (person, answer)


@pytest.mark.parametrize(
    "words",
    [("status",), ("articles",), ("editions",), ("show", 1), ("preview", 1), ("status", 1), ("units", "list"),
     ("papers", "list"), ("columns", "list"), ("contributors", "list"), ("staff", "list"), ("audience", "list"),
     ("subscribers", "list")],
)  # fmt: skip
def test_everyone_on_staff_may_look(shell: CommandLine, words: tuple[object, ...], tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text(f"标题\n{BODY}", encoding="utf-8")
    shell.ask("submit", article, "--contributor", "陆小满", by="li")
    shell.ask("draft", 1, by="li")
    for person in PEOPLE:
        shell.ask(*words, by=person)
    assert shell.ask(*words, by="stranger", code=4)["error"]["code"] == "no_right"
