"""``subscribers`` and ``audience`` as typed."""

from pathlib import Path

import pytest
from rich.cells import cell_len

from newsletter.newsroom import Newsroom
from tests.command_line import CommandLine
from tests.subscribers.conftest import MakeFile, member

COUNTS = ["read", "added", "updated", "unchanged", "rejected", "suppressed", "rejects"]


@pytest.fixture
def desk(county: Newsroom, shell: CommandLine) -> CommandLine:
    county.engine.dispose()
    return shell


def test_an_import_ends_with_the_promised_document(desk: CommandLine, make_file: MakeFile) -> None:
    document = desk.ask("subscribers", "import", make_file(member(1), member(2)), by="li")
    assert list(document) == COUNTS
    assert document["added"] == 2


def test_rejected_rows_are_told_and_make_it_six(desk: CommandLine, make_file: MakeFile, tmp_path: Path) -> None:
    path = make_file(member(1), "0513-87650000,张三,banjing,,,,,", member(1))
    rejects = tmp_path / "bad.csv"
    document = desk.ask("subscribers", "import", path, "--dry-run", by="li", code=6)
    assert [(row["line"], row["field"], row["code"]) for row in document["rejects"]] == [
        (3, "phone", "landline"),
        (4, "phone", "duplicate"),
    ]
    answer = desk.type("subscribers", "import", path, "--rejects", rejects, by="li", code=6)
    assert f"{path}, line 3, phone: The number is a landline" in answer.out
    assert "3 rows read: 1 added" in answer.out
    assert rejects.is_file()
    assert "13900000001" not in answer.out + answer.err


def test_unknown_columns_are_one_warning(desk: CommandLine, make_file: MakeFile) -> None:
    path = make_file("13900000001,banjing,320682198001011234,x", header="phone,unit,身份证号,备注")
    answer = desk.type("subscribers", "import", path, "--json", by="li")
    assert answer.err.count("Warning") == 1
    assert "身份证号, 备注" in answer.err
    assert "320682198001011234" not in answer.out + answer.err
    assert answer.json["added"] == 1


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["subscribers", "import", "/nowhere.csv"], 2, "bad_input"),
        (["subscribers", "import", "/"], 2, "bad_input"),
        (["subscribers", "show", "99"], 3, "unknown_subscriber"),
        (["subscribers", "list", "--region", "110101"], 2, "bad_input"),
        (["audience", "count", "nobody"], 3, "unknown_audience"),
        (["audience", "show", "nobody"], 3, "unknown_audience"),
        (["audience", "save", "x", "--region", "110101"], 2, "bad_input"),
        (["audience", "save", "x", "--region", "1"], 2, "unknown_region"),
        (["audience", "save", "x", "--unit", "nowhere"], 2, "bad_input"),
        (["audience", "save", "x", "--profession", "thief"], 2, "bad_input"),
        (["audience", "save", "x", "--standing", "thief"], 2, "bad_input"),
        (["audience", "save", "x", "--except", "nobody"], 3, "unknown_audience"),
    ],
)
def test_bad_input_gets_one_line_and_its_code(desk: CommandLine, words: list[str], code: int, error: str) -> None:
    answer = desk.type(*words, by="li", code=code)
    assert answer.err.startswith("Error: ")
    assert desk.ask(*words, by="li", code=code)["error"]["code"] == error


def test_people_are_shown_masked(desk: CommandLine, make_file: MakeFile) -> None:
    path = make_file(member(1, name="张三丰"), member(2, name=""), member(3, unit="nyj"))
    desk.type("subscribers", "import", path, by="li")
    page = desk.ask("subscribers", "list", "--limit", "2", by="wang")
    assert [(person["number"], person["name"]) for person in page["subscribers"]] == [
        ("139****0001", "张*"),
        ("139****0002", ""),
    ]
    rest = desk.ask("subscribers", "list", "--after", page["next"], by="wang")
    assert [person["unit"] for person in rest["subscribers"]] == ["nyj"]
    assert rest["next"] is None
    assert len(desk.ask("subscribers", "list", "--unit", "banjing", by="wang")["subscribers"]) == 2
    shown = desk.ask("subscribers", "show", rest["subscribers"][0]["subscriber"], by="wang")
    assert shown["number"] == "139****0003"
    everything = desk.type("subscribers", "list", by="wang")
    assert "张三丰" not in everything.out
    assert "13900000001" not in everything.out
    desk.type("subscribers", "list", by="nobody", code=4)


def test_an_audience_is_saved_counted_and_shown(desk: CommandLine, make_file: MakeFile) -> None:
    desk.type("subscribers", "import", make_file(member(1), member(1, name="李四"), member(2, unit="baipu")), by="li")
    saved = desk.ask("audience", "save", "搬经", "--region", "320682116", "--unit", "搬经镇", "--not-retired", by="li")
    assert saved["version"] == 1
    assert saved["definition"]["units"] == ["banjing"]
    assert saved["definition"]["retired"] is False
    desk.type("audience", "save", "others", "--except", "搬经", by="li")
    counted = desk.ask("audience", "count", "搬经", by="wang")
    assert counted == {
        "audience": "搬经", "version": 1, "people": 2, "numbers": 1, "suppressed": 0, "reachable": 1,
        "excluded": {"suppressed": 0, "invalid": 0, "no_consent": 0, "outside_unit": 0},
    }  # fmt: skip
    assert desk.ask("audience", "count", "others", by="wang")["people"] == 1
    listed = desk.ask("audience", "list", by="wang")["audiences"]
    assert [row["audience"] for row in listed] == ["搬经", "others"]
    assert "except 搬经" in desk.type("audience", "show", "others", by="wang").out
    assert "2 people on 1 numbers" in desk.type("audience", "count", "搬经", by="wang").out
    assert desk.ask("audience", "show", "搬经", "--version", "2", by="wang", code=3)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_narrow_terminal_shows_a_person_on_one_line(
    desk: CommandLine, make_file: MakeFile, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    long = "13900000001,欧阳建国,banjing,,党政机关工作人员,入党积极分子,是,是"
    desk.type("subscribers", "import", make_file(long), by="li")
    monkeypatch.setattr("newsletter.commands.output._PIPED_WIDTH", 80)
    listed = desk.type("subscribers", "list", by="wang", language=language).out
    assert max(map(cell_len, listed.splitlines())) <= 80
    assert [line for line in listed.splitlines() if "139****0001" in line and "欧*" in line]
    shown = desk.type("subscribers", "show", 1, by="wang", language=language).out
    assert "139****0001" in shown
    assert "banjing" not in listed


@pytest.mark.parametrize("count", ["0", "-1", "x", "99999999999"])
def test_a_count_that_is_none_is_called_so(desk: CommandLine, count: str) -> None:
    answer = desk.type("subscribers", "list", "--limit", count, by="wang", code=2)
    assert "is no count" in answer.err
    assert "as printed" not in answer.err
