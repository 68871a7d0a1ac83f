"""How database values become codes and labels: a unit's id its code and name, and so on; a query per dimension."""

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import select
from sqlmodel import Session, col

from newsletter.editions.models import Edition
from newsletter.organisation.columns import Column
from newsletter.organisation.papers import Paper
from newsletter.organisation.units import Unit
from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.labels import NO, YES, label_code, label_edition

#: What documents carry for a value; an edition's is its number as printed.
Code = str | int
#: Database value → code and label.
Names = Mapping[object, tuple[Code, str]]
_FLAGS: Final = {True: YES, False: NO}


def load_names(session: Session, by: Iterable[Dimension]) -> dict[Dimension, Names]:
    """The names that stand in the database, of those of ``by`` that have any there."""
    loaders = {
        Dimension.REGION: _load_regions,
        Dimension.UNIT: _load_units,
        Dimension.PAPER: _load_papers,
        Dimension.EDITION: _load_editions,
        Dimension.COLUMN: _load_columns,
    }
    return {dimension: loaders[dimension](session) for dimension in by if dimension in loaders}


def name_value(names: Mapping[Dimension, Names], dimension: Dimension, value: object) -> tuple[Code, str]:
    """Code and label of a value; an empty one has the empty code."""
    known = names.get(dimension, {}).get(value)
    if known is not None:
        return known
    code = _FLAGS[value] if isinstance(value, bool) else str(value or "")
    return code, label_code(dimension, code)


def _load_regions(session: Session) -> Names:
    query = select(col(Unit.region_code), col(Unit.name)).where(col(Unit.region_code).is_not(None))
    return {code: (code or "", name) for code, name in session.connection().execute(query)}


def _load_units(session: Session) -> Names:
    query = select(col(Unit.id), col(Unit.code), col(Unit.name))
    return {unit: (code, name) for unit, code, name in session.connection().execute(query)}


def _load_papers(session: Session) -> Names:
    query = select(col(Paper.id), col(Paper.code), col(Paper.name))
    return {paper: (code, name) for paper, code, name in session.connection().execute(query)}


def _load_columns(session: Session) -> Names:
    query = select(col(Column.id), col(Column.code), col(Column.name))
    return {column: (code, name) for column, code, name in session.connection().execute(query)}


def _load_editions(session: Session) -> Names:
    query = select(col(Edition.id), col(Paper.name), col(Edition.kind), col(Edition.number), col(Edition.date)).join(
        Paper, col(Paper.id) == col(Edition.paper_id)
    )
    return {
        edition: (edition or 0, label_edition(paper=paper, kind=kind, number=number, date=date))
        for edition, paper, kind, number, date in session.connection().execute(query)
    }
