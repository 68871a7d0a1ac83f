"""Members' data in files: a person's own, and extracts that can be imported again."""

import json
from pathlib import Path

import pytest

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
    assert (
        desk.ask("subscribers", "export", "--id", 1, "--out", out, *WHY, by="sun", code=5)["error"]["code"] == "outside"
    )
    assert desk.ask("subscribers", "export", "--unit", "root", "--out", tmp_path / "x.doc", *WHY, by="sun", code=2)
