"""Which unit somebody's work counts for: the nearest one, at or above their own, that was asked."""

from collections.abc import Collection, Mapping

from sqlmodel import Session, select

from newsletter.organisation.units import Unit

#: Unit id → id of the unit above it.
Parents = Mapping[int, int | None]


def read_parents(session: Session) -> dict[int, int | None]:
    """The unit tree, child by child."""
    return {unit_id or 0: parent_id for unit_id, parent_id in session.exec(select(Unit.id, Unit.parent_id))}


def nearest_asked(parents: Parents, unit_id: int, asked: Collection[int]) -> int | None:
    """The nearest of ``asked`` at or above a unit; None when none of them covers it."""
    current: int | None = unit_id
    while current is not None and current not in asked:
        current = parents.get(current)
    return current


def is_within(parents: Parents, unit_id: int, above: int) -> bool:
    """Whether a unit is ``above`` or lies under it."""
    return nearest_asked(parents, unit_id, {above}) == above
