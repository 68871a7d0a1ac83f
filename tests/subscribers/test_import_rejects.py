"""The rejected rows, many or few: told, mended, and fed back; and what people wish, as a list says it."""

import stat
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import select
from xlsxwriter import Workbook

from newsletter import text_files
from newsletter.errors import InputError
from newsletter.newsroom import Newsroom
from newsletter.subscribers.lists import rejects
from newsletter.subscribers.lists.importing import import_subscribers
from newsletter.subscribers.lists.problems import Reject
from newsletter.subscribers.lists.reject_lists import RejectList
from newsletter.subscribers.models import Subscriber
from tests.command_line import CommandLine
from tests.subscribers.conftest import MakeFile, member

HEADER = "手机号,姓名,单位,备注,人员类别"
BAD = (
    "+86 139 0000 0001,张三,nowhere,x,正式党员",
    "1.3900000002E+10,@李四,banjing,x,谁",
    "13900000003,\"李,\n五\",banjing,x,谁",
)  # fmt: skip
MENDS = {"nowhere": "banjing", "谁": "预备党员"}


def mend_text(path: Path) -> Path:
    words = path.read_text(encoding="utf-8-sig")
    for wrong, right in MENDS.items():
        words = words.replace(wrong, right)
    path.write_text(words, encoding="utf-8-sig", newline="")
    return path


