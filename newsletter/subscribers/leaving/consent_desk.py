"""Consent written down at the desk: wordings, one person's word, a list of signed forms, a withdrawal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import ClassVar

from sqlmodel import Session, col, func, select

from newsletter.errors import InputError
from newsletter.newsroom import Newsroom, Progress
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import Staff, require_right, today
from newsletter.organisation.units import ROOT, get_unit
from newsletter.subscribers.leaving.consent import (
    DESK_CHANNELS,
    LONGEST_WORDING,
    Consent,
    check_proof,
    get_wording,
    hide_proof,
    latest_consents,
    record_consents,
)
from newsletter.subscribers.leaving.consent_records import ConsentKind, ConsentWording
from newsletter.subscribers.lists.number_lists import ListedNumber, ListResult, take_numbers
from newsletter.subscribers.phones import normalise_number
from newsletter.translation import gettext as _


class WordingError(InputError):
    """A wording says something, and not a book of it."""

    code: ClassVar[str] = "wording"


class UnknownChannelError(InputError):
    """Consent is not written down by that way."""

    code: ClassVar[str] = "unknown_channel"


class FutureConsentError(InputError):
    """Nobody has agreed tomorrow."""

    code: ClassVar[str] = "future_day"


@dataclass(frozen=True, kw_only=True)
class RecordedConsent:
    """A word that was recorded.

    Attributes:
        is_last: no later one is known, so it is what counts.
        is_overruled: a later one says the opposite.
    """

    event_id: int
    number_key: str
    kind: str
    wording: int | None
    channel: str
    at: datetime
    is_last: bool
    is_overruled: bool


def add_wording(newsroom: Newsroom, text: str) -> ConsentWording:
    """Keep what people are asked to agree to; the text that is the newest already stays that version.

    Raises:
        NoRightError: the acting person may not.
        WordingError: no text, or too long.
    """
    text = text.strip()
    if not 1 <= len(text) <= LONGEST_WORDING:
        raise WordingError(_("A wording has 1 to {limit} characters.").format(limit=LONGEST_WORDING))
    with newsroom.writing() as session:
        staff = require_consent(session, newsroom)
        newest = session.exec(select(ConsentWording).order_by(col(ConsentWording.version).desc()).limit(1)).first()
        if newest is not None and newest.text == text:
            return newest
        version = (session.exec(select(func.max(ConsentWording.version))).one() or 0) + 1
        wording = ConsentWording(version=version, text=text, staff_id=staff.id or 0, at=newsroom.now())
        session.add(wording)
        session.commit()
    return wording


def record_consent(
    newsroom: Newsroom, number: str, *, wording: int, channel: str, proof: str, on: date | None = None
) -> RecordedConsent:
    """Record that whoever has this number agreed to be written to; they need not be on the register.

    Args:
        newsroom: its acting person may record consent for the whole newsroom.
        number: as spoken; normalised here.
        wording: the version they agreed to.
        channel: one of ``DESK_CHANNELS``.
        proof: what shows it; kept encrypted.
        on: the day it was given; None: now.

    Raises:
        NoRightError, NumberError, UnknownWordingError, UnknownChannelError, ProofError, FutureConsentError.
    """
    at = _moment(newsroom, on)
    consent = _Word(ConsentKind.GIVEN, channel, at, proof=check_proof(proof), wording=wording)
    return _record_one(newsroom, number, consent)


def withdraw_consent(newsroom: Newsroom, number: str, *, channel: str = "desk", proof: str = "") -> RecordedConsent:
    """Record that consent is taken back. It is no opt-out: where membership is enough, the paper still comes.

    Raises:
        NoRightError, NumberError, UnknownChannelError, ProofError.
    """
    said = check_proof(proof) if proof.strip() else ""
    return _record_one(newsroom, number, _Word(ConsentKind.WITHDRAWN, channel, newsroom.now(), proof=said))


def import_consents(
    newsroom: Newsroom,
    path: Path,
    *,
    wording: int,
    channel: str,
    proof: str,
    on: date | None = None,
    progress: Progress = lambda _done, _total: None,
) -> ListResult:
    """Record the consent of all numbers of a list, in one transaction; those whose word is this already stay as is.

    Raises:
        InputError: the file, or what is said of it, cannot be used; nothing was recorded.
        NoRightError, UnknownWordingError, OutsideError: nothing was recorded.
    """
    word = _Word(ConsentKind.GIVEN, channel, _moment(newsroom, on), proof=check_proof(proof), wording=wording)
    with newsroom.writing() as session:
        staff = require_consent(session, newsroom)
        get_wording(session, wording)

        def write(numbers: Sequence[ListedNumber]) -> int:
            known = latest_consents(session, [found.number_key for found in numbers])
            said = {key for key, event in known.items() if (event.kind, event.wording_version) == ("given", wording)}
            keys = [found.number_key for found in numbers if found.number_key not in said]
            proofs = newsroom.data_keys.encrypt_many([word.proof] * len(keys), [f"consent/{key}" for key in keys])
            consents = [word.about(key, hidden, staff) for key, hidden in zip(keys, proofs, strict=True)]
            record_consents(session, consents, recorded_at=newsroom.now())
            session.expunge_all()
            return len(keys)

        result = take_numbers(newsroom, path, write, progress)
        session.commit()
    return result


class _Word:
    """What is to be recorded, before it is known of whom."""

    def __init__(
        self, kind: ConsentKind, channel: str, at: datetime, *, proof: str, wording: int | None = None
    ) -> None:
        if channel not in DESK_CHANNELS:
            known = ", ".join(DESK_CHANNELS)
            raise UnknownChannelError(
                _("{channel} is not a way consent comes; known are {known}.").format(channel=channel, known=known)
            )
        self.kind, self.channel, self.at, self.proof, self.wording = kind, channel, at, proof, wording

    def about(self, number_key: str, hidden: bytes, staff: Staff) -> Consent:
        """The word of the holder of one number; ``hidden`` is its proof."""
        return Consent(
            number_key=number_key,
            kind=self.kind,
            channel=self.channel,
            at=self.at,
            wording_version=self.wording,
            proof=hidden,
            staff_id=staff.id,
        )


def _record_one(newsroom: Newsroom, number: str, word: _Word) -> RecordedConsent:
    number_key = newsroom.data_keys.number_key(normalise_number(number))
    with newsroom.writing() as session:
        staff = require_consent(session, newsroom)
        if word.wording is not None:
            get_wording(session, word.wording)
        consent = word.about(number_key, hide_proof(newsroom.data_keys, number_key, word.proof), staff)
        (event_id,) = record_consents(session, [consent], recorded_at=newsroom.now())
        last = latest_consents(session, [number_key])[number_key]
        is_last, is_overruled = last.id == event_id, last.kind != word.kind
        session.commit()
    return RecordedConsent(
        event_id=event_id,
        number_key=number_key,
        kind=word.kind,
        wording=word.wording,
        channel=word.channel,
        at=word.at,
        is_last=is_last,
        is_overruled=is_overruled,
    )


def require_consent(session: Session, newsroom: Newsroom) -> Staff:
    """The acting person, who must be allowed to record consent for the whole newsroom.

    Raises:
        NoRightError: they are not.
    """
    return require_right(session, newsroom, Right.CONSENT, get_unit(session, ROOT).id)


def _moment(newsroom: Newsroom, on: date | None) -> datetime:
    """The day's beginning, so that whatever else was said on that day stands against it; today: now."""
    if on is None or on == today(newsroom):
        return newsroom.now()
    if on > today(newsroom):
        raise FutureConsentError(_("{day} is still to come.").format(day=on))
    return datetime.combine(on, time.min, newsroom.timezone)
