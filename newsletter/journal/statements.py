"""Speaking: how a person's word is signed and becomes the newest statement of the journal, one writer at a time."""

import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

from sqlmodel import Session, col, select, text

from newsletter.errors import OutsideError
from newsletter.journal.canonical import canonical_json, sha256_text
from newsletter.journal.heads import note_when_committed, raise_if_lost_here
from newsletter.journal.rotation import finish_rotation, has_waiting_key
from newsletter.journal.staff_keys import key_store_id, load_staff_key, public_half
from newsletter.journal.words import GENESIS, JournalBrokenError, Statement, Verb, Word, read_word, words_about
from newsletter.newsroom import Newsroom
from newsletter.translation import gettext as _

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

__all__ = (
    "GENESIS",
    "ClockError",
    "JournalBrokenError",
    "Statement",
    "Verb",
    "Word",
    "WrongKeyError",
    "append_statement",
    "enrolled_key",
    "lock_journal",
    "next_time",
    "prove_identity",
    "read_word",
    "unlock_key",
    "words_about",
)

#: Key of the PostgreSQL advisory lock that lets one writer at a time append ("news" in ASCII).
_JOURNAL_LOCK: Final = 0x6E657773
#: By so much the clocks of two machines may differ, as they do even where both are kept by the network.
_CLOCK_TOLERANCE: Final = timedelta(seconds=5)
#: No desk is silent for longer than this; a clock farther ahead of the newest statement is wrong, and what it signs
#: keeps everybody else from signing until that time has come.
_LONGEST_SILENCE: Final = timedelta(days=400)
#: Set to 1 by whoever has looked at the clock and found it right.
CLOCK_CONFIRMED: Final = "NEWSLETTER_CLOCK_CONFIRMED"


class WrongKeyError(OutsideError):
    """Somebody's key is not the one the journal knows."""

    code: ClassVar[str] = "wrong_key"


class ClockError(OutsideError):
    """This machine's clock is behind the journal, or far ahead of it."""

    code: ClassVar[str] = "clock"


def unlock_key(newsroom: Newsroom) -> None:
    """Have the acting person's key at hand before a transaction begins: nobody waits while somebody types.

    Raises:
        MissingKeyError, WrongPassphraseError: it cannot be used.
    """
    name = newsroom.acting_name()
    if has_waiting_key(newsroom.keys_directory, name):
        with newsroom.reading() as session:
            finish_rotation(newsroom, name, enrolled_key(session, newsroom, name))
    load_staff_key(newsroom, name)


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
        ClockError: this machine's clock is behind the newest statement, or more than a year ahead of it.
        TruncatedJournalError: statements that this machine has seen are gone.
    """
    last = lock_journal(session)
    if verb is not Verb.RESTORE:
        raise_if_lost_here(session, newsroom.keys_directory)
    time = next_time(newsroom, read_word(last) if last else None)
    key = prove_identity(session, newsroom)
    body = canonical_json(
        {
            "details": details or {},
            "digest": digest,
            "key_store": key_store_id(newsroom.keys_directory),
            "newsroom": newsroom.id,
            "number": last.id + 1 if last else 1,
            "person": newsroom.acting_name(),
            "previous": last.hash if last else GENESIS,
            "role": role,
            "subject": subject,
            "time": time.isoformat(),
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
    word = read_word(statement)
    note_when_committed(session, newsroom.keys_directory, word)
    return word


def lock_journal(session: Session) -> Statement | None:
    """Be the only one who appends until this transaction ends; the newest statement.

    On SQLite a writing transaction is the only one from its first line.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _JOURNAL_LOCK})
    return session.exec(select(Statement).order_by(col(Statement.id).desc()).limit(1)).first()


def next_time(newsroom: Newsroom, newest: Word | None) -> datetime:
    """The present moment, never before the newest statement: that is how dates of roles can be judged by the journal.

    Raises:
        ClockError: the clock is behind by more than clocks differ, or ahead by more than a desk is ever silent.
    """
    now = newsroom.now()
    if newest is None:
        return now
    is_ahead = now > newest.time + _LONGEST_SILENCE and os.environ.get(CLOCK_CONFIRMED) != "1"
    if now >= newest.time - _CLOCK_TOLERANCE and not is_ahead:
        return max(now, newest.time)
    read, said = (
        moment.astimezone(newsroom.timezone).isoformat(sep=" ", timespec="seconds") for moment in (now, newest.time)
    )
    hint = _("Set the clock right; if it is, {person}'s was ahead, and nothing can be signed before that time.")
    if is_ahead:
        hint = _("Set the clock right: nobody could sign anything before that time. If it is: {variable}=1")
    raise ClockError(
        _("This machine's clock says {now}, but {person} made the newest statement at {time}.").format(
            now=read, person=newest.person, time=said
        ),
        hint=hint.format(person=newest.person, variable=CLOCK_CONFIRMED),
    )


def prove_identity(session: Session, newsroom: Newsroom) -> "Ed25519PrivateKey":
    """The acting person's key, which must be the one the journal knows.

    Raises:
        MissingKeyError, WrongPassphraseError: it cannot be used.
        WrongKeyError: it is another one.
    """
    person = newsroom.acting_name()
    enrolled = enrolled_key(session, newsroom, person)
    finish_rotation(newsroom, person, enrolled)
    key = load_staff_key(newsroom, person)
    if public_half(key) != enrolled:
        raise WrongKeyError(
            _("The key of {name} on this machine is not the one they were enrolled with.").format(name=person),
            hint=_("Restore staff/{name}.key from its backup.").format(name=person),
        )
    return key


def enrolled_key(session: Session, newsroom: Newsroom, person: str) -> str:
    """The public key the journal knows for a person now; empty for nobody it knows.

    Before there is a journal, the first admin's in the settings: theirs is the first statement.
    """
    found = ""
    for word in words_about(session, f"staff:{person}"):
        if not found or word.verb is Verb.ROTATE:
            found = str(word.details.get("public_key", found))
    if not found and session.get(Statement, 1) is None:
        return newsroom.settings.trust.admin_key
    return found
