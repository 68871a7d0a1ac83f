"""Staff and their roles: who is at the desk, and who may do what for which unit, today."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import ClassVar

from sqlmodel import Field, Session, SQLModel, col, select

from newsletter.errors import NotFoundError, RefusedError
from newsletter.instants import Instant
from newsletter.journal.periods import Period
from newsletter.journal.staff_keys import staff_key_path
from newsletter.keys import MissingKeyError
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import RIGHTS, Right, role_label
from newsletter.organisation.units import ancestor_codes
from newsletter.translation import gettext as _


class UnknownStaffError(NotFoundError):
    """Nobody on staff has this name."""

    code: ClassVar[str] = "unknown_staff"


class NoRightError(RefusedError):
    """The person's roles do not allow it."""

    code: ClassVar[str] = "no_right"


class Staff(SQLModel, table=True):
    """A person at the desk; ``public_key`` is the public half of their Ed25519 key, hexadecimal."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=40)
    public_key: str = Field(index=True, unique=True, max_length=64)
    retired_at: datetime | None = Field(default=None, sa_type=Instant)


class Grant(SQLModel, table=True):
    """A role of one person for one unit's subtree: a mirror of the journal, which decides.

    Attributes:
        valid_from, valid_until: first and last day it holds, by the newsroom's calendar; None: without end.
    """

    __tablename__ = "staff_grant"

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    role: str = Field(max_length=20)
    unit_id: int = Field(foreign_key="unit.id")
    granted_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
    valid_from: date | None = None
    valid_until: date | None = None
    statement_id: int = Field(foreign_key="statement.id")

    @property
    def period(self) -> Period:
        """Its days."""
        return Period(valid_from=self.valid_from, valid_until=self.valid_until)


def get_staff(session: Session, name: str) -> Staff:
    """The person with this name.

    Raises:
        UnknownStaffError: there is none.
    """
    staff = session.exec(select(Staff).where(Staff.name == name)).first()
    if staff is None:
        raise UnknownStaffError(
            _("Nobody on staff is named {name}.").format(name=name), hint=_("See them: newsletter staff list")
        )
    return staff


def list_staff(session: Session) -> Sequence[Staff]:
    """Everybody ever on staff, oldest first."""
    return session.exec(select(Staff).order_by(col(Staff.id))).all()


def today(newsroom: Newsroom) -> date:
    """The day it is by the newsroom's calendar."""
    return newsroom.now().astimezone(newsroom.timezone).date()


def list_grants(session: Session, newsroom: Newsroom, staff_id: int, *, with_coming: bool = False) -> Sequence[Grant]:
    """A person's roles in force today, oldest first; ``with_coming``: and those that begin on a later day."""
    query = select(Grant).where(Grant.staff_id == staff_id, col(Grant.revoked_at).is_(None))
    day = today(newsroom)
    return [
        grant
        for grant in session.exec(query.order_by(col(Grant.id)))
        if grant.period.holds_on(day) or (with_coming and not grant.period.is_over(day))
    ]


def require_staff(session: Session, newsroom: Newsroom) -> Staff:
    """The acting person, who must be on staff and not retired.

    Raises:
        NoRightError: they are not.
    """
    name = newsroom.acting_name()
    staff = session.exec(select(Staff).where(Staff.name == name)).first()
    if staff is None or staff.retired_at is not None:
        raise NoRightError(
            _("{name} is not on staff here.").format(name=name), hint=_("See who is: newsletter staff list")
        )
    return staff


def require_right(session: Session, newsroom: Newsroom, right: Right, unit_id: int | None) -> Staff:
    """The acting person, who must hold a role with ``right`` for this unit or one above it.

    Args:
        session: any.
        newsroom: says who acts.
        right: what is about to be done.
        unit_id: the unit it is done for; None: any unit will do.

    Raises:
        MissingKeyError: their key is not on this machine.
        NoRightError: says which roles would do.
    """
    staff = require_staff(session, newsroom)
    if not staff_key_path(newsroom.keys_directory, staff.name).is_file():
        raise MissingKeyError(
            _("The key of {name} is not on this machine, so {name} cannot act here.").format(name=staff.name),
            hint=_("Say who you are: --as NAME, with a key in {directory}.").format(directory=newsroom.keys_directory),
        )
    wanted = RIGHTS[right]
    grants = [grant for grant in list_grants(session, newsroom, staff.id or 0) if grant.role in wanted]
    if unit_id is None and grants:
        return staff
    if unit_id is not None:
        covering = set(ancestor_codes(session, unit_id))
        if covering & {code for grant in grants for code in ancestor_codes(session, grant.unit_id)[:1]}:
            return staff
    roles = ", ".join(role_label(role) for role in sorted(wanted))
    raise NoRightError(
        _("{name} may not do this: it needs the role {roles} for this unit.").format(name=staff.name, roles=roles),
        hint=_("An admin can give it: newsletter staff grant {name} --role {role}").format(
            name=staff.name, role=sorted(wanted)[0]
        ),
    )
