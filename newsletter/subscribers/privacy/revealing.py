"""Showing members in full: who may, for what, and how many, stands in the journal before anything is shown."""

from collections.abc import Sequence
from typing import Any, Final

from sqlmodel import Session, col, select

from newsletter.journal.statements import Verb, unlock_key
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import Unit
from newsletter.subscribers.models import Subscriber
from newsletter.subscribers.privacy.disclosing import check_purpose, journal_disclosure
from newsletter.subscribers.register import MaskedSubscriber, reveal_subscriber

#: So many ids are named one by one in the journal; of more, the first and the last.
_NAMED_IDS: Final = 50


def reveal_people(newsroom: Newsroom, ids: Sequence[int], *, purpose: str, what: str) -> list[MaskedSubscriber]:
    """People with number, name and present place in full, in the order of their ids.

    The journal's statement is committed first: if it cannot be made, nothing is shown.

    Args:
        newsroom: its acting person needs the right for each one's unit.
        ids: of people on the register; unknown ones are passed over.
        purpose: for what; no numbers, at most 200 characters.
        what: ``list``, ``show``, ``find``.

    Raises:
        PurposeError, RemarkError: no purpose, or one with a number in it.
        NoRightError: the acting person may not.
        MissingKeyError: the key that hides members is not here.
    """
    purpose = check_purpose(purpose)
    keys = newsroom.data_keys
    unlock_key(newsroom)
    with newsroom.writing() as session:
        people = session.exec(select(Subscriber).where(col(Subscriber.id).in_(ids)).order_by(col(Subscriber.id))).all()
        units = _require(session, newsroom, people)
        shown = [reveal_subscriber(session, keys, person) for person in people]
        journal_disclosure(
            session,
            newsroom,
            Verb.REVEAL,
            subject=f"subscriber:{shown[0].subscriber}" if len(shown) == 1 else "subscribers",
            purpose=purpose,
            count=len(shown),
            details={"what": what, "units": sorted(unit.code for unit in units), **name_ids(ids)},
            unit_id=units[0].id if len(units) == 1 else None,
        )
        session.commit()
    return shown


def name_ids(ids: Sequence[int]) -> dict[str, Any]:
    """Ids as the journal keeps them."""
    found = sorted(ids)
    if len(found) <= _NAMED_IDS:
        return {"subscribers": found}
    return {"first": found[0], "last": found[-1]}


def _require(session: Session, newsroom: Newsroom, people: Sequence[Subscriber]) -> list[Unit]:
    ids = sorted({person.unit_id for person in people})
    for unit_id in ids:
        require_right(session, newsroom, Right.REVEAL, unit_id)
    return [session.get_one(Unit, unit_id) for unit_id in ids]
