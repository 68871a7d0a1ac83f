"""When an edition stops being sent: a retraction of an article in it is signed, and what waits of it is cancelled."""

from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlmodel import Session, col, select

from newsletter.articles.models import Article, ArticleStage
from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState
from newsletter.editions.models import Item
from newsletter.journal.statements import Verb
from newsletter.journal.words import words_about

#: Why a row ended that would have carried a text taken back.
REASON: Final = "retracted"


def is_retracted(session: Session, edition_id: int) -> bool:
    """Whether an article of an edition was taken back, in it or wherever else it is printed.

    Asked with every claim, so the journal is read without being checked: who may send was checked before.
    """
    query = select(Article.id, Article.stage).join(Item, col(Item.article_id) == col(Article.id))
    stages = dict(session.exec(query.where(Item.edition_id == edition_id)).all())
    said = [word for word in words_about(session, f"edition:{edition_id}") if word.verb is Verb.RETRACT]
    named = {article for word in said for article in word.details.get("articles", ())}
    return ArticleStage.RETRACTED in stages.values() or not named.isdisjoint(stages)


def cancel_if_retracted(session: Session, edition_id: int, *, at: datetime) -> None:
    """Settle what waits of an edition that was taken back, in whole or in part; the caller commits."""
    if not is_retracted(session, edition_id):
        return
    session.connection().execute(
        update(Delivery)
        .where(col(Delivery.edition_id) == edition_id, col(Delivery.state) == DeliveryState.QUEUED)
        .values(state=DeliveryState.CANCELLED, reason=REASON, changed_at=at)
    )
    session.connection().execute(
        update(Batch)
        .where(col(Batch.edition_id) == edition_id, col(Batch.state) == BatchState.OPEN)
        .values(state=BatchState.DONE)
    )
