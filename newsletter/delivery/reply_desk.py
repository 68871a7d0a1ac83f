"""Replies that nobody could interpret: shown to a person, who says what they mean, once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final
from unicodedata import normalize

from sqlmodel import Session, col, func, select

from newsletter.delivery.attribution import attribute_opt_out
from newsletter.delivery.departures import find_paper, read_reason
from newsletter.delivery.gateways.port import InboundReply
from newsletter.delivery.models import Reply
from newsletter.delivery.replies import SOURCE, record_own_consent
from newsletter.errors import InputError, NotFoundError, RefusedError
from newsletter.journal.statements import Verb, unlock_key
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import Staff, require_right
from newsletter.organisation.units import ROOT, get_unit
from newsletter.subscribers.leaving.known_numbers import mask_numbers
from newsletter.subscribers.leaving.optouts import EventKind, hide_note, record_opt_in, record_opt_out
from newsletter.subscribers.leaving.reasons import parse_reason
from newsletter.subscribers.models import OptOutEvent
from newsletter.subscribers.privacy.disclosing import journal_disclosure
from newsletter.translation import gettext as _

#: Digits from which on a run of them may be a telephone or identity number, however it is spaced.
_DIGITS: Final = re.compile(r"\d(?:[ \-.]?\d){4,}")
#: What the journal says looking is for.
PURPOSE: Final = "replies to be handled"


class Verdict(StrEnum):
    """What a person makes of a reply."""

    OUT = "out"
    IN = "in"
    #: Neither: it asks for nothing of the kind.
    NONE = "none"


class UnknownReplyError(NotFoundError):
    """No reply has this number."""

    code: ClassVar[str] = "unknown_reply"


class HandledReplyError(RefusedError):
    """Somebody has said what it means."""

    code: ClassVar[str] = "reply_handled"


class LaterWordError(RefusedError):
    """The reader has said something clear since."""

    code: ClassVar[str] = "later_word"


@dataclass(frozen=True, kw_only=True)
class WaitingReply:
    """A reply as it is shown: number masked, digits in the text hidden.

    Attributes:
        is_readable: False: what it says cannot be read any more; only whose it is, and when it came.
        verdict: empty while it waits.
    """

    reply: int
    number: str
    text: str
    is_readable: bool
    received_at: datetime
    verdict: str
    handled_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class HandledReply:
    """What a reply came to; ``event`` is the opt-out or opt-in, None for neither."""

    reply: int
    verdict: str
    event: OptOutEvent | None


def list_replies(newsroom: Newsroom, *, with_handled: bool = False) -> list[WaitingReply]:
    """The replies that wait for a person, oldest first; looking at any is journalled.

    Raises:
        NoRightError: the acting person may not.
        MissingKeyError: the key that hides them is not here.
    """
    with newsroom.reading() as session:
        _require_replies(session, newsroom)
        count = session.exec(select(func.count()).select_from(Reply).where(*_waits(with_handled=with_handled))).one()
    if not count:
        return []
    unlock_key(newsroom)
    with newsroom.writing() as session:
        _require_replies(session, newsroom)
        query = select(Reply).where(*_waits(with_handled=with_handled)).order_by(col(Reply.id))
        replies = session.exec(query).all()
        shown = _show(session, newsroom, replies)
        journal_disclosure(session, newsroom, Verb.REVEAL, subject="replies", purpose=PURPOSE, count=len(shown))
        session.commit()
    return shown


def handle_reply(
    newsroom: Newsroom, reply_id: int, verdict: str, *, reason: str | None = None, paper: str | None = None
) -> HandledReply:
    """Say what a reply means; leaving and coming back count from when it was received.

    Args:
        newsroom: its acting person must be an issuer of the whole newsroom.
        reply_id: which.
        verdict: a ``Verdict``.
        reason: why they leave; None: what the reply itself gives as a reason.
        paper: code of the one paper left, or come back to; None: everything.

    Raises:
        NoRightError, UnknownReplyError, UnknownPaperError: as they say.
        HandledReplyError: it was handled before.
        LaterWordError: the reader has left or come back since.
        InputError: no such verdict, or a reason that cannot be kept or belongs to no opt-out.
        StillOutError: it comes back to one paper, but left all of them.
    """
    if verdict not in frozenset(Verdict):
        known = ", ".join(Verdict)
        raise InputError(_("{word} says nothing of a reply; known are {known}.").format(word=verdict, known=known))
    if reason is not None and verdict != Verdict.OUT:
        raise InputError(_("A reason belongs to an opt-out only."))
    given = read_reason(reason) if reason is not None else None
    with newsroom.writing() as session:
        staff = _require_replies(session, newsroom)
        reply = _take_up(session, reply_id)
        paper_id = find_paper(session, paper)
        _raise_if_later_word(session, reply, Verdict(verdict))
        event = None
        if verdict == Verdict.OUT:
            event = _leave(session, newsroom, reply, given=given, paper_id=paper_id, staff=staff)
        elif verdict == Verdict.IN:
            event = _come_back(session, newsroom, reply, paper_id=paper_id, staff=staff)
        reply.verdict, reply.handled_by, reply.handled_at = verdict, staff.id, newsroom.now()
        reply.event_id = event.id if event else None
        session.add(reply)
        session.commit()
    return HandledReply(reply=reply_id, verdict=verdict, event=event)


def mask_digits(text: str) -> str:
    """``打13800005678`` → ``打****``: runs of five digits and more are hidden, full-width ones too."""
    return _DIGITS.sub("****", normalize("NFKC", text))


def _require_replies(session: Session, newsroom: Newsroom) -> Staff:
    return require_right(session, newsroom, Right.REPLIES, get_unit(session, ROOT).id)


def _waits(*, with_handled: bool) -> list[bool]:
    return [] if with_handled else [Reply.verdict == ""]


def _show(session: Session, newsroom: Newsroom, replies: Sequence[Reply]) -> list[WaitingReply]:
    numbers = mask_numbers(session, newsroom.data_keys, [reply.number_key for reply in replies])
    return [
        WaitingReply(
            reply=reply.id or 0,
            number=numbers.get(reply.number_key, "****"),
            text=mask_digits(_read_text(newsroom, reply)),
            is_readable=bool(reply.text),
            received_at=reply.received_at,
            verdict=reply.verdict,
            handled_at=reply.handled_at,
        )
        for reply in replies
    ]


def _read_text(newsroom: Newsroom, reply: Reply) -> str:
    return newsroom.data_keys.decrypt(reply.text, f"reply/{reply.number_key}") if reply.text else ""


def _take_up(session: Session, reply_id: int) -> Reply:
    # Locked, so that of two people at once the second finds it handled; SQLite's writer is alone anyway.
    reply = session.exec(select(Reply).where(Reply.id == reply_id).with_for_update()).first()
    if reply is None:
        raise UnknownReplyError(
            _("There is no reply {reply}.").format(reply=reply_id), hint=_("See them: newsletter replies list")
        )
    if reply.verdict:
        raise HandledReplyError(
            _("Reply {reply} was handled before, as {verdict}.").format(reply=reply_id, verdict=reply.verdict),
            hint=_("What was decided since is recorded with optout or optin."),
        )
    return reply


def _leave(
    session: Session, newsroom: Newsroom, reply: Reply, *, given: tuple[str, str] | None, paper_id: int, staff: Staff
) -> OptOutEvent:
    code, note = given or (parse_reason(_read_text(newsroom, reply))[0] or "", "")
    found = attribute_opt_out(session, newsroom, reply.number_key, reply.received_at, paper_id=paper_id)
    return record_opt_out(
        session,
        number_key=reply.number_key,
        source=SOURCE,
        reason=code,
        note=hide_note(newsroom.data_keys, reply.number_key, note),
        at=reply.received_at,
        paper_id=paper_id,
        edition_id=found.edition_id,
        attribution=found.method,
        cell=found.cell,
        staff_id=staff.id,
    )


def _come_back(session: Session, newsroom: Newsroom, reply: Reply, *, paper_id: int, staff: Staff) -> OptOutEvent:
    text = _read_text(newsroom, reply)
    inbound = InboundReply(position=0, number_key=reply.number_key, text=text, at=reply.received_at)
    record_own_consent(session, newsroom, inbound, staff.id)
    return record_opt_in(
        session,
        number_key=reply.number_key,
        source=SOURCE,
        at=reply.received_at,
        paper_id=paper_id,
        staff_id=staff.id,
    )


def _raise_if_later_word(session: Session, reply: Reply, verdict: Verdict) -> None:
    """What was said later stands: a reply read late neither brings back who left since, nor the reverse."""
    if verdict is Verdict.NONE:
        return
    is_leaving = verdict is Verdict.OUT
    opposite = EventKind.IN if is_leaving else EventKind.OUT
    at, received = col(OptOutEvent.at), reply.received_at
    query = select(OptOutEvent.id).where(
        OptOutEvent.number_key == reply.number_key,
        OptOutEvent.kind == opposite,
        at > received if is_leaving else at >= received,  # of one moment, leaving counts
    )
    if session.exec(query.limit(1)).first() is not None:
        raise LaterWordError(
            _("The reader of reply {reply} has said the opposite since.").format(reply=reply.id),
            hint=_("Handle it as none: newsletter replies handle {reply} --as none").format(reply=reply.id),
        )
