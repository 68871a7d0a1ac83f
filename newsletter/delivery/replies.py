"""Replies taken in: a clear word unsubscribes or brings back at once; what only looks like one waits for a person."""

from collections import Counter
from typing import Final

from sqlmodel import Session, func, select

from newsletter.delivery.attribution import attribute_opt_out
from newsletter.delivery.confirming import queue_confirmation, send_confirmations
from newsletter.delivery.feeds import Feed, feed_position, has_moved
from newsletter.delivery.gateways.port import Gateway, InboundReply
from newsletter.delivery.models import Reply
from newsletter.newsroom import Newsroom
from newsletter.subscribers.leaving.consent import Consent, hide_proof, record_consents
from newsletter.subscribers.leaving.keywords import Interpretation, ReplyKind, interpret_reply
from newsletter.subscribers.leaving.optouts import record_opt_in, record_opt_out

_PAGE: Final = 500
SOURCE: Final = "reply"


def take_replies(newsroom: Newsroom, gateway: Gateway) -> dict[ReplyKind, int]:
    """Take in all replies the gateway has and we do not; return how many there were of each kind.

    Whoever left by them is then told so, if the newsroom has set a text for it, and of nothing else.
    """
    counted: Counter[ReplyKind] = Counter()
    while True:
        start = feed_position(newsroom, gateway.name, Feed.REPLIES)
        replies = gateway.replies(start, _PAGE)
        if not replies:
            break
        end = replies[-1].position
        with newsroom.writing() as session:
            if has_moved(session, gateway.name, Feed.REPLIES, from_position=start, to_position=end):
                kinds = [_take_reply(session, newsroom, gateway, reply) for reply in replies]
                session.commit()
                counted.update(kinds)
    send_confirmations(newsroom, gateway)
    return {kind: counted[kind] for kind in ReplyKind}


def count_unreadable(newsroom: Newsroom) -> int:
    """Replies that wait for a person and could not be read: altered, or hidden by a key that nobody has any more."""
    with newsroom.reading() as session:
        query = select(func.count()).select_from(Reply).where(Reply.text == b"", Reply.verdict == "")
        return session.exec(query).one()


def _take_reply(session: Session, newsroom: Newsroom, gateway: Gateway, reply: InboundReply) -> ReplyKind:
    meaning = interpret_reply(reply.text) if reply.is_readable else Interpretation(ReplyKind.UNCLEAR)
    if meaning.kind is ReplyKind.OUT:
        _leave(session, newsroom, reply, meaning)
    elif meaning.kind is ReplyKind.IN:
        record_opt_in(session, number_key=reply.number_key, source=SOURCE, keyword=meaning.keyword, at=reply.at)
        record_own_consent(session, newsroom, reply)
    elif meaning.kind is ReplyKind.UNCLEAR:
        hidden = newsroom.data_keys.encrypt(reply.text, f"reply/{reply.number_key}") if reply.is_readable else b""
        waiting = Reply(
            number_key=reply.number_key,
            text=hidden,
            gateway_id=f"{gateway.name}/{reply.position}",
            received_at=reply.at,
        )
        session.add(waiting)
    return meaning.kind


def _leave(session: Session, newsroom: Newsroom, reply: InboundReply, meaning: Interpretation) -> None:
    attribution = attribute_opt_out(session, newsroom, reply.number_key, reply.at)
    event = record_opt_out(
        session,
        number_key=reply.number_key,
        source=SOURCE,
        keyword=meaning.keyword,
        reason=meaning.reason or "",
        at=reply.at,
        edition_id=attribution.edition_id,
        attribution=attribution.method,
        cell=attribution.cell,
    )
    queue_confirmation(session, newsroom, event)


def record_own_consent(session: Session, newsroom: Newsroom, reply: InboundReply, staff_id: int | None = None) -> None:
    """Record that a reader asked in their own words to be written to; their reply is the proof. The caller commits."""
    consent = Consent(
        number_key=reply.number_key,
        channel=SOURCE,
        at=reply.at,
        proof=hide_proof(newsroom.data_keys, reply.number_key, reply.text),
        staff_id=staff_id,
    )
    record_consents(session, [consent], recorded_at=newsroom.now())
