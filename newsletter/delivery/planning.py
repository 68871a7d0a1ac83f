"""Planning: the audience frozen as ledger rows, one a number, by one ``INSERT … SELECT``.

A correction's audience is no definition: it is whoever got the original.
"""

import json
from math import ceil
from typing import Any, Final

from sqlalchemy import insert, literal
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from newsletter.delivery.full_text import piece_of
from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState, Dispatch
from newsletter.delivery.receivers import count_receivers, insert_receivers
from newsletter.editions.models import Edition
from newsletter.newsroom import Newsroom
from newsletter.subscribers.audience.audiences import AudienceDefinition
from newsletter.subscribers.audience.reach import audience_condition
from newsletter.subscribers.models import Subscriber

#: Rows of a batch at most (DESIGN: suppression is read when a batch is claimed, so a batch must not last long).
BATCH_ROWS: Final = 500
_CELL: Final = ("unit_id", "region_code", "profession", "standing", "mobile", "retired")


def plan_sending(
    session: Session,
    newsroom: Newsroom,
    edition: Edition,
    *,
    part_count: int,
    full_part_count: int | None = None,
    staff_id: int,
) -> Dispatch:
    """Freeze the audience of ``edition``; several people on one number become one row.

    Args:
        session: a writing one.
        newsroom: says which gateway it goes by.
        edition: which.
        part_count: of the message.
        full_part_count: of the full text without a link, which then goes to those who asked for it; None: there is
            none.
        staff_id: who sends it.

    The caller's transaction also moves the edition's stage, so that there is a plan if, and only if, it is sending.
    """
    _hold(session, "subscriber" if edition.corrects_id is None else "delivery")
    audience_count = _count_numbers(session, edition)
    dispatch = Dispatch(
        edition_id=edition.id or 0,
        gateway=newsroom.settings.gateway.kind,
        audience_count=audience_count,
        part_count=part_count,
        full_part_count=full_part_count,
        staff_id=staff_id,
        planned_at=newsroom.now(),
    )
    session.add(dispatch)
    session.flush()
    batches = [
        {"edition_id": edition.id, "number": number, "state": BatchState.OPEN}
        for number in range(1, ceil(audience_count / BATCH_ROWS) + 1)
    ]
    if batches:
        session.connection().execute(insert(Batch), batches)
        session.connection().execute(insert_deliveries(session, edition, dispatch))
    return dispatch


def _count_numbers(session: Session, edition: Edition) -> int:
    if edition.corrects_id is not None:
        return count_receivers(session, edition.corrects_id, edition.paper_id).received
    condition = audience_condition(session, edition_audience(edition))
    return session.exec(select(func.count(func.distinct(col(Subscriber.number_key)))).where(condition)).one()


def _hold(session: Session, table: str) -> None:
    # The audience is counted, then inserted: an import, or for a correction a receipt, between the two would tear them
    # apart. SQLite has one writer.
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql(f"LOCK TABLE {table} IN SHARE MODE")


def edition_audience(edition: Edition) -> AudienceDefinition:
    """Who an edition is for, as frozen when it was composed."""
    return AudienceDefinition.model_validate(json.loads(edition.audience_definition))


def insert_deliveries(session: Session, edition: Edition, dispatch: Dispatch) -> Any:
    """The statement that writes a planned edition's ledger: a row a number, in batches."""
    has_full = dispatch.full_part_count is not None
    if edition.corrects_id is not None:
        return insert_receivers(edition.corrects_id, dispatch, batch_rows=BATCH_ROWS, has_full=has_full)
    condition = audience_condition(session, edition_audience(edition))
    table = Subscriber.__table__.c  # type: ignore[attr-defined]
    firsts = select_columns(func.min(table.id)).where(condition).group_by(table.number_key)
    place = func.row_number().over(order_by=table.id)
    rows = select_columns(
        literal(edition.id),
        (place - 1) // literal(BATCH_ROWS) + 1,
        table.id,
        table.number_key,
        literal(DeliveryState.QUEUED.value),
        literal(""),
        literal(""),
        literal(dispatch.planned_at, Delivery.__table__.c.changed_at.type),  # type: ignore[attr-defined]
        *(table[name] for name in _CELL),
        piece_of(table.number_key, has_full=has_full),
    ).where(table.id.in_(firsts))
    names = [
        "edition_id",
        "batch",
        "subscriber_id",
        "number_key",
        "state",
        "reason",
        "message_id",
        "changed_at",
        *_CELL,
        "piece",
    ]
    return insert(Delivery).from_select(names, rows)
