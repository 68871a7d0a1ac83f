"""Whether the journal is whole: every statement in its place, naming the one before it, signed by who it says."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlmodel import Session, col, select

from newsletter.journal.canonical import sha256_text
from newsletter.journal.heads import JOURNAL, committed_part, head_of, note_head, raise_if_lost, read_head
from newsletter.journal.periods import read_period
from newsletter.journal.staff_keys import trusted_admin_key, verify_signature
from newsletter.journal.words import GENESIS, JournalBrokenError, Statement, Verb, Word, read_word
from newsletter.newsroom import Newsroom
from newsletter.translation import gettext as _

_PUBLIC_KEY: Final = "public_key"
#: The role that may give roles, by the name statements carry; which units it is for, ``organisation.grants`` judges.
_ADMIN: Final = "admin"
#: What only somebody may say who was ever an admin.
_ADMINS_VERBS: Final = frozenset({Verb.GRANT, Verb.REVOKE, Verb.RETIRE, Verb.RESTORE})


def read_journal(session: Session, newsroom: Newsroom) -> list[Word]:
    """Read the whole journal, oldest first, having checked every statement; its committed end is noted as seen.

    Raises:
        JournalBrokenError: names the first statement that is not what it was.
        TruncatedJournalError: statements that this machine has seen are gone.
        ForgedTrustError: the settings name another first admin than this machine's keys do.
    """
    words = read_chain(session, newsroom)
    raise_if_lost(words, read_head(newsroom.keys_directory))
    note_head(newsroom.keys_directory, head_of(committed_part(session, words)))
    return words


def read_chain(session: Session, newsroom: Newsroom, *, admin_key: str | None = None) -> list[Word]:
    """The journal as it stands, checked, whatever this machine has seen of it before.

    Args:
        session: any.
        newsroom: whose journal it is.
        admin_key: the first admin's public key; None: as pinned on this machine.

    Raises:
        JournalBrokenError, ForgedTrustError: as ``read_journal``.
    """
    statements = session.exec(select(Statement).order_by(col(Statement.id))).all()
    return check_chain(statements, newsroom_id=newsroom.id, admin_key=admin_key or trusted_admin_key(newsroom))


def journal_head(session: Session) -> str:
    """The hash of the newest statement; it stands for the whole journal before it."""
    last = session.exec(select(Statement).order_by(col(Statement.id).desc()).limit(1)).first()
    return last.hash if last else GENESIS


def check_chain(statements: Iterable[Statement], *, newsroom_id: str, admin_key: str) -> list[Word]:
    """Check order, links, hashes, times and signatures.

    Public keys are learnt from the journal itself: the statement by which an admin grants somebody a first role
    carries the key, a rotation replaces it, and the first of all is signed by the admin whose key stands in the
    settings.

    Args:
        statements: oldest first.
        newsroom_id: whose journal it is.
        admin_key: the first admin's public key, hexadecimal.

    Raises:
        JournalBrokenError: names the first statement that is not what it was.
    """
    words: list[Word] = []
    people = _People(admin_key)
    for number, statement in enumerate(statements, start=1):
        word = read_word(statement)
        if not _is_in_place(statement, word, words, newsroom_id) or not people.hear(statement, word):
            raise _broken(number)
        words.append(word)
    return words


def _is_in_place(statement: Statement, word: Word, before: Sequence[Word], newsroom_id: str) -> bool:
    """Whether it follows those before it, not earlier than they, and its row says what its body says."""
    number, previous = len(before) + 1, before[-1].hash if before else GENESIS
    return (
        (word.newsroom, word.previous, statement.previous) == (newsroom_id, previous, previous)
        and statement.hash == sha256_text(statement.body)
        and (word.place, statement.id, word.subject) == (number, number, statement.subject)
        and (not before or before[-1].time <= word.time)
    )


class _People:
    """Whose key is which, and who was ever an admin, so far.

    Whether an admin was one of the right unit, and still, is judged by ``organisation.grants``: what counts for nothing
    there may stand in the journal without breaking it.
    """

    def __init__(self, admin_key: str) -> None:
        self._admin_key = admin_key
        self._keys: dict[str, str] = {}
        self._admins: set[str] = set()

    def hear(self, statement: Statement, word: Word) -> bool:
        """Take in what a statement says of keys; whether its speaker signed it and might say such a thing."""
        if word.place == 1:
            self._keys[word.person] = self._admin_key
        key = self._keys.get(word.person, "")
        if not verify_signature(key, statement.signature, statement.body.encode()):
            return False
        if word.verb in _ADMINS_VERBS and word.place > 1 and word.person not in self._admins:
            return False
        if word.verb is Verb.RESTORE:
            return word.subject == JOURNAL
        if word.verb in (Verb.GRANT, Verb.REVOKE, Verb.RETIRE, Verb.ROTATE):
            try:
                return self._take(word)
            except (KeyError, TypeError, ValueError):
                return False
        return True

    def _take(self, word: Word) -> bool:
        person = word.details["person"]
        if word.subject != f"staff:{person}":
            return False
        if word.verb is Verb.ROTATE:
            is_allowed = person in self._keys and (word.person == person or word.person in self._admins)
            self._keys[person] = word.details[_PUBLIC_KEY]
            return is_allowed
        if word.verb in (Verb.GRANT, Verb.REVOKE) and not {"role", "unit"} <= word.details.keys():
            return False
        if word.verb is Verb.GRANT:
            read_period(word.details)
            if word.details["role"] == _ADMIN:
                self._admins.add(person)
            if _PUBLIC_KEY in word.details:
                self._keys.setdefault(person, word.details[_PUBLIC_KEY])
        return True


def _broken(number: int) -> JournalBrokenError:
    return JournalBrokenError(
        _("The journal was altered: statement {number} is not what was signed.").format(number=number),
        hint=_("Restore the database from a backup made before, and ask who had access to it."),
    )
