"""Invented members: the same for the same seed, callable in form, of every sort; the messy rows are as they say."""

import csv
from collections import Counter
from itertools import islice, pairwise
from pathlib import Path
from time import perf_counter
from typing import Final

import phonenumbers
import pytest

from newsletter.demo.members import (
    HEADINGS,
    PROFESSION_LABELS,
    RETIRED_LABEL,
    STANDING_LABELS,
    MemberRow,
    synthetic_members,
    write_members_csv,
)
from newsletter.demo.messy import messy_rows
from newsletter.demo.sources import sample_units

UNITS: Final = {unit.code: unit for unit in sample_units()}


@pytest.fixture(scope="module")
def members() -> list[MemberRow]:
    return list(synthetic_members(20_000, seed=7))


def is_mobile_number(number: str) -> bool:
    parsed = phonenumbers.parse(number, "CN")
    is_mobile = phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE
    return parsed.country_code == 86 and phonenumbers.is_valid_number(parsed) and is_mobile


def test_a_seed_always_gives_the_same_members_and_another_seed_others(members: list[MemberRow]) -> None:
    assert list(synthetic_members(20_000, seed=7)) == members
    assert list(synthetic_members(300, seed=7)) == members[:300]
    assert list(synthetic_members(300, seed=8)) != members[:300]


def test_the_first_member_never_changes() -> None:
    first = next(synthetic_members(1, seed=2026))
    assert first == MemberRow(
        "13900000000", "薛冬苗", "dingyan", "320682104", "worker", "full", mobile=False, retired=False
    )


def test_every_number_is_a_valid_mobile_number(members: list[MemberRow]) -> None:
    assert [m.phone for m in members if not m.phone.startswith("1390") or not is_mobile_number(m.phone)] == []


def test_one_in_a_hundred_shares_a_number_within_the_unit_under_another_name(members: list[MemberRow]) -> None:
    shared = [(one, two) for one, two in pairwise(members) if one.phone == two.phone]
    assert 0.005 < len(shared) / len(members) < 0.015
    assert len({m.phone for m in members}) == len(members) - len(shared)
    assert all(one.name != two.name for one, two in shared)
    assert all((one.unit, one.region_code) == (two.unit, two.region_code) for one, two in shared)


def test_people_who_share_a_number_never_share_the_name_too(monkeypatch: pytest.MonkeyPatch) -> None:
    # With the full list of names two people are so rarely namesakes that nothing would be tried.
    monkeypatch.setattr("newsletter.demo.members.SURNAMES", ("冒",))
    monkeypatch.setattr("newsletter.demo.members.GIVEN_NAMES", ("春梅", "秋林"))
    people = [(m.phone, m.name) for m in synthetic_members(5_000, seed=7)]
    assert len(set(people)) == len(people)


def test_every_unit_profession_standing_and_flag_occurs(members: list[MemberRow]) -> None:
    assert {m.unit for m in members} == UNITS.keys()
    assert {m.profession for m in members} == {*PROFESSION_LABELS, ""}
    assert {m.standing for m in members} == STANDING_LABELS.keys()
    assert {(m.mobile, m.retired) for m in members} == {(False, False), (False, True), (True, False), (True, True)}


def test_only_the_retired_have_no_profession(members: list[MemberRow]) -> None:
    assert all((m.profession == "") == m.retired for m in members)


def test_special_branches_hold_their_sort_of_people(members: list[MemberRow]) -> None:
    assert all(m.mobile for m in members if m.unit in {"banjing-hu", "changjiang-chuan"})
    assert all(m.retired for m in members if m.unit in {"nyj-tui", "jyj-tui"})


def test_regions_are_towns_or_below_and_fit_the_unit(members: list[MemberRow]) -> None:
    places = {unit.region_code for unit in UNITS.values() if len(unit.region_code) >= 9}
    assert {m.region_code for m in members} == places
    own = {code: unit.region_code for code, unit in UNITS.items() if len(unit.region_code) >= 9}
    assert all(own.get(m.unit, m.region_code) == m.region_code for m in members)


def test_some_people_have_the_same_name_and_most_have_not(members: list[MemberRow]) -> None:
    counts = Counter(m.name for m in members)
    assert max(counts.values()) > 1
    assert all(2 <= len(name) <= 3 for name in counts)
    assert len(counts) > 5_000


def test_a_file_is_as_an_office_would_write_it(tmp_path: Path) -> None:
    path = tmp_path / "members.csv"
    write_members_csv(path, 500, seed=7, extra=[row.cells for row in messy_rows()])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        heading, *rows = csv.reader(file)
    assert tuple(heading) == HEADINGS
    assert len(rows) == 500 + len(messy_rows())
    units = {unit.name for unit in UNITS.values()}
    labels = {*PROFESSION_LABELS.values(), RETIRED_LABEL}
    for row in islice(rows, 500):
        assert row[2] in units
        assert row[4] in labels
        assert row[5] in STANDING_LABELS.values()
        assert {row[6], row[7]} <= {"是", "否"}
        assert (row[4] == RETIRED_LABEL) == (row[7] == "是")


def test_a_hundred_thousand_rows_are_written_in_two_seconds(tmp_path: Path) -> None:
    start = perf_counter()
    write_members_csv(tmp_path / "members.csv", 100_000, seed=1)
    assert perf_counter() - start < 2


def test_messy_rows_are_six_bad_ones_of_different_sorts_and_three_that_only_look_bad() -> None:
    rows = messy_rows()
    flaws = [row.flaw for row in rows if row.flaw]
    assert len(set(flaws)) == len(flaws) == 6
    assert sum(not row.flaw for row in rows) == 3
    assert {len(row.cells) for row in rows} == {len(HEADINGS)}


def test_messy_rows_have_the_flaw_they_are_named_for_and_no_other() -> None:
    labels = {*STANDING_LABELS.values(), "正式", "预备"}
    for row in messy_rows():
        phone, _, unit, _, _, standing, mobile, _ = row.cells
        bad_number = not phone or not is_mobile_number(phone)
        assert bad_number == (row.flaw in {"landline", "digit_missing", "no_number"})
        assert (unit not in {u.name for u in UNITS.values()}) == (row.flaw == "unknown_unit")
        assert (standing not in labels) == (row.flaw == "unknown_standing")
        assert (mobile not in {"是", "否"}) == (row.flaw == "number_under_mobile")
