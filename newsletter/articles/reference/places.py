"""Which places and units there are, and what each lies in: the organisation's tree and the gazetteer together."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from newsletter.articles.reference.gazetteer import Entry
from newsletter.articles.reference.lexicon import Lexicon
from newsletter.organisation.units import Unit, UnitKind

#: What a place of the gazetteer is, which has no kind.
GAZETTEER: Final = "gazetteer"
#: What may be left out before a unit's own name: 市教育局, 市委组织部.
_OWNER: Final = re.compile(r"^(?:中共)?(?:[省市县区]委|[省市县区])(?=.{2})")
#: Endings of one level, taken for each other.
_LEVELS: Final = (("街道", "镇", "乡"), ("社区", "村"))
#: Kinds that villages and other places lie in.
TOWN_LEVEL: Final = frozenset({UnitKind.TOWN, UnitKind.STREET, UnitKind.ZONE})


@dataclass(frozen=True)
class Place:
    """A place or unit.

    Attributes:
        kind: a unit's kind, or ``GAZETTEER``.
        above: names of what it lies in, nearest first.
    """

    name: str
    kind: str
    above: tuple[str, ...]


@dataclass(frozen=True)
class Places:
    """All places and units known."""

    places: tuple[Place, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, tuple[Place, ...]]:
        """Places by name; several may share one."""
        found: defaultdict[str, list[Place]] = defaultdict(list)
        for place in self.places:
            found[place.name].append(place)
        return {name: tuple(places) for name, places in found.items()}

    @cached_property
    def lexicon(self) -> Lexicon:
        """All names of two characters and more, ready to be looked for."""
        return Lexicon([*(name for name in self.by_name if len(name) > 1), *self.short_names])

    @cached_property
    def short_names(self) -> dict[str, str]:
        """Departments as they are called without their owner, and in full: 教育局 → 市教育局."""
        shorter = {_OWNER.sub("", name): name for name in self.by_name}
        return {short: name for short, name in shorter.items() if short not in self.by_name}

    @cached_property
    def mistaken(self) -> dict[str, str]:
        """Names with another ending of the same level, which nothing has, and what has: 如城镇 → 如城街道."""
        found: dict[str, str] = {}
        for name in self.by_name:
            for level in _LEVELS:
                ending = next((ending for ending in level if name.endswith(ending)), "")
                stem = name.removesuffix(ending)
                if ending and len(stem) > 1:
                    found |= {stem + other: name for other in level if stem + other not in self.by_name}
        return found

    @cached_property
    def mistaken_lexicon(self) -> Lexicon:
        """Those names, ready to be looked for."""
        return Lexicon(self.mistaken)

    def kind_of(self, name: str) -> str:
        """The kind of what has this name; empty if nothing has."""
        return self.by_name[name][0].kind if name in self.by_name else ""

    def towns_of(self, name: str) -> set[str]:
        """The towns in which places of this name lie."""
        return {
            above for place in self.by_name.get(name, ()) for above in place.above if self.kind_of(above) in TOWN_LEVEL
        }


def collect_places(units: Iterable[Unit], entries: Iterable[Entry]) -> Places:
    """The tree and the gazetteer as one."""
    tree = {unit.id: unit for unit in units}
    places = [Place(unit.name, unit.kind, _above(unit, tree)) for unit in tree.values()]
    known = {place.name: place for place in places}
    for entry in entries:
        within = known.get(entry.within)
        above = (entry.within, *within.above) if within else (entry.within,) if entry.within else ()
        place = Place(entry.name, GAZETTEER, above)
        places.append(place)
        known.setdefault(entry.name, place)
    return Places(tuple(places))


def _above(unit: Unit, tree: dict[int | None, Unit]) -> tuple[str, ...]:
    names: list[str] = []
    above = tree.get(unit.parent_id) if unit.parent_id else None
    while above is not None and len(names) < len(tree):
        names.append(above.name)
        above = tree.get(above.parent_id) if above.parent_id else None
    return tuple(names)
