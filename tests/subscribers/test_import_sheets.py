"""Workbooks as offices send them, and files that only look like one."""

import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from newsletter.errors import InputError
from newsletter.newsroom import Newsroom
from newsletter.subscribers.lists import sheet_archives
from newsletter.subscribers.lists.importing import ImportResult, import_subscribers
from newsletter.subscribers.lists.row_files import open_rows
from tests.command_line import CommandLine
from tests.subscribers.conftest import MakeFile, member

HEADINGS = ("姓 名", "手机号码", "所在党支部", "人员类别", "是否流动")
ROWS: tuple[tuple[Any, ...], ...] = (
    ("张三", 13_900_000_001, "banjing-1", "正式党员", True),
    ("李四", "139 0000 0002", "banjing-1", "预备党员", "否"),
)

Fill = Callable[[Workbook, Worksheet], object]


def a_sheet(sheet: Worksheet, rows: Sequence[Sequence[Any]] = ROWS, *, first: int = 0) -> None:
    for number, row in enumerate((HEADINGS, *rows), start=first):
        sheet.write_row(number, 0, row)


def a_hidden_sheet(_book: Workbook, sheet: Worksheet) -> None:
    a_sheet(sheet)
    sheet.hide()


def a_workbook(path: Path, **sheets: Fill) -> Path:
    with Workbook(str(path)) as book:
        for name, fill in sheets.items():
            fill(book, book.add_worksheet(name))
    return path


def lines_of(path: Path, sheet: str | None = None) -> list[tuple[int, list[str]]]:
    with open_rows(path, {}, sheet=sheet) as file:
        return list(file.lines)


def take(newsroom: Newsroom, path: Path, **options: Any) -> ImportResult:
    return import_subscribers(newsroom, path, **options)


def test_a_list_with_a_title_and_blank_rows_is_read_by_the_sheets_own_rows(county: Newsroom, tmp_path: Path) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        sheet.merge_range("A1:E1", "搬经镇党员花名册", book.add_format({"bold": True}))
        sheet.write("A2", "填报单位：搬经镇")
        a_sheet(sheet, [*ROWS, (), ("王五", "0513-87650000", "banjing-1")], first=3)

    result = take(county, a_workbook(tmp_path / "名册.xlsx", 党员=fill))
    assert (result.read, result.added) == (3, 2)
    assert [(reject.line, reject.code) for reject in result.rejects] == [(8, "landline")]


