"""Answers to briefs: which articles count, and for which unit."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from sqlmodel import Session, col, select

from newsletter.articles.models import Article, ArticleStage
from newsletter.articles.records import get_article
from newsletter.errors import RefusedError
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.translation import gettext as _
from newsletter.workflow.contributing.asked import asked_units, get_brief, get_visible_brief, raise_if_closed
from newsletter.workflow.contributing.coverage import nearest_asked, read_parents
from newsletter.workflow.contributing.models import BriefAnswer


class AnsweredError(RefusedError):
    """The article answers the brief already."""

    code: ClassVar[str] = "answered_already"


@dataclass(frozen=True)
class Answer:
    """How a unit has answered a brief: the articles that count, in order; ``is_asked``: it was asked at all."""

    unit_id: int
    articles: tuple[int, ...]
    is_asked: bool


def take_answer(newsroom: Newsroom, brief_id: int, article_id: int) -> BriefAnswer:
    """Count an article as an answer to a brief, by the desk's word.

    Raises:
        UnknownBriefError, UnknownArticleError: looked up in vain.
        BriefClosedError, AnsweredError: see ``answer_brief``.
        NotVisibleError: the brief is none of theirs.
        NoRightError: the acting person is no editor of the article's unit.
    """
    with newsroom.writing() as session:
        require_right(session, newsroom, Right.ARTICLES, get_article(session, article_id).unit_id)
        get_visible_brief(session, newsroom, brief_id)
        answer = answer_brief(session, brief_id, article_id)
        session.commit()
    return answer


def answer_brief(session: Session, brief_id: int, article_id: int) -> BriefAnswer:
    """Count an article as an answer to a brief, for its unit or the nearest one above it that was asked.

    The caller has seen to the right and commits. After the brief's day it counts as well: better late than not.

    Raises:
        UnknownBriefError, UnknownArticleError: looked up in vain.
        BriefClosedError: the brief was closed.
        AnsweredError: it is an answer to it already.
    """
    brief, article = get_brief(session, brief_id), get_article(session, article_id)
    raise_if_closed(brief)
    if session.get(BriefAnswer, (brief_id, article_id)) is not None:
        message = _("Article {article} answers brief {brief} already.")
        raise AnsweredError(message.format(article=article_id, brief=brief_id))
    covering = nearest_asked(read_parents(session), article.unit_id, asked_units(session, [brief_id])[brief_id])
    answer = BriefAnswer(brief_id=brief_id, article_id=article_id, unit_id=covering or article.unit_id)
    session.add(answer)
    session.flush()
    return answer


def read_answers(session: Session, brief_ids: Collection[int]) -> dict[int, list[Answer]]:
    """For every one of these briefs: each unit asked, then those that answered unasked.

    A withdrawn article is no answer.
    """
    query = (
        select(BriefAnswer.brief_id, BriefAnswer.unit_id, BriefAnswer.article_id)
        .join(Article, col(Article.id) == col(BriefAnswer.article_id))
        .where(col(BriefAnswer.brief_id).in_(brief_ids), Article.stage != ArticleStage.WITHDRAWN)
        .order_by(col(BriefAnswer.article_id))
    )
    given: dict[int, dict[int, list[int]]] = {brief_id: {} for brief_id in brief_ids}
    for brief_id, unit_id, article_id in session.exec(query):
        given[brief_id].setdefault(unit_id, []).append(article_id)
    asked = asked_units(session, brief_ids)
    return {brief_id: _line_up(asked[brief_id], given[brief_id]) for brief_id in brief_ids}


def _line_up(asked: set[int], given: dict[int, list[int]]) -> list[Answer]:
    units = [*sorted(asked), *sorted(given.keys() - asked)]
    return [Answer(unit_id, tuple(given.get(unit_id, ())), unit_id in asked) for unit_id in units]
