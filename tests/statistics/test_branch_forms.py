"""Branches' forms: what stands on them, who may have them in plain, and that a filled-in one comes back as a list."""

import stat
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from newsletter.editions.rendering.sheets import read_text
from newsletter.newsroom import Newsroom
from newsletter.organisation.units import UnitKind, add_unit
from newsletter.subscribers.desk_words import DeskWords
from newsletter.subscribers.enrolling import add_person
from tests.command_line import CommandLine

REVEAL = ("--reveal", "--purpose", "发支部核对", "--yes")
NAMES = ("张三", "阿卜杜拉·买买提", "买买提江·吐尔逊尼亚孜·阿不都热合曼", "欧阳建国")


@pytest.fixture
def branch(newsroom: Newsroom) -> Newsroom:
    """The first branch of Banjing, with four people, one of them away and one without a number."""
    with newsroom.writing() as session:
        add_unit(session, code="banjing-1", name="第一支部", kind=UnitKind.BRANCH, parent="banjing")
        session.commit()
    for place, name in enumerate(NAMES):
        words = DeskWords(number=f"1390000000{place}", name=name, unit="banjing-1", standing="正式党员", mobile=False)
        add_person(newsroom, words)
    away = DeskWords(number="", name="冒小毛", unit="banjing-1", mobile=True, place="乌鲁木齐市天山区", channel="mms")
    add_person(newsroom, away)
    add_person(newsroom, DeskWords(number="13800000009", name="=顾一平", unit="banjing", large_type=True))
    return newsroom


def make(shell: CommandLine, out: Path, *more: object, unit: str = "banjing", by: str = "sun", code: int = 0) -> Any:
    return shell.ask("subscribers", "form", "--unit", unit, "--out", out, *more, by=by, code=code)


def cells(path: Path) -> dict[str, list[list[Any]]]:
    with CalamineWorkbook.from_path(path) as book:
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_a_form_is_masked_unless_it_is_revealed(branch: Newsroom, shell: CommandLine, tmp_path: Path) -> None:
    answer = make(shell, tmp_path / "form.pdf")
    text = read_text((tmp_path / "form.pdf").read_bytes())
    assert [(one["unit"], one["people"], one["without_number"]) for one in answer["branches"]] == [
        ("banjing", 1, 0),
        ("banjing-1", 5, 1),
    ]
    assert "139****0001" in text
    assert "新疆" in text
    for secret in (*NAMES, "13900000001", "天山区", "冒小毛"):
        assert secret not in text
    make(shell, tmp_path / "full.pdf", *REVEAL)
    text = read_text((tmp_path / "full.pdf").read_bytes())
    for shown in (*NAMES, "13900000001", "乌鲁木齐市天山区", "共5人", "其中无手机号1人", "支部书记（签字）"):
        assert shown in text
    assert stat.S_IMODE((tmp_path / "full.pdf").stat().st_mode) == 0o600


def test_numbers_in_plain_need_a_right_a_purpose_and_a_word_and_are_journalled(
    branch: Newsroom, shell: CommandLine, tmp_path: Path
) -> None:
    out = tmp_path / "full.xlsx"
    make(shell, out, *REVEAL, by="li", code=4)
    make(shell, out, "--reveal", "--yes", code=2)
    make(shell, out, "--reveal", "--purpose", "核对", code=4)
    assert not out.exists()
    make(shell, out, *REVEAL)
    last = shell.ask("audit", "show", by="sun")["statements"][-1]
    assert (last["verb"], last["subject"], last["person"]) == ("reveal", "unit:banjing", "sun")


@pytest.mark.slow
def test_pages_are_numbered_by_branch_and_the_head_is_repeated(
    branch: Newsroom, shell: CommandLine, tmp_path: Path
) -> None:
    for place in range(60):
        add_person(branch, DeskWords(number=f"137{place:08d}", name=f"成员{place}", unit="banjing-1"))
    make(shell, tmp_path / "form.pdf")
    with pypdfium2.PdfDocument((tmp_path / "form.pdf").read_bytes()) as document:
        pages = ["".join(page.get_textpage().get_text_bounded().split()) for page in document]
    assert "第1页共1页" in pages[0]
    count = len(pages) - 1
    assert [f"第{n}页共{count}页" in page for n, page in enumerate(pages[1:], start=1)] == [True] * count
    assert all("序号姓名手机号身份" in page for page in pages)
    assert "核对日期" in pages[-1]
    again = tmp_path / "again.pdf"
    make(shell, again)
    assert again.read_bytes() == (tmp_path / "form.pdf").read_bytes()


def test_a_directory_gets_two_files_a_branch(branch: Newsroom, shell: CommandLine, tmp_path: Path) -> None:
    answer = make(shell, tmp_path / "forms")
    names = ["banjing-1.pdf", "banjing-1.xlsx", "banjing.pdf", "banjing.xlsx"]
    assert sorted(path.name for path in (tmp_path / "forms").iterdir()) == names
    assert len(answer["files"]) == 4


def test_a_filled_in_workbook_is_a_list_that_changes_nothing(
    branch: Newsroom, shell: CommandLine, tmp_path: Path
) -> None:
    for unit in ("banjing-1", "banjing"):
        out = tmp_path / f"{unit}.xlsx"
        make(shell, out, *REVEAL, unit=unit)
        sheet = ("--sheet", "搬经镇") if unit == "banjing" else ()
        answer = shell.ask("subscribers", "census", out, "--unit", unit, *sheet, by="li")
        assert answer["rejected"] == 0
        # The town's own sheet leaves out its branch.
        expected = {"vanished": 5} if unit == "banjing" else {}
        assert {kind: found for kind, found in answer["counts"].items() if found} == expected


def test_a_workbook_keeps_numbers_and_formulas_as_text(branch: Newsroom, shell: CommandLine, tmp_path: Path) -> None:
    make(shell, tmp_path / "form.xlsx", *REVEAL)
    sheets = cells(tmp_path / "form.xlsx")
    assert list(sheets) == ["搬经镇", "第一支部"]
    assert sheets["搬经镇"][1][:2] == ["=顾一平", "13800000009"]
    assert {row[1] for row in sheets["第一支部"][1:6]} == {"", *(f"1390000000{place}" for place in range(4))}


def test_what_cannot_be_written_is_said(branch: Newsroom, shell: CommandLine, tmp_path: Path) -> None:
    make(shell, tmp_path / "form.docx", code=2)
    make(shell, tmp_path / "nowhere" / "form.pdf", code=5)
    make(shell, tmp_path / "form.pdf", unit="baipu", code=3)
