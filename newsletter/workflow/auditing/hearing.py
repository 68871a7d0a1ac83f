"""What of the journal one edition's audit needs: what was said of it, and who held which role; not all the rest."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from heapq import merge
from typing import Final

from sqlmodel import Session

from newsletter.journal.chain import read_journal
from newsletter.journal.statements import Verb, Word
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import ROOT, get_unit

#: What decides who holds a role.
ABOUT_ROLES: Final = frozenset({Verb.GRANT, Verb.REVOKE, Verb.RETIRE})


class Hearing:
    """A journal by subject, so that a thousand editions are not a thousand walks through all of it."""

    def __init__(self, journal: Iterable[Word]) -> None:
        self._roles: list[Word] = []
        self._subjects: defaultdict[str, list[Word]] = defaultdict(list)
        for word in journal:
            (self._roles if word.verb in ABOUT_ROLES else self._subjects[word.subject]).append(word)

    def about(self, subject: str) -> list[Word]:
        """What was said of ``subject`` and about roles, in the journal's order."""
        return list(merge(self._roles, self._subjects.get(subject, ()), key=lambda word: word.place))

    def subjects(self) -> list[str]:
        """Everything anybody spoke of, roles aside, in the order of the first word."""
        return list(self._subjects)


def require_auditor(session: Session, newsroom: Newsroom) -> None:
    """Accept an auditor of the whole newsroom: the journal is one, and no unit's own.

    Raises:
        NoRightError: the acting person is none.
    """
    require_right(session, newsroom, Right.AUDIT, get_unit(session, ROOT).id)


def list_statements(newsroom: Newsroom, *, subject: str | None = None, person: str | None = None) -> Sequence[Word]:
    """Who said what, oldest first; of one subject or by one person, where named.

    Raises:
        JournalBrokenError: the journal was altered.
        NoRightError: the acting person may not audit.
    """
    with newsroom.reading() as session:
        require_auditor(session, newsroom)
        return [
            word
            for word in read_journal(session, newsroom)
            if subject in (None, word.subject) and person in (None, word.person)
        ]
