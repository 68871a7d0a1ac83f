"""From an edition's records to what renderers are given: items grouped by column, in the columns' order."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from newsletter.articles.bylines import bylines_of
from newsletter.articles.models import Article, Revision, TextFormat
from newsletter.articles.pictures import picture_uri
from newsletter.capabilities import opt_out_hint
from newsletter.editions.corrections import reference_of
from newsletter.editions.imprints import imprint_of
from newsletter.editions.kinds import Kind
from newsletter.editions.layout import EditionLayout, LayoutColumn, LayoutItem
from newsletter.editions.link_marks import placeholder_link
from newsletter.editions.models import Edition, Item
from newsletter.newsroom import Newsroom
from newsletter.organisation.columns import Column
from newsletter.organisation.contributors import Contributor
from newsletter.organisation.papers import Paper
from newsletter.organisation.units import Unit


def arrange_edition(session: Session, newsroom: Newsroom, edition: Edition) -> EditionLayout:
    """Everything a reader will see of an edition, as plain values."""
    paper, imprint = session.get_one(Paper, edition.paper_id), imprint_of(session, edition)
    settings = newsroom.settings
    return EditionLayout(
        paper_name=imprint.paper,
        signature=paper.signature,
        kind=Kind(edition.kind),
        number=edition.number,
        date=edition.date,
        columns=_arrange_columns(session, edition),
        language=settings.newsroom.language,
        unit_name=imprint.unit if edition.unit_id != paper.unit_id else "",
        title=edition.title,
        opt_out_hint=opt_out_hint(settings.gateway.kind, settings.newsroom.telephone, placeholder_link(settings)),
        plain_opt_out_hint=opt_out_hint(settings.gateway.kind, settings.newsroom.telephone),
        reference=reference_of(session, edition),
    )


def _arrange_columns(session: Session, edition: Edition) -> tuple[LayoutColumn, ...]:
    rows = session.exec(
        select(Item, Revision, Unit)
        .join(Revision, col(Revision.id) == col(Item.revision_id))
        .join(Article, col(Article.id) == col(Item.article_id))
        .join(Unit, col(Unit.id) == col(Article.unit_id))
        .where(Item.edition_id == edition.id)
        .order_by(col(Item.position))
    ).all()
    columns = {column.id: column for column in session.exec(select(Column))}
    owners = {
        unit.id: unit.name for unit in session.exec(select(Unit).join(Column, col(Column.owner_unit_id) == Unit.id))
    }
    grouped: dict[int | None, list[LayoutItem]] = {}
    bylines = _read_bylines(session, [item.article_id for item, _revision, _unit in rows])
    for item, revision, unit in rows:
        arranged = _arrange_item(session, item, revision, unit, bylines[item.article_id])
        grouped.setdefault(item.column_id, []).append(arranged)
    return tuple(
        LayoutColumn(
            name=columns[column_id].name if column_id else "",
            owner=owners.get(columns[column_id].owner_unit_id) if column_id else None,
            items=tuple(grouped[column_id]),
        )
        for column_id in _in_print_order(grouped, columns)
    )


def _in_print_order(
    grouped: dict[int | None, list[LayoutItem]], columns: dict[int | None, Column]
) -> Sequence[int | None]:
    """Articles without a column come first, as on a front page."""
    return sorted(grouped, key=lambda column_id: columns[column_id].position if column_id else 0)


def _read_bylines(session: Session, article_ids: Sequence[int]) -> dict[int, str]:
    """Article → its contributors' names as they are printed, the owner first."""
    bylines = bylines_of(session, article_ids)
    wanted = {contributor for line in bylines.values() for contributor in line}
    query = select(Contributor).where(col(Contributor.id).in_(wanted))
    names = {contributor.id: contributor.name for contributor in session.exec(query)}
    return {article: " ".join(names[contributor] for contributor in line) for article, line in bylines.items()}


def _arrange_item(session: Session, item: Item, revision: Revision, unit: Unit, byline: str) -> LayoutItem:
    return LayoutItem(
        article=item.article_id,
        title=revision.title,
        lead=revision.lead,
        body=revision.body,
        is_markdown=revision.format == TextFormat.MARKDOWN,
        unit_name=unit.name,
        contributor=byline,
        source=revision.source,
        pictures=tuple(picture_uri(session, sha256) for sha256 in revision.pictures.split()),
    )
