"""Giving and taking roles, and retiring people: each is an admin's signed word, and the tables mirror it.

Each takes the journal's lock before it looks at anything: what one admin checks, another may be about to change.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from sqlmodel import Session, col, select

from newsletter.errors import RefusedError
from newsletter.journal.periods import ALWAYS, Period
from newsletter.journal.statements import Statement, Verb, Word, append_statement, lock_journal
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right, Role, role_label
from newsletter.organisation.staff import Grant, Staff, get_staff, list_grants, require_right, today
from newsletter.organisation.taken import raise_if_key_in_use, raise_if_retired, require_new_name
from newsletter.organisation.units import ROOT, Unit, ancestor_codes, get_unit
from newsletter.translation import gettext as _


class NoGrantError(RefusedError):
    """The person does not hold the role."""

    code: ClassVar[str] = "no_grant"


class LastAdminError(RefusedError):
    """Without this one nobody could ever give a role again."""

    code: ClassVar[str] = "last_admin"


def enrol_staff(
    session: Session,
    newsroom: Newsroom,
    *,
    name: str,
    public_key: str,
    role: Role,
    unit: str,
    has_passphrase: bool | None,
    period: Period = ALWAYS,
) -> Staff:
    """Put a person on staff with a first role, by the acting admin's signed word.

    Args:
        session: a writing one.
        newsroom: its acting person must be an admin.
        name: new.
        public_key: 64 hexadecimal digits.
        role: their first.
        unit: the unit whose subtree it is for.
        has_passphrase: of the key; None: it was made elsewhere, and nobody knows.
        period: the days of the role.

    Raises:
        StaffExistsError, RetiredError: the name is taken, or was.
        KeyInUseError: the key is, or was, somebody's.
        NoRightError: the acting person is no admin of that unit.
    """
    lock_journal(session)
    name = require_new_name(session, newsroom, name)
    raise_if_key_in_use(session, public_key)
    staff = Staff(name=name, public_key=public_key)
    session.add(staff)
    session.flush()
    details = {"public_key": public_key, "passphrase": has_passphrase}
    _record_grant(session, newsroom, staff, role=role, unit=unit, period=period, details=details)
    return staff


def grant_role(
    session: Session, newsroom: Newsroom, *, name: str, role: Role, unit: str = ROOT, period: Period = ALWAYS
) -> Staff:
    """Give a person one more role, by the acting admin's signed word.

    Raises:
        UnknownStaffError, RetiredError: nobody has this name, or nobody any more.
        NoRightError: the acting person is no admin of that unit.
    """
    lock_journal(session)
    staff = get_staff(session, name)
    raise_if_retired(newsroom, staff)
    _record_grant(session, newsroom, staff, role=role, unit=unit, period=period, details={})
    return staff


def revoke_role(session: Session, newsroom: Newsroom, *, name: str, role: Role, unit: str = ROOT) -> Staff:
    """Take a role from a person, by the acting admin's signed word.

    Raises:
        UnknownStaffError: nobody has this name.
        NoGrantError: they do not hold it for this unit.
        LastAdminError: nobody could give roles any more.
        NoRightError: the acting person is no admin of that unit.
    """
    lock_journal(session)
    staff, home = get_staff(session, name), get_unit(session, unit)
    require_right(session, newsroom, Right.STAFF, home.id)
    grants = list_grants(session, newsroom, staff.id or 0, with_coming=True)
    held = [grant for grant in grants if (grant.role, grant.unit_id) == (role, home.id)]
    if not held:
        raise NoGrantError(
            _("{name} does not hold the role {role} for {unit}.").format(
                name=name, role=role_label(role), unit=home.code
            )
        )
    _raise_if_last_admin(session, newsroom, held)
    details = {"role": str(role), "unit": home.code}
    word = speak_of(session, newsroom, staff, Verb.REVOKE, unit=home.code, details=details)
    _end_grants(session, held, word)
    return staff


def retire_staff(session: Session, newsroom: Newsroom, name: str) -> Staff:
    """End all of a person's roles for good, by the acting admin's signed word.

    Raises:
        UnknownStaffError, RetiredError: nobody has this name, or nobody any more.
        LastAdminError: nobody could give roles any more.
        NoRightError: the acting person is no admin of a unit above all their roles.
    """
    lock_journal(session)
    staff = get_staff(session, name)
    raise_if_retired(newsroom, staff)
    home = home_of(session, newsroom, staff)
    require_right(session, newsroom, Right.STAFF, home.id)
    held = session.exec(select(Grant).where(Grant.staff_id == staff.id, col(Grant.revoked_at).is_(None))).all()
    _raise_if_last_admin(session, newsroom, held)
    word = speak_of(session, newsroom, staff, Verb.RETIRE, unit=home.code, details={})
    _end_grants(session, held, word)
    staff.retired_at = word.time
    session.add(staff)
    session.flush()
    return staff


def home_of(session: Session, newsroom: Newsroom, staff: Staff) -> Unit:
    """The smallest unit whose subtree holds all of a person's roles; the root for somebody without one."""
    grants = list_grants(session, newsroom, staff.id or 0, with_coming=True)
    chains = [ancestor_codes(session, grant.unit_id) for grant in grants]
    common = [code for code in chains[0] if all(code in chain for chain in chains)] if chains else []
    return get_unit(session, common[0] if common else ROOT)


def speak_of(
    session: Session, newsroom: Newsroom, staff: Staff, verb: Verb, *, unit: str, details: dict[str, Any]
) -> Word:
    """An admin's word about somebody on staff."""
    return append_statement(
        session,
        newsroom,
        verb=verb,
        subject=f"staff:{staff.name}",
        role=Role.ADMIN,
        unit=unit,
        details={"person": staff.name, **details},
    )


def _end_grants(session: Session, grants: Sequence[Grant], word: Word) -> None:
    for grant in grants:
        grant.revoked_at = word.time
        session.add(grant)
    session.flush()


def _raise_if_last_admin(session: Session, newsroom: Newsroom, ending: Sequence[Grant]) -> None:
    """Refuse to end the last root admin's role; one that begins later, or ends some day, is no substitute."""
    root, day = get_unit(session, ROOT), today(newsroom)
    query = select(Grant).where(Grant.role == Role.ADMIN, Grant.unit_id == root.id, col(Grant.revoked_at).is_(None))
    lasting = {grant.id for grant in session.exec(query) if grant.valid_until is None and grant.period.holds_on(day)}
    if lasting and lasting <= {grant.id for grant in ending}:
        raise LastAdminError(
            _("Nobody could give a role any more: this is the last administrator."),
            hint=_("Make somebody else one first: newsletter staff grant NAME --role admin"),
        )


def _record_grant(
    session: Session,
    newsroom: Newsroom,
    staff: Staff,
    *,
    role: Role,
    unit: str,
    period: Period,
    details: dict[str, Any],
) -> None:
    home = get_unit(session, unit)
    if session.exec(select(Statement).limit(1)).first() is not None:
        require_right(session, newsroom, Right.STAFF, home.id)
    said = {"role": str(role), "unit": home.code, **period.as_details(), **details}
    word = speak_of(session, newsroom, staff, Verb.GRANT, unit=home.code, details=said)
    session.add(
        Grant(
            staff_id=staff.id or 0,
            role=role,
            unit_id=home.id or 0,
            granted_at=word.time,
            valid_from=period.valid_from,
            valid_until=period.valid_until,
            statement_id=word.place,
        )
    )
    session.flush()
