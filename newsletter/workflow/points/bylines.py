"""Who the authors of articles are, in the order of their bylines, each with the unit that they earn for."""

from typing import Any

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from newsletter.articles.models import Article, Byline
from newsletter.organisation.contributors import Contributor
from newsletter.organisation.desks import DESK_NAME
from newsletter.workflow.points.rules import Author


def load_authors(session: Session, wanted: SelectOfScalar[Any]) -> dict[int, list[Author]]:
    """Article → its authors, of the articles that ``wanted`` selects by id; the desk itself is nobody's author.

    The owner earns for the unit that the article was submitted for, everybody else for their own.
    """
    query = (
        select(Byline, Contributor.unit_id, Article.contributor_id, Article.unit_id)
        .join(Contributor, col(Contributor.id) == col(Byline.contributor_id))
        .join(Article, col(Article.id) == col(Byline.article_id))
        .where(col(Byline.article_id).in_(wanted), Contributor.name != DESK_NAME)
        .order_by(col(Byline.article_id), col(Byline.position))
    )
    authors: dict[int, list[Author]] = {}
    for line, own_unit, owner, unit in session.exec(query):
        author = Author(line.contributor_id, unit if line.contributor_id == owner else own_unit)
        authors.setdefault(line.article_id, []).append(author)
    return authors
