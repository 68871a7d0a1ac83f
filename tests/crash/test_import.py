"""A killed import leaves the register as it was; the same command then does it all."""

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from newsletter.newsroom import DATABASE_FILE
from tests.command_line import CommandLine
from tests.crash.dying import run_and_die
from tests.texts import a_subscriber_file

COUNT = 2_500
WRITE = "newsletter.subscribers.lists.entries:EntryWriter.write"


def people(directory: Path) -> int:
    connection = sqlite3.connect(directory / DATABASE_FILE)
    found = int(connection.execute("SELECT count(*) FROM subscriber").fetchone()[0])
    assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert int(connection.execute("SELECT count(*) FROM member_event").fetchone()[0]) == found
    connection.close()
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("call", "when"), [(1, "after"), (2, "before"), (3, "after")])
def test_nothing_half_imported(shell: CommandLine, tmp_path: Path, call: int, when: str) -> None:
    file, rejects = a_subscriber_file(tmp_path, COUNT), tmp_path / "rejects.csv"
    words = ("--newsroom", shell.directory, "--as", "li", "subscribers", "import", file, "--rejects", rejects)
    run_and_die(WRITE, *words, when=when, call=call)
    assert people(shell.directory) == 0
    assert not rejects.exists()
    assert shell.ask("subscribers", "import", file, by="li")["added"] == COUNT


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_the_events_of_the_new_nothing_is_there(shell: CommandLine, tmp_path: Path, when: str) -> None:
    file = a_subscriber_file(tmp_path, COUNT)
    words = ("--newsroom", shell.directory, "--as", "li", "subscribers", "import", file)
    run_and_die("newsletter.subscribers.lists.entries:EntryWriter.finish", *words, when=when)
    assert people(shell.directory) == 0


@pytest.mark.slow
def test_killed_before_the_rejects_have_their_place_all_is_there(shell: CommandLine, tmp_path: Path) -> None:
    file, rejects = a_subscriber_file(tmp_path, COUNT), tmp_path / "rejects.csv"
    words = ("--newsroom", shell.directory, "--as", "li", "subscribers", "import", file, "--rejects", rejects)
    run_and_die("newsletter.subscribers.lists.rejects:RejectsFile.finish", *words, when="before")
    assert people(shell.directory) == COUNT
    assert shell.ask("subscribers", "import", file, "--rejects", rejects, by="li")["unchanged"] == COUNT
    assert rejects.exists()


@pytest.mark.slow
def test_killed_at_any_moment(shell: CommandLine, tmp_path: Path) -> None:
    file = a_subscriber_file(tmp_path, 20 * COUNT)
    words = ["--newsroom", str(shell.directory), "--as", "li", "subscribers", "import", str(file)]
    for tenths in range(5, 15, 2):
        with subprocess.Popen(
            [sys.executable, "-m", "newsletter.cli", *words], env=dict(os.environ), stdout=subprocess.DEVNULL
        ) as importing:
            time.sleep(tenths / 10)
            importing.kill()
        assert people(shell.directory) in {0, 20 * COUNT}
    assert shell.ask("subscribers", "import", file, by="li")["read"] == 20 * COUNT
    assert people(shell.directory) == 20 * COUNT
