"""How far a gateway's feeds were taken in: a place that only moves on with what was read up to it, in one commit.

Pages are read outside any transaction of ours. Of two who read the same page, the one who moves the place first keeps
it; the other drops its page and reads on.
"""

from enum import StrEnum
from typing import Final

from sqlalchemy import text
from sqlmodel import Session

from newsletter.delivery.models import GatewayCursor
from newsletter.newsroom import Newsroom


class Feed(StrEnum):
    """What a gateway has for us to read."""

    RECEIPTS = "receipts"
    REPLIES = "replies"


_BEGIN: Final = text(
    "INSERT INTO gateway_cursor (gateway, feed, position) VALUES (:gateway, :feed, 0) ON CONFLICT DO NOTHING"
)
_MOVE: Final = text(
    "UPDATE gateway_cursor SET position = :to_position "
    "WHERE gateway = :gateway AND feed = :feed AND position = :from_position"
)


def feed_position(newsroom: Newsroom, gateway: str, feed: Feed) -> int:
    """How far a feed of the gateway was taken in; 0 at first."""
    with newsroom.reading() as session:
        cursor = session.get(GatewayCursor, (gateway, feed.value))
        return cursor.position if cursor else 0


def has_moved(session: Session, gateway: str, feed: Feed, *, from_position: int, to_position: int) -> bool:
    """Move a feed's place on, unless somebody else did meanwhile: then nothing of this page may be written."""
    place = {"gateway": gateway, "feed": feed.value}
    connection = session.connection()
    connection.execute(_BEGIN, place)
    moved = connection.execute(_MOVE, {**place, "from_position": from_position, "to_position": to_position})
    return moved.rowcount == 1
