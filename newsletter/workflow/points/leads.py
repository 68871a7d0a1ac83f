"""Which item leads an edition: the one its readers see first, which need not be the first in the list.

Editions print what stands in no column first, then column by column (``editions.arranging``). Columns are only ever
added, after all others, so the order in which an edition that was sent is read back is the one it was printed in.
"""

from sqlmodel import Session, col, func, select

from newsletter.editions.kinds import Kind
from newsletter.editions.models import Edition, EditionStage, Item
from newsletter.organisation.columns import Column


def load_leads(session: Session) -> set[tuple[int, int]]:
    """(edition, article) of the first printed item of every main edition that was sent."""
    in_print = func.row_number().over(
        partition_by=col(Item.edition_id),
        order_by=(func.coalesce(col(Column.position), 0), col(Item.position)),
    )
    placed = (
        select(col(Item.edition_id).label("edition"), col(Item.article_id).label("article"), in_print.label("place"))
        .join(Edition, col(Edition.id) == col(Item.edition_id))
        .join(Column, col(Column.id) == col(Item.column_id), isouter=True)
        .where(Edition.kind == Kind.MAIN, Edition.stage == EditionStage.SENT)
        .subquery()
    )
    rows = session.exec(select(placed.c.edition, placed.c.article).where(placed.c.place == 1))
    return {(edition, article) for edition, article in rows}
