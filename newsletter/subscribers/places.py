"""Which unit and which region a person belongs to, from what a row says of either."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlmodel import Session, col, select

from newsletter.organisation.regions import UnknownRegionError, normalise_region, place_of
from newsletter.organisation.units import Unit
from newsletter.subscribers.labels import clean_cell
from newsletter.subscribers.lists.problems import Problem
from newsletter.translation import gettext as _


class Home(NamedTuple):
    """A unit's id and a region's code; the code is empty where no place is known."""

    unit_id: int
    region_code: str


@dataclass(frozen=True)
class Places:
    """The unit tree as looked up by rows.

    Attributes:
        codes: unit code → id.
        names: unit name → ids of all units of that name.
        regions: region code → id of the place.
        nearest: unit id → its region code, or that of the nearest place above it, or nothing.
    """

    codes: Mapping[str, int]
    names: Mapping[str, tuple[int, ...]]
    regions: Mapping[str, int]
    nearest: Mapping[int, str]

    def find_home(self, unit: str, region: str) -> Home | Problem:
        """The home that a row's two cells mean; either may be empty, not both."""
        unit, region = unit.strip(), region.strip()
        if not unit and not region:
            return Problem("unit", "missing_unit", _("Neither a unit nor a region is given."))
        code = self._find_region(region) if region else ""
        if isinstance(code, Problem):
            return code
        if not unit:
            place = place_of(code, self.regions)
            return _unknown_region() if place is None else Home(place, code)
        found = self._find_unit(unit)
        return found if isinstance(found, Problem) else Home(found, code or self.nearest[found])

    def _find_unit(self, unit: str) -> int | Problem:
        if unit in self.codes:
            return self.codes[unit]
        named = self.names.get(unit, ())
        if len(named) == 1:
            return named[0]
        if named:
            message = _("{count} units have this name; write the unit's code.").format(count=len(named))
            return Problem("unit", "ambiguous_unit", message)
        return Problem("unit", "unknown_unit", _("There is no unit of this code or name."))

    def _find_region(self, region: str) -> str | Problem:
        try:
            code = normalise_region(clean_cell(region).removesuffix(".0"))
        except UnknownRegionError:
            return Problem("region_code", "unknown_region", _("A region code has 2, 4, 6, 9 or 12 digits."))
        return code if self.is_known_region(code) else _unknown_region()

    def is_known_region(self, code: str) -> bool:
        """Whether a normalised code means a place here, or one in it or around it."""
        return place_of(code, self.regions) is not None or any(place.startswith(code) for place in self.regions)


def _unknown_region() -> Problem:
    return Problem("region_code", "unknown_region", _("No unit here is this region or lies around it."))


def read_places(session: Session) -> Places:
    """Read the unit tree."""
    units = session.exec(select(Unit).order_by(col(Unit.id))).all()
    by_id = {unit.id or 0: unit for unit in units}
    names: dict[str, tuple[int, ...]] = {}
    for unit in units:
        names[unit.name] = (*names.get(unit.name, ()), unit.id or 0)
    return Places(
        codes={unit.code: unit.id or 0 for unit in units},
        names=names,
        regions={unit.region_code: unit.id or 0 for unit in units if unit.region_code},
        nearest={number: _nearest_region(unit, by_id) for number, unit in by_id.items()},
    )


def _nearest_region(unit: Unit, by_id: Mapping[int, Unit]) -> str:
    current: Unit | None = unit
    while current is not None:
        if current.region_code:
            return current.region_code
        current = by_id.get(current.parent_id or 0)
    return ""
