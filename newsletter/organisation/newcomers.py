"""A newcomer's first step, on their own machine: whom to believe, and a key of their own that never leaves it."""

import hmac

from newsletter.journal.chain import read_chain, read_journal
from newsletter.journal.public_keys import read_typed_key
from newsletter.journal.staff_keys import (
    ForgedTrustError,
    has_admin_key,
    pin_admin_key,
    staff_key_path,
    trusted_admin_key,
)
from newsletter.newsroom import Newsroom
from newsletter.organisation.key_files import KeyReport, make_key, report_key
from newsletter.organisation.units import check_unit_code
from newsletter.translation import gettext as _


def has_key_here(newsroom: Newsroom, name: str) -> bool:
    """Whether a key of ``name`` lies on this machine."""
    return staff_key_path(newsroom.keys_directory, check_unit_code(name)).exists()


def check_admin_key(newsroom: Newsroom, admin_key: str) -> str:
    """The first admin's public key as it was read out, if settings and journal go by it; 64 digits.

    Raises:
        PublicKeyError: what was typed is no key.
        ForgedTrustError: the settings, or what was pinned here before, name another.
        JournalBrokenError: the journal does not begin with that admin, or was altered.
    """
    told = read_typed_key(admin_key)
    if not hmac.compare_digest(told.encode(), newsroom.settings.trust.admin_key.encode()):
        raise ForgedTrustError(
            _("newsletter.toml names another first admin than you were told."),
            hint=_("Have the key read out again; if it still differs, stop and tell the admin."),
        )
    if has_admin_key(newsroom.keys_directory):
        trusted_admin_key(newsroom)
    with newsroom.reading() as session:
        read_chain(session, newsroom, admin_key=told)
    return told


def enrol_here(
    newsroom: Newsroom, name: str, *, admin_key: str, passphrase: str | None, may_lack_passphrase: bool
) -> KeyReport:
    """Pin the first admin's key on this machine, and make a key for ``name`` if none is here.

    Raises:
        PublicKeyError, ForgedTrustError, JournalBrokenError: as ``check_admin_key``.
        PassphraseWantedError: no passphrase for the new key, and nobody said that it may lack one.
        RetiredError: the name was somebody's who left.
    """
    told = check_admin_key(newsroom, admin_key)
    if not has_key_here(newsroom, name):
        make_key(newsroom, name, passphrase=passphrase, may_lack_passphrase=may_lack_passphrase)
    if not has_admin_key(newsroom.keys_directory):
        pin_admin_key(newsroom.keys_directory, told)
    with newsroom.reading() as session:
        read_journal(session, newsroom)
    return report_key(newsroom, name)
