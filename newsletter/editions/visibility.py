"""Which editions and articles a person may see: their units' own, copy lent to them, and what stands in their editions.

A unit's edition in another unit's paper is that unit's too: its staff see it there; what they may do to it, roles say.
"""

from collections.abc import Collection

from sqlmodel import Session, col, select

from newsletter.articles.models import Article
from newsletter.articles.sharing import shared_article_ids
from newsletter.editions.models import Edition, Item
from newsletter.newsroom import Newsroom
from newsletter.organisation.scope import Scope, is_in, not_visible, raise_if_not_visible, visible_unit_ids
from newsletter.organisation.units import Unit


def raise_if_edition_hidden(session: Session, newsroom: Newsroom, edition: Edition) -> None:
    """Refuse an edition of a unit that the acting person does not see.

    Raises:
        NotVisibleError: names the unit.
    """
    raise_if_not_visible(session, newsroom, edition.unit_id)


def raise_if_article_hidden(session: Session, newsroom: Newsroom, article: Article) -> None:
    """Refuse an article that is neither of the acting person's units, nor lent to them, nor in an edition of theirs.

    Raises:
        NotVisibleError: names the unit.
    """
    scope = visible_unit_ids(session, newsroom)
    if is_in(article.unit_id, scope) or article.id in shared_article_ids(session, scope):
        return
    if not _is_printed(session, article.id or 0, scope):
        raise not_visible(newsroom, [session.get_one(Unit, article.unit_id).name])


def printed_article_ids(session: Session, unit_ids: Collection[int]) -> set[int]:
    """The articles that stand in editions of these units."""
    query = select(Item.article_id).join(Edition, col(Edition.id) == col(Item.edition_id))
    return set(session.exec(query.where(col(Edition.unit_id).in_(unit_ids))))


def _is_printed(session: Session, article_id: int, scope: Scope) -> bool:
    """Whether an edition that is seen has it: those who judge the edition must be able to read it."""
    query = select(Item.article_id).join(Edition, col(Edition.id) == col(Item.edition_id))
    query = query.where(Item.article_id == article_id, col(Edition.unit_id).in_(scope or ()))
    return session.exec(query.limit(1)).first() is not None
