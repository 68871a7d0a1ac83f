"""``edit`` without a file: the person's own editor, whose text is never lost."""

import os
import re
import stat
import tempfile
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.texts import an_article_file


@pytest.fixture
def desk(shell: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """One article, no editor set, and temporary files where the test can see them."""
    shell.ask("submit", an_article_file(tmp_path), by="li")
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return shell


def an_editor(directory: Path, script: str) -> None:
    """Set EDITOR to a shell script that is handed the file as ``$1``."""
    path = directory / "my editor.sh"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    os.environ["EDITOR"] = f'"{path}"'


def left_behind(directory: Path) -> list[Path]:
    return [path for path in (directory / "temporary").rglob("*") if path.is_file()]


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


def test_no_editor_is_told_with_the_other_way(desk: CommandLine) -> None:
    assert "--file FILE" in desk.ask("edit", 1, by="li", code=5)["error"]["hint"]
