"""Whose key is expected to have a passphrase: theirs whose words let a text out, unless somebody says otherwise."""

from typing import ClassVar

from newsletter.errors import RefusedError
from newsletter.translation import gettext as _


class PassphraseWantedError(RefusedError):
    """A reviewer's or issuer's key would have no passphrase, and nobody said that it may."""

    code: ClassVar[str] = "passphrase_wanted"


def raise_if_passphrase_wanted(passphrase: str | None, role: str, *, may_lack_passphrase: bool) -> None:
    """Refuse to make a gate's key without a passphrase unless that was said explicitly.

    Args:
        passphrase: of the key to be made; None: none.
        role: of its holder, as the user reads it; empty: not known yet.
        may_lack_passphrase: said so.

    Raises:
        PassphraseWantedError: nobody said so.
    """
    if passphrase is not None or may_lack_passphrase:
        return
    message = _("The key of a {role} needs a passphrase.").format(role=role) if role else _("A key needs a passphrase.")
    raise PassphraseWantedError(
        message, hint=_("Run at a terminal, set NEWSLETTER_PASSPHRASE, or say --no-passphrase.")
    )
