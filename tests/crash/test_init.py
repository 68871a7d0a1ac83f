"""A killed ``init`` leaves either a newsroom or a directory in which the same command makes one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.newsroom import DATABASE_FILE, open_newsroom
from newsletter.organisation.unfinished import WAITING_FILE
from newsletter.settings import SETTINGS_FILE
from tests.command_line import CommandLine
from tests.crash.dying import run_and_die

FOUNDING = "newsletter.organisation.founding"
POINTS = [
    (f"{FOUNDING}:_read_founder", "before"),
    (f"{FOUNDING}:_read_founder", "after"),
    (f"{FOUNDING}:create_data_keys", "after"),
    (f"{FOUNDING}:_write_settings", "after"),
    (f"{FOUNDING}:enrol_staff", "after"),
    (f"{FOUNDING}:upgrade_schema", "after"),
    (f"{FOUNDING}:_write_first_records", "after"),
    ("newsletter.organisation.unfinished:WaitingSettings.put_in_place", "before"),
]
NAMES = ("--name", "如皋手机报", "--signature", "如皋手机报", "--admin", "he")
Type = Callable[..., object]


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path / "new", capsys)


def is_open(directory: Path) -> bool:
    opened = open_newsroom(directory)
    with opened.reading() as session:
        assert session.connection().exec_driver_sql("SELECT name FROM staff").scalars().all() == ["he"]
    assert opened.data_keys.number_key("x")
    opened.engine.dispose()
    return not (directory / WAITING_FILE).exists()


@pytest.mark.slow
@pytest.mark.parametrize(("target", "when"), POINTS)
def test_the_same_command_makes_it(shell: CommandLine, target: str, when: str) -> None:
    run_and_die(target, "init", shell.directory, *NAMES, when=when)
    assert not (shell.directory / SETTINGS_FILE).exists()
    shell.ask("init", shell.directory, *NAMES)
    assert is_open(shell.directory)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize(("target", "when"), POINTS[3:])
def test_the_same_command_makes_it_on_postgres(
    shell: CommandLine, postgres_database: str, monkeypatch: pytest.MonkeyPatch, target: str, when: str
) -> None:
    monkeypatch.setenv("NEWSLETTER_DATABASE_URL", postgres_database)
    run_and_die(target, "init", shell.directory, *NAMES, when=when)
    shell.ask("init", shell.directory, *NAMES)
    assert is_open(shell.directory)


@pytest.mark.slow
def test_another_name_is_not_taken_for_the_one_that_was_made(shell: CommandLine) -> None:
    run_and_die(POINTS[-1][0], "init", shell.directory, *NAMES)
    other = ("--name", "白蒲手机报", "--signature", "白蒲手机报", "--admin", "he")
    assert shell.ask("init", shell.directory, *other, code=4)["error"]["code"] == "newsroom_exists"
    shell.ask("init", shell.directory, *NAMES)
    assert is_open(shell.directory)


def test_records_whose_settings_were_lost_are_never_begun_again(shell: CommandLine) -> None:
    shell.ask("init", shell.directory, *NAMES)
    (shell.directory / SETTINGS_FILE).unlink()
    before = (shell.directory / DATABASE_FILE).read_bytes()
    for _again in range(2):
        assert shell.ask("init", shell.directory, *NAMES, code=4)["error"]["code"] == "newsroom_exists"
    (shell.directory / WAITING_FILE).write_text("", encoding="utf-8")
    assert shell.ask("init", shell.directory, *NAMES, code=4)["error"]["code"] == "newsroom_exists"
    assert (shell.directory / DATABASE_FILE).read_bytes() == before
