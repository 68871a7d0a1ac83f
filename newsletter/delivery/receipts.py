"""Receipts taken in: everything the gateway already has, a page at a time, each page with its place in one commit."""

from sqlmodel import Session

from newsletter.delivery.gateways.port import Gateway
from newsletter.delivery.models import GatewayCursor
from newsletter.delivery.recording import record_receipts
from newsletter.newsroom import Newsroom

_PAGE: int = 5_000


def take_receipts(newsroom: Newsroom, gateway: Gateway) -> int:
    """Write all receipts the gateway has and we do not; return how many came."""
    taken = 0
    while True:
        with newsroom.writing() as session:
            cursor = feed_cursor(session, gateway.name, "receipts")
            receipts = gateway.receipts(cursor.position, _PAGE)
            if not receipts:
                return taken
            record_receipts(session, receipts)
            cursor.position = receipts[-1].position
            session.add(cursor)
            session.commit()
        taken += len(receipts)


def feed_cursor(session: Session, gateway: str, feed: str) -> GatewayCursor:
    """How far a feed of the gateway was taken in."""
    cursor = session.get(GatewayCursor, (gateway, feed))
    if cursor is None:
        cursor = GatewayCursor(gateway=gateway, feed=feed, position=0)
        session.add(cursor)
        session.flush()
    return cursor
