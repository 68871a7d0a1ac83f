"""Whether the journal is whole: every statement in its place, naming the one before it, signed by who it says."""

from collections.abc import Iterable
from typing import Final

from sqlmodel import Session, col, select

from newsletter.journal.canonical import sha256_text
from newsletter.journal.staff_keys import verify_signature
from newsletter.journal.statements import GENESIS, JournalBrokenError, Statement, Verb, Word, read_word
from newsletter.newsroom import Newsroom
from newsletter.translation import gettext as _

_PUBLIC_KEY: Final = "public_key"
#: The role that may give roles, by the name statements carry; which units it is for, ``organisation.grants`` judges.
_ADMIN: Final = "admin"


def read_journal(session: Session, newsroom: Newsroom) -> list[Word]:
    """Read the whole journal, oldest first, having checked every statement.

    Raises:
        JournalBrokenError: names the first statement that is not what it was.
    """
    statements = session.exec(select(Statement).order_by(col(Statement.id))).all()
    return check_chain(statements, newsroom.settings.trust.admin_key)


def journal_head(session: Session) -> str:
    """The hash of the newest statement; it stands for the whole journal before it."""
    last = session.exec(select(Statement).order_by(col(Statement.id).desc()).limit(1)).first()
    return last.hash if last else GENESIS


def check_chain(statements: Iterable[Statement], admin_key: str) -> list[Word]:
    """Check order, links, hashes and signatures.

    Public keys are learnt from the journal itself: the statement by which an admin grants somebody a first role
    carries the key, and the first of all is signed by the admin whose key stands in the settings.

    Args:
        statements: oldest first.
        admin_key: the first admin's public key, hexadecimal.

    Raises:
        JournalBrokenError: names the first statement that is not what it was.
    """
    previous = GENESIS
    words: list[Word] = []
    public_keys: dict[str, str] = {}
    admins: set[tuple[str, str]] = set()
    for number, statement in enumerate(statements, start=1):
        word = read_word(statement)
        linked = statement.previous == previous and f'"previous":"{previous}"' in statement.body
        if not linked or statement.hash != sha256_text(statement.body):
            raise _broken(number)
        if (word.place, statement.id, word.subject) != (number, number, statement.subject):
            raise _broken(number)
        if number == 1:
            public_keys[word.person] = admin_key
        if not verify_signature(public_keys.get(word.person, ""), statement.signature, statement.body.encode()):
            raise _broken(number)
        if word.verb in (Verb.GRANT, Verb.REVOKE):
            if number > 1 and word.person not in {person for person, _unit in admins}:
                raise _broken(number)
            _take_grant(word, admins, public_keys)
        previous = statement.hash
        words.append(word)
    return words


def _take_grant(word: Word, admins: set[tuple[str, str]], public_keys: dict[str, str]) -> None:
    """Note who is an admin from here on (of which unit), and the key of who is new."""
    person = word.details["person"]
    if word.details["role"] == _ADMIN:
        (admins.add if word.verb is Verb.GRANT else admins.discard)((person, word.details["unit"]))
    if word.verb is Verb.GRANT and _PUBLIC_KEY in word.details:
        public_keys.setdefault(person, word.details[_PUBLIC_KEY])


def _broken(number: int) -> JournalBrokenError:
    return JournalBrokenError(
        _("The journal was altered: statement {number} is not what was signed.").format(number=number),
        hint=_("Restore the database from a backup made before, and ask who had access to it."),
    )
