"""The sample journey as ``newsletter demo`` walks it: its last table is true, its files hold what they should."""

import csv
import io
import json
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, Final

import pytest
from pypdfium2 import PdfDocument

from newsletter.cli import main
from newsletter.demo.sources import LEADER_NAME, LEADER_SLIP

pytestmark = pytest.mark.slow

SCRIPT: Final = Path(__file__).parents[2] / "docs" / "verify_journal.py"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One walk for all these tests; its answer lies beside what it made."""
    directory = tmp_path_factory.mktemp("demo") / "sample"
    answer = io.StringIO()
    with redirect_stdout(answer):
        assert main(["--language", "en", "--quiet", "demo", str(directory), "--json"]) == 0
    (directory / "answer.json").write_text(answer.getvalue(), encoding="utf-8")
    return directory


@pytest.fixture
def answer(demo: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((demo / "answer.json").read_text(encoding="utf-8"))
    return document


@pytest.fixture
def table(answer: dict[str, Any]) -> dict[str, str]:
    return {row["what"]: row["result"] for row in answer["rows"]}


def text_of(path: Path) -> str:
    return "".join(page.get_textpage().get_text_bounded() for page in PdfDocument(path))


def test_the_promised_directories_and_files_are_there(demo: Path, answer: dict[str, Any]) -> None:
    assert {"newsroom", "keys", "out"} <= {path.name for path in demo.iterdir()}
    assert all(Path(path).stat().st_size for path in answer["files"])
    with (demo / "out" / "unsubscribes.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.reader(file))


def test_the_copy_check_names_the_leader_whose_name_is_nearly_right(table: dict[str, str]) -> None:
    assert f"{LEADER_SLIP} is nearly the name {LEADER_NAME}." in table["Copy checks"]


def test_the_towns_readers_get_the_name_that_the_reviewer_suggested(demo: Path, table: dict[str, str]) -> None:
    assert "1 error on record" in table["Town's edition in review"]
    printed = text_of(demo / "out" / "edition-2-archive.pdf")
    assert LEADER_SLIP not in printed
    assert printed.count(LEADER_NAME) == 2


def test_points_are_ranked_and_printed(demo: Path, table: dict[str, str]) -> None:
    ranking = next(result for what, result in table.items() if what.startswith("Points"))
    assert ranking == "陆小满 25, 顾春禾 15, 许知秋 10"
    assert "陆小满" in text_of(demo / "out" / "bulletin.pdf")


def test_the_audit_finds_everything_whole_and_says_that_the_keys_lie_together(table: dict[str, str]) -> None:
    assert "3 signed editions" in table["Audit"]
    assert "lie in one key store" in table["Noted by the audit"]


def test_the_line_that_verifies_the_exported_journal_does_so(answer: dict[str, Any]) -> None:
    _python, _script, journal, *rest = answer["verify"]
    verified = subprocess.run(
        [sys.executable, SCRIPT, journal, *rest], capture_output=True, text=True, check=False, timeout=60
    )
    assert verified.returncode == 0, verified.stderr
    assert "verified: 18 statements" in verified.stdout


def test_a_journal_with_one_word_changed_is_not_verified(answer: dict[str, Any], tmp_path: Path) -> None:
    _python, _script, journal, *rest = answer["verify"]
    forged = tmp_path / "forged.json"
    text = Path(journal).read_text(encoding="utf-8")
    forged.write_text(text.replace("reviewer", "reviewers", 1), encoding="utf-8")
    verified = subprocess.run(
        [sys.executable, SCRIPT, forged, *rest], capture_output=True, text=True, check=False, timeout=60
    )
    assert verified.returncode == 1
    assert "NOT verified" in verified.stderr
