"""How coverage is added up along the unit tree, and which figure of a unit's members holds. Pure.

A unit's figure, set by hand or counted by a census, is for it with all units under it: a town may have its whole number
at the town. Known of it is the larger of that and of what is known of the units directly under it together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.organisation.units import Unit
from newsletter.statistics.coverage.queries import UnitCounts


@dataclass(frozen=True)
class Rolled:
    """A unit with all under it.

    Attributes:
        counts: of its people.
        known: members known; None: nobody said anything of any unit of it.
        covered: of its members registered, those of units that stand under a figure.
    """

    counts: UnitCounts
    known: int | None
    covered: int

    @property
    def is_worth_showing(self) -> bool:
        """Whether there is anybody, or should be."""
        return bool(self.counts.registered or self.known)


@dataclass(frozen=True)
class UnitTree:
    """The units looked at.

    Attributes:
        units: id → unit; order: ids, each before those under it; depths: how far below the first of its line.
        children: id → those directly under it.
    """

    units: Mapping[int, Unit]
    order: Sequence[int]
    depths: Mapping[int, int]
    children: Mapping[int, Sequence[int]]

    @classmethod
    def of(cls, units: Iterable[Unit], wanted: frozenset[int] | None) -> "UnitTree":
        """The tree of those wanted (None: of all); siblings in the order they are given."""
        known = {unit.id or 0: unit for unit in units if wanted is None or unit.id in wanted}
        children: dict[int, list[int]] = {unit_id: [] for unit_id in known}
        tops: list[int] = []
        for unit_id, unit in known.items():
            (children[unit.parent_id] if unit.parent_id in known else tops).append(unit_id)
        order: list[int] = []
        depths: dict[int, int] = {}
        waiting = [(unit_id, 0) for unit_id in reversed(tops)]
        while waiting:
            unit_id, depth = waiting.pop()
            order.append(unit_id)
            depths[unit_id] = depth
            waiting += [(child, depth + 1) for child in reversed(children[unit_id])]
        return cls(known, order, depths, children)

    @property
    def tops(self) -> list[int]:
        """Those that hang under none of the others."""
        return [unit_id for unit_id in self.order if self.depths[unit_id] == 0]


def choose_figure(members: int | None, since: datetime | None, census: tuple[datetime, int] | None) -> int | None:
    """What was said of a unit's members, or what its last census listed: whichever is newer."""
    if census is not None and (members is None or since is None or census[0] > since):
        return census[1]
    return members


def roll_up(tree: UnitTree, counts: Mapping[int, UnitCounts], figures: Mapping[int, int]) -> dict[int, Rolled]:
    """Every unit with all under it; ``figures``: members known of a unit with all under it."""
    covered_units: set[int] = set()
    for unit_id in tree.order:
        if unit_id in figures or tree.units[unit_id].parent_id in covered_units:
            covered_units.add(unit_id)
    rolled: dict[int, Rolled] = {}
    for unit_id in reversed(tree.order):
        own = counts.get(unit_id, UnitCounts())
        below = [rolled[child] for child in tree.children[unit_id]]
        rolled[unit_id] = Rolled(
            counts=sum((each.counts for each in below), own),
            known=_larger(figures.get(unit_id), [each.known for each in below]),
            covered=sum(each.covered for each in below) + (own.members if unit_id in covered_units else 0),
        )
    return rolled


def _larger(figure: int | None, below: Iterable[int | None]) -> int | None:
    """A unit's own figure is for all under it; where those are known to have more, it is out of date."""
    said = [known for known in below if known is not None]
    sums = [sum(said)] if said else []
    return max([*([] if figure is None else [figure]), *sums], default=None)
