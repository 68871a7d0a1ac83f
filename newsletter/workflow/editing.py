"""What it takes to write an article's next revision: the right, the stage, a free article, and the text last seen."""

from dataclasses import dataclass
from typing import ClassVar

from sqlmodel import Session

from newsletter.articles.intake import revised_copy
from newsletter.articles.locks import drop_lock, lock_in_force, raise_if_locked, take_lock
from newsletter.articles.manuscripts import Manuscript
from newsletter.articles.models import Article, ArticleStage, Revision
from newsletter.articles.records import add_revision, copy_of, get_article, get_revision, lock_article
from newsletter.articles.stages import ArticleVerb, advance_article
from newsletter.errors import RefusedError
from newsletter.journal.remarks import check_remark
from newsletter.newsroom import Newsroom
from newsletter.organisation.columns import get_column
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import Staff, require_right, require_staff
from newsletter.translation import gettext as _


class StaleRevisionError(RefusedError):
    """Somebody saved a newer revision than the one the text was written on."""

    code: ClassVar[str] = "stale_revision"


@dataclass(frozen=True, kw_only=True)
class Edited:
    """What came of editing an article.

    Attributes:
        article: as it stands now.
        revision: its newest one.
        has_changed: the text is another, or the article stands in another column.
        is_from_contributor: the text is one that the contributor sent again.
    """

    article: Article
    revision: Revision
    has_changed: bool
    is_from_contributor: bool = False


def begin_editing(newsroom: Newsroom, article_id: int) -> Revision:
    """Open an article for the acting editor alone, for half an hour; ``end_editing`` frees it.

    Returns:
        The newest revision, whose number ``edit_article`` is told as ``base``.

    Raises:
        UnknownArticleError: no such article.
        NoRightError: the acting person is no editor of its unit.
        ArticleStageError: it is in no stage to be edited.
        ArticleLockedError: somebody else has it open.
    """
    with newsroom.writing() as session:
        article, staff, _stage = _open(session, newsroom, article_id)
        take_lock(session, newsroom, article, staff)
        revision = get_revision(session, article)
        session.commit()
    return revision


def end_editing(newsroom: Newsroom, article_id: int) -> None:
    """Free an article that the acting person has open; what somebody else has taken over stays theirs."""
    with newsroom.writing() as session:
        lock = lock_in_force(session, article_id, newsroom.now())
        if lock is not None and lock.staff_id == require_staff(session, newsroom).id:
            drop_lock(session, article_id)
        session.commit()


def unlock_article(newsroom: Newsroom, article_id: int) -> Staff | None:
    """Free an article that the acting person has open, or as an admin of its unit whoever has.

    Returns:
        Whose lock it was; None if there was none.

    Raises:
        UnknownArticleError: no such article.
        NoRightError: it is somebody else's, and the acting person is no admin.
    """
    with newsroom.writing() as session:
        article = get_article(session, article_id)
        staff = require_staff(session, newsroom)
        lock = lock_in_force(session, article_id, newsroom.now())
        if lock is None:
            return None
        if lock.staff_id != staff.id:
            require_right(session, newsroom, Right.UNLOCK, article.unit_id)
        holder = session.get_one(Staff, lock.staff_id)
        drop_lock(session, article_id)
        session.commit()
    return holder


def edit_article(
    newsroom: Newsroom, article_id: int, manuscript: Manuscript, *, base: int | None = None, from_file: bool = False
) -> Edited:
    """Write a new revision; an unchanged text makes none.

    Args:
        newsroom: its acting person edits.
        article_id: which.
        manuscript: the new text.
        base: number of the revision it was written on; None: whichever is newest.
        from_file: it came as a whole file. For an article that was given back that is the contributor's text, sent
            again, and theirs to answer for; what is typed at the desk is the desk's.

    Raises:
        UnknownArticleError: no such article.
        ArticleStageError: it is in no stage to be edited.
        NoRightError: the acting person is no editor of its unit.
        ArticleLockedError: somebody else has it open.
        StaleRevisionError: there is a newer revision than ``base``.
    """
    with newsroom.writing() as session:
        article, staff, stage = _open(session, newsroom, article_id)
        former = get_revision(session, article)
        _raise_if_stale(article, former, base, session)
        copy = revised_copy(session, manuscript, copy_of(former))
        has_moved = _move_to_column(session, article, manuscript.column)
        if "cleared" in manuscript.said:
            check_remark(manuscript.cleared)
            article.cleared_by = manuscript.cleared or None
        if copy.content_hash() == former.content_hash:
            session.commit()
            return Edited(article=article, revision=former, has_changed=has_moved)
        author = article.contributor_id if from_file and article.stage == ArticleStage.RETURNED else None
        article.stage = stage
        article.revision += 1
        revision = add_revision(
            session, article, copy, contributor_id=author, staff_id=staff.id or 0, at=newsroom.now()
        )
        session.add(article)
        session.commit()
    return Edited(article=article, revision=revision, has_changed=True, is_from_contributor=author is not None)


def _open(session: Session, newsroom: Newsroom, article_id: int) -> tuple[Article, Staff, ArticleStage]:
    article = lock_article(session, article_id)
    staff = require_right(session, newsroom, Right.ARTICLES, article.unit_id)
    stage = advance_article(article_id, article.stage, ArticleVerb.EDIT)
    raise_if_locked(session, newsroom, article, staff)
    return article, staff, stage


def _raise_if_stale(article: Article, newest: Revision, base: int | None, session: Session) -> None:
    if base is None or base == newest.number:
        return
    if base > newest.number:
        get_revision(session, article, base)  # says that there is none
    raise StaleRevisionError(
        _("Article {article} was edited meanwhile by {name}: revision {newest} is newer than {base}.").format(
            article=article.id, name=session.get_one(Staff, newest.staff_id).name, newest=newest.number, base=base
        ),
        hint=_("See what changed: newsletter show {article} --diff --against {base}").format(
            article=article.id, base=base
        ),
    )


def _move_to_column(session: Session, article: Article, column: str | None) -> bool:
    """Put an article into the column its text names; editions it stands in keep it where it was."""
    column_id = get_column(session, column).id if column else article.column_id
    moved = column_id != article.column_id
    article.column_id = column_id
    session.add(article)
    return moved
