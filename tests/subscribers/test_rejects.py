"""The file of rejected rows, and that no bad row takes a good one with it."""

import csv
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.errors import InputError
from newsletter.newsroom import Newsroom
from newsletter.subscribers.lists.headings import FIELDS, read_headings
from newsletter.subscribers.lists.importing import import_subscribers
from newsletter.subscribers.lists.problems import Problem
from newsletter.subscribers.lists.rejects import escape_formula, rejects_file
from newsletter.subscribers.lists.rows import row_reader
from newsletter.subscribers.places import Places
from tests.subscribers.conftest import HEADER, MakeFile, member

BAD = "0513-87650000,=cmd(),banjing,secret,农牧渔民"


def test_rejected_rows_come_out_as_given_and_why(county: Newsroom, make_file: MakeFile, tmp_path: Path) -> None:
    out = tmp_path / "bad.csv"
    path = make_file(member(1), BAD, header="手机号,姓名,单位,身份证号,职业")
    import_subscribers(county, path, rejects=out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0] == ["手机号", "姓名", "单位", "职业", "error_line", "error_field", "error_code", "error_message"]
    assert rows[1][:7] == ["0513-87650000", "'=cmd()", "banjing", "农牧渔民", "3", "phone", "landline"]
    assert len(rows) == 2
    assert "secret" not in out.read_text(encoding="utf-8-sig")


def test_a_mended_file_of_rejects_is_imported_without_a_warning(
    county: Newsroom, make_file: MakeFile, tmp_path: Path
) -> None:
    out = tmp_path / "bad.csv"
    import_subscribers(county, make_file("+8613900000001,张三,nowhere,,,,,"), rejects=out)
    assert "'+8613900000001" in out.read_text(encoding="utf-8-sig")
    out.write_text(out.read_text(encoding="utf-8-sig").replace("nowhere", "banjing"), encoding="utf-8-sig")
    result = import_subscribers(county, out)
    assert (result.added, result.unknown_columns) == (1, ())


def test_the_rejects_never_overwrite_the_file_itself(county: Newsroom, make_file: MakeFile) -> None:
    path = make_file(member(1))
    before = path.read_bytes()
    with pytest.raises(InputError, match="name another"):
        import_subscribers(county, path, rejects=path)
    assert path.read_bytes() == before


def test_only_what_a_spreadsheet_would_calculate_is_escaped() -> None:
    assert [escape_formula(cell) for cell in ("=1", "+1", "-1", "@a", "\ta", "a=1", "")] == [
        "'=1", "'+1", "'-1", "'@a", "'\ta", "a=1", ""
    ]  # fmt: skip


cells = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "13900000001", "张三", "banjing", "320682", "是", "1", "正式党员", "工人", '"', "\x00"]),
)


@given(st.lists(cells, min_size=1, max_size=12))
def test_any_row_is_a_person_or_a_problem(row: list[str]) -> None:
    headings = read_headings(FIELDS, {}, "members.csv")
    places = Places({"banjing": 1}, {"搬经镇": (1,)}, {"320682": 1}, {1: "320682"})
    found = row_reader(headings, places)(list(row))
    if isinstance(found, Problem):
        assert found.code
        assert found.message


lines = st.one_of(
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters='"\n\r\x00'), max_size=40),
    st.sampled_from([",,,,", "1390000", "٣٣٣,x", '"a"b,c', "=1+1,2", "\u2028,\x85", "\x0b,\x1c"]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.lists(lines, max_size=8))
def test_no_good_row_is_lost_among_bad_ones(county: Newsroom, tmp_path: Path, bad: list[str]) -> None:
    good = [member(number) for number in range(len(bad) + 1)]
    mixed = [line for pair in zip(good, [*bad, ""], strict=True) for line in pair]
    path = tmp_path / "members.csv"
    path.write_text("\n".join([HEADER, *mixed]), encoding="utf-8", newline="")
    result = import_subscribers(county, path, is_dry=True)
    assert result.added + result.unchanged >= len(good)
    assert result.read == result.added + result.updated + result.unchanged + result.rejected


def test_a_duplicate_that_contradicts_the_good_row_is_not_imported_from_the_rejects(
    county: Newsroom, make_file: MakeFile, tmp_path: Path
) -> None:
    out = tmp_path / "bad.csv"
    path = make_file(
        "13900000001,张三,banjing,上海", "13900000001,张三,baipu,", "13900000002,李四,nowhere,",
        header="手机号,姓名,单位,现居住地",
    )  # fmt: skip
    assert import_subscribers(county, path, rejects=out).rejected == 2
    again = import_subscribers(county, out)
    assert [(reject.line, reject.code) for reject in again.rejects] == [(2, "duplicate"), (3, "unknown_unit")]
    mended = out.read_text(encoding="utf-8-sig").replace("13900000001,张三", "13900000003,张三三")
    out.write_text(mended, encoding="utf-8-sig")
    assert import_subscribers(county, out).added == 1
    decided = make_file("13900000001,张三,baipu,,3,phone,,", header="手机号,姓名,单位,现居住地,error_line,"
                        "error_field,error_code,error_message")  # fmt: skip
    assert import_subscribers(county, decided).updated == 1


def test_rejects_of_mapped_columns_need_no_mapping(county: Newsroom, make_file: MakeFile, tmp_path: Path) -> None:
    out = tmp_path / "bad.csv"
    path = make_file("13900000001,x,张三,nowhere", header="备用,手机号,姓名,单位")
    import_subscribers(county, path, mapping=["备用=phone"], rejects=out)
    words = out.read_text(encoding="utf-8-sig")
    assert words.splitlines()[0].startswith("phone,姓名,单位,error_line")
    out.write_text(words.replace("nowhere", "banjing"), encoding="utf-8-sig")
    assert import_subscribers(county, out).added == 1


def test_what_a_killed_import_left_behind_is_removed_and_a_living_ones_draft_is_not(
    county: Newsroom, make_file: MakeFile, tmp_path: Path
) -> None:
    out = tmp_path / "bad.xlsx"
    stale, other = tmp_path / ".bad.xlsx.k1ll3d.draft", tmp_path / ".good.xlsx.k1ll3d.draft"
    for path in (stale, other):
        path.write_text("13900000001")
    scratch = tmp_path / f"{stale.name}.sheet"
    scratch.mkdir()
    (scratch / "x").write_text("13900000001")
    with rejects_file(out, make_file(BAD)):
        import_subscribers(county, make_file(BAD, header="手机号,姓名,单位,身份证号,职业"), rejects=out)
        assert len(list(tmp_path.glob(".bad.xlsx.*.draft"))) == 1
    assert sorted(path.name for path in tmp_path.iterdir() if "xlsx" in path.name) == [other.name, "bad.xlsx"]
