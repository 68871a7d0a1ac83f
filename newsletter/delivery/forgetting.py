"""Forgetting somebody at their request: everything that says who they are goes; that they left, and the counts, stay.

Rows of the ledger keep the number's keyed hash until ``[retention] deliveries_days``: nobody gets an edition twice, and
an opt-out is put down to the right edition. They say nothing of a person that is not on the register any more.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from newsletter.database import writing
from newsletter.delivery.feeds import Feed, feed_position
from newsletter.delivery.gateways.sandbox import SandboxGateway
from newsletter.delivery.key_status import sandbox_engine
from newsletter.delivery.models import Reply
from newsletter.instants import to_milliseconds
from newsletter.journal.statements import Verb, unlock_key
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import Staff, require_right
from newsletter.organisation.units import Unit
from newsletter.subscribers.models import Subscriber
from newsletter.subscribers.privacy.disclosing import check_purpose, journal_disclosure
from newsletter.subscribers.privacy.erasing import erase_people, erase_words, numbers_without_people, wipe_what_is_freed
from newsletter.subscribers.privacy.wiping import wipe

#: The sandbox's replies of a number that have been taken in.
_TAKEN: Final = text("SELECT text FROM reply WHERE number_key = :key AND id <= :taken")
#: Whose replies are all older than a moment: a number that wrote again since keeps them till then.
_OLD: Final = text("SELECT number_key FROM reply GROUP BY number_key HAVING max(at) < :before")
_EMPTY: Final = text("UPDATE reply SET text = :empty WHERE number_key = :key AND id <= :taken")


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """What was erased; nothing of it says whether the person had left.

    Attributes:
        subscribers: ids that are nobody's any more.
        is_wiped: nothing of it is left in the database's files; None: they are a server's.
        statement: the place in the journal that says so.
    """

    subscribers: list[int]
    is_wiped: bool | None
    statement: int

    def as_document(self) -> dict[str, Any]:
        """For JSON."""
        return {("wiped" if name == "is_wiped" else name): value for name, value in asdict(self).items()}


def erase_subscribers(newsroom: Newsroom, ids: Sequence[int], *, reason: str) -> Erasure:
    """Erase these people, and what hangs in words on a number that nobody has any more.

    Args:
        newsroom: its acting person needs the right for each one's unit.
        ids: of people who are on the register at this moment, whatever their status.
        reason: kept in the journal; no numbers, at most 200 characters.

    Raises:
        PurposeError, RemarkError: no reason, or one that holds a number.
        NoRightError: the acting person may not.
    """
    reason = check_purpose(reason)
    unlock_key(newsroom)
    with newsroom.writing() as session:
        people = list(session.exec(select(Subscriber).where(col(Subscriber.id).in_(ids)).order_by(col(Subscriber.id))))
        staff = _require(session, newsroom, people)
        units = sorted({session.get_one(Unit, person.unit_id).code for person in people})
        erased = [person.id or 0 for person in people]
        keys = [person.number_key for person in people]
        removed = erase_people(session, people, source="desk", staff_id=staff.id, at=newsroom.now())
        bare = numbers_without_people(session, keys)
        removed += erase_words(session, bare) + erase_replies(session, bare)
        word = journal_disclosure(
            session,
            newsroom,
            Verb.ERASE,
            subject=f"subscriber:{erased[0]}" if len(erased) == 1 else "subscribers",
            purpose=reason,
            count=len(erased),
            details={"subscribers": erased, "units": units},
            unit_id=people[0].unit_id if len(units) == 1 else None,
        )
        session.commit()
    is_wiped = wipe_everywhere(newsroom, removed, bare)
    return Erasure(subscribers=erased, is_wiped=is_wiped, statement=word.place)


def _require(session: Session, newsroom: Newsroom, people: Sequence[Subscriber]) -> Staff:
    for unit_id in sorted({person.unit_id for person in people}):
        staff = require_right(session, newsroom, Right.ERASE, unit_id)
    return staff


def erase_replies(session: Session, number_keys: Sequence[str]) -> list[bytes]:
    """Remove what these numbers wrote back; return the ciphertexts removed."""
    replies = list(session.exec(select(Reply).where(col(Reply.number_key).in_(number_keys))))
    for reply in replies:
        session.delete(reply)
    session.flush()
    return [reply.text for reply in replies if reply.text]


def wipe_everywhere(newsroom: Newsroom, removed: Sequence[bytes], number_keys: Sequence[str]) -> bool | None:
    """Empty these numbers' replies in the sandbox, and make sure that nothing is left in any file of ours."""
    is_wiped = wipe(newsroom.engine, removed)
    with sandbox_engine(newsroom) as sandbox:
        if sandbox is not None and number_keys:
            emptied = _empty_sandbox_replies(newsroom, sandbox, number_keys)
            is_wiped = wipe(sandbox, emptied) and is_wiped
    return is_wiped


def _empty_sandbox_replies(newsroom: Newsroom, sandbox: Engine, number_keys: Sequence[str]) -> list[bytes]:
    """The rows stay, since the feed is read by position; and so does what was not taken in yet, as it may be a word."""
    taken = feed_position(newsroom, SandboxGateway.name, Feed.REPLIES)
    removed: list[bytes] = []
    with writing(sandbox) as session:
        wipe_what_is_freed(session)
        for key in number_keys:
            values = {"key": key, "taken": taken, "empty": newsroom.data_keys.encrypt("", f"sandbox/{key}")}
            removed += [bytes(row[0]) for row in session.connection().execute(_TAKEN, values)]
            session.connection().execute(_EMPTY, values)
        session.commit()
    return removed


def empty_sandbox_replies(newsroom: Newsroom, sandbox: Engine, *, before: datetime) -> list[bytes]:
    """Empty what was taken in of the sandbox's replies before a moment; return the ciphertexts removed."""
    with writing(sandbox) as session:
        keys = list(session.connection().execute(_OLD, {"before": to_milliseconds(before)}).scalars())
    return _empty_sandbox_replies(newsroom, sandbox, keys)
