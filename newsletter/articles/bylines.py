"""Whose an article is: one contributor or several, in the order of its byline; the first owns it."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from newsletter.articles.models import Byline


def keep_byline(session: Session, article_id: int, contributor_ids: Sequence[int]) -> None:
    """Write an article's byline; who is named twice stands in it once."""
    for position, contributor_id in enumerate(dict.fromkeys(contributor_ids), start=1):
        session.add(Byline(article_id=article_id, contributor_id=contributor_id, position=position))
    session.flush()


def bylines_of(session: Session, article_ids: Sequence[int]) -> dict[int, list[int]]:
    """Article id → ids of its contributors in order; an article that does not exist has none."""
    bylines: dict[int, list[int]] = {article: [] for article in article_ids}
    query = select(Byline).where(col(Byline.article_id).in_(article_ids))
    for line in session.exec(query.order_by(col(Byline.article_id), col(Byline.position))):
        bylines[line.article_id].append(line.contributor_id)
    return bylines
