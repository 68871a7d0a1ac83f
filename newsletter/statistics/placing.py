"""Which editions contained a column, and how what was counted by edition is told by column.

An edition counts in every column it contained, so that the rows' sum is more than the total. Small groups are found and
merged *before*, among editions: a column's row holds none of them. Otherwise a small edition could be computed from
rows that overlap and differ by it alone.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from newsletter.editions.models import Item
from newsletter.statistics.dimensions import Dimension, shared_dimensions
from newsletter.statistics.privacy import Group, merge_groups

#: Edition → ids of the columns it contained; None stands for items in no column.
Placing = Mapping[int, Sequence[int | None]]


def finer(by: Sequence[Dimension]) -> tuple[Dimension, ...]:
    """What to count by: columns are told from editions."""
    return tuple(dict.fromkeys(Dimension.EDITION if dimension is Dimension.COLUMN else dimension for dimension in by))


def load_placing(session: Session) -> Placing:
    """The columns of every edition, each once."""
    query = select(col(Item.edition_id), col(Item.column_id)).distinct()
    placing: dict[int, list[int | None]] = defaultdict(list)
    for edition, column in session.exec(query):
        placing[edition].append(column)
    return placing


def place_groups(groups: Sequence[Group], by: Sequence[Dimension], placing: Placing) -> list[Group]:
    """Groups counted by ``finer(by)`` as groups by ``by``; one of an edition without items is in no column."""
    found: dict[tuple[object, ...], list[Group]] = defaultdict(list)
    for group in groups:
        values: dict[Dimension, object] = dict(zip(shared_dimensions(finer(by)), group.key, strict=True))
        edition = values[Dimension.EDITION]
        for column in placing.get(edition, ()) or (None,) if isinstance(edition, int) else (None,):
            values[Dimension.COLUMN] = column
            found[tuple(values[dimension] for dimension in shared_dimensions(by))].append(group)
    return [merge_groups(same, key) for key, same in found.items()]
