"""Who answers for an error: whoever's version of the text it came in with, and the gates it went through."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, select

from newsletter.articles.models import Revision
from newsletter.articles.records import copy_of
from newsletter.editions.models import Edition
from newsletter.editions.records import subject_of
from newsletter.journal.chain import read_journal
from newsletter.journal.statements import Verb
from newsletter.newsroom import Newsroom
from newsletter.organisation.contributors import Contributor
from newsletter.organisation.desks import DESK_NAME
from newsletter.organisation.staff import Staff
from newsletter.workflow.approval import words_in_force
from newsletter.workflow.penalties.introducing import introducing_version
from newsletter.workflow.penalties.models import PersonKind
from newsletter.workflow.penalties.people import Person
from newsletter.workflow.penalties.quoting import positions_of, whole_text
from newsletter.workflow.suggestions import suggested_by


@dataclass(frozen=True)
class Introduction:
    """Who brought an error in, and with which revision; None where somebody said otherwise than the revisions do."""

    person: Person
    revision_id: int | None


def find_introduction(session: Session, revisions: Sequence[Revision], quote: str, position: int) -> Introduction:
    """Who brought in the words at ``position`` of the last of ``revisions`` (oldest first)."""
    texts = [whole_text(copy_of(revision)) for revision in revisions]
    found = revisions[introducing_version(texts, quote, position)]
    return Introduction(_author_of(session, found, quote), found.id)


def _author_of(session: Session, revision: Revision, quote: str) -> Person:
    """The contributor, if the text came from the unit; else who suggested the words, or saved them at the desk."""
    if revision.contributor_id is not None:
        contributor = session.get_one(Contributor, revision.contributor_id)
        if contributor.name != DESK_NAME:
            return Person(PersonKind.CONTRIBUTOR, revision.contributor_id)
    suggested = suggested_by(session, revision.id or 0)
    if suggested:
        return Person(PersonKind.STAFF, _suggester_of(whole_text(copy_of(revision)), quote, suggested))
    return Person(PersonKind.STAFF, revision.staff_id)


def _suggester_of(text: str, quote: str, suggested: Sequence[tuple[int, str, str]]) -> int:
    """Of several suggestions accepted together, whose it was without which the words would not stand there."""
    count = len(positions_of(quote, text))
    for staff_id, old, new in suggested:
        if len(positions_of(quote, text.replace(new, old))) < count:
            return staff_id
    return suggested[0][0]


def find_gates(session: Session, newsroom: Newsroom, edition: Edition) -> dict[str, int]:
    """Who let an edition pass that has left: word → staff id, from the words in force over it."""
    words = words_in_force(read_journal(session, newsroom, trust_checkpoint=True), subject_of(edition))
    ids = {staff.name: staff.id or 0 for staff in session.exec(select(Staff))}
    spoken = {Verb.SUBMIT: words.submit, Verb.APPROVE: words.approve, Verb.SIGN: words.sign}
    return {str(verb): ids[word.person] for verb, word in spoken.items() if word is not None}
