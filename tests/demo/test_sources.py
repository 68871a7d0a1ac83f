"""The sample newsroom holds together: every unit that is named exists, codes are those of the county."""

from typing import Final

from newsletter.demo.sources import (
    ADMIN,
    COLUMNS,
    CONTRIBUTORS,
    OPT_OUT_REPLIES,
    OTHER_REPLIES,
    STAFF,
    WEAK_COLUMN,
    WEAK_CONTRIBUTOR,
    sample_units,
)
from newsletter.organisation.regions import normalise_region
from newsletter.organisation.units import UnitKind, check_name, check_unit_code

UNITS: Final = {unit.code: unit for unit in sample_units()}
#: The county's towns by the last three digits of their public codes.
TOWNS: Final = {
    "001": "如城街道", "103": "东陈镇", "104": "丁堰镇", "105": "白蒲镇", "107": "下原镇", "108": "九华镇",
    "110": "石庄镇", "111": "长江镇", "112": "吴窑镇", "113": "江安镇", "116": "搬经镇", "117": "磨头镇",
    "400": "经济开发区", "401": "高新技术产业开发区",
}  # fmt: skip


def test_towns_carry_their_public_codes() -> None:
    assert UNITS["rugao"].region_code == "320682"
    assert {u.region_code[6:]: u.name for u in UNITS.values() if len(u.region_code) == 9} == TOWNS


def test_codes_names_and_regions_are_well_formed_and_unique() -> None:
    regions = [unit.region_code for unit in UNITS.values() if unit.region_code]
    assert len({unit.name for unit in UNITS.values()}) == len(UNITS) == len(sample_units())
    assert len(set(regions)) == len(regions)
    assert [normalise_region(region) for region in regions] == regions
    for unit in UNITS.values():
        assert (check_unit_code(unit.code), check_name(unit.name)) == (unit.code, unit.name)


def test_parents_come_first_and_places_lie_within_them() -> None:
    seen = {""}
    for unit in sample_units():
        assert unit.parent in seen
        if unit.region_code and unit.parent:
            assert unit.region_code.startswith(UNITS[unit.parent].region_code)
        seen.add(unit.code)


def test_every_kind_of_unit_is_shown() -> None:
    kinds = [unit.kind for unit in UNITS.values()]
    assert set(kinds) == set(UnitKind)
    assert (kinds.count("department"), kinds.count("organisation")) == (6, 2)
    for town in ("banjing", "rucheng", "baipu", "changjiang", "wuyao"):
        assert 2 <= sum(u.parent == town and u.kind in {"village", "community"} for u in UNITS.values()) <= 3


def test_contributors_columns_and_staff_are_known_and_unique() -> None:
    names = [contributor.name for contributor in CONTRIBUTORS]
    assert len(set(names)) == len(names)
    assert {contributor.unit for contributor in CONTRIBUTORS} <= UNITS.keys()
    assert {UNITS[column.owner].kind for column in COLUMNS if column.owner} == {"department"}
    assert len({column.code for column in COLUMNS}) == len({column.name for column in COLUMNS}) == len(COLUMNS)
    assert WEAK_CONTRIBUTOR in names
    assert WEAK_COLUMN in {column.code for column in COLUMNS}
    assert len({person.name for person in (ADMIN, *STAFF)}) == len(STAFF) + 1


def test_replies_have_weights_and_no_reply_is_in_both_lists() -> None:
    assert all(reply.text and reply.weight > 0 for reply in (*OPT_OUT_REPLIES, *OTHER_REPLIES))
    assert not {reply.text for reply in OPT_OUT_REPLIES} & {reply.text for reply in OTHER_REPLIES}
