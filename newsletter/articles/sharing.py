"""Which articles a unit's desk lends to another: seen there and printed there as they stand, until it is taken back."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import ClassVar, Final

from sqlalchemy import Index, text, update
from sqlmodel import Field, Session, SQLModel, col, select

from newsletter.articles.records import lock_article
from newsletter.errors import InputError, RefusedError
from newsletter.instants import Instant
from newsletter.journal.remarks import check_remark
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.scope import Scope
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import Unit, ancestor_codes, get_unit
from newsletter.translation import gettext as _

#: Characters of the longest note.
LONGEST_NOTE: Final = 200
#: What makes a loan one in force, for an index that lets there be one of an article to a unit.
_IN_FORCE: Final = text("revoked_at IS NULL")


class NotSharedError(RefusedError):
    """The article is not lent to that unit."""

    code: ClassVar[str] = "not_shared"


class ArticleShare(SQLModel, table=True):
    """An article lent to a unit; lent again after it was taken back, it is another row."""

    __tablename__ = "article_share"
    __table_args__ = (
        Index(
            "ix_article_share_in_force",
            "article_id",
            "unit_id",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    article_id: int = Field(foreign_key="article.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    staff_id: int = Field(foreign_key="staff.id")
    at: datetime = Field(sa_type=Instant)
    note: str = Field(default="", max_length=LONGEST_NOTE)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_by_id: int | None = Field(default=None, foreign_key="staff.id")


def share_article(newsroom: Newsroom, article_id: int, unit: str, *, note: str = "") -> bool:
    """Lend an article to another unit's desk; false if it is lent already.

    Raises:
        UnknownArticleError, UnknownUnitError: looked up in vain.
        NoRightError: the acting person is no editor of the article's unit.
        InputError: to its own unit, or with a note too long or one with a number in it.
    """
    note = " ".join(note.split())
    check_remark(note)
    if len(note) > LONGEST_NOTE:
        raise InputError(_("The note has more than {limit} characters.").format(limit=LONGEST_NOTE))
    with newsroom.writing() as session:
        article, home = lock_article(session, article_id), get_unit(session, unit)
        staff = require_right(session, newsroom, Right.ARTICLES, article.unit_id)
        if home.id == article.unit_id:
            raise InputError(_("Article {article} is {unit}'s already.").format(article=article_id, unit=home.name))
        if home.code in shared_with(session, [article_id]).get(article_id, []):
            return False
        session.add(
            ArticleShare(
                article_id=article_id, unit_id=home.id or 0, staff_id=staff.id or 0, at=newsroom.now(), note=note
            )
        )
        session.commit()
    return True


def unshare_article(newsroom: Newsroom, article_id: int, unit: str) -> None:
    """Take an article back; an edition that it stands in already keeps it.

    Raises:
        UnknownArticleError, UnknownUnitError: looked up in vain.
        NotSharedError: it is not lent to that unit.
        NoRightError: the acting person is no editor of the article's unit.
    """
    with newsroom.writing() as session:
        article, home = lock_article(session, article_id), get_unit(session, unit)
        staff = require_right(session, newsroom, Right.ARTICLES, article.unit_id)
        ended = session.connection().execute(
            update(ArticleShare)
            .where(
                col(ArticleShare.article_id) == article_id,
                col(ArticleShare.unit_id) == home.id,
                col(ArticleShare.revoked_at).is_(None),
            )
            .values(revoked_at=newsroom.now(), revoked_by_id=staff.id)
        )
        if not ended.rowcount:
            raise NotSharedError(
                _("Article {article} is not shared with {unit}.").format(article=article_id, unit=home.name)
            )
        session.commit()


def list_shares(session: Session, article_id: int) -> Sequence[ArticleShare]:
    """Everybody an article is or was lent to, oldest first."""
    query = select(ArticleShare).where(ArticleShare.article_id == article_id)
    return session.exec(query.order_by(col(ArticleShare.id))).all()


def shared_article_ids(session: Session, scope: Scope) -> set[int]:
    """The articles lent to units of ``scope``; for everything none need be lent."""
    if scope is None:
        return set()
    query = select(ArticleShare.article_id).where(
        col(ArticleShare.revoked_at).is_(None), col(ArticleShare.unit_id).in_(scope)
    )
    return set(session.exec(query))


def shared_with(session: Session, article_ids: Collection[int]) -> dict[int, list[str]]:
    """Article → codes of the units it is lent to, in their order; those lent to none are not in it."""
    query = (
        select(ArticleShare.article_id, Unit.code)
        .join(Unit, col(Unit.id) == col(ArticleShare.unit_id))
        .where(col(ArticleShare.article_id).in_(article_ids), col(ArticleShare.revoked_at).is_(None))
        .order_by(col(Unit.code))
    )
    found: dict[int, list[str]] = {}
    for article_id, code in session.exec(query):
        found.setdefault(article_id, []).append(code)
    return found


def lent_unit_ids(session: Session, article_id: int, unit_id: int) -> list[int]:
    """Those of a unit and the units above it that an article is lent to."""
    lent = shared_with(session, [article_id]).get(article_id, [])
    codes = set(lent).intersection(ancestor_codes(session, unit_id))
    return [unit.id or 0 for unit in session.exec(select(Unit).where(col(Unit.code).in_(codes)))]
