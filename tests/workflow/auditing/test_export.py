"""The export of the journal, checked by the script in docs/, which shares no code with us."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from newsletter.settings import read_settings
from tests.command_line import CommandLine
from tests.texts import a_subscriber_file, an_article_file

SCRIPT = Path(__file__).parents[3] / "docs" / "verify_journal.py"


@pytest.fixture
def desk(shell: CommandLine, tmp_path: Path) -> CommandLine:
    """A signed edition, after a deputy came, a key was changed and somebody left."""
    shell.ask("subscribers", "import", a_subscriber_file(tmp_path), by="li")
    shell.ask("submit", an_article_file(tmp_path), by="li")
    shell.ask("staff", "add", "gao", "--role", "issuer", "--until", "2099-12-31", "--no-passphrase", by="sun")
    shell.ask("staff", "key", "rotate", "--yes", "--no-passphrase", by="wang")
    shell.ask("draft", 1, "--submit", by="li")
    shell.ask("approve", 1, by="wang")
    shell.ask("sign", 1, by="gao")
    shell.ask("staff", "retire", "chen", "--yes", by="sun")
    return shell


def export(desk: CommandLine, tmp_path: Path) -> tuple[Path, str]:
    path = tmp_path / "journal.json"
    desk.ask("audit", "export", path, by="sun")
    return path, read_settings(desk.directory / "newsletter.toml").trust.admin_key


def run_script(*words: object) -> subprocess.CompletedProcess[str]:
    """Run the script as a stranger would: the interpreter, and nothing of ours on its path."""
    line = [sys.executable, "-I", str(SCRIPT), *map(str, words)]
    return subprocess.run(line, capture_output=True, text=True, check=False, timeout=60)


def test_a_stranger_verifies_the_export(desk: CommandLine, tmp_path: Path) -> None:
    path, admin_key = export(desk, tmp_path)
    head = desk.ask("audit", "verify", by="sun")["head"]
    answer = run_script(path, admin_key, "--head", head)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "edition 1: submitted by li, approved by wang, signed by gao" in answer.stdout
    assert head in answer.stdout


def test_the_script_needs_nothing_but_cryptography() -> None:
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()
    imported = {line.split()[1].partition(".")[0] for line in lines if line.startswith(("import ", "from "))}
    assert imported - sys.stdlib_module_names == {"cryptography"}


def tampered(document: dict[str, Any], kind: str) -> None:
    statements = document["statements"]
    if kind == "a word":
        statements[-1]["body"] = statements[-1]["body"].replace("chen", "ma")
    elif kind == "a signature":
        statements[3]["signature"] = statements[2]["signature"]
    elif kind == "cut short":
        del statements[-2:]
    elif kind == "one left out":
        del statements[4]
    elif kind == "the manifest":
        found = document["editions"][0]
        found["manifest"] = found["manifest"].replace('"number":1', '"number":2')
    elif kind == "the message":
        document["editions"][0]["sms"] += "。"
    elif kind == "an edition left out":
        document["editions"].clear()
    elif kind == "everything left out":
        document["statements"].clear()
    elif kind == "the admin":
        document["admin_key"] = "00" * 32


@pytest.mark.parametrize(
    "kind",
    [
        "a word",
        "a signature",
        "cut short",
        "one left out",
        "the manifest",
        "the message",
        "the admin",
        "an edition left out",
        "everything left out",
    ],
)
def test_an_altered_export_is_not_verified(desk: CommandLine, tmp_path: Path, kind: str) -> None:
    path, admin_key = export(desk, tmp_path)
    head = desk.ask("audit", "verify", by="sun")["head"]
    document = json.loads(path.read_text(encoding="utf-8"))
    tampered(document, kind)
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    answer = run_script(path, admin_key, "--head", head)
    assert answer.returncode == 1
    assert answer.stderr.startswith("NOT verified: ")
    assert "Traceback" not in answer.stderr


def test_what_is_no_export_is_not_verified(tmp_path: Path) -> None:
    for content in ("[]", "{}", "no JSON"):
        (tmp_path / "x.json").write_text(content, encoding="utf-8")
        answer = run_script(tmp_path / "x.json", "ab" * 32)
        assert answer.returncode == 1
        assert answer.stderr.startswith("NOT verified: ")


def test_a_signed_edition_composed_anew_is_told_of(desk: CommandLine, tmp_path: Path) -> None:
    desk.ask("draft", "--edition", 1, "--title", "改题", by="li")
    path, admin_key = export(desk, tmp_path)
    answer = run_script(path, admin_key)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "edition 1: signed once, but composed anew since" in answer.stdout
    found = desk.ask("audit", "verify", by="sun")
    assert (found["editions"], found["problems"]) == ([], [])
    assert any("is at the desk again" in line for line in found["notes"])


def test_another_admin_key_is_not_believed(desk: CommandLine, tmp_path: Path) -> None:
    path, _admin_key = export(desk, tmp_path)
    assert run_script(path, "ab" * 32).returncode == 1


def test_the_export_holds_no_number(desk: CommandLine, tmp_path: Path) -> None:
    path, _admin_key = export(desk, tmp_path)
    assert "1390000" not in path.read_text(encoding="utf-8")
