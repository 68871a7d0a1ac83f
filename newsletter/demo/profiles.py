"""Who lives and works in which kind of unit: the weights the invented members are drawn by.

The shares are ours, made to look like a county: farmers in villages, officials in departments, many away from home.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

from newsletter.demo.sources import SampleUnit

Value = TypeVar("Value")

#: Kinds below a town's own level; a town that has some keeps only a few members for itself.
BELOW_TOWN: Final = frozenset({"community", "village"})
TOWN_KINDS: Final = frozenset({"town", "street", "zone"})


class Profile(NamedTuple):
    """One unit's people: ``weight`` among all units, professions as weights, shares between 0 and 1."""

    weight: int
    professions: Mapping[str, int]
    mobile_share: float
    retired_share: float


_VILLAGERS: Final = {
    "farmer": 44, "worker": 22, "specialist": 6, "manager": 6, "official": 4, "student": 6, "other": 12,
}  # fmt: skip
_TOWNSPEOPLE: Final = {
    "farmer": 6, "worker": 30, "specialist": 18, "manager": 14, "official": 10, "student": 8, "other": 14,
}  # fmt: skip
_OFFICIALS: Final = {"official": 72, "specialist": 18, "manager": 6, "worker": 2, "other": 2}
_EMPLOYEES: Final = {"worker": 48, "manager": 24, "specialist": 24, "other": 4}

_BY_KIND: Final = {
    "county": Profile(2, _OFFICIALS, 0.02, 0.20),
    "town": Profile(40, _VILLAGERS, 0.14, 0.22),
    "street": Profile(40, _TOWNSPEOPLE, 0.08, 0.28),
    "zone": Profile(30, _TOWNSPEOPLE, 0.12, 0.15),
    "community": Profile(14, _TOWNSPEOPLE, 0.10, 0.28),
    "village": Profile(14, _VILLAGERS, 0.18, 0.24),
    "department": Profile(9, _OFFICIALS, 0.01, 0.18),
    "section": Profile(2, _OFFICIALS, 0.01, 0.05),
    "organisation": Profile(5, _EMPLOYEES, 0.06, 0.04),
    "branch": Profile(4, _EMPLOYEES, 0.06, 0.04),
}

#: Branches made for one sort of people.
_BY_CODE: Final = {
    "banjing-hu": Profile(5, _EMPLOYEES, 1.0, 0.0),
    "changjiang-chuan": Profile(4, _EMPLOYEES, 1.0, 0.0),
    "nyj-tui": Profile(3, _OFFICIALS, 0.03, 1.0),
    "jyj-tui": Profile(6, _OFFICIALS, 0.03, 1.0),
}

#: Weight left to a town whose villages and communities are listed beside it.
_TOWN_REMAINDER: Final = 10

#: Standings in per cent; those who are not members yet are mostly young.
STANDINGS: Final = {"full": 84, "probationary": 4, "prospective": 3, "activist": 6, "none": 3}
STUDENT_STANDINGS: Final = {"full": 22, "probationary": 18, "prospective": 15, "activist": 35, "none": 10}
RETIRED_STANDINGS: Final = {"full": 100}


def profile_of(unit: SampleUnit, divided: frozenset[str]) -> Profile:
    """The profile of a unit; ``divided`` holds the codes of towns whose villages or communities are listed."""
    profile = _BY_CODE.get(unit.code, _BY_KIND[unit.kind])
    return profile._replace(weight=_TOWN_REMAINDER) if unit.code in divided else profile


def divided_towns(units: Sequence[SampleUnit]) -> frozenset[str]:
    """Codes of the towns that have a village or community in ``units``."""
    towns = {unit.code for unit in units if unit.kind in TOWN_KINDS}
    return frozenset(unit.parent for unit in units if unit.kind in BELOW_TOWN and unit.parent in towns)


def urn(weights: Mapping[Value, int]) -> tuple[Value, ...]:
    """Each value as many times as its weight, so that one uniform number draws one (faster than ``choices``)."""
    return tuple(value for value, weight in weights.items() for _ in range(weight))
