"""Who may write on an article: nobody else while somebody has it open in an editor, for half an hour at most."""

from datetime import datetime, timedelta
from typing import ClassVar, Final

from sqlmodel import Session

from newsletter.articles.models import Article, ArticleLock
from newsletter.errors import RefusedError
from newsletter.newsroom import Newsroom
from newsletter.organisation.staff import Staff
from newsletter.translation import gettext as _

#: How long an editor may stay open before others may take the article over.
LOCK_TIME: Final = timedelta(minutes=30)


class ArticleLockedError(RefusedError):
    """Somebody else has the article open."""

    code: ClassVar[str] = "article_locked"


def lock_in_force(session: Session, article_id: int, at: datetime) -> ArticleLock | None:
    """The lock on an article, unless it has run out."""
    lock = session.get(ArticleLock, article_id, populate_existing=True)
    return lock if lock is not None and lock.expires_at > at else None


def raise_if_locked(session: Session, newsroom: Newsroom, article: Article, staff: Staff) -> None:
    """Refuse to touch an article's text while somebody else than ``staff`` has it open.

    Raises:
        ArticleLockedError: names who, and until when.
    """
    lock = lock_in_force(session, article.id or 0, newsroom.now())
    if lock is None or lock.staff_id == staff.id:
        return
    raise ArticleLockedError(
        _("Article {article} is open in the editor of {name} until {time}.").format(
            article=article.id,
            name=session.get_one(Staff, lock.staff_id).name,
            time=f"{lock.expires_at.astimezone(newsroom.timezone):%H:%M}",
        ),
        hint=_("Wait, or have it freed by them or an admin: newsletter edit {article} --unlock").format(
            article=article.id
        ),
    )


def take_lock(session: Session, newsroom: Newsroom, article: Article, staff: Staff) -> ArticleLock:
    """Lock an article for half an hour from now; one's own lock is renewed, one that ran out is taken over.

    Raises:
        ArticleLockedError: somebody else has it.
    """
    raise_if_locked(session, newsroom, article, staff)
    lock = ArticleLock(article_id=article.id or 0, staff_id=staff.id or 0, expires_at=newsroom.now() + LOCK_TIME)
    kept = session.merge(lock)
    session.flush()
    return kept


def drop_lock(session: Session, article_id: int) -> None:
    """Free an article, whoever has it; one that is free stays so."""
    lock = session.get(ArticleLock, article_id)
    if lock is not None:
        session.delete(lock)
        session.flush()
