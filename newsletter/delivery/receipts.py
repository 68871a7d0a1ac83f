"""Receipts taken in: everything the gateway already has, a page at a time, each page with its place in one commit."""

from typing import Final

from newsletter.delivery.feeds import Feed, feed_position, has_moved
from newsletter.delivery.gateways.port import Gateway, Receipt
from newsletter.delivery.notice_records import record_notice_receipts
from newsletter.delivery.recording import record_receipts
from newsletter.delivery.references import read_notice_reference
from newsletter.newsroom import Newsroom

_PAGE: Final = 5_000


def take_receipts(newsroom: Newsroom, gateway: Gateway) -> int:
    """Write all receipts the gateway has and we do not; return how many came."""
    taken = 0
    while True:
        start = feed_position(newsroom, gateway.name, Feed.RECEIPTS)
        receipts = gateway.receipts(start, _PAGE)
        if not receipts:
            return taken
        end = receipts[-1].position
        with newsroom.writing() as session:
            if has_moved(session, gateway.name, Feed.RECEIPTS, from_position=start, to_position=end):
                record_receipts(session, [found for found in receipts if not _is_notice(found)])
                record_notice_receipts(session, [found for found in receipts if _is_notice(found)])
                session.commit()
                taken += len(receipts)


def _is_notice(receipt: Receipt) -> bool:
    return read_notice_reference(receipt.reference) is not None
