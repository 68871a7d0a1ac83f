"""Preflight: what a sending would do, and what stands against it, before anything leaves."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from sqlmodel import Session

from newsletter.capabilities import capabilities_of
from newsletter.delivery.ledger import waiting_count
from newsletter.delivery.models import DeliveryState
from newsletter.delivery.planning import edition_audience
from newsletter.delivery.receivers import count_receivers
from newsletter.editions.corrections import Link, correction_mark, corrections_in_force, link_of
from newsletter.editions.findings import outdated_findings
from newsletter.editions.models import Edition, EditionStage, PieceName
from newsletter.editions.records import get_piece, subject_of
from newsletter.editions.sms_parts import split_sms
from newsletter.errors import RefusedError
from newsletter.journal.key_stores import shared_key_stores
from newsletter.journal.staff_keys import key_store_id
from newsletter.journal.words import words_about
from newsletter.newsroom import Newsroom
from newsletter.subscribers.reach import count_audience
from newsletter.translation import gettext as _
from newsletter.workflow.approval import ChangedSinceError, words_in_force


class EmptyAudienceError(RefusedError):
    """Nobody would get the edition."""

    code: ClassVar[str] = "empty_audience"


@dataclass(frozen=True, kw_only=True)
class Preflight:
    """What a sending would do.

    Attributes:
        people: in the audience; several may share a number.
        audience: numbers, each of which gets at most one message.
        excluded: reason → numbers that will not be written to.
        parts_each: parts of the message.
        parts: in all, for those reachable now.
        cost: in the currency of ``price_per_part``; None where that is not set.
        text: the message itself.
        digest: of the edition as it was looked at.
        corrects: what it corrects, if it does.
        received: numbers that got what it corrects, or may have got it.
    """

    edition: int
    people: int
    audience: int
    excluded: dict[str, int]
    parts_each: int
    parts: int
    cost: Decimal | None
    text: str
    digest: str
    warnings: tuple[str, ...]
    corrects: Link | None = None
    received: int | None = None

    @property
    def reachable(self) -> int:
        """Numbers that will be written to as things stand."""
        return self.audience - sum(self.excluded.values())


def preflight(session: Session, newsroom: Newsroom, edition: Edition) -> Preflight:
    """Count and cost a sending.

    Raises:
        EmptyAudienceError: nobody would get it.
        NoPieceError: it was never rendered.
    """
    if edition.corrects_id is not None:
        return _preflight_correction(session, newsroom, edition, edition.corrects_id)
    count = count_audience(session, edition_audience(edition), edition.paper_id)
    if count.reachable == 0:
        raise EmptyAudienceError(
            _("Nobody would get edition {edition}: {people} in its audience, {suppressed} opted out.").format(
                edition=edition.id, people=count.people, suppressed=count.suppressed
            ),
            hint=_("Import subscribers, or draft it with another --audience."),
        )
    excluded = {"opted_out": count.suppressed}
    return _describe(session, newsroom, edition, people=count.people, audience=count.numbers, excluded=excluded)


def _preflight_correction(session: Session, newsroom: Newsroom, edition: Edition, original_id: int) -> Preflight:
    found = count_receivers(session, original_id, edition.paper_id)
    if found.reachable == 0:
        raise EmptyAudienceError(
            _("Nobody would get edition {edition}: {count} numbers got edition {original}, {left} opted out.").format(
                edition=edition.id, count=found.received, original=original_id, left=found.opted_out
            )
        )
    excluded = {"opted_out": found.opted_out, "not_on_register": found.not_on_register}
    return _describe(session, newsroom, edition, people=found.received, audience=found.received, excluded=excluded)


def preflight_resumed(session: Session, newsroom: Newsroom, edition: Edition, totals: dict[str, int]) -> Preflight:
    """What is left of a sending begun: its audience is frozen, so only the ledger is counted."""
    audience = sum(totals.values())
    excluded = {
        "opted_out": totals[DeliveryState.SUPPRESSED],
        "done": audience - totals[DeliveryState.SUPPRESSED] - waiting_count(totals),
    }
    return _describe(session, newsroom, edition, people=audience, audience=audience, excluded=excluded)


def _describe(
    session: Session, newsroom: Newsroom, edition: Edition, *, people: int, audience: int, excluded: dict[str, int]
) -> Preflight:
    text = edition_text(session, edition)
    parts_each = len(split_sms(text).parts)
    parts = parts_each * (audience - sum(excluded.values()))
    price = newsroom.settings.sending.price_per_part
    return Preflight(
        edition=edition.id or 0,
        people=people,
        audience=audience,
        excluded=excluded,
        parts_each=parts_each,
        parts=parts,
        cost=None if price is None else parts * Decimal(str(price)),
        text=text,
        digest=edition.digest,
        warnings=tuple(_warnings(session, newsroom, edition, parts_each)),
        corrects=link_of(edition),
        received=_count_received(session, edition),
    )


def _count_received(session: Session, edition: Edition) -> int | None:
    if edition.corrects_id is None:
        return None
    return count_receivers(session, edition.corrects_id, edition.paper_id).received


def edition_text(session: Session, edition: Edition) -> str:
    """The stored text of an edition, as it will be handed over."""
    return get_piece(session, edition.id or 0, PieceName.SMS).data.decode()


def approved_text(session: Session, edition: Edition, manifest: dict[str, Any]) -> str:
    """The stored text, which must be the very bytes that ``manifest`` lists: what three people signed.

    Raises:
        ChangedSinceError: other bytes are stored now.
    """
    data = bytes(get_piece(session, edition.id or 0, PieceName.SMS).data)
    if hashlib.sha256(data).hexdigest() != manifest["pieces"][PieceName.SMS]:
        raise ChangedSinceError(
            _("The text of edition {edition} was changed after it was signed.").format(edition=edition.id)
        )
    return data.decode()


def _warnings(session: Session, newsroom: Newsroom, edition: Edition, parts_each: int) -> list[str]:
    warnings = [finding.message for finding in outdated_findings(session, edition)]
    # What waits of an edition reopened by reconciling would leave as it was signed, after its own correction.
    for found in corrections_in_force(session, [edition.id or 0]).get(edition.id or 0, []):
        warnings.append(_("What is sent now is the former text: {mark}.").format(mark=correction_mark(found)))
    if parts_each * 2 > capabilities_of(newsroom.settings.gateway.kind).max_parts:
        warnings.append(_("The message has {parts} parts; old phones show long ones badly.").format(parts=parts_each))
    return [*warnings, *_key_store_warnings(session, newsroom, edition)]


def _key_store_warnings(session: Session, newsroom: Newsroom, edition: Edition) -> list[str]:
    """That two of the gates' keys lie together; whoever is about to sign counts too."""
    about_to_sign = edition.stage == EditionStage.APPROVED
    also = (newsroom.acting_name(), key_store_id(newsroom.keys_directory)) if about_to_sign else None
    subject = subject_of(edition)
    pairs = shared_key_stores(words_in_force(words_about(session, subject), subject).spoken(), also=also)
    if not pairs:
        return []
    names = ", ".join(sorted({name for pair in pairs for name in pair}))
    text = _("The keys of {names} lie in one place: whoever reads them can pass these gates alone.")
    return [text.format(names=names)]
