"""From the newsroom's records to what the rules take: uses of articles, and who wrote them; a few queries in all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, literal
from sqlalchemy.orm import Mapped, QueryableAttribute, load_only
from sqlalchemy.orm.strategy_options import _AbstractLoad
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from newsletter.articles.models import Article, ArticleStage, Revision
from newsletter.articles.reprints import is_reprint
from newsletter.editions.kinds import Channel, Kind
from newsletter.editions.models import Edition, EditionStage, Item
from newsletter.workflow.periods import Period
from newsletter.workflow.points.bylines import load_authors
from newsletter.workflow.points.kinds import Source, worth
from newsletter.workflow.points.leads import load_leads
from newsletter.workflow.points.models import PointEvent
from newsletter.workflow.points.rules import ArticleFacts, Use
from newsletter.workflow.points.tables import Tables
from newsletter.workflow.rule_book.points_table import PointsTable

#: Kinds of edition whose items earn nothing: the desk's own lists and mends.
EARNLESS: Final = (Kind.CORRECTION, Kind.GUIDE)


@dataclass(frozen=True)
class Gathered:
    """Articles that were used, and all their uses, article by article."""

    facts: Mapping[int, ArticleFacts]
    uses: Mapping[int, list[Use]]


def gather(session: Session, tables: Tables, within: Period | None = None) -> Gathered:
    """Articles used in a period (None: ever), each with every use of it, those before and after included."""
    wanted = _used_articles(within)
    uses: dict[int, list[Use]] = {}
    for use in (*_printed_uses(session, tables, wanted), *_recorded_uses(session, tables, wanted)):
        uses.setdefault(use.article, []).append(use)
    return Gathered(_load_facts(session, wanted), uses)


def in_force() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Which records stand, as conditions of a query: those that nobody took back."""
    undone = select(PointEvent.reversal_of).where(col(PointEvent.reversal_of).is_not(None))
    return col(PointEvent.reversal_of).is_(None), col(PointEvent.id).not_in(undone)


def _used_articles(within: Period | None) -> SelectOfScalar[Any]:
    printed = select(Item.article_id).join(Edition, col(Edition.id) == col(Item.edition_id))
    printed = printed.where(Edition.stage == EditionStage.SENT, col(Edition.kind).not_in(EARNLESS))
    events = select(PointEvent.article_id).where(*in_force())
    if within is not None:
        printed = printed.where(Edition.date >= within.start, Edition.date <= within.end)
        events = events.where(col(PointEvent.day) >= within.start, col(PointEvent.day) <= within.end)
    return select(Article.id).where(col(Article.id).in_(printed) | col(Article.id).in_(events))


def _printed_uses(session: Session, tables: Tables, wanted: SelectOfScalar[Any]) -> Iterator[Use]:
    measures = any(table.brief_characters for table in tables.versions.values())
    length: ColumnElement[int] = func.length(Revision.body) if measures else literal(0)
    wanted_of_edition = (Edition.kind, Edition.channel, Edition.date, Edition.rule_book_version)
    query = (
        select(Item, Edition, Revision, length)
        .join(Edition, col(Edition.id) == col(Item.edition_id))
        .join(Revision, col(Revision.id) == col(Item.revision_id))
        .where(Edition.stage == EditionStage.SENT, col(Edition.kind).not_in(EARNLESS))
        .where(col(Item.article_id).in_(wanted))
        .options(_only(*map(col, wanted_of_edition)), _only(col(Revision.source)))
    )
    leads = load_leads(session)
    for item, edition, revision, characters in session.exec(query):
        table = tables.versions[edition.rule_book_version]
        source = _source_of(table, edition.channel, characters)
        is_lead = (item.edition_id, item.article_id) in leads
        yield Use(
            article=item.article_id,
            ref=f"edition:{edition.id}",
            day=edition.date,
            source=source,
            worth=worth(table, source, is_lead=is_lead),
            is_lead=is_lead,
            is_reprint=is_reprint(revision),
        )


def _source_of(table: PointsTable, channel: str, characters: int) -> Source:
    if channel == Channel.MMS:
        return Source.FEATURE
    return Source.BRIEF if 0 < characters <= table.brief_characters else Source.ITEM


def _recorded_uses(session: Session, tables: Tables, wanted: SelectOfScalar[Any]) -> Iterator[Use]:
    query = (
        select(PointEvent, Revision)
        .join(Article, col(Article.id) == col(PointEvent.article_id))
        .join(Revision, (col(Revision.article_id) == Article.id) & (col(Revision.number) == Article.revision))
        .where(*in_force(), col(PointEvent.article_id).in_(wanted))
        .options(_only(col(Revision.source)))
    )
    for event, revision in session.exec(query):
        source = Source(event.kind)
        yield Use(
            article=event.article_id,
            ref=f"event:{event.id}",
            day=event.day,
            source=source,
            worth=worth(tables.versions[event.rule_book_version], source, rank=event.place),
            is_reprint=is_reprint(revision),
            place=event.place,
            outlet=event.outlet,
        )


def _only(*columns: Mapped[Any]) -> _AbstractLoad:
    """Ask for these columns alone: the texts of editions and revisions are long."""
    return load_only(*cast("tuple[QueryableAttribute[Any], ...]", columns))


def _load_facts(session: Session, wanted: SelectOfScalar[Any]) -> dict[int, ArticleFacts]:
    authors = load_authors(session, wanted)
    query = select(Article.id, Article.stage).where(col(Article.id).in_(wanted))
    return {
        article or 0: ArticleFacts(
            article=article or 0,
            authors=tuple(authors.get(article or 0, ())),
            is_retracted=stage == ArticleStage.RETRACTED,
        )
        for article, stage in session.exec(query)
    }
