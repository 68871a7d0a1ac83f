"""How many members a unit is known to have: by hand, and by file."""

from pathlib import Path

import pytest

from newsletter.newsroom import Newsroom
from newsletter.organisation.unit_files import UnitFileError, import_units
from newsletter.organisation.units import get_unit
from tests.command_line import CommandLine


def known(newsroom: Newsroom, code: str) -> int | None:
    with newsroom.reading() as session:
        return get_unit(session, code).known_members


def test_it_is_set_and_listed(shell: CommandLine) -> None:
    found = shell.ask("units", "set", "banjing", "--members", 42, by="sun")
    assert (found["known_members"], found["changed"]) == (42, True)
    assert not shell.ask("units", "set", "搬经镇", "--members", 42, by="sun")["changed"]
    listed = {unit["code"]: unit["known_members"] for unit in shell.ask("units", "list", by="sun")["units"]}
    assert (listed["banjing"], listed["baipu"]) == (42, None)
    assert shell.ask("units", "set", "banjing", "--members", 5, by="li", code=4)["error"]["code"] == "no_right"
    shell.ask("units", "set", "banjing", "--members", "-1", by="sun", code=2)
    shell.ask("units", "set", "banjing", "--members", 10**12, by="sun", code=2)


@pytest.mark.parametrize("heading", ["members", "党员数"])
def test_it_comes_with_a_file_and_an_empty_cell_says_nothing(newsroom: Newsroom, tmp_path: Path, heading: str) -> None:
    path = tmp_path / "units.csv"
    path.write_text(
        f"code,name,kind,parent,region_code,{heading}\n"
        "banjing,搬经镇,town,county,320682116,１２\nnew,新支部,branch,banjing,,30.0\n",
        encoding="utf-8",
    )
    assert import_units(newsroom, path).updated == 1
    assert (known(newsroom, "banjing"), known(newsroom, "new")) == (12, 30)
    path.write_text("code,name,kind,parent,region_code\nbanjing,搬经镇,town,county,320682116\n", encoding="utf-8")
    assert import_units(newsroom, path).unchanged == 1
    assert known(newsroom, "banjing") == 12


@pytest.mark.parametrize("cell", ["many", "-3", "1.5", "9" * 12, "十二"])
def test_what_is_no_number_is_named_with_its_line(newsroom: Newsroom, tmp_path: Path, cell: str) -> None:
    path = tmp_path / "units.csv"
    path.write_text(f"code,name,kind,members\nnew,新支部,branch,{cell}\n", encoding="utf-8")
    with pytest.raises(UnitFileError, match="line 2, field members"):
        import_units(newsroom, path)
