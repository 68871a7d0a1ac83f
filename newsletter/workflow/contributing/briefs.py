"""Reporting briefs (报送要点): what the desk asks which units for, by when, and who has answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from sqlmodel import Session, col, select

from newsletter.articles.models import Article, ArticleStage
from newsletter.articles.records import get_article
from newsletter.errors import InputError, NotFoundError, RefusedError
from newsletter.journal.remarks import check_remark
from newsletter.newsroom import Newsroom
from newsletter.organisation.columns import get_column
from newsletter.organisation.contributors import list_contributors
from newsletter.organisation.desks import DESK_NAME
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import NoRightError, require_right
from newsletter.organisation.units import check_name, get_unit
from newsletter.translation import gettext as _
from newsletter.workflow.contributing.coverage import nearest_asked, read_parents
from newsletter.workflow.contributing.models import Brief, BriefAnswer, BriefUnit

#: Characters of the longest text of a brief, and the most articles that can be asked of a unit.
LONGEST_TEXT: Final = 5_000
MOST_WANTED: Final = 1_000


class UnknownBriefError(NotFoundError):
    """No brief has this number."""

    code: ClassVar[str] = "unknown_brief"


class BriefClosedError(RefusedError):
    """The brief was closed."""

    code: ClassVar[str] = "brief_closed"


class AnsweredError(RefusedError):
    """The article answers the brief already."""

    code: ClassVar[str] = "answered_already"


class NobodyAskedError(InputError):
    """There is no unit to ask."""

    code: ClassVar[str] = "nobody_asked"


@dataclass(frozen=True)
class Answer:
    """How a unit has answered a brief: the articles that count, in order; ``is_asked``: it was asked at all."""

    unit_id: int
    articles: tuple[int, ...]
    is_asked: bool


def publish_brief(
    newsroom: Newsroom,
    title: str,
    *,
    due: date,
    text: str = "",
    units: Sequence[str] = (),
    wanted: int = 1,
    column: str | None = None,
) -> tuple[Brief, list[int]]:
    """Ask units for articles.

    Args:
        newsroom: its acting person must be an editor of every unit asked.
        title: 1 to 80 characters.
        due: the last day on which an answer is in time; not over yet.
        text: what is asked for, at length.
        units: codes or names; none: every unit with a contributor that the acting person is an editor of.
        wanted: articles asked of each unit.
        column: the column it is for.

    Returns:
        The brief, and the ids of the units asked.

    Raises:
        InputError: a malformed title, text or number, or a day that is over.
        NobodyAskedError: no unit has a contributor.
        UnknownUnitError, UnknownColumnError: looked up in vain.
        NoRightError: the acting person is no editor of a unit asked.
    """
    title, text = check_name(title), text.strip()
    _check_request(newsroom, text, due, wanted)
    with newsroom.writing() as session:
        staff = require_right(session, newsroom, Right.ARTICLES, None)
        asked = _units_named(session, newsroom, units) if units else _units_with_contributors(session, newsroom)
        brief = Brief(
            title=title,
            text=text,
            due=due,
            wanted=wanted,
            column_id=get_column(session, column).id if column else None,
            staff_id=staff.id or 0,
            published_at=newsroom.now(),
        )
        session.add(brief)
        session.flush()
        session.add_all(BriefUnit(brief_id=brief.id or 0, unit_id=unit_id) for unit_id in asked)
        session.commit()
    return brief, asked


def _check_request(newsroom: Newsroom, text: str, due: date, wanted: int) -> None:
    if len(text) > LONGEST_TEXT:
        raise InputError(
            _("The text has {count} characters; at most {limit} fit.").format(count=len(text), limit=LONGEST_TEXT)
        )
    if not 1 <= wanted <= MOST_WANTED:
        raise InputError(_("{count} is no number of articles to ask for.").format(count=wanted))
    if due < newsroom.now().astimezone(newsroom.timezone).date():
        raise InputError(_("{day} is over already.").format(day=due), hint=_("Give --due a day to come."))


def _units_named(session: Session, newsroom: Newsroom, units: Sequence[str]) -> list[int]:
    asked = list(dict.fromkeys(get_unit(session, unit).id or 0 for unit in units))
    for unit_id in asked:
        require_right(session, newsroom, Right.ARTICLES, unit_id)
    return asked


def _units_with_contributors(session: Session, newsroom: Newsroom) -> list[int]:
    def may_ask(unit_id: int) -> bool:
        try:
            require_right(session, newsroom, Right.ARTICLES, unit_id)
        except NoRightError:
            return False
        return True

    people = (contributor for contributor in list_contributors(session) if contributor.name != DESK_NAME)
    homes = sorted({contributor.unit_id for contributor in people})
    asked = [unit_id for unit_id in homes if may_ask(unit_id)]
    if not asked:
        raise NobodyAskedError(
            _("None of your units has a contributor."),
            hint=_("Add one: newsletter contributors add NAME --unit UNIT; or name units with --unit."),
        )
    return asked


def close_brief(newsroom: Newsroom, brief_id: int, *, reason: str) -> Brief:
    """End a brief before its day: nobody is reminded of it any more.

    Raises:
        InputError: no reason, or one with a number in it.
        UnknownBriefError: there is none.
        BriefClosedError: it was closed before.
        NoRightError: the acting person is no editor of the units asked.
    """
    if not reason.strip():
        raise InputError(_("Say why: the reason is empty."), hint=_("Give --reason REASON."))
    check_remark(reason)
    with newsroom.writing() as session:
        brief = get_brief(session, brief_id)
        for unit_id in asked_units(session, brief_id):
            require_right(session, newsroom, Right.ARTICLES, unit_id)
        _raise_if_closed(brief)
        brief.closed_at, brief.reason = newsroom.now(), reason.strip()
        session.add(brief)
        session.commit()
    return brief


def take_answer(newsroom: Newsroom, brief_id: int, article_id: int) -> BriefAnswer:
    """Count an article as an answer to a brief, by the desk's word.

    Raises:
        UnknownBriefError, UnknownArticleError: looked up in vain.
        BriefClosedError, AnsweredError: see ``answer_brief``.
        NoRightError: the acting person is no editor of the article's unit.
    """
    with newsroom.writing() as session:
        require_right(session, newsroom, Right.ARTICLES, get_article(session, article_id).unit_id)
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
    _raise_if_closed(brief)
    if session.get(BriefAnswer, (brief_id, article_id)) is not None:
        message = _("Article {article} answers brief {brief} already.")
        raise AnsweredError(message.format(article=article_id, brief=brief_id))
    covering = nearest_asked(read_parents(session), article.unit_id, asked_units(session, brief_id))
    answer = BriefAnswer(brief_id=brief_id, article_id=article_id, unit_id=covering or article.unit_id)
    session.add(answer)
    session.flush()
    return answer


def _raise_if_closed(brief: Brief) -> None:
    if brief.closed_at is not None:
        raise BriefClosedError(_("Brief {brief} was closed: {reason}").format(brief=brief.id, reason=brief.reason))


def get_brief(session: Session, brief_id: int) -> Brief:
    """The brief with this number.

    Raises:
        UnknownBriefError: there is none.
    """
    brief = session.get(Brief, brief_id)
    if brief is None:
        raise UnknownBriefError(
            _("There is no brief {brief}.").format(brief=brief_id), hint=_("See them: newsletter briefs list")
        )
    return brief


def list_briefs(session: Session, *, today: date, is_open: bool = False) -> Sequence[Brief]:
    """Briefs by their day, the nearest first; ``is_open``: only those neither closed nor past their day."""
    query = select(Brief).order_by(col(Brief.due), col(Brief.id))
    if is_open:
        query = query.where(col(Brief.closed_at).is_(None), Brief.due >= today)
    return session.exec(query).all()


def asked_units(session: Session, brief_id: int) -> set[int]:
    """Ids of the units a brief asks."""
    return set(session.exec(select(BriefUnit.unit_id).where(BriefUnit.brief_id == brief_id)))


def answers_of(session: Session, brief_id: int) -> list[Answer]:
    """Every unit asked, then those that answered unasked; a withdrawn article is no answer."""
    query = (
        select(BriefAnswer.unit_id, BriefAnswer.article_id)
        .join(Article, col(Article.id) == col(BriefAnswer.article_id))
        .where(BriefAnswer.brief_id == brief_id, Article.stage != ArticleStage.WITHDRAWN)
        .order_by(col(BriefAnswer.article_id))
    )
    given: dict[int, list[int]] = {}
    for unit_id, article_id in session.exec(query):
        given.setdefault(unit_id, []).append(article_id)
    asked = asked_units(session, brief_id)
    units = [*sorted(asked), *sorted(given.keys() - asked)]
    return [Answer(unit_id, tuple(given.get(unit_id, ())), unit_id in asked) for unit_id in units]
