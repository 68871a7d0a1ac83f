"""Enrolment: a new person at the desk, with a key made here and a first role; and roles given and taken later."""

from typing import ClassVar

from newsletter.errors import RefusedError
from newsletter.journal.staff_keys import create_staff_key, staff_key_path
from newsletter.journal.statements import unlock_key
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import GATE_ROLES, Role, role_label
from newsletter.organisation.staff import Staff, enrol_staff, grant_role, require_new_name, revoke_role
from newsletter.organisation.units import ROOT
from newsletter.translation import gettext as _


class PassphraseWantedError(RefusedError):
    """A reviewer's or issuer's key would have no passphrase, and nobody said that it may."""

    code: ClassVar[str] = "passphrase_wanted"


def add_staff(
    newsroom: Newsroom, name: str, *, role: Role, unit: str = ROOT, passphrase: str | None, may_lack_passphrase: bool
) -> Staff:
    """Make a key for ``name`` on this machine and put them on staff.

    Args:
        newsroom: its acting person must be an admin.
        name: short, for ``--as``.
        role: their first.
        unit: the unit whose subtree it is for.
        passphrase: of the new key; None: none.
        may_lack_passphrase: said so explicitly; the journal keeps it.

    Raises:
        PassphraseWantedError: a gate's key without passphrase, not said explicitly.
        StaffExistsError: the name is taken.
        NoRightError: the acting person is no admin of that unit.
        OutsideError: the key cannot be written.
    """
    if role in GATE_ROLES and passphrase is None and not may_lack_passphrase:
        raise PassphraseWantedError(
            _("The key of a {role} needs a passphrase.").format(role=role_label(role)),
            hint=_("Run at a terminal, set NEWSLETTER_PASSPHRASE, or say --no-passphrase."),
        )
    unlock_key(newsroom)
    with newsroom.writing() as session:
        name = require_new_name(session, name)
        public_key = create_staff_key(newsroom.keys_directory, name, passphrase)
        try:
            staff = enrol_staff(
                session,
                newsroom,
                name=name,
                public_key=public_key,
                role=role,
                unit=unit,
                has_passphrase=passphrase is not None,
            )
            session.commit()
        except BaseException:
            staff_key_path(newsroom.keys_directory, name).unlink()
            raise
    return staff


def give_role(newsroom: Newsroom, name: str, *, role: Role, unit: str = ROOT) -> Staff:
    """Give a person one more role.

    Raises:
        UnknownStaffError, UnknownUnitError: looked up in vain.
        NoRightError: the acting person is no admin of that unit.
    """
    unlock_key(newsroom)
    with newsroom.writing() as session:
        staff = grant_role(session, newsroom, name=name, role=role, unit=unit)
        session.commit()
    return staff


def take_role(newsroom: Newsroom, name: str, *, role: Role, unit: str = ROOT) -> Staff:
    """Take a role from a person; what they said before stands, but an edition they passed cannot leave any more.

    Raises:
        UnknownStaffError, UnknownUnitError: looked up in vain.
        NoGrantError: they do not hold it.
        LastAdminError: nobody could give roles any more.
        NoRightError: the acting person is no admin of that unit.
    """
    unlock_key(newsroom)
    with newsroom.writing() as session:
        staff = revoke_role(session, newsroom, name=name, role=role, unit=unit)
        session.commit()
    return staff
