"""Enrolment: a new person at the desk, with a key and a first role; roles given and taken later; and leaving."""

from newsletter.journal.periods import Period, parse_period
from newsletter.journal.staff_keys import create_staff_key, staff_key_path
from newsletter.journal.statements import lock_journal, unlock_key
from newsletter.newsroom import Newsroom
from newsletter.organisation.granting import enrol_staff, grant_role, retire_staff, revoke_role
from newsletter.organisation.passphrases import raise_if_passphrase_wanted
from newsletter.organisation.roles import GATE_ROLES, Role, role_label
from newsletter.organisation.staff import Staff, today
from newsletter.organisation.taken import KeyExistsError, require_new_name
from newsletter.organisation.units import ROOT
from newsletter.translation import gettext as _


def add_staff(
    newsroom: Newsroom,
    name: str,
    *,
    role: Role,
    unit: str = ROOT,
    passphrase: str | None,
    may_lack_passphrase: bool,
    since: str | None = None,
    until: str | None = None,
) -> Staff:
    """Make a key for ``name`` on this machine and put them on staff.

    Args:
        newsroom: its acting person must be an admin.
        name: short, for ``--as``.
        role: their first.
        unit: the unit whose subtree it is for.
        passphrase: of the new key; None: none.
        may_lack_passphrase: said so explicitly; the journal keeps it.
        since: first day of the role, YYYY-MM-DD; None: today.
        until: its last day; None: without end.

    Raises:
        PassphraseWantedError: a gate's key without passphrase, not said explicitly.
        StaffExistsError, RetiredError: the name is taken, or was.
        KeyExistsError: a key of that name lies here already.
        GrantDatesError: no such days.
        NoRightError: the acting person is no admin of that unit.
        OutsideError: the key cannot be written.
    """
    if role in GATE_ROLES:
        raise_if_passphrase_wanted(passphrase, role_label(role), may_lack_passphrase=may_lack_passphrase)
    period = _read_period(newsroom, since, until)
    # Said before a second key lies here, which would leave it open.
    newsroom = newsroom.acting_as(newsroom.acting_name())
    unlock_key(newsroom)
    with newsroom.writing() as session:
        lock_journal(session)
        name = require_new_name(session, newsroom, name)
        path = staff_key_path(newsroom.keys_directory, name)
        if path.exists():
            raise KeyExistsError(
                _("A key of {name} lies here already: {path}.").format(name=name, path=path),
                hint=_("Put them on staff with it: --public-key as newsletter staff key show {name} prints it.").format(
                    name=name
                ),
            )
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
                period=period,
            )
        except BaseException:
            path.unlink()
            raise
        # Not taken back if the commit fails: whether it did, a broken connection cannot tell.
        session.commit()
    return staff


def add_staff_with_key(
    newsroom: Newsroom,
    name: str,
    *,
    public_key: str,
    role: Role,
    unit: str = ROOT,
    since: str | None = None,
    until: str | None = None,
) -> Staff:
    """Put on staff somebody who made their key elsewhere and handed over its public half.

    Raises:
        KeyInUseError: the key is, or was, somebody's.
        StaffExistsError, RetiredError, GrantDatesError, NoRightError: as ``add_staff``.
    """
    period = _read_period(newsroom, since, until)
    unlock_key(newsroom)
    with newsroom.writing() as session:
        staff = enrol_staff(
            session,
            newsroom,
            name=name,
            public_key=public_key,
            role=role,
            unit=unit,
            has_passphrase=None,
            period=period,
        )
        session.commit()
    return staff


def give_role(
    newsroom: Newsroom,
    name: str,
    *,
    role: Role,
    unit: str = ROOT,
    since: str | None = None,
    until: str | None = None,
) -> Staff:
    """Give a person one more role, for good or for some days: a deputy's.

    Raises:
        UnknownStaffError, UnknownUnitError: looked up in vain.
        RetiredError: they left.
        GrantDatesError: no such days.
        NoRightError: the acting person is no admin of that unit.
    """
    period = _read_period(newsroom, since, until)
    unlock_key(newsroom)
    with newsroom.writing() as session:
        staff = grant_role(session, newsroom, name=name, role=role, unit=unit, period=period)
        session.commit()
    return staff


def _read_period(newsroom: Newsroom, since: str | None, until: str | None) -> Period:
    return parse_period(since, until, today=today(newsroom), timezone=newsroom.timezone.key)


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


def retire(newsroom: Newsroom, name: str) -> Staff:
    """Have a person leave for good: what they said stands, and an edition they passed cannot leave any more.

    Raises:
        UnknownStaffError, RetiredError: looked up in vain, or gone already.
        LastAdminError: nobody could give roles any more.
        NoRightError: the acting person is no admin above all their roles.
    """
    unlock_key(newsroom)
    with newsroom.writing() as session:
        staff = retire_staff(session, newsroom, name)
        session.commit()
    return staff
