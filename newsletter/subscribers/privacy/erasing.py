"""Erasing people: what of them goes, and what stays without saying whose it is.

Gone: their rows with number, name and present place, and, once nobody is left on the number, what hung on it in words:
notes of opt-outs, proofs of consent, replies. Left: that the number is not to be written to (a keyed hash), what was
delivered and who left, as counts of cells, and one event that says somebody was erased.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from newsletter.subscribers.event_records import EventKind, MemberEvent
from newsletter.subscribers.events import ON_REGISTER
from newsletter.subscribers.leaving.consent_records import ConsentEvent, ConsentProof
from newsletter.subscribers.models import OptOutEvent, OptOutNote, Status, Subscriber


def erase_people(
    session: Session, people: Sequence[Subscriber], *, source: str, staff_id: int | None, at: datetime
) -> list[bytes]:
    """Remove people's rows and write their ``erased`` events; the caller commits.

    Returns:
        The ciphertexts removed, to make sure that nothing of them is left on the disk.
    """
    wipe_what_is_freed(session)
    removed = [sealed for person in people for sealed in (person.number, person.name, person.place) if sealed]
    session.add_all([_event_of(person, source, staff_id, at) for person in people])
    ids = [person.id for person in people]
    for person in people:
        session.expunge(person)
    session.connection().execute(delete(Subscriber).where(col(Subscriber.id).in_(ids)))
    return removed


def _event_of(person: Subscriber, source: str, staff_id: int | None, at: datetime) -> MemberEvent:
    return MemberEvent(
        subscriber_id=person.id or 0,
        kind=EventKind.ERASED,
        unit_id=person.unit_id,
        region_code=person.region_code,
        profession=person.profession,
        standing=person.standing,
        mobile=person.mobile,
        retired=person.retired,
        status=Status.LEFT if person.status in ON_REGISTER else person.status,
        source=source,
        staff_id=staff_id,
        at=at,
    )


def numbers_without_people(session: Session, number_keys: Sequence[str]) -> list[str]:
    """Of these number keys, those that nobody on the register has any more."""
    kept = set(session.exec(select(Subscriber.number_key).where(col(Subscriber.number_key).in_(number_keys))))
    return [key for key in dict.fromkeys(number_keys) if key not in kept]


def erase_words(session: Session, number_keys: Sequence[str]) -> list[bytes]:
    """Remove notes of opt-outs and proofs of consent on these numbers; the events themselves are without words.

    Returns:
        The ciphertexts removed.
    """
    out = select(OptOutEvent.id).where(col(OptOutEvent.number_key).in_(number_keys))
    given = select(ConsentEvent.id).where(col(ConsentEvent.number_key).in_(number_keys))
    notes = list(session.exec(select(OptOutNote).where(col(OptOutNote.event_id).in_(out))))
    proofs = list(session.exec(select(ConsentProof).where(col(ConsentProof.event_id).in_(given))))
    for row in (*notes, *proofs):
        session.delete(row)
    session.flush()
    return [note.note for note in notes] + [proof.proof for proof in proofs]


def wipe_what_is_freed(session: Session) -> None:
    """Have SQLite overwrite with zeros what this connection deletes from now on."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
