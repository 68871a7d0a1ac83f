"""Preflight: what a sending would do, and what stands against it, before anything leaves."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar, Final

from sqlmodel import Session, col, func, select

from newsletter.capabilities import capabilities_of
from newsletter.delivery.costing import FullText, cost_full_text
from newsletter.delivery.ledger import waiting_count
from newsletter.delivery.models import Delivery, DeliveryState
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
from newsletter.organisation.scope import visible_unit_ids
from newsletter.subscribers.audience.exclusion import LEDGER_REASONS, Exclusion
from newsletter.subscribers.audience.reach import count_audience
from newsletter.translation import gettext as _
from newsletter.translation import mark
from newsletter.workflow.approval import words_in_force

#: Why somebody is left out, behind a number.
_REASONS: Final = {
    Exclusion.SUPPRESSED: mark("opted out"),
    Exclusion.INVALID: mark("with unusable numbers"),
    Exclusion.NO_CONSENT: mark("without express consent"),
    Exclusion.OUTSIDE_UNIT: mark("not of the paper's unit"),
}


#: Beside the reasons: rows of a sending begun that have ended.
DONE: Final = "done"


class EmptyAudienceError(RefusedError):
    """Nobody would get the edition."""

    code: ClassVar[str] = "empty_audience"


@dataclass(frozen=True, kw_only=True)
class Preflight:
    """What a sending would do.

    Attributes:
        people: in the audience; several may share a number.
        audience: numbers, each of which gets at most one message.
        excluded: reason → numbers that will not be written to; None: not told to people of some units, who could find
            out whether one of their own left.
        parts_each: parts of the message.
        full: the full text without a link, and how many get it instead.
        parts: in all, for those reachable now; at most, where it is not told how many they are.
        cost: in the currency of ``price_per_part``; None where that is not set.
        text: the message itself.
        digest: of the edition as it was looked at.
        corrects: what it corrects, if it does.
        received: numbers that got what it corrects, or may have got it.
    """

    edition: int
    people: int
    audience: int
    excluded: dict[str, int | None]
    parts_each: int
    full: FullText
    parts: int
    cost: Decimal | None
    text: str
    digest: str
    warnings: tuple[str, ...]
    corrects: Link | None = None
    received: int | None = None

    @property
    def at_most(self) -> int:
        """Numbers that will be written to, as far as it is told who will not."""
        return self.audience - sum(numbers or 0 for numbers in self.excluded.values())

    @property
    def reachable(self) -> int | None:
        """Numbers that will be written to as things stand; None: not told."""
        return None if None in self.excluded.values() else self.at_most


def preflight(session: Session, newsroom: Newsroom, edition: Edition) -> Preflight:
    """Count and cost a sending.

    Raises:
        EmptyAudienceError: nobody would get it.
        NoPieceError: it was never rendered.
    """
    if edition.corrects_id is not None:
        return _preflight_correction(session, newsroom, edition, edition.corrects_id)
    require_consent = newsroom.settings.privacy.require_consent
    count = count_audience(session, edition_audience(edition), edition.paper_id, require_consent=require_consent)
    if count.reachable == 0:
        sentence = _("Nobody would get edition {edition}: {people} in its audience.")
        if _sees_all(session, newsroom):
            sentence = _("Nobody would get edition {edition}: {people} in its audience; left out: {reasons}.")
        raise EmptyAudienceError(
            sentence.format(edition=edition.id, people=count.people, reasons=_list_reasons(count.excluded)),
            hint=_("Import subscribers, or draft it with another --audience."),
        )
    excluded = {LEDGER_REASONS[reason]: numbers for reason, numbers in count.excluded.items()}
    return _describe(session, newsroom, edition, people=count.people, audience=count.numbers, excluded=excluded)


def _sees_all(session: Session, newsroom: Newsroom) -> bool:
    return visible_unit_ids(session, newsroom) is None


def _list_reasons(excluded: dict[Exclusion, int]) -> str:
    found = [f"{numbers} {_(_REASONS[reason])}" for reason, numbers in excluded.items() if numbers]
    return ", ".join(found) or _("nobody")


def _preflight_correction(session: Session, newsroom: Newsroom, edition: Edition, original_id: int) -> Preflight:
    require_consent = newsroom.settings.privacy.require_consent
    found = count_receivers(session, original_id, edition.paper_id, require_consent=require_consent)
    if found.reachable == 0:
        sentence = _("Nobody would get edition {edition}: {count} numbers got edition {original}.")
        if _sees_all(session, newsroom):
            sentence = _(
                "Nobody would get edition {edition}: {count} numbers got edition {original}, {left} opted out."
            )
        raise EmptyAudienceError(
            sentence.format(edition=edition.id, count=found.received, original=original_id, left=found.opted_out)
        )
    people = found.received
    return _describe(session, newsroom, edition, people=people, audience=people, excluded=found.excluded)


def preflight_resumed(session: Session, newsroom: Newsroom, edition: Edition, totals: dict[str, int]) -> Preflight:
    """What is left of a sending begun: its audience is frozen, so only the ledger is counted."""
    audience = sum(totals.values())
    excluded = {
        **count_suppressed(session, edition.id or 0),
        DONE: audience - totals[DeliveryState.SUPPRESSED] - waiting_count(totals),
    }
    return _describe(session, newsroom, edition, people=audience, audience=audience, excluded=excluded)


def count_suppressed(session: Session, edition_id: int) -> dict[str, int]:
    """Reason → rows of an edition that ended without being sent for it, every reason of ``Exclusion`` named."""
    query = select(Delivery.reason, func.count()).where(
        Delivery.edition_id == edition_id, Delivery.state == DeliveryState.SUPPRESSED
    )
    found = dict(session.exec(query.group_by(col(Delivery.reason))).all())
    return {**dict.fromkeys(LEDGER_REASONS.values(), 0), **found}


def _describe(
    session: Session, newsroom: Newsroom, edition: Edition, *, people: int, audience: int, excluded: dict[str, int]
) -> Preflight:
    text = edition_text(session, edition)
    parts_each = len(split_sms(text).parts)
    full = cost_full_text(session, newsroom, edition)
    told: dict[str, int | None] = {**excluded}
    numbers = audience - sum(excluded.values())
    if not _sees_all(session, newsroom):
        # What was settled before the ledger tells; who asked for the full text is told only of those who are here.
        told = {reason: count if reason == DONE else None for reason, count in excluded.items()}
        full = replace(full, wanted=None)
        numbers = audience - excluded.get(DONE, 0)
    parts = full.parts(parts_each, numbers)
    price = newsroom.settings.sending.price_per_part
    return Preflight(
        edition=edition.id or 0,
        people=people,
        audience=audience,
        excluded=told,
        parts_each=parts_each,
        full=full,
        parts=parts,
        cost=None if price is None else parts * Decimal(str(price)),
        text=text,
        digest=edition.digest,
        warnings=tuple(_warnings(session, newsroom, edition, parts_each, full)),
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


def _warnings(session: Session, newsroom: Newsroom, edition: Edition, parts_each: int, full: FullText) -> list[str]:
    warnings = [finding.message for finding in outdated_findings(session, edition)]
    # What waits of an edition reopened by reconciling would leave as it was signed, after its own correction.
    for found in corrections_in_force(session, [edition.id or 0]).get(edition.id or 0, []):
        warnings.append(_("What is sent now is the former text: {mark}.").format(mark=correction_mark(found)))
    if parts_each * 2 > capabilities_of(newsroom.settings.gateway.kind).max_parts:
        warnings.append(_("The message has {parts} parts; old phones show long ones badly.").format(parts=parts_each))
    if full.wanted and full.parts_each is None:
        sentence = _("{count} numbers asked for the full text; this edition has none, so they get the message.")
        warnings.append(sentence.format(count=full.wanted))
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
