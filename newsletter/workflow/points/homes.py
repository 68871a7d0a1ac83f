"""In which ranking a unit stands, and for which unit those below it earn: towns and departments are ranked apart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from newsletter.organisation.units import Unit, UnitKind, list_units

#: Places of equal rank (FACTS: a zone ranks with towns).
_PLACES: Final = frozenset({UnitKind.TOWN, UnitKind.STREET, UnitKind.ZONE})


class League(StrEnum):
    """A ranking of units: those that are neither town nor department, nor below one, are others."""

    TOWNS = "towns"
    DEPARTMENTS = "departments"
    OTHERS = "others"


@dataclass(frozen=True)
class Homes:
    """All units, and which of them each belongs to in rankings.

    Attributes:
        units: id → unit.
        home: id → id of the unit it earns for; its own where it is ranked itself.
    """

    units: Mapping[int, Unit]
    home: Mapping[int, int]

    def league_of(self, unit_id: int) -> League:
        """The ranking in which a home stands."""
        kind = self.units[unit_id].kind
        if kind in _PLACES:
            return League.TOWNS
        return League.DEPARTMENTS if kind == UnitKind.DEPARTMENT else League.OTHERS

    def ranked_ids(self) -> list[int]:
        """Towns and departments, active or silent, in the order of their codes; others are ranked once they act."""
        return [unit for unit in self.units if self.home[unit] == unit and self.league_of(unit) is not League.OTHERS]


def load_homes(session: Session) -> Homes:
    """Read the tree of units."""
    return find_homes(list_units(session))


def find_homes(tree: Sequence[Unit]) -> Homes:
    """What lies in a town earns for the nearest one; what lies in departments for the highest; the rest for itself."""
    units = {unit.id or 0: unit for unit in tree}
    home: dict[int, int] = {}
    for unit_id in units:
        line = list(_line(units, unit_id))
        places = [above for above in line if units[above].kind in _PLACES]
        departments = [above for above in line if units[above].kind == UnitKind.DEPARTMENT]
        home[unit_id] = places[0] if places else (departments or [unit_id])[-1]
    return Homes(units, home)


def _line(units: Mapping[int, Unit], unit_id: int) -> Iterator[int]:
    current: int | None = unit_id
    while current is not None:
        yield current
        current = units[current].parent_id
