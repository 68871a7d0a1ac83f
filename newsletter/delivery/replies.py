"""Replies taken in: a clear word unsubscribes or brings back at once; what only looks like one waits for a person."""

from collections import Counter
from typing import Final

from sqlmodel import Session

from newsletter.delivery.attribution import attribute_opt_out
from newsletter.delivery.feeds import Feed, feed_position, has_moved
from newsletter.delivery.gateways.port import Gateway, InboundReply
from newsletter.delivery.models import Reply
from newsletter.newsroom import Newsroom
from newsletter.subscribers.keywords import ReplyKind, interpret_reply
from newsletter.subscribers.optouts import record_opt_in, record_opt_out

_PAGE: Final = 500
_SOURCE: Final = "reply"


def take_replies(newsroom: Newsroom, gateway: Gateway) -> dict[ReplyKind, int]:
    """Take in all replies the gateway has and we do not; return how many there were of each kind."""
    counted: Counter[ReplyKind] = Counter()
    while True:
        start = feed_position(newsroom, gateway.name, Feed.REPLIES)
        replies = gateway.replies(start, _PAGE)
        if not replies:
            return {kind: counted[kind] for kind in ReplyKind}
        end = replies[-1].position
        with newsroom.writing() as session:
            if has_moved(session, gateway.name, Feed.REPLIES, from_position=start, to_position=end):
                kinds = [_take_reply(session, newsroom, gateway, reply) for reply in replies]
                session.commit()
                counted.update(kinds)


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
