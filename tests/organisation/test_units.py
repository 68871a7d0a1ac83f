"""The tree of units: it stays a tree, and a region belongs to one unit."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from newsletter.errors import InputError, RefusedError
from newsletter.newsroom import Newsroom
from newsletter.organisation.unit_files import UnitFileError, import_units
from newsletter.organisation.units import (
    RegionTakenError,
    UnitCycleError,
    UnitExistsError,
    UnitKind,
    UnknownUnitError,
    add_unit,
    ancestor_codes,
    check_name,
    check_unit_code,
    get_unit,
    list_units,
    subtree_ids,
    update_unit,
)

HEAD = "code,name,kind,parent,region_code\n"


@pytest.fixture
def session(newsroom: Newsroom) -> Iterator[Session]:
    with newsroom.writing() as opened:
        yield opened


def test_a_unit_hangs_under_the_root_unless_said_else(session: Session) -> None:
    unit = add_unit(session, code="wzb", name="统战部", kind=UnitKind.DEPARTMENT)
    assert ancestor_codes(session, unit.id or 0) == ["wzb", "root"]
    assert ancestor_codes(session, get_unit(session, "banjing").id or 0) == ["banjing", "county", "root"]


def test_a_code_and_a_region_are_one_units(session: Session) -> None:
    with pytest.raises(UnitExistsError, match="banjing"):
        add_unit(session, code="banjing", name="别处", kind=UnitKind.TOWN)
    with pytest.raises(RegionTakenError, match="320682116 is already the unit banjing"):
        add_unit(session, code="other", name="别处", kind=UnitKind.TOWN, region_code="320682116000")


def test_a_unit_cannot_hang_under_itself_or_what_is_under_it(session: Session) -> None:
    county = get_unit(session, "county")
    for parent in ("county", "banjing"):
        with pytest.raises(UnitCycleError, match=f"county cannot hang under {parent}"):
            update_unit(session, county, name=county.name, kind=UnitKind.COUNTY, parent=parent)


def test_an_update_says_whether_anything_changed(session: Session) -> None:
    town = get_unit(session, "banjing")
    same = {"name": "搬经镇", "kind": UnitKind.TOWN, "parent": "county"}
    assert not update_unit(session, town, **same, region_code="320682116000")  # type: ignore[arg-type]
    assert update_unit(session, town, **same, region_code=None)  # type: ignore[arg-type]


def test_a_subtree_is_a_unit_and_all_under_it(session: Session) -> None:
    everything = {unit.id for unit in list_units(session)}
    assert set(subtree_ids(session, get_unit(session, "root").id or 0)) == everything
    assert subtree_ids(session, get_unit(session, "nyj").id or 0) == [get_unit(session, "nyj").id]


def test_a_unit_is_found_by_its_exact_name_if_only_one_has_it(session: Session) -> None:
    assert get_unit(session, "搬经镇").code == "banjing"
    with pytest.raises(UnknownUnitError, match="搬经"):
        get_unit(session, "搬经")
    add_unit(session, code="banjing2", name="搬经镇", kind=UnitKind.VILLAGE)
    with pytest.raises(RefusedError, match=r"2 units are named 搬经镇: banjing, banjing2"):
        get_unit(session, "搬经镇")


@pytest.mark.parametrize("code", ["", "  ", "a b", "a,b", "a/b", "x" * 41, "a\nb", "a\u200bb", "a\u3000b"])
def test_a_code_that_no_command_line_could_hold_is_refused(code: str) -> None:
    with pytest.raises(InputError):
        check_unit_code(code)


@pytest.mark.parametrize("name", ["", " ", "长" * 81, "一\n二", "一\x07"])
def test_a_name_that_cannot_be_printed_is_refused(name: str) -> None:
    with pytest.raises(InputError):
        check_name(name)


def test_a_file_adds_and_updates_units(newsroom: Newsroom, tmp_path: Path) -> None:
    file = tmp_path / "units.csv"
    file.write_text(
        HEAD + "xiayuan,下原镇,town,county,320682107000\nbaipu,白蒲古镇,TOWN,county,320682105\n", "utf-8-sig"
    )
    assert vars(import_units(newsroom, file)) == {"read": 2, "added": 1, "updated": 1, "unchanged": 0}
    assert vars(import_units(newsroom, file)) == {"read": 2, "added": 0, "updated": 0, "unchanged": 2}
    with newsroom.reading() as session:
        assert get_unit(session, "xiayuan").region_code == "320682107"
        assert get_unit(session, "baipu").name == "白蒲古镇"


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ("x,某镇,hamlet,,\n", "line 2, field kind: hamlet is not a kind of unit"),
        ("x,,town,,\n", "line 2, field name: empty"),
        (",某镇,town,,\n", "line 2, field code: empty"),
        ("a b,某镇,town,,\n", "line 2, field code: "),
        ("x,某镇,town,nowhere,\n", "line 2, field parent: There is no unit nowhere"),
        ("x,某镇,town,,32068\n", "line 2, field region_code: 32068 is not a region code"),
        ("x,某镇,town,,320682116\n", "line 2, field region_code: Region 320682116 is already"),
        ("county,如皋市,county,banjing,320682\n", "line 2, field parent: county cannot hang under banjing"),
        ("x,某镇,town,,,extra\n", "line 2: 6 cells under 5 headings"),
        ("x,某镇,town,,\n\ny,,town,,\n", "line 4, field name: empty"),
        ('x,"某\n镇",town,,\n', "line 3, field name: "),
        ("root,如皋,organisation,,\n", "line 2, field parent: root cannot hang under root"),
    ],
)
def test_a_wrong_row_is_named_by_line_and_field_and_nothing_is_changed(
    newsroom: Newsroom, tmp_path: Path, rows: str, where: str
) -> None:
    file = tmp_path / "units.csv"
    file.write_text(HEAD + rows, encoding="utf-8")
    with pytest.raises(UnitFileError) as refusal:
        import_units(newsroom, file)
    assert refusal.value.message.startswith(f"{file} {where}")
    first = tmp_path / "good-first.csv"
    first.write_text(HEAD + "good,好镇,town,,\n" + rows, encoding="utf-8")
    with pytest.raises(UnitFileError):
        import_units(newsroom, first)
    with newsroom.reading() as session, pytest.raises(UnknownUnitError):
        get_unit(session, "good")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "units.csv is empty"),
        ("\n", "line 1: the column code is missing"),
        ("code,name\n", "line 1: the column kind is missing"),
        ("code,name,kind,colour\n", "line 1: unknown column colour"),
        ("code,name,kind,code\n", "line 1: the column code stands twice"),
    ],
)
def test_a_wrong_heading_is_named(newsroom: Newsroom, tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "units.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        import_units(newsroom, file)
    assert said in refusal.value.message
