"""Contributors: units' correspondents (信息员), who submit articles and need no account."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from newsletter.errors import NotFoundError, RefusedError
from newsletter.instants import Instant
from newsletter.organisation.units import check_name, get_unit
from newsletter.translation import gettext as _

#: The name by which a unit's desk stands among contributors (``organisation.desks``), and is told from people.
DESK_NAME: Final = "编辑部"
#: Digits of an id that every database can hold.
_LONGEST_ID: Final = 9


class UnknownContributorError(NotFoundError):
    """No contributor has this id or name."""

    code: ClassVar[str] = "unknown_contributor"


class AmbiguousContributorError(RefusedError):
    """Several contributors have the name."""

    code: ClassVar[str] = "ambiguous_contributor"


class ContributorExistsError(RefusedError):
    """The unit already has a contributor of this name."""

    code: ClassVar[str] = "contributor_exists"


class DeskNameError(RefusedError):
    """The name is the desk's own."""

    code: ClassVar[str] = "desk_name"


class Contributor(SQLModel, table=True):
    """A correspondent of one unit.

    Attributes:
        number_key: keyed hash of their telephone number (``keys.DataKeys``); None: no number is known.
        number: ciphertext of the E.164 number, context ``contributor/`` + number_key.
        number_since: since when they can be written to; what happened to their articles before is not told.
    """

    __table_args__ = (UniqueConstraint("unit_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True, max_length=80)
    unit_id: int = Field(foreign_key="unit.id")
    number_key: str | None = Field(default=None, max_length=32)
    number: bytes | None = None
    number_since: datetime | None = Field(default=None, sa_type=Instant)


def add_contributor(session: Session, *, name: str, unit: str) -> Contributor:
    """Add a correspondent.

    Raises:
        ContributorExistsError: this unit has one of this name.
        DeskNameError: the desk has, whose articles earn nobody anything.
        UnknownUnitError: no such unit.
    """
    name, home = check_name(name), get_unit(session, unit)
    if name == DESK_NAME:
        raise DeskNameError(
            _("{name} is the desk's own name; no contributor can have it.").format(name=name),
            hint=_("Add the person by their own name, or a group by a name with its unit's in it."),
        )
    twin = select(Contributor).where(Contributor.unit_id == home.id, Contributor.name == name)
    if session.exec(twin).first():
        raise ContributorExistsError(_("{unit} already has a contributor {name}.").format(unit=home.name, name=name))
    contributor = Contributor(name=name, unit_id=home.id or 0)
    session.add(contributor)
    session.flush()
    return contributor


def get_contributor(session: Session, who: str) -> Contributor:
    """The contributor with this id, else the only one with this name.

    Raises:
        UnknownContributorError: there is none.
        AmbiguousContributorError: the name is several people's; the message gives their ids.
    """
    if who.isascii() and who.isdigit() and len(who) <= _LONGEST_ID:
        found = session.get(Contributor, int(who))
        if found is not None:
            return found
    named = session.exec(select(Contributor).where(Contributor.name == who)).all()
    if len(named) > 1:
        ids = ", ".join(str(contributor.id) for contributor in named)
        raise AmbiguousContributorError(
            _("{count} contributors are named {name}: {ids}.").format(count=len(named), name=who, ids=ids),
            hint=_("Give the id instead of the name."),
        )
    if not named:
        raise UnknownContributorError(
            _("There is no contributor {name}.").format(name=who), hint=_("See them: newsletter contributors list")
        )
    return named[0]


def list_contributors(session: Session) -> Sequence[Contributor]:
    """All contributors, oldest first."""
    return session.exec(select(Contributor).order_by(col(Contributor.id))).all()
