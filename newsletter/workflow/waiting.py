"""What waits for the acting person: editions whose next step is theirs to take."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, func, select

from newsletter.articles.models import Article, ArticleStage, Revision
from newsletter.articles.records import list_articles
from newsletter.articles.sharing import shared_article_ids
from newsletter.editions.models import Edition, EditionStage
from newsletter.editions.records import list_editions, subject_of
from newsletter.editions.visibility import printed_article_ids
from newsletter.journal.chain import read_journal
from newsletter.journal.statements import Verb, Word
from newsletter.keys import MissingKeyError
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import RIGHTS, Right
from newsletter.organisation.scope import visible_unit_ids
from newsletter.organisation.staff import NoRightError, Staff, list_grants, require_right, require_staff
from newsletter.organisation.units import subtree_ids
from newsletter.workflow.approval import RoleLostError, SamePersonError, words_in_force
from newsletter.workflow.edition_stages import EditionVerb
from newsletter.workflow.gates import raise_if_may_not_judge
from newsletter.workflow.penalties.records import undecided_records

#: stage -> the right that takes it on, and how.
_NEXT: Final = {
    EditionStage.DRAFTED: (Right.DRAFTS, EditionVerb.SUBMIT),
    EditionStage.RETURNED: (Right.DRAFTS, EditionVerb.SUBMIT),
    EditionStage.SUBMITTED: (Right.APPROVE, EditionVerb.APPROVE),
    EditionStage.APPROVED: (Right.SIGN, EditionVerb.SIGN),
    EditionStage.SIGNED: (Right.SEND, EditionVerb.SEND),
    EditionStage.SENDING: (Right.SEND, EditionVerb.SEND),
}

_AT_THE_DESK: Final = (ArticleStage.SUBMITTED, ArticleStage.EDITING)
#: Copy that was lent may have been printed where it comes from.
_LENT: Final = (*_AT_THE_DESK, ArticleStage.ADOPTED, ArticleStage.PUBLISHED)


@dataclass(frozen=True)
class Waiting:
    """What waits.

    Attributes:
        articles: submitted or in editing, in the units this person edits for.
        editions: edition → the step that waits for this person.
        under_way: every edition neither sent nor gone, of the units this person sees.
        errors: records of grave errors found after sending, whose retraction this person has to decide on.
    """

    staff: str
    articles: int
    editions: dict[int, str]
    under_way: Sequence[Edition]
    errors: Sequence[int]


def what_waits(session: Session, newsroom: Newsroom) -> Waiting:
    """Look through what is under way."""
    staff = require_staff(session, newsroom)
    under_way = list_editions(session, list(_NEXT), unit_ids=visible_unit_ids(session, newsroom))
    journal = read_journal(session, newsroom, trust_checkpoint=True)
    editions = {
        edition.id or 0: str(_NEXT[EditionStage(edition.stage)][1])
        for edition in under_way
        if _may(session, newsroom, _NEXT[EditionStage(edition.stage)][0], edition.unit_id)
        and _is_independent(session, newsroom, edition, journal, staff.name)
    }
    articles = _count_articles(session, newsroom, staff) if _may(session, newsroom, Right.ARTICLES, None) else 0
    return Waiting(staff.name, articles, editions, under_way, _errors_to_decide(session, newsroom))


def _errors_to_decide(session: Session, newsroom: Newsroom) -> list[int]:
    return [
        record.id or 0
        for record in undecided_records(session)
        if record.edition_id is not None
        and _may(session, newsroom, Right.DECIDE_ERRORS, session.get_one(Edition, record.edition_id).unit_id)
    ]


def list_desk(session: Session, newsroom: Newsroom) -> list[tuple[Article, Revision]]:
    """What waits at the acting person's desk: articles submitted or in editing, then copy lent and not yet used.

    Raises:
        NoRightError: they are not on staff.
    """
    scope = visible_unit_ids(session, newsroom)
    rows = list(list_articles(session, stages=_AT_THE_DESK, unit_ids=scope))
    if scope is not None:
        lent = shared_article_ids(session, scope) - printed_article_ids(session, scope)
        rows += list_articles(session, stages=_LENT, unit_ids=(), lent=lent)
    return rows


def _count_articles(session: Session, newsroom: Newsroom, staff: Staff) -> int:
    """Articles at the desk in the units that this person edits for."""
    units: set[int] = set()
    for grant in list_grants(session, newsroom, staff.id or 0):
        if grant.role in RIGHTS[Right.ARTICLES]:
            units.update(subtree_ids(session, grant.unit_id))
    query = select(func.count()).where(col(Article.stage).in_(_AT_THE_DESK), col(Article.unit_id).in_(units))
    return session.exec(query).one()


def _is_independent(session: Session, newsroom: Newsroom, edition: Edition, journal: list[Word], person: str) -> bool:
    """Whether the next word, if it is a reviewer's or issuer's, could be this person's."""
    verb = {EditionStage.SUBMITTED: Verb.APPROVE, EditionStage.APPROVED: Verb.SIGN}.get(EditionStage(edition.stage))
    if verb is None:
        return True
    words = words_in_force(journal, subject_of(edition))
    try:
        raise_if_may_not_judge(session, newsroom, edition, journal, words, person, verb)
    except (SamePersonError, RoleLostError):
        return False
    return True


def _may(session: Session, newsroom: Newsroom, right: Right, unit_id: int | None) -> bool:
    try:
        require_right(session, newsroom, right, unit_id)
    except (NoRightError, MissingKeyError):
        return False
    return True
