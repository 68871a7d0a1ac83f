"""Whether the journal is whole: every statement in its place, naming the one before it, signed by who it says."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from sqlmodel import Session, col, select

from newsletter.journal.canonical import sha256_text
from newsletter.journal.checkpoints import note_verified, verified_place
from newsletter.journal.heads import JOURNAL, committed_part, head_of, note_head, raise_if_lost, read_head
from newsletter.journal.periods import Period, read_period
from newsletter.journal.staff_keys import trusted_admin_key, verify_signature
from newsletter.journal.words import GENESIS, JournalBrokenError, Statement, Verb, Word, read_word
from newsletter.newsroom import Newsroom
from newsletter.translation import gettext as _

_PUBLIC_KEY: Final = "public_key"
#: The role that may give roles, by the name statements carry; which units it is for, ``organisation.grants`` judges.
_ADMIN: Final = "admin"
#: Code of the unit that every other stands under.
_WHOLE: Final = "root"
#: What only somebody may say who was ever an admin.
_ADMINS_VERBS: Final = frozenset({Verb.GRANT, Verb.REVOKE, Verb.RETIRE, Verb.RESTORE})


class SharedKeyError(JournalBrokenError):
    """A statement gives one key to a second person, who could then pass two gates as two people."""

    code: ClassVar[str] = "key_shared"


def read_journal(session: Session, newsroom: Newsroom, *, trust_checkpoint: bool = False) -> list[Word]:
    """Read the whole journal, oldest first, having checked every statement; its committed end is noted as seen.

    Args:
        session: any.
        newsroom: whose journal it is.
        trust_checkpoint: signatures that this machine verified before, over the very same bodies, are not verified
            again; whoever only needs to know what was said can rest on that, and an audit looks at all.

    Raises:
        JournalBrokenError: names the first statement that is not what it was.
        TruncatedJournalError: statements that this machine has seen are gone.
        ForgedTrustError: the settings name another first admin than this machine's keys do.
    """
    keys_directory, admin_key = newsroom.keys_directory, trusted_admin_key(newsroom)
    statements = _read_statements(session)
    verified = verified_place(keys_directory, statements, admin_key) if trust_checkpoint else 0
    words = check_chain(statements, newsroom_id=newsroom.id, admin_key=admin_key, verified=verified)
    raise_if_lost(words, read_head(keys_directory))
    committed = committed_part(session, words)
    note_head(keys_directory, head_of(committed))
    note_verified(keys_directory, committed, admin_key)
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
    admin_key = admin_key or trusted_admin_key(newsroom)
    return check_chain(_read_statements(session), newsroom_id=newsroom.id, admin_key=admin_key)


def _read_statements(session: Session) -> Sequence[Statement]:
    return session.exec(select(Statement).order_by(col(Statement.id))).all()


def journal_head(session: Session) -> str:
    """The hash of the newest statement; it stands for the whole journal before it."""
    last = session.exec(select(Statement).order_by(col(Statement.id).desc()).limit(1)).first()
    return last.hash if last else GENESIS


def check_chain(statements: Iterable[Statement], *, newsroom_id: str, admin_key: str, verified: int = 0) -> list[Word]:
    """Check order, links, hashes, times and signatures.

    Public keys are learnt from the journal itself: the statement by which an admin grants somebody a first role
    carries the key, a rotation replaces it, and the first of all is signed by the admin whose key stands in the
    settings.

    Args:
        statements: oldest first.
        newsroom_id: whose journal it is.
        admin_key: the first admin's public key, hexadecimal.
        verified: the signatures of so many first statements are known to be good: the hash of the last of them was
            noted when they were verified. Everything else of them is checked.

    Raises:
        JournalBrokenError: names the first statement that is not what it was.
        SharedKeyError: one key is enrolled for two people.
    """
    words: list[Word] = []
    people = _People(admin_key)
    for number, statement in enumerate(statements, start=1):
        word = read_word(statement)
        is_said = _is_in_place(statement, word, words, newsroom_id)
        if not is_said or not people.hear(statement, word, is_verified=number <= verified):
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
        self._owners: dict[bytes, str] = {}
        self._admins: set[str] = set()
        #: Admins of the whole newsroom, with the days they are: only they may change another's key.
        self._leaders: set[tuple[str, Period]] = set()

    def hear(self, statement: Statement, word: Word, *, is_verified: bool) -> bool:
        """Take in what a statement says of keys; whether its speaker signed it and might say such a thing."""
        if word.place == 1:
            self._keys[word.person] = self._admin_key
        key = self._keys.get(word.person, "")
        if not is_verified and not verify_signature(key, statement.signature, statement.body.encode()):
            return False
        self._raise_if_anothers(word, word.person, key)
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
            self._raise_if_anothers(word, person, word.details[_PUBLIC_KEY])
            is_allowed = person in self._keys and (word.person == person or self._leads(word))
            self._keys[person] = word.details[_PUBLIC_KEY]
            return is_allowed
        self._take_leader(word)
        if word.verb in (Verb.GRANT, Verb.REVOKE) and not {"role", "unit"} <= word.details.keys():
            return False
        if word.verb is Verb.GRANT:
            read_period(word.details)
            if word.details["role"] == _ADMIN:
                self._admins.add(person)
            if _PUBLIC_KEY in word.details:
                self._raise_if_anothers(word, person, word.details[_PUBLIC_KEY])
                self._keys.setdefault(person, word.details[_PUBLIC_KEY])
        return True

    def _raise_if_anothers(self, word: Word, person: str, public_key: str) -> None:
        """Take note of whose key it is, for good; as bytes, since digits can be written in two ways."""
        owner = self._owners.setdefault(bytes.fromhex(public_key), person)
        if owner != person:
            raise SharedKeyError(
                _("Statement {number} gives {name} a key that is {owner}'s.").format(
                    number=word.place, name=person, owner=owner
                ),
                hint=_("Believe neither of the two until {person}, who said it, has explained it.").format(
                    person=word.person
                ),
            )

    def _take_leader(self, word: Word) -> None:
        person, details = word.details["person"], word.details
        if word.place > 1 and not self._leads(word):
            return
        if word.verb is Verb.RETIRE:
            self._leaders = {found for found in self._leaders if found[0] != person}
        elif (details["role"], details["unit"]) != (_ADMIN, _WHOLE):
            return
        elif word.verb is Verb.GRANT:
            self._leaders.add((person, read_period(details)))
        else:
            self._leaders = {found for found in self._leaders if found[0] != person}

    def _leads(self, word: Word) -> bool:
        """Whether the speaker is an admin of the whole newsroom at that moment."""
        return any(person == word.person and period.holds_at(word.time) for person, period in self._leaders)


def _broken(number: int) -> JournalBrokenError:
    return JournalBrokenError(
        _("The journal was altered: statement {number} is not what was signed.").format(number=number),
        hint=_("Restore the database from a backup made before, and ask who had access to it."),
    )
