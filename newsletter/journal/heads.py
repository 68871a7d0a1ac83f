"""The newest committed statement this machine has seen, kept beside the keys: what was seen cannot be taken back.

A chain cut short is still a chain. So its end is noted where nobody reaches who can only write to the database.
"""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ClassVar, Final

from sqlalchemy import event
from sqlmodel import Session

from newsletter.errors import NewsletterError
from newsletter.journal.secret_files import replace_secret_file
from newsletter.journal.words import JournalBrokenError, Statement, Verb, Word, words_about
from newsletter.keys import MissingKeyError, read_secret_file
from newsletter.translation import gettext as _

HEAD_FILE: Final = "journal.head"
#: What statements that speak of the journal itself have for a subject.
JOURNAL: Final = "journal"
#: Where a session keeps what it has appended and not committed yet.
_PENDING: Final = "newsletter_appended"


class TruncatedJournalError(JournalBrokenError):
    """Statements that this machine has seen are not in the journal any more."""

    code: ClassVar[str] = "journal_truncated"


@dataclass(frozen=True)
class Head:
    """A statement, and what had been restored before it.

    Attributes:
        place: its number in the journal.
        hash: of its body.
        restores: hashes of the RESTORE statements up to it; one that is not among them is news to this machine.
    """

    place: int
    hash: str
    restores: tuple[str, ...] = ()


def head_of(words: Sequence[Word]) -> Head | None:
    """The head of a journal, or of a first part of one; None for an empty one."""
    restores = tuple(word.hash for word in words if word.verb is Verb.RESTORE)
    return Head(words[-1].place, words[-1].hash, restores) if words else None


def read_head(keys_directory: Path) -> Head | None:
    """The head noted on this machine; None: none yet.

    Raises:
        MissingKeyError: the note cannot be read, or is none.
    """
    path = keys_directory / HEAD_FILE
    if not path.exists():
        return None
    try:
        found = json.loads(read_secret_file(path))
        return Head(int(found["place"]), str(found["hash"]), tuple(map(str, found["restores"])))
    except (ValueError, KeyError, TypeError) as error:
        raise MissingKeyError(
            _("{path} is not what the program wrote there.").format(path=path),
            hint=_("Have the journal checked, then: newsletter audit restored"),
        ) from error


def note_head(keys_directory: Path, head: Head | None) -> None:
    """Note a committed head, if it is newer than what is noted; where that cannot be written, ``doctor`` tells."""
    with contextlib.suppress(OSError, NewsletterError), one_at_a_time(keys_directory):
        noted = read_head(keys_directory)
        if head is not None and (noted is None or head.place > noted.place):
            _write(keys_directory, head)


def pin_head(keys_directory: Path, head: Head | None) -> None:
    """Note a committed head in place of whatever is noted.

    Raises:
        OutsideError: it cannot be written.
    """
    with one_at_a_time(keys_directory):
        if head is not None:
            _write(keys_directory, head)


def _write(keys_directory: Path, head: Head) -> None:
    replace_secret_file(keys_directory / HEAD_FILE, json.dumps(asdict(head)).encode() + b"\n")


@contextlib.contextmanager
def one_at_a_time(directory: Path) -> Iterator[None]:
    """One process at a time writes what is noted here, so that an older head never replaces a newer one."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def raise_if_lost(words: Sequence[Word], noted: Head | None) -> None:
    """Refuse a whole journal, oldest first, in which the noted head does not stand at its place.

    Raises:
        TruncatedJournalError: it does not.
    """
    if noted is None or (noted.place <= len(words) and words[noted.place - 1].hash == noted.hash):
        return
    raise _truncated(noted, unseen_restore(words, noted))


def raise_if_lost_here(session: Session, keys_directory: Path) -> None:
    """As ``raise_if_lost``, by looking at the noted statement alone: what can be afforded before every word.

    Raises:
        TruncatedJournalError: it is gone, or is another.
    """
    noted = read_head(keys_directory)
    if noted is None:
        return
    found = session.get(Statement, noted.place)
    if found is None or found.hash != noted.hash:
        raise _truncated(noted, unseen_restore(words_about(session, JOURNAL), noted))


def unseen_restore(words: Sequence[Word], noted: Head) -> Word | None:
    """The newest statement that a backup was restored of which this machine did not know when it noted its head."""
    found = [word for word in words if word.verb is Verb.RESTORE and word.hash not in noted.restores]
    return found[-1] if found else None


def _truncated(noted: Head, restore: Word | None) -> TruncatedJournalError:
    message = _("Statement {number}, which this machine has seen, is not in the journal any more.")
    hint = _("If a backup was restored, an admin says so: newsletter audit restored. If not, ask who had access.")
    if restore is not None:
        hint = _("{person} states that a backup was restored. If you know of it: newsletter audit restored")
        hint = hint.format(person=restore.person)
    return TruncatedJournalError(message.format(number=noted.place), hint=hint)


def note_when_committed(session: Session, keys_directory: Path, word: Word) -> None:
    """Have ``word``, just appended, noted as the head once its transaction is committed, and never before."""
    if not event.contains(session, "after_commit", _note_pending):
        event.listen(session, "after_commit", _note_pending)
        event.listen(session, "after_rollback", _forget_pending)
    restores = tuple(said.hash for said in words_about(session, JOURNAL) if said.verb is Verb.RESTORE)
    first = session.info[_PENDING][0] if _PENDING in session.info else word.place
    session.info[_PENDING] = (first, keys_directory, Head(word.place, word.hash, restores))


def committed_part(session: Session, words: Sequence[Word]) -> Sequence[Word]:
    """Of a journal as this session reads it, what is committed: not what it has itself appended."""
    return words[: session.info[_PENDING][0] - 1] if _PENDING in session.info else words


def _note_pending(session: Session) -> None:
    if not session.in_nested_transaction() and _PENDING in session.info:
        _first, keys_directory, head = session.info.pop(_PENDING)
        note_head(keys_directory, head)


def _forget_pending(session: Session) -> None:
    session.info.pop(_PENDING, None)
