"""Opt-outs that reach the desk by telephone or in person: recorded at once, by an issuer."""

from typing import ClassVar, Final

from newsletter.delivery.attribution import attribute_opt_out
from newsletter.errors import InputError
from newsletter.journal.remarks import check_remark
from newsletter.newsroom import Newsroom
from newsletter.organisation.papers import get_paper
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import ROOT, get_unit
from newsletter.subscribers.models import ALL_PAPERS, OptOutEvent
from newsletter.subscribers.optouts import LONGEST_REASON, record_opt_out
from newsletter.subscribers.phones import normalise_number
from newsletter.translation import gettext as _

#: How an opt-out reached the desk; replies and links record themselves.
SOURCES: Final = ("desk", "phone", "letter", "visit", "gateway")


class UnknownSourceError(InputError):
    """Opt-outs do not come that way."""

    code: ClassVar[str] = "unknown_source"


def opt_out_number(
    newsroom: Newsroom, number: str, *, reason: str, source: str = "desk", paper: str | None = None
) -> OptOutEvent:
    """Record that a number is not to be written to any more; it need not be on the register.

    Args:
        newsroom: its acting person must be an issuer.
        number: as spoken; normalised here.
        reason: why they leave, at most 80 characters.
        source: one of ``SOURCES``.
        paper: code of the one paper left; None: everything.

    Raises:
        NumberError: it is no mobile number.
        UnknownSourceError, UnknownPaperError: looked up in vain.
        InputError: no reason, one too long, or one that holds a number.
    """
    if source not in SOURCES:
        raise UnknownSourceError(
            _("{source} is not a source; known are {known}.").format(source=source, known=", ".join(SOURCES))
        )
    reason = " ".join(reason.split())
    check_remark(reason)
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise InputError(_("Give a reason of 1 to {limit} characters.").format(limit=LONGEST_REASON))
    number_key = newsroom.data_keys.number_key(normalise_number(number))
    with newsroom.writing() as session:
        issuer = require_right(session, newsroom, Right.OPT_OUT, get_unit(session, ROOT).id)
        paper_id = get_paper(session, paper).id if paper else ALL_PAPERS
        now = newsroom.now()
        attribution = attribute_opt_out(session, newsroom, number_key, now)
        event = record_opt_out(
            session,
            number_key=number_key,
            source=source,
            reason=reason,
            at=now,
            paper_id=paper_id or ALL_PAPERS,
            edition_id=attribution.edition_id,
            attribution=attribution.method,
            cell=attribution.cell,
            staff_id=issuer.id,
        )
        session.commit()
    return event
