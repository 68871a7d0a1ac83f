"""Members' data in files: a person's own, and extracts that can be imported again."""

import json
import re
import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from newsletter.errors import OutsideError
from newsletter.subscribers.privacy import exporting
from tests.command_line import CommandLine
from tests.texts import number_of

WHY = ("--purpose", "报送组织部", "--yes")
ROWS = (
    "手机号,姓名,单位,职业,身份,流动,离退休,接收方式,语言,大字版,现居住地\n"
    "13900000001,张三丰,banjing,工人,正式党员,是,否,全文短信,,是,苏州市姑苏区\n"
    "13900000002,李四,baipu,,预备党员,否,是,彩信,英文,否,\n"
    "13900000002,,county,学生,群众,否,否,,,否,\n"
)


@pytest.fixture
def desk(shell: CommandLine, tmp_path: Path) -> CommandLine:
    path = tmp_path / "members.csv"
    path.write_text(ROWS, "utf-8")
    assert shell.ask("subscribers", "import", path, by="li")["added"] == 3
    return shell


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_extract_can_be_imported_again(desk: CommandLine, tmp_path: Path, kind: str) -> None:
    out = tmp_path / f"extract.{kind}"
    written = desk.ask("subscribers", "export", "--unit", "root", "--out", out, *WHY, by="sun")
    assert (written["people"], out.stat().st_mode & 0o777) == (3, 0o600)
    again = desk.ask("subscribers", "import", out, by="li")
    assert (again["read"], again["unchanged"], again["rejected"]) == (3, 3, 0)
    word = desk.ask("audit", "show", by="sun")["statements"][-1]
    details = {"purpose": "报送组织部", "count": 3, "units": ["root"], "masked": False, "format": kind}
    assert (word["verb"], word["details"]) == ("export", details)


def test_a_masked_extract_names_nobody(desk: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "extract.csv"
    written = desk.ask("subscribers", "export", "--unit", "banjing", "--out", out, "--masked", *WHY, by="sun")
    assert (written["people"], written["masked"]) == (1, True)
    text = out.read_text("utf-8-sig")
    assert "139****0001,张*,banjing" in text
    assert "姑苏" not in text


@pytest.mark.parametrize("suffix", [".json", ".txt"])
def test_somebodys_own_data_is_all_there(desk: CommandLine, tmp_path: Path, suffix: str) -> None:
    desk.ask("optout", number_of(1), "--reason", "太多", by="zhao")
    out = tmp_path / f"own{suffix}"
    answer = desk.ask("subscribers", "export", number_of(1), "--out", out, *WHY, by="sun")
    assert (answer["subscriber"], answer["events"], answer["optouts"]) == (1, 1, 1)
    assert out.stat().st_mode & 0o777 == 0o600
    text = out.read_text("utf-8")
    assert all(word in text for word in ("13900000001", "张三丰", "苏州市姑苏区", "joined"))
    if suffix == ".json":
        document = json.loads(text)
        assert document["person"]["channel"] == "full-text"
        assert document["not_written_to_by"] == ["all"]
    assert "13900000001" not in json.dumps(answer)


@pytest.mark.parametrize(
    ("words", "by", "refusal"),
    [
        (("--unit", "root", *WHY), "li", (4, "no_right")),
        (("--id", 1, *WHY), "zhao", (4, "no_right")),
        (("--id", 1, "--purpose", "报送"), "sun", (4, "refused")),
        (("--id", 1, "--purpose", "找13900000001", "--yes"), "sun", (2, "number_in_remark")),
        (("13900000002", *WHY), "sun", (4, "shared_number")),
        (("13800000002", *WHY), "sun", (3, "unknown_number")),
        (("--id", 1, "--unit", "root", *WHY), "sun", (2, "bad_input")),
        (WHY, "sun", (2, "bad_input")),
        (("--unit", "nowhere", *WHY), "sun", (3, "unknown_unit")),
    ],
)
def test_refusals_write_nothing(
    desk: CommandLine, tmp_path: Path, words: tuple[object, ...], by: str, refusal: tuple[int, str]
) -> None:
    out = tmp_path / "out.csv"
    code, error = refusal
    answer = desk.ask("subscribers", "export", *words, "--out", out, by=by, code=code)
    assert answer["error"]["code"] == error
    assert not out.exists()


def test_a_place_that_cannot_be_written_leaves_nothing(desk: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "own.json"
    refused = desk.ask("subscribers", "export", "--id", 1, "--out", out, *WHY, by="sun", code=5)
    assert refused["error"]["code"] == "unwritable"
    assert desk.ask("subscribers", "export", "--unit", "root", "--out", tmp_path / "x.doc", *WHY, by="sun", code=2)


def test_ones_own_data_for_reading_has_no_codes_in_it(desk: CommandLine, tmp_path: Path) -> None:
    desk.ask("consent", "wording", "add", "同意接收手机报", by="zhao")
    desk.ask("consent", "record", number_of(1), "--wording", 1, "--channel", "form", "--proof", "表格", by="zhao")
    desk.ask("subscribers", "update", 1, "--standing", "none", by="li")
    desk.ask("optout", number_of(1), "--reason", "太多", "--source", "phone", by="zhao")
    out = tmp_path / "own.txt"
    desk.ask("subscribers", "export", "--id", 1, "--out", out, *WHY, by="sun")
    text = out.read_text("utf-8")
    labels = ("worker", "full text", "express consent", "on a signed form", "too many messages", "by telephone")
    assert all(f": {label}" in text for label in (*labels, "on the register", "agreed", "has left"))
    assert "- everything\n" in text
    codes = ("full-text", "express\n", "form\n", ": phone", "too-many", ": active", "given", ": out", ": all", "T0")
    assert not [code for code in codes if code in text]


def test_ones_own_data_is_chinese_from_end_to_end(desk: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "own.txt"
    desk.type("subscribers", "export", "--id", 1, "--out", out, *WHY, by="sun", language="zh-CN")
    text = out.read_text("utf-8")
    # The unit's code is what it is; all else is for somebody who reads no English.
    assert set(re.findall("[A-Za-z][A-Za-z-]+", text)) <= {"banjing"}
    assert ": " not in text
    assert "; " not in text


@pytest.mark.parametrize("write", [exporting._write_csv, exporting._write_workbook])
def test_rows_are_written_as_they_come(tmp_path: Path, write: Callable[[Path, Iterable[tuple[str, ...]]], int]) -> None:
    out, count = tmp_path / "extract", 20_000
    rows = ((str(13_900_000_000 + place), *[f"{place} 号"] * 11) for place in range(count))
    tracemalloc.start()
    assert write(out, rows) == count
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000, "all rows together take ten times as much"
    assert list(tmp_path.iterdir()) == [out]


def test_an_extract_that_cannot_be_journalled_is_not_there(
    desk: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_values: object) -> None:
        raise OutsideError("no disk")

    monkeypatch.setattr(exporting, "journal_disclosure", fail)
    for kind in ("csv", "xlsx"):
        desk.ask("subscribers", "export", "--unit", "root", "--out", tmp_path / f"out.{kind}", *WHY, by="sun", code=5)
    assert not [path for path in tmp_path.iterdir() if "out." in path.name]
