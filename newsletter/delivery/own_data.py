"""Everything the newsroom holds about one person, for themselves (个人信息保护法第四十五条); the journal says so.

Opt-outs, consents, replies and deliveries hang on the number: of a number that several people share they are told with
each of them, and it is said that they share it.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from sqlmodel import Session, col, select

from newsletter.delivery.models import Delivery, Reply
from newsletter.delivery.own_data_text import own_data_text
from newsletter.editions.models import Edition
from newsletter.errors import NotFoundError, RefusedError
from newsletter.files import write_whole
from newsletter.instants import to_iso
from newsletter.journal.statements import Verb, unlock_key
from newsletter.newsroom import Newsroom
from newsletter.organisation.papers import list_papers
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import ROOT, Unit, get_unit
from newsletter.subscribers.event_records import MemberEvent
from newsletter.subscribers.leaving.consent_records import ConsentEvent, ConsentProof, ConsentWording
from newsletter.subscribers.leaving.optouts import read_note, read_suppressions
from newsletter.subscribers.models import ALL_PAPERS, OptOutEvent, Subscriber
from newsletter.subscribers.phones import normalise_number
from newsletter.subscribers.privacy.disclosing import check_purpose, journal_disclosure
from newsletter.subscribers.register import find_people, get_subscriber, reveal_subscriber
from newsletter.translation import gettext as _


class SharedNumberError(RefusedError):
    """Several people have the number, and it is not said which of them is meant."""

    code: ClassVar[str] = "shared_number"


class UnknownNumberError(NotFoundError):
    """Nobody on the register has the number."""

    code: ClassVar[str] = "unknown_number"


def find_person(newsroom: Newsroom, number: str | None, subscriber_id: int | None) -> int:
    """The id of the one person meant.

    Raises:
        NumberError: no mobile number.
        UnknownNumberError, UnknownSubscriberError: there is nobody.
        SharedNumberError: several people have the number; names their ids.
    """
    with newsroom.reading() as session:
        if subscriber_id is not None:
            return get_subscriber(session, subscriber_id).id or 0
        people = people_on(session, newsroom, number or "")
        if len(people) > 1:
            ids = ", ".join(str(person.id) for person in people)
            raise SharedNumberError(
                _("{count} people are on this number: {ids}.").format(count=len(people), ids=ids),
                hint=_("Say which one: --id ID"),
            )
        return people[0].id or 0


def people_on(session: Session, newsroom: Newsroom, number: str) -> Sequence[Subscriber]:
    """Everybody on a number, whatever their status.

    Raises:
        NumberError: no mobile number.
        UnknownNumberError: nobody is.
    """
    people = find_people(session, newsroom.data_keys.number_key(normalise_number(number)), None)
    if not people:
        raise UnknownNumberError(_("Nobody on the register has this number."))
    return people


def export_own_data(newsroom: Newsroom, subscriber_id: int, path: Path, *, purpose: str) -> dict[str, int]:
    """Write all that is held about a person to a file readable by its owner only: JSON, else plain text.

    Args:
        newsroom: its acting person needs the right at the root.
        subscriber_id: whose.
        path: ending in ``.json``, or in anything else for text.
        purpose: for what; no numbers, at most 200 characters.

    Returns:
        Section → entries in it.

    Raises:
        UnknownSubscriberError: nobody has this id.
        PurposeError, RemarkError: no purpose, or one with a number in it.
        NoRightError: the acting person may not.
        OutsideError: it cannot be written, or the key is not here.
    """
    purpose = check_purpose(purpose)
    unlock_key(newsroom)
    with newsroom.writing() as session:
        require_right(session, newsroom, Right.EXPORT, get_unit(session, ROOT).id)
        document = own_data(session, newsroom, get_subscriber(session, subscriber_id))
        subject = f"subscriber:{subscriber_id}"
        journal_disclosure(session, newsroom, Verb.EXPORT, subject=subject, purpose=purpose, count=1)
        session.commit()
    if path.suffix.lower() == ".json":
        content = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    else:
        content = own_data_text(document)
    write_whole(path, content.encode(), is_private=True)
    return {section: len(found) for section, found in document.items() if isinstance(found, list)}


def own_data(session: Session, newsroom: Newsroom, person: Subscriber) -> dict[str, Any]:
    """All of it, as JSON types."""
    key = person.number_key
    shared = select(Subscriber.id).where(Subscriber.number_key == key, Subscriber.id != person.id)
    return {
        "newsroom": newsroom.settings.newsroom.name,
        "made_at": to_iso(newsroom.now(), newsroom.timezone),
        "person": {
            **reveal_subscriber(session, newsroom.data_keys, person).document(),
            "basis": person.basis,
            "recorded_at": to_iso(person.created_at, newsroom.timezone),
            "changed_at": to_iso(person.updated_at, newsroom.timezone),
        },
        "others_on_number": len(session.exec(shared).all()),
        "events": _events(session, newsroom, person),
        "consents": _consents(session, newsroom, key),
        "optouts": _opt_outs(session, newsroom, key),
        "not_written_to_by": _suppressed(session, key),
        "replies": _replies(session, newsroom, key),
        "deliveries": _deliveries(session, newsroom, key),
    }


def _events(session: Session, newsroom: Newsroom, person: Subscriber) -> list[dict[str, Any]]:
    query = select(MemberEvent, Unit.name).join(Unit, col(Unit.id) == col(MemberEvent.unit_id))
    found = session.exec(query.where(MemberEvent.subscriber_id == person.id).order_by(col(MemberEvent.id)))
    return [
        {
            "kind": event.kind,
            "unit": unit,
            "standing": event.standing,
            "status": event.status,
            "happened_on": event.happened_on.isoformat() if event.happened_on else None,
            "source": event.source,
            "at": to_iso(event.at, newsroom.timezone),
        }
        for event, unit in found
    ]


def _consents(session: Session, newsroom: Newsroom, number_key: str) -> list[dict[str, Any]]:
    query = select(ConsentEvent).where(ConsentEvent.number_key == number_key).order_by(col(ConsentEvent.id))
    told = []
    for event in session.exec(query):
        wording = session.get(ConsentWording, event.wording_version) if event.wording_version else None
        proof = session.get(ConsentProof, event.id)
        hidden = newsroom.data_keys.decrypt(proof.proof, f"consent/{number_key}") if proof else ""
        told.append(
            {
                "kind": event.kind,
                "wording": wording.text if wording else "",
                "channel": event.channel,
                "proof": hidden,
                "at": to_iso(event.at, newsroom.timezone),
            }
        )
    return told


def _opt_outs(session: Session, newsroom: Newsroom, number_key: str) -> list[dict[str, Any]]:
    papers = {paper.id: paper.name for paper in list_papers(session)}
    query = select(OptOutEvent).where(OptOutEvent.number_key == number_key).order_by(col(OptOutEvent.id))
    return [
        {
            "kind": event.kind,
            "paper": papers.get(event.paper_id, ""),
            "source": event.source,
            "reason": event.reason,
            "note": read_note(session, newsroom.data_keys, event),
            "edition": event.edition_id,
            "at": to_iso(event.at, newsroom.timezone),
        }
        for event in session.exec(query)
    ]


def _suppressed(session: Session, number_key: str) -> list[str]:
    papers = {paper.id: paper.name for paper in list_papers(session)}
    left = sorted(paper for _key, paper in read_suppressions(session, [number_key]))
    return ["all" if paper == ALL_PAPERS else papers.get(paper, "") for paper in left]


def _replies(session: Session, newsroom: Newsroom, number_key: str) -> list[dict[str, Any]]:
    query = select(Reply).where(Reply.number_key == number_key).order_by(col(Reply.id))
    return [
        {
            "text": newsroom.data_keys.decrypt(reply.text, f"reply/{number_key}") if reply.text else "",
            "received_at": to_iso(reply.received_at, newsroom.timezone),
            "verdict": reply.verdict,
        }
        for reply in session.exec(query)
    ]


def _deliveries(session: Session, newsroom: Newsroom, number_key: str) -> list[dict[str, Any]]:
    query = select(Delivery, Edition).join(Edition, col(Edition.id) == col(Delivery.edition_id))
    found = session.exec(query.where(Delivery.number_key == number_key).order_by(col(Delivery.edition_id)))
    return [
        {
            "edition": edition.id,
            "title": edition.title,
            "date": edition.date.isoformat(),
            "state": delivery.state,
            "at": to_iso(delivery.changed_at, newsroom.timezone),
        }
        for delivery, edition in found
    ]
