"""The journal's records: signed words of people, each naming the one before it, so that none can be slipped out.

A statement's ``body`` is what is signed and hashed; the other columns only help to find it.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final

from sqlmodel import Field, Session, SQLModel, col, select, text

from newsletter.errors import OutsideError, RefusedError
from newsletter.journal.canonical import canonical_json, sha256_text
from newsletter.journal.staff_keys import key_store_id, load_staff_key, public_half
from newsletter.newsroom import Newsroom
from newsletter.translation import gettext as _

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

#: What the first statement names as the one before it.
GENESIS: Final = "0" * 64
#: Key of the PostgreSQL advisory lock that lets one writer at a time append ("news" in ASCII).
_JOURNAL_LOCK: Final = 0x6E657773


class JournalBrokenError(RefusedError):
    """The journal is not what it was when it was written."""

    code: ClassVar[str] = "journal_broken"


class WrongKeyError(OutsideError):
    """Somebody's key is not the one the journal knows."""

    code: ClassVar[str] = "wrong_key"


class Verb(StrEnum):
    """What a statement says."""

    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    SIGN = "sign"
    RETRACT = "retract"
    GRANT = "grant"
    REVOKE = "revoke"
    #: A staff key is replaced, by its holder or, if it is lost, by an admin.
    ROTATE = "rotate"
    #: Somebody leaves the desk for good.
    RETIRE = "retire"
    #: A copy check's finding is accepted as it is.
    WAIVE = "waive"
    #: A new version of the rule book comes into force.
    ADOPT = "adopt"
    #: The database was restored from a backup, and newer statements are lost.
    RESTORE = "restore"


class Statement(SQLModel, table=True):
    """A row of the journal."""

    id: int = Field(primary_key=True)
    previous: str = Field(unique=True, max_length=64)
    hash: str = Field(unique=True, max_length=64)
    subject: str = Field(index=True, max_length=80)
    body: str
    signature: str = Field(max_length=128)


@dataclass(frozen=True, kw_only=True)
class Word:
    """What a statement's body says, read back.

    Attributes:
        place: position in the journal, from 1.
        newsroom: id of the newsroom whose journal it is.
        previous: hash of the statement before it.
        subject: ``edition:3``, ``staff:li``.
        digest: of what is spoken of; empty where there is nothing to digest.
        person, role, unit: who spoke, in which role, for which unit's code.
        time: when, by the speaker's clock; order is told by ``place``.
    """

    place: int
    newsroom: str
    previous: str
    subject: str
    digest: str
    verb: Verb
    person: str
    role: str
    unit: str
    time: datetime
    key_store: str
    details: dict[str, Any] = field(default_factory=dict)


def unlock_key(newsroom: Newsroom) -> None:
    """Have the acting person's key at hand before a transaction begins: nobody waits while somebody types.

    Raises:
        MissingKeyError, WrongPassphraseError: it cannot be used.
    """
    load_staff_key(newsroom, newsroom.acting_name())


def append_statement(
    session: Session,
    newsroom: Newsroom,
    *,
    verb: Verb,
    subject: str,
    role: str,
    unit: str,
    digest: str = "",
    details: dict[str, Any] | None = None,
) -> Word:
    """Write and sign the acting person's word, as the newest of the journal.

    The caller's transaction must be a writing one: its lock is what keeps the chain from forking.

    Raises:
        MissingKeyError, WrongPassphraseError: the person's key cannot be used.
        WrongKeyError: it is not the key they were enrolled with.
    """
    person = newsroom.acting_name()
    key = prove_identity(session, newsroom)
    last = _lock_last(session)
    body = canonical_json(
        {
            "details": details or {},
            "digest": digest,
            "key_store": key_store_id(newsroom.keys_directory),
            "newsroom": newsroom.id,
            "number": last.id + 1 if last else 1,
            "person": person,
            "previous": last.hash if last else GENESIS,
            "role": role,
            "subject": subject,
            "time": newsroom.now().isoformat(),
            "unit": unit,
            "verb": verb,
        }
    )
    statement = Statement(
        id=last.id + 1 if last else 1,
        previous=last.hash if last else GENESIS,
        hash=sha256_text(body),
        subject=subject,
        body=body,
        signature=key.sign(body.encode()).hex(),
    )
    session.add(statement)
    session.flush()
    return read_word(statement)


def prove_identity(session: Session, newsroom: Newsroom) -> "Ed25519PrivateKey":
    """The acting person's key, which must be the one the journal knows.

    Raises:
        MissingKeyError, WrongPassphraseError: it cannot be used.
        WrongKeyError: it is another one.
    """
    person = newsroom.acting_name()
    key = load_staff_key(newsroom, person)
    if public_half(key) not in enrolled_keys(session, newsroom, person):
        raise WrongKeyError(
            _("The key of {name} on this machine is not the one they were enrolled with.").format(name=person),
            hint=_("Restore staff/{name}.key from its backup.").format(name=person),
        )
    return key


def enrolled_keys(session: Session, newsroom: Newsroom, person: str) -> set[str]:
    """The public keys the journal knows for a person; the first admin's stands in the settings."""
    words = map(read_word, session.exec(select(Statement).where(Statement.subject == f"staff:{person}")))
    keys = {str(word.details["public_key"]) for word in words if "public_key" in word.details}
    return keys or {newsroom.settings.trust.admin_key}


def _lock_last(session: Session) -> Statement | None:
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _JOURNAL_LOCK})
    return session.exec(select(Statement).order_by(col(Statement.id).desc()).limit(1)).first()


def read_word(statement: Statement) -> Word:
    """Read a statement's body.

    Raises:
        JournalBrokenError: the body is not one.
    """
    try:
        body = json.loads(statement.body)
        return Word(
            place=body["number"],
            newsroom=body["newsroom"],
            previous=body["previous"],
            subject=body["subject"],
            digest=body["digest"],
            verb=Verb(body["verb"]),
            person=body["person"],
            role=body["role"],
            unit=body["unit"],
            time=datetime.fromisoformat(body["time"]),
            key_store=body["key_store"],
            details=body["details"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise JournalBrokenError(_("Statement {number} cannot be read.").format(number=statement.id)) from error
