"""What the issuer's signature under a correction does to the edition it is about: its articles, its stage, the journal.

A notice changes nothing. The original stays readable; what was decided stays decided, also if the correction itself
is given back for another text.
"""

from sqlmodel import Session

from newsletter.articles.models import Article, ArticleStage
from newsletter.articles.records import get_article
from newsletter.articles.stages import ArticleVerb, advance_article
from newsletter.editions.corrections import IN_FORCE, Link, link_of, list_corrections
from newsletter.editions.manifest import build_manifest, digest_of
from newsletter.editions.models import Edition, EditionStage
from newsletter.editions.records import items_of, lock_edition
from newsletter.editions.references import CorrectionKind
from newsletter.journal.statements import Verb, append_statement
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right, Role
from newsletter.organisation.staff import NoRightError, require_right
from newsletter.organisation.units import Unit
from newsletter.workflow.edition_stages import EditionVerb, advance_edition

#: What a correction does to the articles it names; a notice does nothing.
ARTICLE_VERBS = {CorrectionKind.CORRECTION: ArticleVerb.CORRECT, CorrectionKind.RETRACTION: ArticleVerb.RETRACT}


def mark_original(session: Session, newsroom: Newsroom, edition: Edition) -> None:
    """Carry out what ``edition``, just signed, says of another; nothing if it corrects none.

    Raises:
        ArticleStageError, EditionStageError: the original is no longer such as it was when this was submitted.
    """
    link = link_of(edition)
    if link is None or link.kind is CorrectionKind.NOTICE:
        return
    original = lock_edition(session, link.edition)
    if link.kind is CorrectionKind.RETRACTION:
        _say_retracted(session, newsroom, original, edition, link)
    for article_id in link.articles:
        article = get_article(session, article_id)
        if _is_theirs(session, newsroom, article):
            article.stage = next_article_stage(article_id, article.stage, link.kind)
            session.add(article)
    if link.kind is CorrectionKind.RETRACTION and is_all_retracted(session, original, link):
        if original.stage != EditionStage.RETRACTED:
            original.stage = advance_edition(link.edition, original.stage, EditionVerb.RETRACT)
        session.add(original)


def _is_theirs(session: Session, newsroom: Newsroom, article: Article) -> bool:
    """Whether the issuer speaks for the article's own unit; of lent copy one takes back one's own printing only."""
    try:
        require_right(session, newsroom, Right.SIGN, article.unit_id)
    except NoRightError:
        return False
    return True


def next_article_stage(article_id: int, stage: str, kind: CorrectionKind) -> str:
    """Where an article comes to; one printed in several editions may have been retracted through another of them.

    Raises:
        ArticleStageError: it cannot be corrected, or retracted, any more.
    """
    verb = ARTICLE_VERBS.get(kind)
    if verb is None or (verb is ArticleVerb.RETRACT and stage == ArticleStage.RETRACTED):
        return stage
    return advance_article(article_id, stage, verb)


def is_all_retracted(session: Session, original: Edition, link: Link) -> bool:
    """Whether ``link``, with the retractions signed before it, withdraws every article of the original."""
    withdrawn = set(link.articles)
    for former in list_corrections(session, [link.edition]).get(link.edition, []):
        said = link_of(former)
        if said and said.kind is CorrectionKind.RETRACTION and former.stage in IN_FORCE:
            withdrawn.update(said.articles)
    return withdrawn >= {item.article_id for item in items_of(session, original.id or 0)}


def _say_retracted(session: Session, newsroom: Newsroom, original: Edition, edition: Edition, link: Link) -> None:
    append_statement(
        session,
        newsroom,
        verb=Verb.RETRACT,
        subject=f"edition:{original.id}",
        role=Role.ISSUER,
        unit=session.get_one(Unit, original.unit_id).code,
        digest=digest_of(build_manifest(session, newsroom, original)),
        details={"edition": edition.id, "articles": list(link.articles)},
    )
