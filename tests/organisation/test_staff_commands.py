"""Roles with days, people who leave: as an admin types it."""

import sqlite3
from pathlib import Path

import pytest
from sqlmodel import select

from newsletter.journal.chain import read_journal
from newsletter.journal.statements import Verb
from newsletter.newsroom import Newsroom
from newsletter.organisation.staff import Grant
from tests.clocks import Clock
from tests.command_line import CommandLine


def roles_of(shell: CommandLine, name: str) -> list[tuple[str, str, str | None, str | None]]:
    (person,) = [person for person in shell.ask("staff", "list", by="sun")["staff"] if person["name"] == name]
    return [(held["role"], held["unit"], held["from"], held["until"]) for held in person["roles"]]


def test_a_deputys_role_begins_and_ends_by_itself(shell: CommandLine, clock: Clock) -> None:
    first, last = clock.day(2), clock.day(3)
    granted = shell.ask("staff", "grant", "ma", "--role", "editor", "--from", first, "--until", last, by="sun")
    assert granted == {"name": "ma", "role": "editor", "unit": "root", "from": first, "until": last}
    assert roles_of(shell, "ma") == [("operator", "root", None, None), ("editor", "root", first, last)]
    for day, code in enumerate([4, 4, 0, 0, 4]):
        shell.ask("audience", "save", f"a{day}", "--mobile", by="ma", code=code)
        clock.move(days=1)
    assert roles_of(shell, "ma") == [("operator", "root", None, None)]


def test_the_journal_carries_the_days_and_the_table_mirrors_them(
    shell: CommandLine, newsroom: Newsroom, clock: Clock
) -> None:
    until = clock.day(9)
    shell.ask("staff", "add", "qian", "--role", "editor", "--unit", "banjing", "--until", until, by="sun")
    with newsroom.reading() as session:
        word = read_journal(session, newsroom)[-1]
        grant = session.exec(select(Grant).where(Grant.statement_id == word.place)).one()
    assert word.details["until"] == until
    assert word.details["timezone"] == "Asia/Shanghai"
    assert "from" not in word.details
    assert grant.valid_from is None
    assert str(grant.valid_until) == until


def test_the_list_shows_days_to_people(shell: CommandLine, clock: Clock) -> None:
    clock.move(seconds=0)
    shell.type("staff", "grant", "ma", "--role", "editor", "--from", clock.day(1), "--until", clock.day(5), by="sun")
    shell.type("staff", "grant", "ma", "--role", "analyst", "--until", clock.day(5), by="sun")
    (line,) = [line for line in shell.type("staff", "list", by="sun").out.splitlines() if line.strip().startswith("ma")]
    assert f"editor (root, {clock.day(1)} – {clock.day(5)}), analyst (root, until {clock.day(5)})" in line


@pytest.mark.parametrize("command", [("staff", "add", "qian"), ("staff", "grant", "ma")])
@pytest.mark.parametrize(
    "dates", [("--until", "2020-01-01"), ("--from", "2999-12-02", "--until", "2999-12-01"), ("--from", "下周一")]
)
def test_days_that_cannot_be_change_nothing(
    shell: CommandLine, newsroom_directory: Path, command: tuple[str, ...], dates: tuple[str, ...]
) -> None:
    before = shell.ask("staff", "list", by="sun")
    assert shell.ask(*command, "--role", "editor", *dates, by="sun", code=2)["error"]["code"] == "bad_dates"
    assert shell.ask("staff", "list", by="sun") == before
    assert not list((newsroom_directory.parent / "keys").rglob("qian.key"))


def test_a_role_that_begins_later_can_be_taken_back_before(shell: CommandLine, clock: Clock) -> None:
    shell.ask("staff", "grant", "ma", "--role", "editor", "--from", clock.day(5), by="sun")
    shell.ask("staff", "revoke", "ma", "--role", "editor", by="sun")
    assert roles_of(shell, "ma") == [("operator", "root", None, None)]
    assert shell.ask("staff", "revoke", "ma", "--role", "editor", by="sun", code=4)["error"]["code"] == "no_grant"


def test_the_last_admin_is_one_whose_role_does_not_end(shell: CommandLine, clock: Clock) -> None:
    shell.ask("staff", "grant", "li", "--role", "admin", "--until", clock.day(5), by="sun")
    shell.ask("staff", "grant", "wang", "--role", "admin", "--from", clock.day(5), by="sun")
    for words in (("staff", "revoke", "sun", "--role", "admin"), ("staff", "retire", "sun", "--yes")):
        assert shell.ask(*words, by="sun", code=4)["error"]["code"] == "last_admin"
    shell.ask("staff", "grant", "zhao", "--role", "admin", by="sun")
    shell.ask("staff", "retire", "sun", "--yes", by="sun")
    assert shell.ask("staff", "grant", "ma", "--role", "editor", by="sun", code=4)["error"]["code"] == "no_right"
    shell.ask("staff", "grant", "ma", "--role", "editor", by="zhao")


