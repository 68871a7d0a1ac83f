"""The audit itself: the journal, the tables that mirror it, and every edition anybody has signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from sqlmodel import Session

from newsletter.editions.models import Edition
from newsletter.editions.records import list_editions, subject_of
from newsletter.errors import InputError, RefusedError
from newsletter.journal.chain import read_journal
from newsletter.journal.key_stores import shared_key_stores
from newsletter.journal.statements import GENESIS, JournalBrokenError, Word
from newsletter.newsroom import Newsroom, Progress
from newsletter.translation import gettext as _
from newsletter.workflow.approval import Words, words_in_force
from newsletter.workflow.auditing.disclosures import audit_disclosures
from newsletter.workflow.auditing.editions import audit_edition, is_at_the_desk
from newsletter.workflow.auditing.hearing import Hearing, require_auditor
from newsletter.workflow.auditing.mirrors import audit_mirrors
from newsletter.workflow.auditing.problems import Problem, problem_of
from newsletter.workflow.auditing.spoken_rows import audit_spoken_rows
from newsletter.workflow.readable import readable_records

#: So many hexadecimal digits of a hash at least: fewer could be guessed, or be typed of another.
SHORTEST_HASH: Final = 16
_HASH_LENGTH: Final = 64


class AuditFailedError(RefusedError):
    """Something is not what was signed."""

    code: ClassVar[str] = "audit_failed"


@dataclass
class Audit:
    """What an audit came to.

    Attributes:
        head: hash of the newest statement.
        editions: those whose words and rows were checked.
        notes: worth knowing, though nothing was altered: gates that share a key store.
    """

    head: str = ""
    statements: int = 0
    editions: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_document(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "head": self.head,
            "statements": self.statements,
            "editions": self.editions,
            "problems": [problem.as_document() for problem in self.problems],
            "notes": self.notes,
        }


def audit_newsroom(
    newsroom: Newsroom, *, head: str | None = None, progress: Progress = lambda _done, _total: None
) -> Audit:
    """Check everything that is signed; nothing is changed.

    Args:
        newsroom: its acting person needs the right to audit.
        head: a head noted before, or its first 16 digits: it must still be in the journal.
        progress: called with editions checked and editions in all.

    Raises:
        NoRightError: the acting person may not audit.
        InputError: ``head`` is no hash.
        UnreadableRecordsError: who acts cannot even be looked up.
    """
    noted = parse_hash(head) if head is not None else None
    audit = Audit()
    with readable_records(_("the newsroom")), newsroom.reading() as session:
        require_auditor(session, newsroom)
        try:
            with readable_records(_("the journal")):
                journal = read_journal(session, newsroom)
                audit.problems += audit_mirrors(session, journal, newsroom.settings.trust.admin_key)
                audit.problems += audit_spoken_rows(session, journal)
                audit.problems += audit_disclosures(session, journal)
        except RefusedError as error:
            # Whatever else could be said would rest on a journal that cannot be believed.
            audit.problems.append(problem_of(error, _("the journal")))
            return audit
        audit.head, audit.statements = hashes_of(journal)[-1] if journal else GENESIS, len(journal)
        if noted is not None:
            audit.problems += _audit_head(journal, noted)
        _audit_editions(session, newsroom, journal, audit, progress)
    return audit


def hashes_of(journal: Sequence[Word]) -> list[str]:
    """The hash of every statement, oldest first."""
    return [word.hash for word in journal]


def parse_hash(typed: str) -> str:
    """A hash as typed from paper: spaces and hyphens between groups, either case, at least its first 16 digits.

    Raises:
        InputError: it is none.
    """
    digits = "".join(typed.split()).replace("-", "").lower()
    if not SHORTEST_HASH <= len(digits) <= _HASH_LENGTH or not set(digits) <= set("0123456789abcdef"):
        raise InputError(
            _("{text} is no hash: type at least its first {count} digits, 0-9 and a-f.").format(
                text=typed[:_HASH_LENGTH], count=SHORTEST_HASH
            )
        )
    return digits


def _audit_head(journal: Sequence[Word], noted: str) -> list[Problem]:
    if any(known.startswith(noted) for known in hashes_of(journal)):
        return []
    error = JournalBrokenError(_("The journal does not hold the head {head}: it was cut short.").format(head=noted))
    return [problem_of(error, _("the journal"))]


def _audit_editions(
    session: Session, newsroom: Newsroom, journal: Sequence[Word], audit: Audit, progress: Progress
) -> None:
    with readable_records(_("the editions")):
        editions = list(reversed(list_editions(session)))
    signed: dict[int, Words] = {}
    hearing = Hearing(journal)
    for done, edition in enumerate(editions):
        progress(done, len(editions))
        heard = hearing.about(subject_of(edition))
        audit.problems += audit_edition(session, newsroom, edition, heard)
        words = words_in_force(heard, subject_of(edition))
        if words.sign is not None and is_at_the_desk(edition):
            audit.notes.append(_composed_anew(edition, words.sign))
        elif words.sign is not None:
            signed[edition.id or 0] = words
    audit.editions = list(signed)
    audit.notes += _shared_stores(signed)
    stored = {subject_of(edition) for edition in editions}
    for subject in hearing.subjects():
        if subject.startswith("edition:") and subject not in stored:
            where = _("edition {edition}").format(edition=subject.partition(":")[2])
            message = _("{row} was spoken of, and its row is gone.").format(row=where)
            audit.problems.append(Problem(code="row_gone", where=where, message=message))


def _composed_anew(edition: Edition, sign: Word) -> str:
    sentence = _("Edition {edition}, signed in statement {number}, is at the desk again: what was signed is not kept.")
    return sentence.format(edition=edition.id, number=sign.place)


def _shared_stores(signed: Mapping[int, Words]) -> list[str]:
    """Gates whose keys lie together: not forbidden, for a small desk has one machine, but to be known."""
    together: dict[tuple[str, ...], list[str]] = {}
    for edition, words in signed.items():
        people = sorted({person for pair in shared_key_stores(words.spoken()) for person in pair})
        if people:
            together.setdefault(tuple(people), []).append(str(edition))
    sentence = _("The keys of {people} lie in one key store: who reads it can pass these gates alone ({editions}).")
    return [
        sentence.format(people=", ".join(people), editions=", ".join(editions)) for people, editions in together.items()
    ]
