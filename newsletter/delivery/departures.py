"""Who leaves, or comes back, by telephone, letter or in person: recorded at once, by an issuer."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final

from sqlmodel import Session, col, select

from newsletter.delivery.attribution import attribute_opt_out
from newsletter.errors import InputError, RefusedError
from newsletter.journal.remarks import check_remark
from newsletter.newsroom import Newsroom
from newsletter.organisation.papers import get_paper
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import Staff, require_right
from newsletter.organisation.units import ROOT, get_unit
from newsletter.subscribers.audience.unusable import clear_unusable
from newsletter.subscribers.event_records import UnusableNumber
from newsletter.subscribers.leaving.consent import Consent, check_proof, hide_proof, record_consents
from newsletter.subscribers.leaving.optouts import hide_note, moments_of_speaking, record_opt_in, record_opt_out
from newsletter.subscribers.leaving.reasons import ReasonCode, parse_reason
from newsletter.subscribers.models import ALL_PAPERS, OptOutEvent, Status, Subscriber, Suppression
from newsletter.subscribers.phones import normalise_number
from newsletter.translation import gettext as _

#: How an opt-out reached the desk; replies and links record themselves.
SOURCES: Final = ("desk", "phone", "letter", "visit", "gateway")
#: Characters of what is said besides the coded reason.
LONGEST_NOTE: Final = 200


class UnknownSourceError(InputError):
    """Opt-outs do not come that way."""

    code: ClassVar[str] = "unknown_source"


class FormerHolderError(RefusedError):
    """The register still has the former holder of the number."""

    code: ClassVar[str] = "former_holder"


def opt_out_number(
    newsroom: Newsroom, number: str, *, reason: str, source: str = "desk", paper: str | None = None
) -> OptOutEvent:
    """Record that a number is not to be written to any more; it need not be on the register.

    Args:
        newsroom: its acting person must be an issuer.
        number: as spoken; normalised here.
        reason: why they leave: a code or label of ``reasons``, or at most 200 characters, which are kept encrypted.
        source: one of ``SOURCES``.
        paper: code of the one paper left; None: everything.

    Raises:
        NumberError: it is no mobile number.
        UnknownSourceError, UnknownPaperError: looked up in vain.
        InputError: no reason, one too long, or one that holds a number.
    """
    check_source(source)
    code, note = read_reason(reason)
    number_key = newsroom.data_keys.number_key(normalise_number(number))
    with newsroom.writing() as session:
        issuer = require_departures(session, newsroom)
        paper_id = find_paper(session, paper)
        now = moments_of_speaking(session, [number_key], newsroom.now())[number_key]
        attribution = attribute_opt_out(session, newsroom, number_key, now, paper_id=paper_id)
        event = record_opt_out(
            session,
            number_key=number_key,
            source=source,
            reason=code,
            note=hide_note(newsroom.data_keys, number_key, note),
            at=now,
            paper_id=paper_id,
            edition_id=attribution.edition_id,
            attribution=attribution.method,
            cell=attribution.cell,
            staff_id=issuer.id,
        )
        session.commit()
    return event


def opt_in_number(
    newsroom: Newsroom,
    number: str,
    *,
    evidence: str,
    paper: str | None = None,
    is_reassigned: bool = False,
    holders: Sequence[int] = (),
) -> OptOutEvent:
    """Record that a number may be written to again; what shows that its holder wants it is kept, encrypted.

    That the gateway found the number unusable is forgotten too. A number given to somebody else is free again without
    anybody having come back: its event is not effective, so neither growth nor retention counts a return.

    Args:
        newsroom: its acting person must be an issuer.
        number: as spoken; normalised here.
        evidence: what shows it, at most 500 characters.
        paper: code of the one paper come back to; None: everything.
        is_reassigned: the number is somebody else's than when it left.
        holders: ids of those on the register who have it now, known from before it left under another number.

    Raises:
        NumberError, UnknownPaperError, ProofError: what was said cannot be used.
        StillOutError: it comes back to one paper, but left all of them.
        FormerHolderError: it is reassigned, and the register has people on it from before it left.
    """
    proof = check_proof(evidence)
    number_key = newsroom.data_keys.number_key(normalise_number(number))
    with newsroom.writing() as session:
        issuer = require_departures(session, newsroom)
        paper_id = find_paper(session, paper)
        now = moments_of_speaking(session, [number_key], newsroom.now())[number_key]
        if is_reassigned:
            _raise_if_former_holder(session, number_key, holders)
        event = record_opt_in(
            session,
            number_key=number_key,
            source="desk",
            reason=ReasonCode.NUMBER_CHANGED if is_reassigned else "",
            at=now,
            paper_id=paper_id,
            staff_id=issuer.id,
            is_new_holder=is_reassigned,
        )
        hidden = hide_proof(newsroom.data_keys, number_key, proof)
        consent = Consent(number_key=number_key, channel="desk", at=now, proof=hidden, staff_id=issuer.id)
        record_consents(session, [consent], recorded_at=now)
        clear_unusable(session, number_key, at=now, staff_id=issuer.id)
        session.commit()
    return event


def read_reason(reason: str) -> tuple[ReasonCode, str]:
    """The code of what was given as a reason, and what of it is to be kept besides, encrypted.

    Raises:
        InputError: no reason, one too long, or one that holds a number.
    """
    check_remark(reason)
    code, note = parse_reason(reason)
    if not reason.strip() or len(note) > LONGEST_NOTE:
        raise InputError(_("Give a reason of 1 to {limit} characters.").format(limit=LONGEST_NOTE))
    return code or ReasonCode.OTHER, note


def check_source(source: str) -> None:
    """Accept a way by which opt-outs reach the desk.

    Raises:
        UnknownSourceError: it is none.
    """
    if source not in SOURCES:
        raise UnknownSourceError(
            _("{source} is not a source; known are {known}.").format(source=source, known=", ".join(SOURCES))
        )


def require_departures(session: Session, newsroom: Newsroom) -> Staff:
    """The acting person, who must be allowed to record who leaves, whichever unit they belong to.

    Raises:
        NoRightError: they are not.
    """
    return require_right(session, newsroom, Right.OPT_OUT, get_unit(session, ROOT).id)


def find_paper(session: Session, paper: str | None) -> int:
    """The id of the paper with this code; ``ALL_PAPERS`` without one.

    Raises:
        UnknownPaperError: there is none.
    """
    return (get_paper(session, paper).id or ALL_PAPERS) if paper else ALL_PAPERS


def _raise_if_former_holder(session: Session, number_key: str, holders: Sequence[int]) -> None:
    """Who was there before it left, or was found unusable, is its former holder, unless the desk knows better.

    Since when somebody has a number the register does not tell: it keeps no numbers of the past.
    """
    since = _left_since(session, number_key)
    if since is None:
        return
    query = select(Subscriber.id).where(
        Subscriber.number_key == number_key, Subscriber.status == Status.ACTIVE, Subscriber.created_at <= since
    )
    people = session.exec(query.where(col(Subscriber.id).not_in(holders)).order_by(col(Subscriber.id))).all()
    if people:
        raise FormerHolderError(
            _("The register still has this number's former holder: {people}.").format(
                people=", ".join(map(str, people))
            ),
            hint=_("Give them their new number, or record that they are gone; who has it now: --holder ID."),
        )


def _left_since(session: Session, number_key: str) -> datetime | None:
    events = select(OptOutEvent.at).join(Suppression, col(Suppression.event_id) == col(OptOutEvent.id))
    moments = [*session.exec(events.where(Suppression.number_key == number_key))]
    unusable = session.get(UnusableNumber, number_key)
    return max([*moments, *([unusable.since] if unusable and unusable.lifted_at is None else [])], default=None)
