"""Which columns offices' headings mean, where they stand, and what divides the cells."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import InputError
from newsletter.newsroom import Newsroom
from newsletter.subscribers.lists.headings import FIELDS, USUAL_HEADINGS, read_headings, read_mapping, usual_field
from newsletter.subscribers.lists.importing import import_subscribers
from newsletter.subscribers.lists.row_files import open_rows
from tests.subscribers.conftest import MakeFile, member


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("手机", "phone"),
        ("手机号码", "phone"),
        ("联系电话", "phone"),
        ("电话", "phone"),
        ("移动电话", "phone"),
        ("Mobile Number", "phone"),
        (" 姓　名 ", "name"),
        ("*姓名", "name"),
        ("手机号（必填）", "phone"),
        ("手机号码(11位)：", "phone"),
        ("是否流动（是/否）", "mobile"),
        ("所在党支部", "unit"),
        ("所属支部", "unit"),
        ("党支部名称", "unit"),
        ("人员类别", "standing"),
        ("是否离退休", "retired"),
        ("现居住地", "place"),
        ("接收方式", "channel"),
        ("Large_Type", "large_type"),
    ],
)
def test_headings_that_offices_write(heading: str, field: str) -> None:
    others = [needed for needed in ("phone", "unit", "region_code") if needed != field]
    mapping = {f"x{number}": other for number, other in enumerate(others)}
    assert read_headings([heading, *mapping], mapping, "a.csv").position[field] == 0


@pytest.mark.parametrize(
    "heading",
    [
        *("手机号(家属)", "家属手机号", "手机型号", "工作单位", "职务", "家庭住址", "籍贯", "姓名拼音", "流动时间"),
        *("phones", "单位电话", "(必填)", ""),
    ],
)
def test_headings_that_only_resemble_them_mean_nothing(heading: str) -> None:
    assert usual_field("".join(heading.split())) is None


def test_every_heading_means_one_field() -> None:
    every = [heading for headings in USUAL_HEADINGS.values() for heading in headings]
    assert len(every) == len(set(every))
    assert set(USUAL_HEADINGS) == set(FIELDS)
    assert not set(every) & set(FIELDS)
    assert all(usual_field(heading) for heading in every)


def test_two_columns_that_could_both_be_the_number_are_told_and_a_mapping_decides(
    county: Newsroom, make_file: MakeFile
) -> None:
    path = make_file("13900000001,0513-87650000,banjing", header="手机,联系电话,支部")
    with pytest.raises(InputError, match="line 1: columns 1 and 2 are both phone") as caught:
        import_subscribers(county, path)
    assert "--map" in caught.value.hint
    result = import_subscribers(county, path, mapping=["手机=phone"])
    assert (result.added, result.unknown_columns) == (1, ("联系电话",))


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，"])
def test_each_delimiter_is_seen(county: Newsroom, tmp_path: Path, delimiter: str) -> None:
    rows = [("姓名", "手机号", "单位"), ("张三", "13900000001", "banjing"), ("李,四;", "1390", "banjing")]
    quoted = [[f'"{cell}"' if set(cell) & set(",;") else cell for cell in row] for row in rows]
    path = tmp_path / "a.txt"
    path.write_text("".join(delimiter.join(row) + "\r\n" for row in quoted), encoding="utf-8", newline="")
    result = import_subscribers(county, path)
    assert (result.added, [reject.line for reject in result.rejects]) == (1, [3])


@pytest.mark.parametrize(
    ("content", "found"),
    [
        # More commas than tabs, in remarks of the headings.
        (
            "姓名\t手机号\t单位\t备注,说明,其他,等等\n张三\t13900000001\tbanjing\t",
            ["张三", "13900000001", "banjing", ""],
        ),
        ("备注,姓名;手机号;单位\n,张三;13900000001;banjing", [",张三", "13900000001", "banjing"]),
        # A title with commas above, as long as the list is wide.
        (
            "搬经镇,2026,,\n姓名;手机号;单位;备注\n张三;13900000001;banjing;,,,",
            ["张三", "13900000001", "banjing", ",,,"],
        ),
        ("sep=;\n姓名;手机号;单位\n张三;13900000001;banjing", ["张三", "13900000001", "banjing"]),
        # Nothing but what --map says.
        ("甲;乙\n13900000001;banjing", ["13900000001", "banjing"]),
    ],
)
def test_headings_decide_what_divides_cells(tmp_path: Path, content: str, found: list[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content, encoding="utf-8")
    mapping = read_mapping(["甲=phone", "乙=unit"]) if content.startswith("甲") else {}
    with open_rows(path, mapping) as file:
        (row,) = [cells for _line, cells in file.lines]
    assert [cell for cell in row if cell or cell in found] == found


def test_a_title_and_remarks_above_the_headings_are_left_out(county: Newsroom, make_file: MakeFile) -> None:
    above = '搬经镇党员花名册,,\n"填报说明：\n1.手机号必填"\n\n填报单位,搬经镇,单位\n'
    path = make_file("13900000001,张三,banjing", "1390,李四,banjing", header=above + "手机号,姓名,单位")
    result = import_subscribers(county, path)
    assert (result.added, [(reject.line, reject.code) for reject in result.rejects]) == (1, [(8, "invalid_number")])


def test_headings_too_far_down_are_not_looked_for(county: Newsroom, make_file: MakeFile) -> None:
    for titles, is_found in ((19, True), (20, False)):
        path = make_file(member(titles), header="党员花名册\n" * titles + "phone,name,unit")
        if is_found:
            assert import_subscribers(county, path).added == 1
        else:
            with pytest.raises(InputError, match="line 1: the column phone"):
                import_subscribers(county, path)


def test_an_open_quotation_among_the_titles_is_told(county: Newsroom, make_file: MakeFile) -> None:
    path = make_file('13900000001,"banjing', "13900000002,banjing", '13900000003,banj"ing', header="名册\nphone,unit")
    with pytest.raises(InputError, match="line 3: a quotation"):
        import_subscribers(county, path)


@given(st.lists(st.sampled_from([*FIELDS, "手机", "电话", "支部", "备注", ""]), max_size=6))
def test_any_headings_are_understood_or_refused(cells: list[str]) -> None:
    try:
        found = read_headings(cells, {}, "a.csv")
    except InputError:
        return
    assert found.has("phone")
    assert found.has("unit") or found.has("region_code")