def mend_sheet(path: Path) -> Path:
    """As a spreadsheet does: every cell read, some replaced, saved under the same name."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, [MENDS.get(str(cell), cell) for cell in row])
    return path


@pytest.mark.parametrize(("name", "mend"), [("bad.csv", mend_text), ("bad.xlsx", mend_sheet)])
def test_mended_rejects_are_all_good(
    county: Newsroom, make_file: MakeFile, tmp_path: Path, name: str, mend: Callable[[Path], Path]
) -> None:
    out = tmp_path / name
    result = import_subscribers(county, make_file("13900000009,王五,banjing,,", *BAD, header=HEADER), rejects=out)
    assert (result.added, result.rejected) == (1, 3)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if name in path.name] == [name]
    again = import_subscribers(county, mend(out))
    assert (again.read, again.added, list(again.rejects), again.unknown_columns) == (3, 3, [], ())
    with county.reading() as session:
        found = session.exec(select(Subscriber)).all()
    keys = county.data_keys
    assert {keys.decrypt(person.name, f"name/{person.number_key}") for person in found} == {
        "张三", "@李四", "李,五", "王五",
    }  # fmt: skip
    assert {keys.decrypt(person.number, f"number/{person.number_key}")[-1] for person in found} == set("1239")


def test_only_our_own_file_of_rejects_is_unescaped(county: Newsroom, make_file: MakeFile) -> None:
    import_subscribers(county, make_file("13900000001,'=x,banjing", header="phone,name,unit"))
    with county.reading() as session:
        assert session.exec(select(Subscriber.name_key)).one() == county.data_keys.name_key("'=x")


def test_a_stopped_import_leaves_no_workbook_of_rejects(county: Newsroom, make_file: MakeFile, tmp_path: Path) -> None:
    path = make_file("1390,张三,banjing", 'x,"', header="phone,name,unit")
    for _again in range(2):
        with pytest.raises(InputError, match="quotation"):
            import_subscribers(county, path, rejects=tmp_path / "bad.xlsx")
    good = make_file(*(member(n, unit="nowhere") for n in range(30)), 'x,"')
    with pytest.raises(InputError, match="quotation"):
        import_subscribers(county, good, rejects=tmp_path / "bad.xlsx")
    assert not [path for path in tmp_path.iterdir() if "bad" in path.name]


def test_more_rejects_than_a_sheet_holds_are_refused(
    county: Newsroom, make_file: MakeFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rejects, "_MOST_SHEET_ROWS", 3)
    path = make_file(member(9), *(f"1390{n},张三,banjing,,,,," for n in range(3)))
    with pytest.raises(InputError, match=r"name a \.csv"):
        import_subscribers(county, path, rejects=tmp_path / "bad.xlsx")
    with county.reading() as session:
        assert session.exec(select(Subscriber)).first() is None


def test_a_list_of_rejects_is_a_list() -> None:
    told = RejectList()
    assert not told
    rows = [Reject(line, "phone", "landline", "固定电话 “x”\n") for line in range(20_000)]
    for row in rows:
        told.append(row)
    assert len(told) == 20_000
    assert (told[0], told[-1], told[:3], told[19_999:]) == (rows[0], rows[-1], rows[:3], rows[-1:])
    assert list(told) == rows
    with pytest.raises(IndexError):
        told[20_000]
    told.append(rows[0])
    assert (len(told), told[20_000]) == (20_001, rows[0])


@pytest.mark.slow
def test_memory_does_not_grow_with_bad_rows(
    county: Newsroom, make_file: MakeFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Pieces smaller than either file, so that both are read alike.
    monkeypatch.setattr(text_files, "_PIECE_BYTES", 1 << 16)
    peaks = []
    for count in (4_000, 12_000):
        path = make_file(*(f"0513-{n:08d},张三,banjing,,,,," for n in range(count)))
        tracemalloc.start()
        result = import_subscribers(county, path, rejects=tmp_path / "bad.csv")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert result.rejected == len(result.rejects) == count
    # 8,000 rows more would be some 3 MB if they were kept.
    assert peaks[1] < peaks[0] + 500_000


def test_the_document_is_whole_json_whatever_is_rejected(
    county: Newsroom, shell: CommandLine, make_file: MakeFile
) -> None:
    county.engine.dispose()
    good, bad = make_file(member(1), name="good.csv"), make_file('1,“",', "2,x,banjing", name="bad.csv")
    assert shell.ask("subscribers", "import", good, by="li")["rejects"] == []
    document = shell.ask("subscribers", "import", bad, by="li", code=6)
    assert [list(reject) for reject in document["rejects"]] == [["line", "field", "code", "message"]] * 2
    assert document["suppressed"] == 0


def test_what_people_wish_comes_in_and_stays_unless_said(county: Newsroom, make_file: MakeFile) -> None:
    header = "phone,unit,接收方式,语言,大字版,流动地"
    rows = ["13900000001,banjing,全文短信,中文,是,上海市浦东新区", "13900000002,banjing,短信,,,"]
    path = make_file(*rows, header=header)
    assert import_subscribers(county, path).added == 2
    assert import_subscribers(county, path).unchanged == 2
    first, second = wishes(county)
    assert first == ("full-text", "zh-CN", True, "上海市浦东新区", "31")
    assert second == ("", "", False, "", "")
    assert import_subscribers(county, make_file(member(1, name=""), member(2, name=""))).unchanged == 2
    some = make_file("13900000001,banjing,苏州", "13900000002,banjing,", header="phone,unit,place")
    result = import_subscribers(county, some)
    assert (result.updated, result.unchanged) == (1, 1)
    assert wishes(county)[0] == ("full-text", "zh-CN", True, "苏州", "32")
    import_subscribers(county, make_file("13900000001,banjing,,,,", header=header))
    assert wishes(county)[0] == ("", "", False, "", "")
    assert "浦东".encode() not in (county.directory / "newsletter.db").read_bytes()


def wishes(newsroom: Newsroom) -> list[tuple[str, str, bool, str, str]]:
    keys = newsroom.data_keys
    with newsroom.reading() as session:
        return [
            (
                person.channel,
                person.language,
                person.large_type,
                keys.decrypt(person.place, f"place/{person.number_key}") if person.place else "",
                person.place_region,
            )
            for person in session.exec(select(Subscriber).order_by(Subscriber.id))  # type: ignore[arg-type]
        ]


@pytest.mark.parametrize(
    ("cells", "field", "code"),
    [
        ("微信,,,", "channel", "unknown_channel"),
        (",方言,,", "language", "unknown_language"),
        (",,大,", "large_type", "bad_flag"),
        (",,," + "远" * 121, "place", "bad_place"),
        (",,,上\u200b海", "place", "bad_place"),
    ],
)
def test_wishes_that_mean_nothing_are_told(
    county: Newsroom, make_file: MakeFile, cells: str, field: str, code: str
) -> None:
    result = import_subscribers(
        county, make_file(f"13900000001,banjing,{cells}", header="phone,unit,channel,language,large_type,place")
    )
    assert [(reject.field, reject.code) for reject in result.rejects] == [(field, code)]
