"""Files as offices send them: encodings, headings, rows, and files that are none."""

import os
from pathlib import Path

import pytest

from newsletter.errors import InputError, OutsideError
from newsletter.newsroom import Newsroom
from newsletter.subscribers.lists.importing import ImportResult, import_subscribers
from tests.subscribers.conftest import MakeFile, member

CHINESE = "手机号,姓名,单位,地区代码,职业,身份,流动,离退休"


def take(newsroom: Newsroom, path: Path, mapping: list[str] | None = None) -> ImportResult:
    return import_subscribers(newsroom, path, mapping=mapping or [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_each_encoding_is_read(county: Newsroom, make_file: MakeFile, encoding: str) -> None:
    path = make_file("13900000001,张三,搬经镇,,农牧渔民,正式党员,是,否", header=CHINESE, encoding=encoding)
    result = take(county, path)
    assert (result.added, list(result.rejects)) == (1, [])


def test_an_encoding_that_shows_only_at_the_end_is_still_seen(county: Newsroom, make_file: MakeFile) -> None:
    rows = [member(number, name="Li", unit="banjing") for number in range(40_000)]
    path = make_file(*rows, "13900999999,张三丰,第一,,,,,", "13900999998,张三丰,搬经镇,,,,,", encoding="gb18030")
    result = take(county, path)
    assert path.stat().st_size > 1 << 20
    assert (result.added, result.rejected) == (40_001, 1)


def test_utf8_with_a_broken_character_is_told_and_not_taken_for_gb18030(county: Newsroom, make_file: MakeFile) -> None:
    path = make_file(member(1, name="张三丰"), member(2, name="李四光"), member(3, name="王五"))
    path.write_bytes(path.read_bytes().replace("四".encode(), b"\xe5\x9b"))
    with pytest.raises(InputError, match=r"members.csv, line 3"):
        take(county, path)


def test_a_marked_utf8_file_is_never_taken_for_gb18030(county: Newsroom, make_file: MakeFile) -> None:
    path = make_file(member(1), encoding="utf-8-sig")
    path.write_bytes(path.read_bytes() + member(2, name="李四").encode("gb18030"))
    with pytest.raises(InputError, match="line 3"):
        take(county, path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\n\n , ,\n", "is empty"),
        (b"PK\x03\x04rest of a workbook", "a damaged workbook"),
        ("phone,unit\n\0,x\n".encode("utf-16"), "line 2: this is no text file"),
        ("phone,unit\n".encode("utf-16")[:-1], "not UTF-16"),
        (b"\xff\xfe\0\0p\0\0\0", "no text file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "has a password"),
        (b"\r\n<html><table><tr><td>phone", "is a web page"),
        (b"phone,unit\n139\x0000000001,banjing\n", "line 2: this is no text file"),
        (bytes(range(1, 256)) * 20, "line 1|line 2"),
        (b"phone,name\n13900000001,Li\n", "line 1: the columns unit .* are both missing"),
        (b"name,unit\nLi,banjing\n", "line 1: the column phone .* is missing"),
        (b"phone,phone,unit\n", "columns 1 and 2 are both phone"),
        ("phone,unit,身份,人员类别\n".encode(), "columns 3 and 4 are both standing"),
        (b'phone,unit\n13900000001,banjing\n13900000002,"banjing\n13900000003,banjing\n', "line 3: a quotation"),
        (b'phone,unit\n13900000002,"banjing\n13900000003,banjing",x\n', "line 2: a quotation"),
        (b'phone,name,unit\n13900000002,"Li,x\n13900000003,"Wu",x\n', "line 2: a quotation"),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_name_and_line(
    county: Newsroom, tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "members.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words) as caught:
        take(county, path)
    assert "members.csv" in caught.value.message


def test_missing_files_and_directories_are_told(county: Newsroom, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no file .*nowhere.csv"):
        take(county, tmp_path / "nowhere.csv")
    with pytest.raises(InputError, match="is not a file"):
        take(county, tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_directory_is_outside_trouble(county: Newsroom, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    with pytest.raises(OutsideError, match="Cannot read"):
        take(county, closed / "members.csv")


def test_what_the_system_will_not_open_is_outside_trouble(
    county: Newsroom, make_file: MakeFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = make_file(member(1))
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(OutsideError, match=r"Cannot read .*members.csv: Permission denied"):
        take(county, path)


def test_headings_stand_in_any_order_width_and_case(county: Newsroom, make_file: MakeFile) -> None:
    path = make_file("banjing,张三,13900000001", header=" Unit ,姓 名,ＰＨＯＮＥ")
    assert take(county, path).added == 1


def test_unknown_columns_are_named_once_and_dropped(county: Newsroom, make_file: MakeFile) -> None:
    path = make_file("13900000001,320682198001011234,banjing,x,y,", header="phone,身份证号,unit,备注,13800005678,")
    result = take(county, path)
    assert result.unknown_columns == ("身份证号", "备注", "column 5")
    assert result.added == 1


def test_a_mapping_says_what_a_column_is(county: Newsroom, make_file: MakeFile) -> None:
    path = make_file("13900000001,0513-87650000,banjing", header="移动电话,phone,unit")
    result = take(county, path, ["移动电话=phone"])
    assert (result.added, result.unknown_columns) == (1, ("phone",))


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ("电话", "column=field"),
        ("=phone", "column=field"),
        ("电话=phon", "no field phon"),
        ("电话=phone", "no column 电话"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(county: Newsroom, make_file: MakeFile, mapping: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        take(county, make_file(member(1)), [mapping])


def test_numbers_under_the_heading_mobile_alone_are_explained(county: Newsroom, make_file: MakeFile) -> None:
    path = make_file("13900000001,banjing", header="mobile,unit")
    with pytest.raises(InputError) as caught:
        take(county, path)
    assert "--map mobile=phone" in caught.value.hint


def test_rows_tell_the_line_of_the_file_they_begin_on(county: Newsroom, make_file: MakeFile) -> None:
    path = make_file('13900000001,banjing,"first\nsecond\nthird"', "", "1390,banjing,x", header="phone,unit,备注")
    result = take(county, path)
    assert result.added == 1
    assert [(reject.line, reject.field) for reject in result.rejects] == [(6, "phone")]


def test_short_rows_are_filled_up_and_long_ones_refused(county: Newsroom, make_file: MakeFile) -> None:
    path = make_file("13900000001,张三,banjing", member(2) + ",,", member(3) + ",more", '"x"y,张三,banjing')
    result = take(county, path)
    assert result.added == 2
    assert [(reject.line, reject.code) for reject in result.rejects] == [(4, "malformed_row"), (5, "malformed_row")]


def test_windows_and_old_mac_line_ends_are_read(county: Newsroom, tmp_path: Path) -> None:
    for number, end in enumerate(("\r\n", "\r")):
        path = tmp_path / f"{number}.csv"
        path.write_bytes(end.join(["phone,unit", f"1390000000{number},banjing", "139,banjing"]).encode())
        result = take(county, path)
        assert result.added == 1
        assert [reject.line for reject in result.rejects] == [3]
