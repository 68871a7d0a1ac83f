"""Old rows of the ledger made nobody's: their numbers' keys, people's ids and links go; every count stays what it was.

A row keeps its edition, batch, state, day and cell. Instead of the key it gets a place of its own, so that it still is
one row and no other; the order of these follows the keyed hashes, which says nothing of who came before whom.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, text
from sqlmodel import Session, col, func, select

from newsletter.delivery.feeds import Feed, feed_position
from newsletter.delivery.gateways.sandbox import SandboxGateway
from newsletter.delivery.models import Delivery, Dispatch, LinkToken
from newsletter.newsroom import Newsroom

#: Rows made nobody's in one transaction.
PAGE_ROWS: Final = 500
_UPDATE: Final = text(
    "UPDATE delivery SET subscriber_id = :nobody, number_key = :key, message_id = '' "
    "WHERE edition_id = :edition AND batch = :batch AND subscriber_id = :subscriber"
)
#: The sandbox's own record of an edition, as far as its receipts were taken in.
_SANDBOX: Final = text(
    "UPDATE message SET number_key = '', number = '', reference = '', token = '', token_at = 0 "
    "WHERE edition = :edition AND id <= :taken AND number_key <> ''"
)


def old_editions(session: Session, before: datetime) -> list[int]:
    """Editions whose sending ended before a moment, and of which rows or links still say whose they are."""
    named = select(Delivery.edition_id).where(
        Delivery.edition_id == Dispatch.edition_id, col(Delivery.subscriber_id) > 0
    )
    linked = select(LinkToken.token).where(LinkToken.edition_id == Dispatch.edition_id)
    query = select(Dispatch.edition_id).where(col(Dispatch.finished_at) < before, named.exists() | linked.exists())
    return list(session.exec(query.order_by(col(Dispatch.edition_id))))


def count_named(session: Session, editions: list[int]) -> int:
    """Rows of these editions that still say whose they are."""
    query = select(func.count()).where(col(Delivery.edition_id).in_(editions), col(Delivery.subscriber_id) > 0)
    return session.exec(query).one()


def anonymise_page(session: Session, edition_id: int) -> int:
    """Make up to ``PAGE_ROWS`` rows of an edition nobody's, and its links with the first; return how many."""
    connection = session.connection()
    connection.execute(delete(LinkToken).where(col(LinkToken.edition_id) == edition_id))
    page = (
        select(Delivery.batch, Delivery.subscriber_id)
        .where(Delivery.edition_id == edition_id, col(Delivery.subscriber_id) > 0)
        .order_by(col(Delivery.number_key))
        .limit(PAGE_ROWS)
    )
    rows = list(connection.execute(page))
    lowest = session.exec(select(func.min(Delivery.subscriber_id)).where(Delivery.edition_id == edition_id)).one()
    first = min(lowest or 0, 0) - 1
    values = [
        {"edition": edition_id, "batch": batch, "subscriber": subscriber, "nobody": first - place}
        for place, (batch, subscriber) in enumerate(rows)
    ]
    if values:
        connection.execute(_UPDATE, [{**found, "key": f"nobody/{-found['nobody']}"} for found in values])
    return len(values)


def anonymise_sandbox(newsroom: Newsroom, connection: Connection, editions: list[int]) -> None:
    """The same of what the sandbox gateway wrote down."""
    taken = feed_position(newsroom, SandboxGateway.name, Feed.RECEIPTS)
    for edition in editions:
        connection.execute(_SANDBOX, {"edition": edition, "taken": taken})
