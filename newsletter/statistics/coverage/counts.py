"""How many of a unit's members the register has, and how many of these anything reaches: what coverage counts.

Every row is a unit with all under it. ``known_members`` is what the unit is known to have: what was set for it, or the
members of its last census where that is newer; or, if it is more, the sum of the units directly under it. ``rate`` is
members registered ÷ members known, counting those of units that stand under a figure; None where there is none. Reached
is whoever had an edition delivered to their number in the last ``days`` days.

Where somebody lives can tell who they are: by place, small groups of a unit are merged for everybody. Who was not
reached may have left: people of some units are not told small numbers of them, nor what would leave one over.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from newsletter.newsroom import Newsroom
from newsletter.organisation.scope import Scope, raise_if_not_visible, visible_unit_ids
from newsletter.organisation.units import get_unit, list_units, subtree_ids
from newsletter.statistics.coverage.privacy import hide_small_rests, merge_small
from newsletter.statistics.coverage.queries import UnitCounts, count_places, count_units, last_censuses
from newsletter.statistics.coverage.tree import Rolled, UnitTree, choose_figure, roll_up
from newsletter.statistics.report import divide
from newsletter.statistics.trait_names import place_label


@dataclass(frozen=True, kw_only=True)
class CoverageRow:
    """A unit with all under it.

    Attributes:
        unit, name, kind: of the unit; depth: how far below the first one shown.
        known_members: None: nobody said.
        counts: of the people registered.
        covered_members: of the members registered, those of units under a known figure.
        not_reached: None: not told.
    """

    unit: str
    name: str
    kind: str
    depth: int
    known_members: int | None
    counts: UnitCounts
    covered_members: int
    not_reached: int | None

    @property
    def rate(self) -> float | None:
        """Members registered by members known."""
        return divide(self.covered_members, self.known_members) if self.known_members else None

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        head = {"unit": self.unit, "name": self.name, "kind": self.kind, "depth": self.depth}
        figures = {"known_members": self.known_members, **vars(self.counts), "not_reached": self.not_reached}
        return {**head, **figures, "rate": self.rate}


@dataclass(frozen=True, kw_only=True)
class PlaceRow:
    """People of one unit, without those below it, who are away.

    Attributes:
        unit, name: their home.
        place: the province they live in; empty: not known; None: several, merged since they are small.
    """

    unit: str
    name: str
    place: str | None
    people: int


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """What ``subscribers coverage`` shows: the units asked for from the top down, and, asked for, where people live."""

    rows: Sequence[CoverageRow]
    places: Sequence[PlaceRow] | None
    days: int
    small_count: int

    def document(self) -> dict[str, Any]:
        """The one JSON document; ``place_label`` stands beside its code, both null where small groups are merged."""
        document: dict[str, Any] = {"days": self.days, "units": [row.document() for row in self.rows]}
        if self.places is not None:
            document["places"] = [
                {**vars(row), "place_label": None if row.place is None else place_label(row.place)}
                for row in self.places
            ]
        return document


def count_coverage(newsroom: Newsroom, *, unit: str | None = None, days: int = 90, by_place: bool = False) -> Coverage:
    """Count the units the acting person sees, or one of them with all under it.

    Raises:
        UnknownUnitError: no such unit.
        NotVisibleError: not one of theirs.
    """
    small_count = newsroom.settings.privacy.small_count
    with newsroom.reading() as session:
        scope = visible_unit_ids(session, newsroom)
        wanted = _wanted_ids(session, newsroom, unit, scope)
        tree = UnitTree.of(list_units(session), wanted)
        counts = count_units(session, wanted, newsroom.now() - timedelta(days=days))
        figures = _figures(session, tree)
        places = count_places(session, wanted) if by_place else None
    rows = roll_up(tree, counts, figures)
    hidden = set() if scope is None else hide_small_rests(tree, rows, small_count)
    shown = [unit_id for unit_id in tree.order if rows[unit_id].is_worth_showing]
    return Coverage(
        rows=[_make_row(tree, unit_id, rows[unit_id], is_told=unit_id not in hidden) for unit_id in shown],
        places=None if places is None else list(_place_rows(tree, places, small_count)),
        days=days,
        small_count=small_count,
    )


def _wanted_ids(session: Session, newsroom: Newsroom, unit: str | None, scope: Scope) -> Scope:
    if unit is None:
        return scope
    found = get_unit(session, unit).id or 0
    raise_if_not_visible(session, newsroom, found)
    return frozenset(subtree_ids(session, found))


def _figures(session: Session, tree: UnitTree) -> dict[int, int]:
    censuses = last_censuses(session)
    found = {
        unit_id: choose_figure(unit.known_members, unit.known_members_at, censuses.get(unit_id))
        for unit_id, unit in tree.units.items()
    }
    return {unit_id: figure for unit_id, figure in found.items() if figure is not None}


def _make_row(tree: UnitTree, unit_id: int, rolled: Rolled, *, is_told: bool) -> CoverageRow:
    unit = tree.units[unit_id]
    return CoverageRow(
        unit=unit.code,
        name=unit.name,
        kind=unit.kind,
        depth=tree.depths[unit_id],
        known_members=rolled.known,
        counts=rolled.counts,
        covered_members=rolled.covered,
        not_reached=rolled.counts.not_reached if is_told else None,
    )


def _place_rows(tree: UnitTree, places: Mapping[int, Mapping[str, int]], small_count: int) -> Iterator[PlaceRow]:
    """By unit, the most frequent province first, the merged ones last. No sums: a row would be the rest of one."""
    for unit_id in tree.order:
        unit = tree.units[unit_id]
        shown, merged = merge_small(places.get(unit_id, {}), small_count)
        for place, people in sorted(shown.items(), key=lambda found: (-found[1], found[0])):
            yield PlaceRow(unit=unit.code, name=unit.name, place=place, people=people)
        if merged:
            yield PlaceRow(unit=unit.code, name=unit.name, place=None, people=merged)
