"""Which units somebody's work counts for: those at or above their own."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from sqlmodel import Session, select

from newsletter.organisation.units import Unit

#: Unit id → id of the unit above it.
Parents = Mapping[int, int | None]


def read_parents(session: Session) -> dict[int, int | None]:
    """The unit tree, child by child."""
    return {unit_id or 0: parent_id for unit_id, parent_id in session.exec(select(Unit.id, Unit.parent_id))}


def line_above(parents: Parents, unit_id: int) -> Iterator[int]:
    """A unit and those above it, nearest first."""
    current: int | None = unit_id
    while current is not None:
        yield current
        current = parents.get(current)


def nearest_asked(parents: Parents, unit_id: int, asked: Collection[int]) -> int | None:
    """The nearest of ``asked`` at or above a unit; None when none of them covers it."""
    return next((above for above in line_above(parents, unit_id) if above in asked), None)


def roll_up(parents: Parents, counts: Mapping[int, int]) -> Counter[int]:
    """What each unit has together with all under it, from what each has itself; units with nothing are left out."""
    totals: Counter[int] = Counter()
    for unit_id, count in counts.items():
        for above in line_above(parents, unit_id):
            totals[above] += count
    return totals
