"""Articles and their revisions: reading them, and writing a new one."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlmodel import Session, col, func, or_, select

from newsletter.articles.checks import check_copy
from newsletter.articles.checks.findings import Finding
from newsletter.articles.models import Article, ArticleStage, Revision, TextFormat
from newsletter.articles.reference.loading import CheckContext
from newsletter.errors import NotFoundError
from newsletter.journal.canonical import canonical_json, sha256_text
from newsletter.translation import gettext as _


class UnknownArticleError(NotFoundError):
    """No article has this number, or no such revision."""

    code: ClassVar[str] = "unknown_article"


@dataclass(frozen=True, kw_only=True)
class Copy:
    """What a revision says, apart from who wrote it and when; ``pictures`` are SHA-256 in order."""

    title: str
    lead: str
    body: str
    format: TextFormat
    source: str = ""
    pictures: tuple[str, ...] = ()

    def content_hash(self) -> str:
        """SHA-256 of everything a reader can see of it."""
        fields = {
            "title": self.title,
            "lead": self.lead,
            "body": self.body,
            "format": str(self.format),
            "source": self.source,
            "pictures": list(self.pictures),
        }
        return sha256_text(canonical_json(fields))


def add_revision(
    session: Session, article: Article, copy: Copy, *, contributor_id: int | None, staff_id: int, at: datetime
) -> Revision:
    """Write ``copy`` as the article's revision ``article.revision``, which the caller has just counted up."""
    revision = Revision(
        article_id=article.id or 0,
        number=article.revision,
        title=copy.title,
        lead=copy.lead,
        body=copy.body,
        format=copy.format,
        source=copy.source,
        pictures="\n".join(copy.pictures),
        contributor_id=contributor_id,
        staff_id=staff_id,
        content_hash=copy.content_hash(),
        created_at=at,
    )
    session.add(revision)
    session.flush()
    return revision


def copy_of(revision: Revision) -> Copy:
    """What a stored revision says."""
    return Copy(
        title=revision.title,
        lead=revision.lead,
        body=revision.body,
        format=TextFormat(revision.format),
        source=revision.source,
        pictures=tuple(revision.pictures.split()),
    )


def get_article(session: Session, article_id: int) -> Article:
    """The article with this number.

    Raises:
        UnknownArticleError: there is none.
    """
    article = session.get(Article, article_id)
    if article is None:
        raise UnknownArticleError(
            _("There is no article {article}.").format(article=article_id), hint=_("See them: newsletter articles")
        )
    return article


def lock_article(session: Session, article_id: int) -> Article:
    """The article with this number, kept from every other writer until this transaction ends.

    Raises:
        UnknownArticleError: there is none.
    """
    # Not its number is kept, only what stands in it: rows that merely name the article wait for nobody.
    query = select(Article).where(Article.id == article_id).with_for_update(key_share=True)
    return session.exec(query.execution_options(populate_existing=True)).first() or get_article(session, article_id)


def lock_articles(session: Session, article_ids: Iterable[int]) -> None:
    """Keep articles from every other writer until this transaction ends; always in the order of their numbers.

    Raises:
        UnknownArticleError: there is no such article.
    """
    for article_id in sorted(set(article_ids)):
        lock_article(session, article_id)


def get_revision(session: Session, article: Article, number: int | None = None) -> Revision:
    """A revision of an article; the newest without ``number``.

    Raises:
        UnknownArticleError: the article has no such revision.
    """
    wanted = article.revision if number is None else number
    query = select(Revision).where(Revision.article_id == article.id, Revision.number == wanted)
    revision = session.exec(query).first()
    if revision is None:
        raise UnknownArticleError(
            _("Article {article} has no revision {revision}; its newest is {newest}.").format(
                article=article.id, revision=wanted, newest=article.revision
            )
        )
    return revision


def list_revisions(session: Session, article_ids: Sequence[int]) -> Sequence[Revision]:
    """All revisions of these articles, oldest first."""
    query = select(Revision).where(col(Revision.article_id).in_(article_ids))
    return session.exec(query.order_by(col(Revision.article_id), col(Revision.number))).all()


def list_articles(
    session: Session,
    *,
    stages: Sequence[ArticleStage] = (),
    unit_ids: Collection[int] | None = None,
    lent: Collection[int] = (),
    column_id: int | None = None,
) -> Sequence[tuple[Article, Revision]]:
    """Articles with their newest revision, newest first; every criterion given must hold.

    ``lent`` are articles of other units that count among those of ``unit_ids``.
    """
    query = select(Article, Revision).join(
        Revision, (col(Revision.article_id) == col(Article.id)) & (col(Revision.number) == col(Article.revision))
    )
    if stages:
        query = query.where(col(Article.stage).in_(stages))
    if unit_ids is not None:
        query = query.where(or_(col(Article.unit_id).in_(unit_ids), col(Article.id).in_(lent)))
    if column_id is not None:
        query = query.where(Article.column_id == column_id)
    return session.exec(query.order_by(col(Article.id).desc())).all()


def first_with_text(session: Session, copy: Copy, article: Article) -> int | None:
    """The first other article of the same contributor that says, or once said, exactly this; None if there is none."""
    query = select(func.min(Article.id)).join(Revision, col(Revision.article_id) == col(Article.id))
    query = query.where(
        Revision.content_hash == copy.content_hash(),
        Article.contributor_id == article.contributor_id,
        col(Article.id) != article.id,
    )
    return session.exec(query).one()


def findings_of(copy: Copy, context: CheckContext, *, article: int | None = None) -> list[Finding]:
    """What the copy checks find in a text; ``article`` is its number, for whoever reads the findings."""
    found = check_copy(copy.title, copy.lead, copy.body, context)
    return [replace(finding, article=article) for finding in found]
