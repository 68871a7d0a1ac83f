"""``edit`` without a file: the person's own editor, whose text is never lost."""

import os
import re
import shlex
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.texts import an_article_file


@pytest.fixture
def desk(shell: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """One article, and no editor set."""
    shell.ask("submit", an_article_file(tmp_path), by="li")
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    return shell


def an_editor(directory: Path, script: str) -> None:
    """Set EDITOR to a shell script that is handed the file as ``$1``."""
    path = directory / "my editor.sh"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    os.environ["EDITOR"] = f'"{path}"'


def left_behind(directory: Path) -> list[Path]:
    return [path for path in (directory / "state").rglob("*") if path.is_file()]


@pytest.fixture(autouse=True)
def editor_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "false")


def test_what_is_saved_becomes_the_next_revision(desk: CommandLine, tmp_path: Path) -> None:
    an_editor(tmp_path, "sed -i 's/三段河道/四段河道/; s/^lead:.*/lead: 新导语/' \"$1\"")
    assert desk.ask("edit", 1, by="li") == {"article": 1, "revision": 2, "stage": "editing", "changed": True}
    shown = desk.ask("show", 1, "--diff", by="li")
    assert "[-三-]{+四+}段河道" in shown["diff"]
    assert (shown["lead"], shown["title"]) == ("新导语", "板凳会开到田头")
    assert left_behind(tmp_path) == []


def test_an_emptied_field_is_taken_out_and_a_missing_one_stays(desk: CommandLine, tmp_path: Path) -> None:
    an_editor(tmp_path, "sed -i 's/^lead:.*/lead: 导语/; s/^source:.*/source: 新华社/' \"$1\"")
    desk.ask("edit", 1, by="li")
    an_editor(tmp_path, "sed -i 's/^lead:.*/lead:/; /^source:/d' \"$1\"")
    desk.ask("edit", 1, by="li")
    shown = desk.ask("show", 1, by="li")
    assert (shown["lead"], shown["source"], shown["revision"]) == ("", "新华社", 3)


def test_saving_without_a_change_makes_no_revision(desk: CommandLine, tmp_path: Path) -> None:
    an_editor(tmp_path, "true")
    assert desk.ask("edit", 1, by="li") == {"article": 1, "revision": 1, "stage": "submitted", "changed": False}


def test_a_malformed_text_is_kept_and_its_place_told(desk: CommandLine, tmp_path: Path) -> None:
    an_editor(tmp_path, "printf -- '---\\ntitle: [\\n---\\n一小时的工作\\n' > \"$1\"")
    error = desk.ask("edit", 1, by="li", code=2)["error"]
    assert "malformed front matter" in error["message"]
    found = re.search(r"kept in (\S+)\.$", error["hint"])
    assert found
    assert "一小时的工作" in Path(found[1]).read_text(encoding="utf-8")
    assert desk.ask("show", 1, by="li")["revisions"] == 1


def test_a_refused_text_is_kept_too(desk: CommandLine, tmp_path: Path) -> None:
    an_editor(tmp_path, 'echo 又及 >> "$1"; sed -i \'1a column: 没有的栏目\' "$1"')
    error = desk.ask("edit", 1, by="li", code=3)["error"]
    assert "kept in" in error["hint"]
    (kept,) = left_behind(tmp_path)
    assert kept.read_text(encoding="utf-8").endswith("又及\n")


@pytest.mark.parametrize("command", ["false", "/nowhere/editor", '"unclosed'])
def test_an_editor_that_fails_changes_nothing(desk: CommandLine, tmp_path: Path, command: str) -> None:
    os.environ["EDITOR"] = command
    error = desk.ask("edit", 1, by="li", code=5)["error"]
    assert error["code"] == "editor"
    assert desk.ask("show", 1, by="li")["revisions"] == 1
    assert left_behind(tmp_path) == []


def test_what_was_typed_survives_an_editor_that_fails(desk: CommandLine, tmp_path: Path) -> None:
    an_editor(tmp_path, 'echo 一小时的工作 >> "$1"; exit 1')
    error = desk.ask("edit", 1, by="li", code=5)["error"]
    (kept,) = left_behind(tmp_path)
    assert (error["code"], error["hint"]) == ("editor", f"Your text is kept in {kept}.")
    assert kept.read_text(encoding="utf-8").endswith("一小时的工作\n")
    assert [kept.parent.stat().st_mode & 0o777, kept.parent.parent.stat().st_mode & 0o777] == [0o700, 0o700]


def test_what_the_editor_itself_saved_survives_too(desk: CommandLine, tmp_path: Path) -> None:
    an_editor(tmp_path, 'echo 一小时的工作 > "$1.save"; exit 1')
    assert "kept in" in desk.ask("edit", 1, by="li", code=5)["error"]["hint"]
    assert {path.suffix for path in left_behind(tmp_path)} == {".md", ".save"}


def test_a_kept_text_is_mentioned_at_the_next_edit_until_it_is_taken(desk: CommandLine, tmp_path: Path) -> None:
    an_editor(tmp_path, 'echo 一小时的工作 >> "$1"; exit 1')
    desk.ask("edit", 1, by="li", code=5)
    (kept,) = left_behind(tmp_path)
    an_editor(tmp_path, "true")
    told = desk.type("edit", 1, by="li").err
    assert f"newsletter edit 1 --base 1 --file {kept}; or delete it." in told
    desk.ask("submit", an_article_file(tmp_path, "另一篇"), by="li")
    assert "was not saved" not in desk.type("edit", 2, by="li").err
    assert desk.ask("edit", 1, "--base", 1, "--file", kept, by="li")["revision"] == 2
    assert left_behind(tmp_path) == []
    assert "was not saved" not in desk.type("edit", 1, by="li").err


def test_a_file_of_ones_own_stays_where_it_is(desk: CommandLine, tmp_path: Path) -> None:
    own = an_article_file(tmp_path, body="另一段。", name="own.md")
    desk.ask("edit", 1, "--file", own, by="li")
    assert own.exists()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_whoever_is_interrupted_is_told_where_the_text_is_and_frees_the_article(
    desk: CommandLine, tmp_path: Path, number: signal.Signals
) -> None:
    an_editor(tmp_path, f'echo 一小时的工作 >> "$1"; touch {shlex.quote(str(tmp_path))}/typed; exec sleep 30')
    line = [sys.executable, "-m", "newsletter.cli", "--newsroom", str(desk.directory), "--as", "li", "edit", "1"]
    process = subprocess.Popen(line, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 20
    while not (tmp_path / "typed").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(number)
    told = process.communicate(timeout=20)[1]
    assert process.returncode == 128 + number
    (kept,) = left_behind(tmp_path)
    assert f"Your text is kept in {kept}." in told
    assert desk.ask("show", 1, by="li")["lock"] is None


def test_no_editor_is_told_with_the_other_way(desk: CommandLine) -> None:
    assert "--file FILE" in desk.ask("edit", 1, by="li", code=5)["error"]["hint"]
