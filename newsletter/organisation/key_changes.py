"""Replacing staff keys: one's own, signed with the old one; a lost one, by an admin of its holder's units."""

from typing import ClassVar

from sqlmodel import Session

from newsletter.errors import RefusedError
from newsletter.journal.rotation import discard_waiting_keys, finish_rotation, write_waiting_key
from newsletter.journal.staff_keys import has_passphrase, new_private_key, public_half, staff_key_path
from newsletter.journal.statements import Verb, append_statement, enrolled_key, lock_journal, unlock_key
from newsletter.keys import read_secret_file
from newsletter.newsroom import Newsroom
from newsletter.organisation.passphrases import raise_if_passphrase_wanted
from newsletter.organisation.roles import GATE_ROLES, Right, Role, role_label
from newsletter.organisation.staff import Staff, get_staff, list_grants, require_right, require_staff
from newsletter.organisation.taken import raise_if_key_in_use, raise_if_retired
from newsletter.organisation.units import ROOT, get_unit
from newsletter.translation import gettext as _


class NotYourKeyError(RefusedError):
    """Another person's key can only be replaced by one whose public half they hand over."""

    code: ClassVar[str] = "not_your_key"


def require_own_key(newsroom: Newsroom, name: str) -> None:
    """Refuse to make a new key for anybody but the acting person.

    Raises:
        NotYourKeyError: it is somebody else's.
    """
    if name != newsroom.acting_name():
        raise NotYourKeyError(
            _("Only {name} can replace their key by one made here.").format(name=name),
            hint=_("If it is lost, {name} makes one on their own machine, and an admin gives --public-key HEX.").format(
                name=name
            ),
        )


def gate_role_of(newsroom: Newsroom) -> str:
    """A role of the acting person whose key is expected to have a passphrase, as the user reads it; empty for none.

    A key that has one already is expected to go on having one.

    Raises:
        MissingKeyError: there is no key here to replace.
        NoRightError: they are not on staff.
    """
    encoded = read_secret_file(staff_key_path(newsroom.keys_directory, newsroom.acting_name()))
    with newsroom.reading() as session:
        staff = require_staff(session, newsroom)
        held = [grant.role for grant in list_grants(session, newsroom, staff.id or 0, with_coming=True)]
    gates = [role for role in held if role in GATE_ROLES]
    if not gates and has_passphrase(encoded):
        gates = held
    return role_label(gates[0]) if gates else ""


def rotate_own_key(newsroom: Newsroom, *, passphrase: str | None, may_lack_passphrase: bool) -> Staff:
    """Replace the acting person's key by a new one made here; the old one signs that, and nothing after it.

    Whatever interrupts it, either the old key counts and is here, or the new one does and is.

    Raises:
        PassphraseWantedError: a gate's key without passphrase, not said explicitly.
        MissingKeyError, WrongPassphraseError, WrongKeyError: the old key cannot be used.
        NoRightError: they are not on staff.
    """
    if role := gate_role_of(newsroom):
        raise_if_passphrase_wanted(passphrase, role, may_lack_passphrase=may_lack_passphrase)
    unlock_key(newsroom)
    key = new_private_key()
    with newsroom.writing() as session:
        lock_journal(session)
        staff = require_staff(session, newsroom)
        discard_waiting_keys(newsroom.keys_directory, staff.name, enrolled_key(session, newsroom, staff.name))
        waiting = write_waiting_key(newsroom.keys_directory, staff.name, key, passphrase)
        try:
            _replace_key(session, newsroom, staff, public_half(key), has_passphrase=passphrase is not None)
        except BaseException:
            waiting.unlink(missing_ok=True)
            raise
        # From here on the new key may be the one that counts, so that it waits until the journal tells.
        session.commit()
    finish_rotation(newsroom, staff.name, public_half(key))
    return staff


def replace_key(newsroom: Newsroom, name: str, public_key: str) -> Staff:
    """Replace a key by one made elsewhere: one's own, or as an admin that of somebody who lost theirs.

    Raises:
        UnknownStaffError, RetiredError: nobody has this name, or nobody any more.
        KeyInUseError: the key is, or was, somebody's.
        NoRightError: it is another's, and the acting person is no admin of the whole newsroom.
    """
    unlock_key(newsroom)
    with newsroom.writing() as session:
        lock_journal(session)
        staff = get_staff(session, name)
        raise_if_retired(newsroom, staff)
        if name != newsroom.acting_name():
            # Whoever changes a key can speak as its owner, in every role they have, had or will be given.
            require_right(session, newsroom, Right.STAFF, get_unit(session, ROOT).id)
        raise_if_key_in_use(session, public_key)
        _replace_key(session, newsroom, staff, public_key, has_passphrase=None)
        session.commit()
    newsroom.unlocked.pop(name, None)
    return staff


def _replace_key(
    session: Session, newsroom: Newsroom, staff: Staff, public_key: str, *, has_passphrase: bool | None
) -> None:
    is_own = staff.name == newsroom.acting_name()
    append_statement(
        session,
        newsroom,
        verb=Verb.ROTATE,
        subject=f"staff:{staff.name}",
        role="" if is_own else Role.ADMIN,
        unit=ROOT,
        details={"person": staff.name, "public_key": public_key, "passphrase": has_passphrase},
    )
    staff.public_key = public_key
    session.add(staff)
    session.flush()
