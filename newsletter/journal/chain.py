"""Whether the journal is whole: every statement in its place, naming the one before it, signed by who it says."""

from collections.abc import Iterable
from typing import Final

from sqlmodel import Session, col, select

from newsletter.journal.canonical import sha256_text
from newsletter.journal.staff_keys import trusted_admin_key, verify_signature
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
        ForgedTrustError: the settings name another first admin than this machine's keys do.
    """
    statements = session.exec(select(Statement).order_by(col(Statement.id))).all()
    return check_chain(statements, newsroom_id=newsroom.id, admin_key=trusted_admin_key(newsroom))


def journal_head(session: Session) -> str:
    """The hash of the newest statement; it stands for the whole journal before it."""
    last = session.exec(select(Statement).order_by(col(Statement.id).desc()).limit(1)).first()
    return last.hash if last else GENESIS


def check_chain(statements: Iterable[Statement], *, newsroom_id: str, admin_key: str) -> list[Word]:
    """Check order, links, hashes and signatures.

    Public keys are learnt from the journal itself: the statement by which an admin grants somebody a first role
    carries the key, and the first of all is signed by the admin whose key stands in the settings.

    Args:
        statements: oldest first.
        newsroom_id: whose journal it is.
        admin_key: the first admin's public key, hexadecimal.

    Raises:
        JournalBrokenError: names the first statement that is not what it was.
    """
    previous = GENESIS
    words: list[Word] = []
    public_keys: dict[str, str] = {}
    admins: set[str] = set()
    for number, statement in enumerate(statements, start=1):
        word = read_word(statement)
        if (word.newsroom, word.previous, statement.previous) != (newsroom_id, previous, previous):
            raise _broken(number)
        if statement.hash != sha256_text(statement.body):
            raise _broken(number)
        if (word.place, statement.id, word.subject) != (number, number, statement.subject):
            raise _broken(number)
        if number == 1:
            public_keys[word.person] = admin_key
        if not verify_signature(public_keys.get(word.person, ""), statement.signature, statement.body.encode()):
            raise _broken(number)
        if word.verb in (Verb.GRANT, Verb.REVOKE):
            if number > 1 and word.person not in admins:
                raise _broken(number)
            _take_grant(word, admins, public_keys)
        previous = statement.hash
        words.append(word)
    return words


def _take_grant(word: Word, admins: set[str], public_keys: dict[str, str]) -> None:
    """Note who has ever been an admin, and the key of who is new.

    Whether an admin was one of the right unit, and still, is judged by ``organisation.grants``: what counts for nothing
    there may stand in the journal without breaking it.
    """
    person = word.details["person"]
    if word.verb is Verb.GRANT:
        if word.details["role"] == _ADMIN:
            admins.add(person)
        if _PUBLIC_KEY in word.details:
            public_keys.setdefault(person, word.details[_PUBLIC_KEY])


def _broken(number: int) -> JournalBrokenError:
    return JournalBrokenError(
        _("The journal was altered: statement {number} is not what was signed.").format(number=number),
        hint=_("Restore the database from a backup made before, and ask who had access to it."),
    )
