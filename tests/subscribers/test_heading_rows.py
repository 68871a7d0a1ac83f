"""Headings on two rows, and quotation marks that would swallow rows: whose number is taken, who is lost."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from xlsxwriter import Workbook

from newsletter.errors import InputError
from newsletter.newsroom import Newsroom
from newsletter.subscribers.lists.heading_rows import find_headings
from newsletter.subscribers.lists.importing import import_subscribers
from newsletter.subscribers.models import Subscriber
from tests.command_line import CommandLine
from tests.subscribers.conftest import MakeFile

HEADER = "手机号,姓名,单位,备注"
FAMILY, OWN = 13_911_110_001, 13_922_220_001


def numbers(newsroom: Newsroom) -> set[str]:
    keys = newsroom.data_keys
    with newsroom.reading() as session:
        people = session.exec(select(Subscriber)).all()
    return {keys.decrypt(person.number, f"number/{person.number_key}")[3:] for person in people}


def a_list(path: Path, *, top: Sequence[str], below: Sequence[str], merged: tuple[int, int] | None = (1, 2)) -> Path:
    """One person with two numbers; the headings are merged over the columns ``merged``, counted from 0."""
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for column, text in enumerate(top):
            sheet.write(0, column, text)
        if merged is not None:
            sheet.merge_range(0, merged[0], 0, merged[1], top[merged[0]])
            for column in (0, 3):
                sheet.merge_range(0, column, 1, column, top[column])
        for column, text in enumerate(below):
            if text:
                sheet.write(1, column, text)
        sheet.write_row(2, 0, ["张三", FAMILY, OWN, "banjing"])
    return path


@pytest.mark.parametrize(
    ("rows", "mapping"),
    [
        ((["姓名", "联系方式", "", "单位"], ["", "家属手机", "本人手机", ""]), []),
        ((["姓名", "联系方式", "", "单位"], ["", "家属", "本人"]), ["本人=phone"]),
        ((["姓名", "联系情况", "", "单位"], ["", "家属手机", "本人手机"]), []),
        ((["姓名", "手机", "", "单位"], ["", "甲", "乙"]), ["乙=phone"]),
    ],
)
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_of_headings_on_two_rows_the_lower_tells_whose_number_it_is(
    county: Newsroom, tmp_path: Path, rows: tuple[list[str], list[str]], mapping: list[str], kind: str
) -> None:
    top, below = rows
    if kind == "xlsx":
        path = a_list(tmp_path / "a.xlsx", top=top, below=below)
    else:
        path = tmp_path / "a.csv"
        path.write_text(f"{','.join(top)}\n{','.join(below)}\n张三,{FAMILY},{OWN},banjing\n", encoding="utf-8")
    result = import_subscribers(county, path, mapping=mapping)
    assert (result.read, result.added, list(result.rejects)) == (1, 1, [])
    assert numbers(county) == {str(OWN)}


def test_a_heading_over_two_columns_of_numbers_is_refused_unless_it_is_said_which(
    county: Newsroom, make_file: MakeFile
) -> None:
    path = make_file(f"张三,{FAMILY},{OWN},banjing", header="姓名,联系方式,,单位")
    with pytest.raises(InputError, match="columns 2 and 3 both hold numbers"):
        import_subscribers(county, path)
    two = make_file(",家属手机,本人手机,", f"张三,{FAMILY},{OWN},banjing", header="姓名,联系方式,,单位")
    with pytest.raises(InputError, match="columns 2 and 3 are both phone"):
        import_subscribers(county, two, mapping=["联系方式=phone"])
    assert numbers(county) == set()


def test_a_name_above_the_fuller_row_of_headings_is_seen(county: Newsroom, make_file: MakeFile) -> None:
    header = "姓名,党员情况,,,联系方式,"
    path = make_file(",所在支部,人员类别,是否流动,手机号,备用", f"张三,banjing,正式党员,否,{OWN},", header=header)
    assert import_subscribers(county, path).added == 1
    with county.reading() as session:
        assert session.exec(select(Subscriber)).one().name_key == county.data_keys.name_key("张三")


@pytest.mark.parametrize(
    "rows",
    [
        [["手机号", "姓名", "单位", ""], [str(OWN), "张三", "搬经镇", "本人要求"]],
        [["手机号", "姓名", "单位", ""], ["", "张三", "搬经镇", "第一支部"]],
        [["手机号", "姓名", "单位"], ["", "", "搬经镇"]],
        [["手机号", "姓名", "单位", ""], ["0513-87650000", "", "搬经镇", "家属"]],
        [["花名册", "", "", ""], ["手机号", "姓名", "单位", "备注"], [str(OWN), "张三", "搬经镇", ""]],
    ],
)
def test_the_first_person_is_no_heading(rows: list[list[str]]) -> None:
    found = find_headings(rows, {})
    assert (found.cells, rows[found.after :]) == (rows[-2], rows[-1:])


DITTO = (
    "13911110001,张甲,搬经镇,新",
    '13911110002,张乙,搬经镇,"',
    '13911110003,张丙,搬经镇,"',
    "13911110004,张丁,搬经镇,x",
)


@pytest.mark.parametrize(
    ("header", "lines"),
    [
        (HEADER, DITTO),
        # In a column in the middle, and with the number behind it.
        ("手机号,姓名,备注,单位", ["13911110001,甲,新,搬经镇", '13911110002,乙,",搬经镇', '13911110003,丙,",搬经镇']),
        ("姓名,备注,手机号,单位", ["甲,新,13911110001,搬经镇", '乙,",13911110002,搬经镇', '丙,",13911110003,搬经镇']),
        # Three rows in one cell, with spaces in the number, and a short row.
        (HEADER, ["13911110001,甲,搬经镇,", '13911110002,乙,搬经镇,"', "139 1111 0003,丙", '13911110004,丁,搬经镇,"']),
    ],
)
def test_a_mark_for_the_same_as_above_swallows_nobody(
    county: Newsroom, shell: CommandLine, make_file: MakeFile, header: str, lines: Sequence[str]
) -> None:
    path = make_file(*lines, header=header)
    with pytest.raises(InputError, match=r"line 3: a quotation mark is opened"):
        import_subscribers(county, path)
    answer = shell.ask("subscribers", "census", path, "--unit", "banjing", "--yes", by="li", code=2)
    assert "line 3" in str(answer)
    assert numbers(county) == set()


@pytest.mark.parametrize(
    "remark",
    ['"2026年转入\n原在白蒲镇"', '"家属：\n13911110009"', '"一,二\n三"', '"""x""\n"', '"上海，浦东，\r\n陆家嘴，川沙"'],
)
def test_remarks_of_several_lines_come_in(county: Newsroom, make_file: MakeFile, remark: str) -> None:
    path = make_file(f"13911110002,张乙,搬经镇,{remark}", "13911110003,张丙,搬经镇,", header=HEADER)
    result = import_subscribers(county, path)
    assert (result.read, result.added) == (2, 2)


def test_the_same_remark_in_any_column_of_a_census_comes_in(
    county: Newsroom, shell: CommandLine, make_file: MakeFile
) -> None:
    path = make_file('13911110002,张乙,搬经镇,"一\n二"', header=HEADER)
    answer: Any = shell.ask("subscribers", "census", path, "--unit", "banjing", by="li")
    assert (answer["listed"], answer["rejected"]) == (1, 0)
