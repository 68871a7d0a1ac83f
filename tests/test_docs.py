"""The documentation says what the program does: tutorials are typed as they stand, the reference is written by code."""

import os
import re
import shlex
from pathlib import Path

import pytest

from newsletter.cli import main
from scripts.write_reference import write_pages

ROOT = Path(__file__).parent.parent
TUTORIALS = ("tutorial.md", "tutorial.zh-CN.md")
_BLOCK = re.compile(r"^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE_NAME = re.compile(r"`(?P<name>[\w.-]+\.(?:csv|md))`\s*[:：为]?：?:?\s*$")
_EXIT = re.compile(r"# exit (\d)")


def run_line(line: str) -> None:
    words = shlex.split(line, comments=True)
    if words[0] == "cd":
        os.chdir(words[1])
        return
    assert words[0] == "newsletter", line
    expected = int(found[1]) if (found := _EXIT.search(line)) else 0
    assert main(words[1:]) == expected, line


@pytest.mark.parametrize("name", TUTORIALS)
def test_a_tutorial_can_be_typed_as_it_stands(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    typed = 0
    for block in _BLOCK.finditer(text):
        if block["kind"] == "console":
            for line in block["text"].splitlines():
                run_line(line.removeprefix("$ "))
                typed += 1
            continue
        file_name = _FILE_NAME.search(text[: block.start()].rstrip())
        assert file_name, f"a block without a file's name before it: {block['text'][:40]}"
        Path(file_name["name"]).write_text(block["text"], encoding="utf-8")
    assert typed == 30
    assert Path("unsubscribes.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_two_tutorials_type_the_same() -> None:
    commands = [
        re.findall(r"^\$ (.+)$", (ROOT / "docs" / name).read_text(encoding="utf-8"), re.M) for name in TUTORIALS
    ]
    assert commands[0] == commands[1]


def test_the_reference_is_what_the_program_says() -> None:
    for name, text in write_pages().items():
        written = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
        assert written == text, f"docs/reference/{name} is out of date: make docs"


def test_every_link_of_the_documents_leads_somewhere() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), ROOT / "CONTRIBUTING.md"):
        for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
