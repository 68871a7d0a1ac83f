"""What waits for the acting person: editions whose next step is theirs to take."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, func, select

from newsletter.articles.models import Article, ArticleStage
from newsletter.editions.models import Edition, EditionStage
from newsletter.editions.records import list_editions
from newsletter.journal.chain import read_journal
from newsletter.journal.statements import Verb, Word
from newsletter.keys import MissingKeyError
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import NoRightError, require_right, require_staff
from newsletter.workflow.approval import RoleLostError, SamePersonError, words_in_force
from newsletter.workflow.edition_stages import EditionVerb
from newsletter.workflow.gates import raise_if_may_not_judge, subject_of

#: stage -> the right that takes it on, and how.
_NEXT: Final = {
    EditionStage.DRAFTED: (Right.DRAFTS, EditionVerb.SUBMIT),
    EditionStage.RETURNED: (Right.DRAFTS, EditionVerb.SUBMIT),
    EditionStage.SUBMITTED: (Right.APPROVE, EditionVerb.APPROVE),
    EditionStage.APPROVED: (Right.SIGN, EditionVerb.SIGN),
    EditionStage.SIGNED: (Right.SEND, EditionVerb.SEND),
    EditionStage.SENDING: (Right.SEND, EditionVerb.SEND),
}


@dataclass(frozen=True)
class Waiting:
    """What waits.

    Attributes:
        articles: submitted or in editing, for whoever may edit; else 0.
        editions: edition → the step that waits for this person.
        under_way: every edition neither sent nor gone.
    """

    staff: str
    articles: int
    editions: dict[int, str]
    under_way: Sequence[Edition]


def what_waits(session: Session, newsroom: Newsroom) -> Waiting:
    """Look through what is under way."""
    staff = require_staff(session, newsroom)
    under_way = list_editions(session, list(_NEXT))
    journal = read_journal(session, newsroom)
    editions = {
        edition.id or 0: str(_NEXT[EditionStage(edition.stage)][1])
        for edition in under_way
        if _may(session, newsroom, _NEXT[EditionStage(edition.stage)][0], edition.unit_id)
        and _is_independent(session, edition, journal, staff.name)
    }
    articles = 0
    if _may(session, newsroom, Right.ARTICLES, None):
        stages = (ArticleStage.SUBMITTED, ArticleStage.EDITING)
        articles = session.exec(select(func.count()).where(col(Article.stage).in_(stages))).one()
    return Waiting(staff.name, articles, editions, under_way)


def _is_independent(session: Session, edition: Edition, journal: list[Word], person: str) -> bool:
    """Whether the next word, if it is a reviewer's or issuer's, could be this person's."""
    verb = {EditionStage.SUBMITTED: Verb.APPROVE, EditionStage.APPROVED: Verb.SIGN}.get(EditionStage(edition.stage))
    if verb is None:
        return True
    words = words_in_force(journal, subject_of(edition))
    try:
        raise_if_may_not_judge(session, edition, journal, words, person, verb)
    except (SamePersonError, RoleLostError):
        return False
    return True


def _may(session: Session, newsroom: Newsroom, right: Right, unit_id: int | None) -> bool:
    try:
        require_right(session, newsroom, right, unit_id)
    except (NoRightError, MissingKeyError):
        return False
    return True
