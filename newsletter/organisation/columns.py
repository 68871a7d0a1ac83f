"""Columns: the sections (栏目) articles stand in; one owned by a department is a dedicated column (专栏)."""

from collections.abc import Sequence
from typing import ClassVar

from sqlmodel import Field, Session, SQLModel, col, func, select

from newsletter.errors import NotFoundError, RefusedError
from newsletter.organisation.units import check_name, check_unit_code, get_unit
from newsletter.translation import gettext as _


class UnknownColumnError(NotFoundError):
    """No column has this code or name."""

    code: ClassVar[str] = "unknown_column"


class ColumnExistsError(RefusedError):
    """The code or name is taken."""

    code: ClassVar[str] = "column_exists"


class Column(SQLModel, table=True):
    """A column; editions print columns by ``position``."""

    __tablename__ = "paper_column"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=40)
    name: str = Field(unique=True, max_length=80)
    parent_id: int | None = Field(default=None, foreign_key="paper_column.id")
    owner_unit_id: int | None = Field(default=None, foreign_key="unit.id")
    position: int


def add_column(
    session: Session, *, code: str, name: str, parent: str | None = None, owner: str | None = None
) -> Column:
    """Add a column after all others.

    Args:
        session: a writing one.
        code: short, for the command line.
        name: what readers see.
        parent: code of the column it belongs under.
        owner: code of the department whose dedicated column it is.

    Raises:
        ColumnExistsError: the code or name is taken.
        UnknownColumnError, UnknownUnitError: no such parent or owner.
    """
    code, name = check_unit_code(code), check_name(name)
    if session.exec(select(Column).where((col(Column.code) == code) | (col(Column.name) == name))).first():
        raise ColumnExistsError(_("There is already a column {code} or {name}.").format(code=code, name=name))
    last = session.exec(select(func.max(Column.position))).one()
    column = Column(
        code=code,
        name=name,
        parent_id=get_column(session, parent).id if parent else None,
        owner_unit_id=get_unit(session, owner).id if owner else None,
        position=(last or 0) + 1,
    )
    session.add(column)
    session.flush()
    return column


def get_column(session: Session, code: str) -> Column:
    """The column with this code, else with this name.

    Raises:
        UnknownColumnError: there is none.
    """
    for field in (Column.code, Column.name):
        column = session.exec(select(Column).where(field == code)).first()
        if column is not None:
            return column
    raise UnknownColumnError(
        _("There is no column {code}.").format(code=code), hint=_("See them: newsletter columns list")
    )


def list_columns(session: Session) -> Sequence[Column]:
    """All columns in the order they are printed in."""
    return session.exec(select(Column).order_by(col(Column.position))).all()
