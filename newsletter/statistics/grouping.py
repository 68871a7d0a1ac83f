"""Which database expression stands for a dimension: the same for ledger rows and for opt-outs, on every database."""

from collections.abc import Collection, Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, case, func, inspect, literal, or_, select
from sqlmodel import Session, SQLModel

from newsletter.delivery.models import Dispatch
from newsletter.editions.models import Edition
from newsletter.organisation.regions import TOWN_LENGTH
from newsletter.organisation.scope import Scope
from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.period import Period, months_between

#: Columns of the edition.
_OF_EDITION: Final = {Dimension.PAPER: "paper_id", Dimension.KIND: "kind"}
#: Columns of the record whose name is not the dimension's.
_OF_RECORD: Final = {Dimension.UNIT: "unit_id"}


def table_of(model: type[SQLModel]) -> FromClause:
    """A model's table, its columns reached by name."""
    table: FromClause = inspect(model).local_table
    return table


def within(moment: ColumnElement[Any], period: Period) -> list[ColumnElement[bool]]:
    """Conditions that ``moment`` lies in the period."""
    first, end = period.first_moment(), period.end_moment()
    conditions: list[ColumnElement[bool]] = []
    if first is not None:
        conditions.append(moment >= first)
    if end is not None:
        conditions.append(moment < end)
    return conditions


def in_scope(records: FromClause, scope: Scope) -> list[ColumnElement[bool]]:
    """Conditions that records are of members of these units, and of editions of these units; none for everything."""
    if scope is None:
        return []
    editions = table_of(Edition).c
    own = select(editions.id).where(editions.unit_id.in_(scope))
    return [records.c.unit_id.in_(scope), or_(records.c.edition_id.is_(None), records.c.edition_id.in_(own))]


def of_editions(records: FromClause, editions: Collection[int] | None) -> list[ColumnElement[bool]]:
    """Conditions that records belong to one of these editions; none for all of them."""
    return [] if editions is None else [records.c.edition_id.in_(sorted(editions))]


def join_editions(records: FromClause, by: Iterable[Dimension]) -> FromClause:
    """Records (with an ``edition_id``) of editions that were planned, the edition itself only where ``by`` needs it."""
    dispatches, editions = table_of(Dispatch), table_of(Edition)
    joined = records.join(dispatches, dispatches.c.edition_id == records.c.edition_id)
    if _OF_EDITION.keys().isdisjoint(by):
        return joined
    return joined.join(editions, editions.c.id == records.c.edition_id)


def label_columns(
    session: Session, by: Iterable[Dimension], records: FromClause, moment: ColumnElement[Any], period: Period
) -> list[ColumnElement[Any]]:
    """A named column for each dimension; grouping is done by these names, outside the query that computes them.

    PostgreSQL takes an expression with parameters in it for another one when it stands in SELECT and GROUP BY both.
    """
    return [_column(session, dimension, records, moment, period).label(f"by_{dimension}") for dimension in by]


def _column(
    session: Session, dimension: Dimension, records: FromClause, moment: ColumnElement[Any], period: Period
) -> ColumnElement[Any]:
    if dimension is Dimension.MONTH:
        return _month_of(session, moment, period)
    if dimension is Dimension.REGION:
        return func.substr(records.c.region_code, 1, TOWN_LENGTH)
    if dimension is Dimension.EDITION:
        # The same number as the record's, by which SQLite would walk an index and fetch each row anew: 5 times slower.
        return table_of(Dispatch).c.edition_id
    if dimension in _OF_EDITION:
        return table_of(Edition).c[_OF_EDITION[dimension]]
    return records.c[_OF_RECORD.get(dimension, dimension.value)]


def _month_of(session: Session, moment: ColumnElement[Any], period: Period) -> ColumnElement[str]:
    """The local month of ``moment``, as 2026-11: databases have no common word for time zones, comparing is common."""
    bounds = select(func.min(moment), func.max(moment)).where(*within(moment, period))
    first, last = session.connection().execute(bounds).one()
    if first is None:
        return literal("")
    months = months_between(first, last, period.timezone)
    return case(*((moment < end, literal(name)) for name, end in months), else_=literal(""))