def test_who_leaves_can_do_nothing_and_the_name_is_never_given_again(
    shell: CommandLine, newsroom: Newsroom, tmp_path: Path
) -> None:
    shell.ask("staff", "grant", "li", "--role", "analyst", "--unit", "banjing", by="sun")
    document = shell.ask("staff", "retire", "li", "--yes", by="sun")
    assert roles_of(shell, "li") == []
    assert shell.ask("staff", "list", by="li", code=4)["error"]["code"] == "no_right"
    for words in (
        ("staff", "add", "li", "--role", "editor"),
        ("staff", "grant", "li", "--role", "editor"),
        ("staff", "retire", "li", "--yes"),
        ("staff", "key", "rotate", "li", "--public-key", "1" * 64, "--yes"),
        ("staff", "key", "new", "li", "--no-passphrase"),
    ):
        error = shell.ask(*words, by="sun", code=4)["error"]
        assert error["code"] == "retired", words
        assert f"li left on {document['retired'][:10]}" in error["message"]
    assert shell.ask("staff", "key", "show", "li", by="sun")["state"] == "retired"
    with newsroom.reading() as session:
        word = read_journal(session, newsroom)[-1]
    assert (word.verb, word.person, word.unit, word.details) == (Verb.RETIRE, "sun", "root", {"person": "li"})


def test_retiring_asks_and_without_a_yes_nothing_is_done(shell: CommandLine) -> None:
    before = shell.ask("staff", "list", by="sun")
    answer = shell.type("staff", "retire", "li", by="sun", code=4)
    assert answer.err.startswith("Error: This cannot be undone and nobody can be asked.")
    assert shell.ask("staff", "list", by="sun") == before


def test_a_towns_admin_retires_the_towns_people_only(shell: CommandLine) -> None:
    shell.ask("staff", "add", "qian", "--role", "admin", "--unit", "banjing", by="sun")
    shell.ask("staff", "add", "feng", "--role", "editor", "--unit", "banjing", by="qian")
    shell.ask("staff", "add", "sui", "--role", "editor", "--unit", "banjing", by="qian")
    shell.ask("staff", "grant", "sui", "--role", "editor", "--unit", "baipu", by="sun")
    for name in ("sui", "li", "sun", "qian"):
        code = 0 if name == "qian" else 4
        if name != "qian":
            assert shell.ask("staff", "retire", name, "--yes", by="qian", code=code)["error"]["code"] == "no_right"
    shell.ask("staff", "retire", "feng", "--yes", by="qian")
    shell.ask("staff", "retire", "sui", "--yes", by="sun")


def test_a_forged_settings_file_stops_everything_signed(shell: CommandLine, newsroom_directory: Path) -> None:
    path = newsroom_directory / "newsletter.toml"
    text = path.read_text(encoding="utf-8")
    key = text.split('admin_key = "')[1][:64]
    path.write_text(text.replace(key, "0" * 64), encoding="utf-8")
    for words, code in ((("status",), 4), (("doctor",), 5)):
        document = shell.ask(*words, by="sun", code=code)
        if words == ("status",):
            assert document["error"]["code"] == "forged_trust"
            continue
        checks = {check["name"]: check for check in document["checks"]}
        assert not checks["first admin"]["is_well"]
        assert not checks["journal"]["is_well"]


def test_a_tampered_journal_is_one_line(shell: CommandLine, newsroom_directory: Path) -> None:
    connection = sqlite3.connect(newsroom_directory / "newsletter.db")
    with connection:
        connection.execute("DROP TRIGGER statement_refuse_update")
        connection.execute("UPDATE statement SET body = replace(body, 'analyst', 'admin') WHERE id = 6")
    connection.close()
    answer = shell.type("status", by="li", code=4)
    assert answer.err.splitlines()[0] == "Error: The journal was altered: statement 6 is not what was signed."
    assert len(answer.err.splitlines()) == 2


def test_one_without_a_name_adds_a_second_person(shell: CommandLine, newsroom_directory: Path) -> None:
    """The second key on the machine does not make it unclear, half-way, who acts."""
    for key in (newsroom_directory.parent / "keys").glob("*/staff/*.key"):
        if key.stem != "sun":
            key.unlink()
    shell.ask("staff", "add", "qian", "--role", "editor")
