"""What the desk does with articles: a new revision, or an end to them."""

from typing import ClassVar

from sqlmodel import Session, col, select

from newsletter.articles.intake import revised_copy
from newsletter.articles.manuscripts import Manuscript
from newsletter.articles.models import Article, Revision
from newsletter.articles.records import Copy, add_revision, copy_of, get_article, get_revision
from newsletter.articles.stages import ArticleVerb, advance_article
from newsletter.editions.models import Edition, EditionStage, Item
from newsletter.errors import InputError, RefusedError
from newsletter.journal.remarks import check_remark
from newsletter.newsroom import Newsroom
from newsletter.organisation.columns import get_column
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.translation import gettext as _

#: Stages of editions that no longer hold on to their articles.
_OVER = (EditionStage.CANCELLED, EditionStage.SENT, EditionStage.RETRACTED)


class StandsInEditionError(RefusedError):
    """The article stands in an edition that is under way."""

    code: ClassVar[str] = "stands_in_edition"


def edit_article(newsroom: Newsroom, article_id: int, manuscript: Manuscript) -> tuple[Article, Revision, bool]:
    """Write a new revision; an unchanged text makes none.

    Returns:
        The article, its newest revision, and whether anything changed.

    Raises:
        UnknownArticleError: no such article.
        ArticleStageError: it is in no stage to be edited.
        NoRightError: the acting person is no editor of its unit.
    """
    with newsroom.writing() as session:
        article = get_article(session, article_id)
        staff = require_right(session, newsroom, Right.ARTICLES, article.unit_id)
        stage = advance_article(article_id, article.stage, ArticleVerb.EDIT)
        former = get_revision(session, article)
        copy: Copy = revised_copy(session, manuscript, copy_of(former))
        moved = _move_to_column(session, article, manuscript.column)
        if copy.content_hash() == former.content_hash:
            session.commit()
            return article, former, moved
        article.stage = stage
        article.revision += 1
        revision = add_revision(session, article, copy, contributor_id=None, staff_id=staff.id or 0, at=newsroom.now())
        session.add(article)
        session.commit()
    return article, revision, True


def _move_to_column(session: Session, article: Article, column: str | None) -> bool:
    """Put an article into the column its text names; editions it stands in keep it where it was."""
    column_id = get_column(session, column).id if column else article.column_id
    moved = column_id != article.column_id
    article.column_id = column_id
    session.add(article)
    return moved


def put_aside_article(newsroom: Newsroom, article_id: int, verb: ArticleVerb, reason: str) -> Article:
    """Decline, hold or withdraw an article.

    Raises:
        UnknownArticleError: no such article.
        ArticleStageError: not from its stage.
        StandsInEditionError: an edition under way would lose it.
        InputError: no reason given.
    """
    if not reason.strip():
        raise InputError(_("Say why: the reason is empty."), hint=_("Give --reason REASON."))
    check_remark(reason)
    with newsroom.writing() as session:
        article = get_article(session, article_id)
        require_right(session, newsroom, Right.ARTICLES, article.unit_id)
        article.stage = advance_article(article_id, article.stage, verb)
        refuse_if_in_edition(session, article_id)
        article.reason = reason.strip()
        session.add(article)
        session.commit()
    return article


def refuse_if_in_edition(session: Session, article_id: int) -> None:
    """Raise if an edition under way contains the article.

    Raises:
        StandsInEditionError: it does.
    """
    query = (
        select(Edition.id)
        .join(Item, col(Item.edition_id) == col(Edition.id))
        .where(Item.article_id == article_id, col(Edition.stage).not_in(_OVER))
    )
    edition = session.exec(query).first()
    if edition is not None:
        raise StandsInEditionError(
            _("Article {article} stands in edition {edition}.").format(article=article_id, edition=edition),
            hint=_("Take it out first: newsletter draft --edition {edition} --drop {article}").format(
                edition=edition, article=article_id
            ),
        )
