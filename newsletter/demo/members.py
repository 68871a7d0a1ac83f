"""Which invented members fill the sample newsroom, and how an office's file of them looks.

The numbers run upward from 139 0000 0000: valid to the library that checks them, plainly not collected from anybody,
and only ever handed to the sandbox gateway.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from newsletter.demo.names import GIVEN_NAMES, SURNAMES
from newsletter.demo.profiles import (
    RETIRED_STANDINGS,
    STANDINGS,
    STUDENT_STANDINGS,
    Profile,
    Value,
    divided_towns,
    profile_of,
    urn,
)
from newsletter.demo.sources import SampleUnit, sample_units

#: The first number handed out; 139 is a range of Chinese mobile numbers.
FIRST_NUMBER: Final = 13_900_000_000
#: Share of people who give the number of the person before them: an old couple with one telephone.
SHARED_NUMBER_SHARE: Final = 0.01
#: Where members of county departments live, for their region code.
RESIDENCE: Final = "rucheng"

#: Chinese headings of a members' file, in the order of :class:`MemberRow`.
HEADINGS: Final = ("手机号", "姓名", "单位", "地区代码", "职业", "身份", "流动", "离退休")

PROFESSION_LABELS: Final = {
    "worker": "工人",
    "farmer": "农牧渔民",
    "specialist": "专业技术人员",
    "manager": "管理人员",
    "official": "党政机关工作人员",
    "student": "学生",
    "other": "其他职业",
}
#: In the yearly bulletin this is a profession; here it is the flag ``retired``, and the profession stays empty.
RETIRED_LABEL: Final = "离退休人员"
STANDING_LABELS: Final = {
    "activist": "入党积极分子",
    "prospective": "发展对象",
    "probationary": "预备党员",
    "full": "正式党员",
    "none": "群众",
}


class MemberRow(NamedTuple):
    """One invented member: ``unit`` is a code, ``profession`` (empty when retired) and ``standing`` are codes."""

    phone: str
    name: str
    unit: str
    region_code: str
    profession: str
    standing: str
    mobile: bool
    retired: bool


class _Home(NamedTuple):
    """What drawing a member of one unit needs."""

    unit: str
    regions: tuple[str, ...]
    professions: tuple[str, ...]
    profile: Profile


_STANDINGS: Final = urn(STANDINGS)
_STANDINGS_OF: Final = {"student": urn(STUDENT_STANDINGS), "": urn(RETIRED_STANDINGS)}


def synthetic_members(count: int, *, seed: int) -> Iterator[MemberRow]:
    """Yield ``count`` members spread over the sample units; the same seed gives the same members.

    A smaller ``count`` gives the beginning of a larger one. About one in a hundred shares a number, a unit and a
    region with the member before, under another name.
    """
    random = Random(seed)  # noqa: S311 - sample data, nothing secret
    homes = _homes(sample_units())
    number = FIRST_NUMBER
    before: tuple[_Home, MemberRow] | None = None
    for _ in range(count):
        if before is not None and random.random() < SHARED_NUMBER_SHARE:
            home, first = before
            member = _draw(random, home, first.phone)._replace(region_code=first.region_code)
            while member.name == first.name:
                member = member._replace(name=_name(random))
            before = None
        else:
            home = _pick(random, homes)
            member = _draw(random, home, str(number))
            number += 1
            before = home, member
        yield member


def write_members_csv(path: Path, count: int, *, seed: int, extra: Sequence[Sequence[str]] = ()) -> None:
    """Write ``count`` members as an office would: Chinese headings and labels, UTF-8 with a byte order mark.

    Only its owner can read it, as ought to be with an office's own.

    Args:
        path: the file to write.
        count: members.
        seed: see :func:`synthetic_members`.
        extra: more rows as they stand, after the members; for example those of ``messy_rows``.

    Raises:
        OSError: the file cannot be written.
    """
    names = {unit.code: unit.name for unit in sample_units()}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        path.chmod(0o600)
        rows = (_cells(member, names) for member in synthetic_members(count, seed=seed))
        csv.writer(file, lineterminator="\n").writerows(chain([HEADINGS], rows, extra))


def _cells(member: MemberRow, names: Mapping[str, str]) -> tuple[str, ...]:
    return (
        member.phone,
        member.name,
        names[member.unit],
        member.region_code,
        RETIRED_LABEL if member.retired else PROFESSION_LABELS[member.profession],
        STANDING_LABELS[member.standing],
        "是" if member.mobile else "否",
        "是" if member.retired else "否",
    )


def _homes(units: Sequence[SampleUnit]) -> tuple[_Home, ...]:
    """Each unit's home as many times as its weight."""
    divided = divided_towns(units)
    by_code = {unit.code: unit for unit in units}
    residences = tuple(unit.region_code for unit in units if unit.parent == RESIDENCE and unit.region_code)
    homes: list[_Home] = []
    for unit in units:
        profile = profile_of(unit, divided)
        town = _town_or_below(unit, by_code)
        home = _Home(unit.code, (town,) if town else residences, urn(profile.professions), profile)
        homes += [home] * profile.weight
    return tuple(homes)


def _town_or_below(unit: SampleUnit, by_code: Mapping[str, SampleUnit]) -> str:
    """The region code of a unit or of the nearest place above it; empty when that is only the county."""
    while not unit.region_code and unit.parent:
        unit = by_code[unit.parent]
    return "" if unit.kind == "county" else unit.region_code


def _draw(random: Random, home: _Home, phone: str) -> MemberRow:
    is_retired = random.random() < home.profile.retired_share
    profession = "" if is_retired else _pick(random, home.professions)
    return MemberRow(
        phone=phone,
        name=_name(random),
        unit=home.unit,
        region_code=_pick(random, home.regions),
        profession=profession,
        standing=_pick(random, _STANDINGS_OF.get(profession, _STANDINGS)),
        # The retired are seldom away from home: those who follow their children.
        mobile=random.random() < home.profile.mobile_share * (0.2 if is_retired else 1),
        retired=is_retired,
    )


def _name(random: Random) -> str:
    return _pick(random, SURNAMES) + _pick(random, GIVEN_NAMES)


def _pick(random: Random, values: Sequence[Value]) -> Value:
    return values[int(random.random() * len(values))]
