"""What becomes of editions under way when a reviewer leaves, a deputy's days end, or a return is made to vanish."""

import sqlite3
from pathlib import Path

import pytest

from tests.acceptance.furnished import copy_of, furnish
from tests.clocks import Clock
from tests.command_line import CommandLine
from tests.texts import a_subscriber_file, an_article_file


@pytest.fixture(scope="session")
def furnished_submitted(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsroom in which an edition waits for its reviewer."""
    root = tmp_path_factory.mktemp("submitted")
    lines: list[tuple[str, tuple[object, ...]]] = [
        ("li", ("subscribers", "import", a_subscriber_file(root))),
        ("li", ("submit", an_article_file(root))),
        ("li", ("draft", 1, "--submit")),
    ]
    return furnish(founded, root, lines)


@pytest.fixture
def desk(furnished_submitted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(copy_of(furnished_submitted, tmp_path), capsys)


def test_what_a_reviewer_approved_stays_when_they_retire(desk: CommandLine) -> None:
    desk.ask("approve", 1, by="wang")
    desk.ask("staff", "retire", "wang", "--yes", by="sun")
    for command in (("sign", 1), ("send", 1, "--yes")):
        error = desk.ask(*command, by="zhao", code=4)["error"]
        assert error["code"] == "role_lost"
        assert "wang" in error["message"]
    assert desk.ask("sandbox", "messages", by="zhao") == {"messages": []}


def test_a_deputys_approval_counts_while_the_days_last(desk: CommandLine, clock: Clock) -> None:
    desk.ask("staff", "revoke", "wang", "--role", "reviewer", by="sun")
    desk.ask("staff", "grant", "ma", "--role", "reviewer", "--from", clock.day(1), "--until", clock.day(2), by="sun")
    desk.ask("approve", 1, by="ma", code=4)
    clock.move(days=1)
    desk.ask("approve", 1, by="ma")
    clock.move(days=1)
    desk.ask("send", 1, "--dry-run", by="zhao")
    clock.move(days=1)
    assert desk.ask("send", 1, "--yes", by="zhao", code=4)["error"]["code"] == "role_lost"
    clock.move(days=-1)
    assert desk.ask("send", 1, "--yes", by="zhao")["stage"] == "sent"


def test_new_keys_change_nothing_about_an_edition(desk: CommandLine) -> None:
    desk.ask("approve", 1, by="wang")
    for name in ("li", "wang", "zhao"):
        desk.ask("staff", "key", "rotate", "--no-passphrase", "--yes", by=name)
    assert desk.ask("send", 1, "--yes", by="zhao")["stage"] == "sent"


def test_a_return_made_to_vanish_is_noticed_by_whoever_sends(desk: CommandLine) -> None:
    """The approval stands again, and the chain is whole; but this machine has seen what is gone."""
    desk.ask("approve", 1, by="wang")
    desk.ask("return", 1, "--reason", "数字不对", by="wang")
    meddle(
        desk.directory,
        "DROP TRIGGER statement_refuse_delete",
        "DELETE FROM statement WHERE id = (SELECT max(id) FROM statement)",
        "UPDATE edition SET stage = 'approved'",
    )
    for command in (("send", 1, "--dry-run"), ("sign", 1), ("send", 1, "--yes")):
        assert desk.ask(*command, by="zhao", code=4)["error"]["code"] == "journal_truncated"
    assert len(desk.type("send", 1, "--yes", by="zhao", code=4).err.splitlines()) == 2
    assert desk.ask("sandbox", "messages", by="zhao") == {"messages": []}


def meddle(directory: Path, *statements: str) -> None:
    connection = sqlite3.connect(directory / "newsletter.db")
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_gates_that_share_a_key_store_are_told_before_sending(
    desk: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The issuer sits at another machine; editor and reviewer do not."""
    desk.ask("approve", 1, by="wang")
    (keys,) = (tmp_path / "keys").iterdir()
    there = tmp_path / "elsewhere" / keys.name
    (there / "staff").mkdir(mode=0o700, parents=True)
    there.chmod(0o700)
    for name in ("admin.pub", "data.key", "staff/zhao.key"):
        (there / name).write_bytes((keys / name).read_bytes())
        (there / name).chmod(0o600)
    sentence = "The keys of {names} lie in one place: whoever reads them can pass these gates alone."
    assert sentence.format(names="li, wang, zhao") in desk.ask("send", 1, "--dry-run", by="zhao")["warnings"]
    monkeypatch.setenv("NEWSLETTER_KEYS_DIR", str(tmp_path / "elsewhere"))
    assert desk.ask("send", 1, "--dry-run", by="zhao")["warnings"] == [sentence.format(names="li, wang")]
    assert f"Warning: {sentence.format(names='li, wang')}" in desk.type("send", 1, by="zhao", code=4).err
