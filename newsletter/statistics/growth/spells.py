"""How long people stayed, counted in SQL: one row for each group, length and way it ended, never one for each person.

A *spell* is a time as a member without a gap, from joining or coming back; who comes back begins another one, counted
anew. It ends with the event, the opt-out; or it is censored, for whatever would have happened later is not known: by
death, leaving the newsroom, erasure, a lost number, moving out of what is looked at, or the end of watching. Who moved
in from a unit not looked at began elsewhere and is left out. People belong to the group they were in at the beginning.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, String, Subquery, case, func, literal, select
from sqlmodel import Session

from newsletter.instants import to_milliseconds
from newsletter.statistics.growth.balance import BEGINNINGS, Movement
from newsletter.statistics.growth.movements import Watch, bucket_of, find_movements
from newsletter.statistics.growth.survival import Exits

_DAY: Final = 86_400_000


def find_spells(watch: Watch, first: datetime | None = None, last: datetime | None = None) -> Subquery:
    """The query of all spells begun from ``first`` to before ``last``: value, began, ended (null: lasts), is_event."""
    movements = find_movements(watch)
    steps = select(movements).where(movements.c.movement != Movement.CHANGED).subquery("steps")
    own: dict[str, Any] = {"partition_by": steps.c.person, "order_by": (steps.c.at, steps.c.stream, steps.c.seq)}
    pairs = select(
        steps.c.value,
        steps.c.movement,
        steps.c.at.label("began"),
        func.lead(steps.c.at, type_=BigInteger()).over(**own).label("ended"),
        func.lead(steps.c.movement, type_=String()).over(**own).label("way"),
    ).subquery("pairs")
    conditions: list[ColumnElement[bool]] = [pairs.c.movement.in_(BEGINNINGS)]
    if first is not None:
        conditions.append(pairs.c.began >= to_milliseconds(first))
    if last is not None:
        conditions.append(pairs.c.began < to_milliseconds(last))
    is_event = case((pairs.c.way == Movement.OPTED_OUT, 1), else_=0).label("is_event")
    return select(pairs.c.value, pairs.c.began, pairs.c.ended, is_event).where(*conditions).subquery("spells")


def count_days(session: Session, watch: Watch, spells: Subquery) -> dict[object, list[Exits]]:
    """Group → how many spells ended after how many whole days."""
    end = to_milliseconds(watch.end)
    days = ((func.coalesce(spells.c.ended, end, type_=BigInteger()) - spells.c.began) // _DAY).label("days")
    return _count(session, spells, [spells.c.value, days])


def count_months(session: Session, spells: Subquery, bounds: Sequence[datetime]) -> dict[object, list[Exits]]:
    """Month begun → how many spells ended how many calendar months later; months are those ``bounds`` begin, from 1.

    A spell that lasts is censored after the last month, as far as it is over.
    """
    began = bucket_of(spells.c.began, bounds).label("began_in")
    ended = case((spells.c.ended.is_(None), literal(len(bounds))), else_=bucket_of(spells.c.ended, bounds))
    months = (ended - bucket_of(spells.c.began, bounds)).label("months")
    return _count(session, spells, [began, months])


def _count(session: Session, spells: Subquery, columns: Sequence[ColumnElement[Any]]) -> dict[object, list[Exits]]:
    # Grouped outside the query that computes: PostgreSQL takes an expression with parameters for another one each time.
    key, time = (column.name for column in columns)
    rows = select(*columns, spells.c.is_event).subquery("measured")
    groups = (rows.c[key], rows.c[time])
    counts = (func.count().filter(rows.c.is_event == is_event) for is_event in (1, 0))
    query = select(*groups, *counts).group_by(*groups)
    counted: dict[object, list[Exits]] = defaultdict(list)
    for value, after, left, lasting in session.connection().execute(query):
        counted[value].append(Exits(int(after), left, lasting))
    return dict(counted)
