"""What became of articles, as far as their contributors are told: received, adopted, published, declined, returned."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import Session, col, select

from newsletter.articles.bylines import bylines_of
from newsletter.articles.models import Article, ArticleStage, Revision
from newsletter.editions.models import Edition, EditionStage, Item
from newsletter.organisation.papers import Paper
from newsletter.workflow.contributing.models import NoticeKind

#: An article's receipt is news for so long, and what became of it for so long after it was submitted.
_RECEIPT_AGE: Final = timedelta(days=7)
_VERDICT_AGE: Final = timedelta(days=90)
_STAGE_KINDS: Final = {
    ArticleStage.SUBMITTED: NoticeKind.RECEIVED,
    ArticleStage.EDITING: NoticeKind.RECEIVED,
    ArticleStage.HELD: NoticeKind.RECEIVED,
    ArticleStage.ADOPTED: NoticeKind.ADOPTED,
    ArticleStage.PUBLISHED: NoticeKind.ADOPTED,
    ArticleStage.CORRECTED: NoticeKind.ADOPTED,
    ArticleStage.DECLINED: NoticeKind.DECLINED,
    ArticleStage.RETURNED: NoticeKind.RETURNED,
}
#: Editions whose articles count as adopted: the issuer has signed.
_SIGNED: Final = (
    EditionStage.SIGNED,
    EditionStage.SENDING,
    EditionStage.PAUSED,
    EditionStage.SENT,
    EditionStage.RETRACTED,
)


@dataclass(frozen=True)
class Verdict:
    """What its contributors should know of an article; ``values`` are what the notice's template asks for."""

    kind: NoticeKind
    subject: str
    contributors: tuple[int, ...]
    submitted_at: datetime
    values: dict[str, Any]


@dataclass(frozen=True)
class _Printing:
    """The first signed edition an article stands in, and whether it was sent."""

    edition: Edition
    paper: str


def find_verdicts(session: Session, now: datetime, *, with_published: bool = False) -> list[Verdict]:
    """How the articles of the last months stand.

    Args:
        session: any.
        now: the present moment.
        with_published: an article that went out is news once more.
    """
    query = (
        select(Article, Revision.title)
        .join(Revision, (col(Revision.article_id) == col(Article.id)) & (col(Revision.number) == 1))
        .where(Article.created_at >= now - _VERDICT_AGE, col(Article.stage).in_(_STAGE_KINDS))
        .order_by(col(Article.id))
    )
    articles = session.exec(query).all()
    numbers = [article.id or 0 for article, _title in articles]
    bylines, printings = bylines_of(session, numbers), _first_printings(session, now - _VERDICT_AGE)
    return [
        verdict
        for article, title in articles
        for verdict in _judge(article, title, bylines[article.id or 0], printings, now)
        if with_published or verdict.kind is not NoticeKind.PUBLISHED
    ]


def _first_printings(session: Session, since: datetime) -> dict[int, _Printing]:
    query = (
        select(Item.article_id, Edition, Paper.name)
        .join(Edition, col(Edition.id) == col(Item.edition_id))
        .join(Paper, col(Paper.id) == col(Edition.paper_id))
        .where(col(Edition.stage).in_(_SIGNED), Edition.created_at >= since)
        .order_by(col(Edition.id))
    )
    printings: dict[int, _Printing] = {}
    for article_id, edition, paper in session.exec(query):
        printings.setdefault(article_id, _Printing(edition, paper))
    return printings


def _judge(
    article: Article, title: str, contributors: Sequence[int], printings: Mapping[int, _Printing], now: datetime
) -> Iterator[Verdict]:
    kind = _STAGE_KINDS[ArticleStage(article.stage)]
    values: dict[str, Any] = {"title": title, "article": article.id, "reason": article.reason}
    subject = f"article:{article.id}"
    if kind is NoticeKind.RECEIVED and article.created_at < now - _RECEIPT_AGE:
        return
    if kind is NoticeKind.RETURNED:
        # It may come back and be given back again: that is another thing to tell.
        subject = f"{subject}/{article.revision}"
    if kind is not NoticeKind.ADOPTED:
        yield Verdict(kind, subject, tuple(contributors), article.created_at, values)
        return
    printing = printings.get(article.id or 0)
    if printing is None:
        return
    values |= {"paper": printing.paper, "date": printing.edition.date}
    yield Verdict(NoticeKind.ADOPTED, subject, tuple(contributors), article.created_at, values)
    if printing.edition.stage == EditionStage.SENT:
        yield Verdict(NoticeKind.PUBLISHED, subject, tuple(contributors), article.created_at, values)
