"""Replies taken in: a clear word unsubscribes or brings back at once; what only looks like one waits for a person."""

from collections import Counter

from sqlmodel import Session

from newsletter.delivery.attribution import attribute_opt_out
from newsletter.delivery.gateways.port import Gateway, InboundReply
from newsletter.delivery.models import Reply
from newsletter.delivery.receipts import feed_cursor
from newsletter.newsroom import Newsroom
from newsletter.subscribers.keywords import ReplyKind, interpret_reply
from newsletter.subscribers.optouts import record_opt_in, record_opt_out

_PAGE: int = 500
_SOURCE: str = "reply"


def take_replies(newsroom: Newsroom, gateway: Gateway) -> dict[ReplyKind, int]:
    """Take in all replies the gateway has and we do not; return how many there were of each kind."""
    counted: Counter[ReplyKind] = Counter()
    while True:
        with newsroom.writing() as session:
            cursor = feed_cursor(session, gateway.name, "replies")
            replies = gateway.replies(cursor.position, _PAGE)
            if not replies:
                return {kind: counted[kind] for kind in ReplyKind}
            for reply in replies:
                counted[_take_reply(session, newsroom, gateway, reply)] += 1
            cursor.position = replies[-1].position
            session.add(cursor)
            session.commit()


def _take_reply(session: Session, newsroom: Newsroom, gateway: Gateway, reply: InboundReply) -> ReplyKind:
    meaning = interpret_reply(reply.text)
    if meaning.kind is ReplyKind.OUT:
        attribution = attribute_opt_out(session, newsroom, reply.number_key, reply.at)
        record_opt_out(
            session,
            number_key=reply.number_key,
            source=_SOURCE,
            keyword=meaning.keyword,
            at=reply.at,
            edition_id=attribution.edition_id,
            attribution=attribution.method,
            cell=attribution.cell,
        )
    elif meaning.kind is ReplyKind.IN:
        record_opt_in(session, number_key=reply.number_key, source=_SOURCE, keyword=meaning.keyword, at=reply.at)
    elif meaning.kind is ReplyKind.UNCLEAR:
        text = newsroom.data_keys.encrypt(reply.text, f"reply/{reply.number_key}")
        waiting = Reply(
            number_key=reply.number_key, text=text, gateway_id=f"{gateway.name}/{reply.position}", received_at=reply.at
        )
        session.add(waiting)
    return meaning.kind
