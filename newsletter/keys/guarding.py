"""What was encrypted with a key that is no longer the newsroom's must not be written: nobody could read it again.

``keys rotate`` drops an old secret only after a statement about ``data-key`` says that nothing is left of it. Whoever
still encrypts with it, since their copy of the key is old, is refused when they commit.
"""

import json
from typing import Final

from sqlalchemy import Connection, text

from newsletter.keys.ciphers import DATA_KEY_FILE, DataKeys, StaleKeyError
from newsletter.translation import gettext as _

#: What the statements that end a rotation are about.
DATA_KEY_SUBJECT: Final = "data-key"
#: Key of the PostgreSQL advisory lock: shared by who writes ciphertexts, alone by who ends a rotation ("dkey", ASCII).
_KEY_LOCK: Final = 0x646B6579
_NEWEST: Final = "SELECT body FROM statement WHERE subject = :subject ORDER BY id DESC LIMIT 1"


def raise_if_outdated(connection: Connection, keys: DataKeys) -> None:
    """Refuse to commit what this thread encrypted with a version that has been dropped.

    SQLite has one writer at a time; on PostgreSQL a shared lock keeps a rotation from ending before the commit.

    Raises:
        StaleKeyError: says what to do.
    """
    used = keys.take_used()
    if used is None:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": _KEY_LOCK})
    if used < oldest_allowed(connection):
        raise StaleKeyError(
            _("The newsroom's encryption key was changed; what {file} here encrypted was not written.").format(
                file=DATA_KEY_FILE
            ),
            hint=_("Try again; if this comes again, copy data.key from the machine where the key was changed."),
        )


def oldest_allowed(connection: Connection) -> int:
    """The version that the last ended rotation left; 1 before there was any."""
    row = connection.execute(text(_NEWEST), {"subject": DATA_KEY_SUBJECT}).first()
    return int(json.loads(row[0])["details"].get("version", 1)) if row else 1


def lock_keys(connection: Connection) -> None:
    """Be the only one who may write ciphertexts until this transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _KEY_LOCK})