def test_cells_come_as_an_office_reads_them(tmp_path: Path) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        a_sheet(sheet, [(2.5, 13_900_000_001.0, True, "", "\u3000"), ("", 3.2e20)])
        sheet.write_datetime(2, 3, date(2020, 7, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_formula(2, 4, "=1/0", None, "#DIV/0!")

    assert lines_of(a_workbook(tmp_path / "a.xlsx", a=fill)) == [
        (2, ["2.5", "13900000001", "true", "", "\u3000"]),
        (3, ["", "3.2e+20", "", "2020-07-01", ""]),
    ]


def test_a_branch_merged_over_its_people_is_everybodys(county: Newsroom, tmp_path: Path) -> None:
    def fill(_book: Workbook, sheet: Worksheet) -> None:
        people = [(f"成员{n}", 13_900_000_001 + n, "", "正式党员", "") for n in range(5)]
        a_sheet(sheet, people)
        sheet.merge_range("C2:C4", "baipu-1")
        sheet.merge_range("C5:C6", "banjing-1")
        sheet.merge_range("C9:C90", "nowhere")

    path = a_workbook(tmp_path / "a.xlsx", a=fill)
    assert [cells[2] for _line, cells in lines_of(path)] == [*["baipu-1"] * 3, *["banjing-1"] * 2, "nowhere"]
    result = take(county, path)
    assert (result.added, [reject.line for reject in result.rejects]) == (5, [9])


def test_the_first_visible_sheet_with_headings_is_read_and_the_others_are_named(
    county: Newsroom, tmp_path: Path
) -> None:
    path = a_workbook(
        tmp_path / "a.xlsx",
        说明=lambda _book, sheet: sheet.write("A1", "手机号码要填全"),
        草稿=a_hidden_sheet,
        一支部=lambda _book, sheet: a_sheet(sheet, ROWS[:1]),
        二支部=lambda _book, sheet: a_sheet(sheet),
        空=lambda _book, _sheet: None,
    )
    result = take(county, path)
    assert (result.added, result.other_sheets) == (1, ("二支部",))
    again = take(county, path, sheet="二支部")
    assert (again.added, again.unchanged, again.other_sheets) == (1, 1, ())
    assert take(county, path, sheet="草稿").unchanged == 2
    with pytest.raises(InputError, match="no sheet 三支部") as caught:
        take(county, path, sheet="三支部")
    assert "一支部, 二支部" in caught.value.hint
    assert "草稿" not in caught.value.hint


def test_a_sheet_of_a_csv_is_refused(county: Newsroom, make_file: MakeFile) -> None:
    with pytest.raises(InputError, match="no workbook"):
        take(county, make_file(member(1)), sheet="党员")


def test_errors_in_headings_name_the_sheet_and_its_row(county: Newsroom, tmp_path: Path) -> None:
    path = a_workbook(
        tmp_path / "a.xlsx",
        说明=lambda _book, sheet: sheet.write("A1", "手机号码要填全"),
        党员=lambda _book, sheet: sheet.write_row(4, 0, ("姓名", "手机", "联系电话", "支部")),
    )
    with pytest.raises(InputError, match="sheet 党员, line 5: columns 2 and 3 are both phone"):
        take(county, path)
    assert take(county, path, mapping=["联系电话=phone"]).read == 0


def test_an_empty_workbook_is_told(county: Newsroom, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is empty"):
        take(county, a_workbook(tmp_path / "a.xlsx", a=lambda _book, _sheet: None))


def damaged(path: Path) -> Path:
    data = bytearray(path.read_bytes())
    middle = len(data) // 3
    data[middle : middle + 40] = bytes(40)
    path.write_bytes(data)
    return path


def without_sheet(path: Path) -> Path:
    other = path.with_name("other.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for part in old.infolist():
            if "sheet1" not in part.filename:
                new.writestr(part, old.read(part))
    return other


def another_archive(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as new:
        new.writestr("word/document.xml", "<w/>")
    return path


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (damaged, "damaged workbook"),
        (without_sheet, "damaged workbook"),
        (another_archive, "no .xlsx workbook"),
        (lambda path: path.write_bytes(path.read_bytes()[:-200]) and path, "damaged workbook"),
    ],
)
def test_a_workbook_that_is_none_is_refused_with_the_way_to_mend_it(
    county: Newsroom, tmp_path: Path, spoil: Callable[[Path], Path], words: str
) -> None:
    path = spoil(a_workbook(tmp_path / "a.xlsx", a=lambda _book, sheet: a_sheet(sheet, ROWS * 50)))
    with pytest.raises(InputError, match=words) as caught:
        take(county, path)
    assert "save it as .xlsx" in caught.value.hint


def with_sheet(path: Path, xml: bytes) -> Path:
    other = path.with_name("other.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, xml if "sheet1" in part.filename else old.read(part))
    return other


@pytest.mark.parametrize(
    ("cell", "is_far"),
    [
        (b'<row r="1"><c r="XFD1" t="str"><v>x</v></c></row>', True),
        (b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>', False),
        (b'<row r="1048577"><c r="A1048577"><v>1</v></c></row>', True),
        (b"<row r='4294967290'><c r='A4294967290'><v>1</v></c></row>", True),
        (b'<row r="900000"><c r="AZ900000"><v>1</v></c></row>', True),
        (b'<row r="2"><c r="AZ2"><v>1</v></c></row>', False),
    ],
)
def test_a_cell_far_out_is_refused_before_memory_is_asked_for(
    county: Newsroom, tmp_path: Path, cell: bytes, is_far: bool
) -> None:
    space = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    path = with_sheet(
        a_workbook(tmp_path / "a.xlsx", a=lambda _book, sheet: a_sheet(sheet)),
        space + cell + b"</sheetData></worksheet>",
    )
    with pytest.raises(InputError, match="has cells far out" if is_far else "the column phone"):
        take(county, path)


def test_a_bomb_is_not_unpacked(county: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_archives, "_SMALL_BYTES", 1_000_000)
    path = with_sheet(a_workbook(tmp_path / "a.xlsx", a=lambda _book, sheet: a_sheet(sheet)), b" " * 5_000_000)
    with pytest.raises(InputError, match="unpacks to 5 MB"):
        take(county, path)


def test_a_place_cut_in_two_by_reading_in_pieces_is_seen(
    county: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_archives, "_PIECE_BYTES", 7)
    path = with_sheet(
        a_workbook(tmp_path / "a.xlsx", a=lambda _book, sheet: a_sheet(sheet)), b'<row r="1"><c r="XFD999999"/></row>'
    )
    with pytest.raises(InputError, match="16384 columns, 999999 rows"):
        take(county, path)


def test_the_library_is_loaded_for_workbooks_only() -> None:
    code = "import sys, newsletter.subscribers.lists.importing; print('python_calamine' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "False"


def test_a_workbook_typed_at_the_command_line(county: Newsroom, shell: CommandLine, tmp_path: Path) -> None:
    county.engine.dispose()
    path = a_workbook(
        tmp_path / "名册.xlsx",
        一支部=lambda _book, sheet: a_sheet(sheet),
        二支部=lambda _book, sheet: a_sheet(sheet),
    )
    answer = shell.type("subscribers", "import", path, by="li")
    assert "2 rows read: 2 added" in answer.out
    assert "not read; name each by --sheet: 二支部" in answer.err
    assert shell.ask("subscribers", "import", path, "--sheet", "二支部", by="li")["unchanged"] == 2
    (tmp_path / "old.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    refused = shell.type("subscribers", "import", tmp_path / "old.xlsx", by="li", code=2)
    assert refused.err.count("\n") == 2
    assert "save it as .xlsx" in refused.err
