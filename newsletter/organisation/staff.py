"""Staff and grants: who is at the desk, and who may do what for which unit."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from sqlmodel import Field, Session, SQLModel, col, select

from newsletter.errors import NotFoundError, RefusedError
from newsletter.instants import Instant
from newsletter.journal.staff_keys import staff_key_path
from newsletter.journal.statements import Statement, Verb, append_statement
from newsletter.keys import MissingKeyError
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import RIGHTS, Right, Role, role_label
from newsletter.organisation.units import ROOT, Unit, ancestor_codes, check_unit_code, get_unit
from newsletter.translation import gettext as _


class UnknownStaffError(NotFoundError):
    """Nobody on staff has this name."""

    code: ClassVar[str] = "unknown_staff"


class StaffExistsError(RefusedError):
    """The name is taken."""

    code: ClassVar[str] = "staff_exists"


class NoGrantError(RefusedError):
    """The person does not hold the role."""

    code: ClassVar[str] = "no_grant"


class LastAdminError(RefusedError):
    """Without this one nobody could ever give a role again."""

    code: ClassVar[str] = "last_admin"


class NoRightError(RefusedError):
    """The person's roles do not allow it."""

    code: ClassVar[str] = "no_right"


class Staff(SQLModel, table=True):
    """A person at the desk; ``public_key`` is the public half of their Ed25519 key, hexadecimal."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=40)
    public_key: str = Field(max_length=64)
    retired_at: datetime | None = Field(default=None, sa_type=Instant)


class Grant(SQLModel, table=True):
    """A role of one person for one unit's subtree: a mirror of the journal, which decides."""

    __tablename__ = "staff_grant"

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    role: str = Field(max_length=20)
    unit_id: int = Field(foreign_key="unit.id")
    granted_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
    statement_id: int = Field(foreign_key="statement.id")


def enrol_staff(
    session: Session, newsroom: Newsroom, *, name: str, public_key: str, role: Role, unit: str, has_passphrase: bool
) -> Staff:
    """Put a person on staff with a first role, by the acting admin's signed word.

    Raises:
        StaffExistsError: the name is taken.
        NoRightError: the acting person is no admin of that unit.
    """
    name = require_new_name(session, name)
    staff = Staff(name=name, public_key=public_key)
    session.add(staff)
    session.flush()
    details = {"public_key": public_key, "passphrase": has_passphrase}
    _record_grant(session, newsroom, staff, role=role, unit=unit, details=details)
    return staff


def require_new_name(session: Session, name: str) -> str:
    """A name nobody on staff has or had.

    Raises:
        StaffExistsError: it is taken.
        InputError: it is no name for a command line.
    """
    name = check_unit_code(name)
    if session.exec(select(Staff).where(Staff.name == name)).first():
        raise StaffExistsError(
            _("There is already somebody named {name} on staff.").format(name=name),
            hint=_("Give them another role: newsletter staff grant {name} --role ROLE").format(name=name),
        )
    return name


def grant_role(session: Session, newsroom: Newsroom, *, name: str, role: Role, unit: str = ROOT) -> Staff:
    """Give a person one more role, by the acting admin's signed word.

    Raises:
        UnknownStaffError: nobody has this name.
        NoRightError: the acting person is no admin of that unit.
    """
    staff = get_staff(session, name)
    _record_grant(session, newsroom, staff, role=role, unit=unit, details={})
    return staff


def revoke_role(session: Session, newsroom: Newsroom, *, name: str, role: Role, unit: str = ROOT) -> Staff:
    """Take a role from a person, by the acting admin's signed word.

    Raises:
        UnknownStaffError: nobody has this name.
        NoGrantError: they do not hold it for this unit.
        LastAdminError: nobody could give roles any more.
        NoRightError: the acting person is no admin of that unit.
    """
    staff, home = get_staff(session, name), get_unit(session, unit)
    require_right(session, newsroom, Right.STAFF, home.id)
    held = [grant for grant in list_grants(session, staff.id or 0) if (grant.role, grant.unit_id) == (role, home.id)]
    if not held:
        raise NoGrantError(
            _("{name} does not hold the role {role} for {unit}.").format(
                name=name, role=role_label(role), unit=home.code
            )
        )
    _raise_if_last_admin(session, role, home, held)
    word = append_statement(
        session,
        newsroom,
        verb=Verb.REVOKE,
        subject=f"staff:{staff.name}",
        role=Role.ADMIN,
        unit=home.code,
        details={"person": staff.name, "role": str(role), "unit": home.code},
    )
    for grant in held:
        grant.revoked_at = word.time
        session.add(grant)
    session.flush()
    return staff


def _raise_if_last_admin(session: Session, role: Role, home: Unit, held: Sequence[Grant]) -> None:
    if role is not Role.ADMIN or home.code != ROOT:
        return
    query = select(Grant).where(Grant.role == Role.ADMIN, Grant.unit_id == home.id, col(Grant.revoked_at).is_(None))
    if {grant.id for grant in session.exec(query)} <= {grant.id for grant in held}:
        raise LastAdminError(
            _("Nobody could give a role any more: this is the last administrator."),
            hint=_("Make somebody else one first: newsletter staff grant NAME --role admin"),
        )


def _record_grant(
    session: Session, newsroom: Newsroom, staff: Staff, *, role: Role, unit: str, details: dict[str, object]
) -> None:
    home = get_unit(session, unit)
    if session.exec(select(Statement)).first() is not None:
        require_right(session, newsroom, Right.STAFF, home.id)
    word = append_statement(
        session,
        newsroom,
        verb=Verb.GRANT,
        subject=f"staff:{staff.name}",
        role=Role.ADMIN,
        unit=home.code,
        details={"person": staff.name, "role": str(role), "unit": home.code, **details},
    )
    session.add(
        Grant(staff_id=staff.id or 0, role=role, unit_id=home.id or 0, granted_at=word.time, statement_id=word.place)
    )
    session.flush()


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


def list_grants(session: Session, staff_id: int) -> Sequence[Grant]:
    """A person's grants in force, oldest first."""
    query = select(Grant).where(Grant.staff_id == staff_id, col(Grant.revoked_at).is_(None))
    return session.exec(query.order_by(col(Grant.id))).all()


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
    grants = [grant for grant in list_grants(session, staff.id or 0) if grant.role in wanted]
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
