"""When an edition counts as sent: no row of it waits any more. And when it counts as sending again."""

from sqlmodel import Session, col, select

from newsletter.articles.models import Article
from newsletter.articles.stages import ArticleVerb, advance_article
from newsletter.delivery.ledger import get_dispatch, ledger_totals, waiting_count
from newsletter.editions.models import Edition, EditionStage, Item
from newsletter.editions.records import lock_edition
from newsletter.newsroom import Newsroom
from newsletter.workflow.edition_stages import EditionVerb, advance_edition


def finish_sending(newsroom: Newsroom, edition_id: int) -> None:
    """If nothing waits any more, the edition is sent and its articles are published."""
    with newsroom.writing() as session:
        edition = lock_edition(session, edition_id)
        dispatch = get_dispatch(session, edition_id)
        if dispatch is None or waiting_count(ledger_totals(session, edition_id)):
            return
        dispatch.finished_at = newsroom.now()
        edition.stage = advance_edition(edition_id, edition.stage, EditionVerb.FINISH)
        session.add_all([dispatch, edition])
        _publish_articles(session, edition)
        session.commit()


def reopen_sending(newsroom: Newsroom, edition_id: int) -> None:
    """Count a sent edition as sending while it is looked into, so that rows found to wait are not forgotten.

    Raises:
        EditionStageError: nothing of it was sent.
    """
    with newsroom.writing() as session:
        edition = lock_edition(session, edition_id)
        dispatch = get_dispatch(session, edition_id)
        stage = advance_edition(edition_id, edition.stage, EditionVerb.RECONCILE)
        if edition.stage == EditionStage.SENT and dispatch is not None:
            edition.stage, dispatch.finished_at = stage, None
            session.add_all([edition, dispatch])
            session.commit()


def _publish_articles(session: Session, edition: Edition) -> None:
    query = select(Article).join(Item, col(Item.article_id) == col(Article.id)).where(Item.edition_id == edition.id)
    for article in session.exec(query):
        article.stage = advance_article(article.id or 0, article.stage, ArticleVerb.PUBLISH)
        session.add(article)
