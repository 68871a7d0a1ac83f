"""Whether the ledger is what records and rulings say: worked out anew, and compared line by line."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, select

from newsletter.newsroom import Newsroom
from newsletter.workflow.penalties.charging import Booking, replay
from newsletter.workflow.penalties.facts import facts_of
from newsletter.workflow.penalties.models import ErrorRecord, PenaltyEntry, PenaltyRuling, Verdict
from newsletter.workflow.penalties.people import Person
from newsletter.workflow.rule_book.adopting import read_version


@dataclass(frozen=True)
class Difference:
    """A line the ledger has, or should have, at a place: each as (record, person, role, hundredths), or None."""

    place: int
    booked: tuple[object, ...] | None
    expected: tuple[object, ...] | None


def recompute(session: Session, newsroom: Newsroom) -> tuple[int, list[Difference]]:
    """Work the whole ledger out anew from records and rulings, and compare.

    Returns:
        How many lines there are, and where ledger and records disagree.
    """
    records = session.exec(select(ErrorRecord).order_by(col(ErrorRecord.id))).all()
    reversed_ones = select(PenaltyRuling).where(PenaltyRuling.verdict == Verdict.REVERSED)
    rulings = session.exec(reversed_ones.order_by(col(PenaltyRuling.id)))
    rules = {version: read_version(session, version).rules for version in {one.rule_book_version for one in records}}
    bookings, _history = replay(
        [(facts_of(record, newsroom.timezone), rules[record.rule_book_version]) for record in records],
        [(ruling.record_id, ruling.last_record_id) for ruling in rulings],
    )
    booked = session.exec(select(PenaltyEntry).order_by(col(PenaltyEntry.id))).all()
    return len(booked), list(_compare([*map(_line_of_entry, booked)], [*map(_line_of_booking, bookings)]))


def _compare(booked: list[tuple[object, ...]], expected: list[tuple[object, ...]]) -> Iterator[Difference]:
    for place in range(max(len(booked), len(expected))):
        found = booked[place] if place < len(booked) else None
        wanted = expected[place] if place < len(expected) else None
        if found != wanted:
            yield Difference(place + 1, found, wanted)


def _line_of_entry(entry: PenaltyEntry) -> tuple[object, ...]:
    return (
        entry.record_id,
        Person(entry.person_kind, entry.person_id),
        entry.role,
        entry.hundredths,
        entry.rule,
        entry.reversal_of is not None,
    )


def _line_of_booking(booking: Booking) -> tuple[object, ...]:
    charge = booking.charge
    return (
        charge.facts.record,
        charge.person,
        str(charge.role),
        booking.hundredths,
        charge.rule,
        booking.is_reversal,
    )
