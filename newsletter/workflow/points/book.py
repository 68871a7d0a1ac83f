"""The ledger of points: which entries it lacks, and which have to be taken back. ``settle`` writes them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlmodel import Session, col, select

from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import Staff, require_right
from newsletter.organisation.units import ROOT, get_unit
from newsletter.workflow.points.awarding import compute_awards
from newsletter.workflow.points.models import PointEntry
from newsletter.workflow.points.rules import Award

#: Key of the PostgreSQL advisory lock that lets one settling at a time write ("poin" in ASCII).
_LEDGER_LOCK: Final = 0x706F696E


@dataclass(frozen=True)
class Settled:
    """What a settling wrote."""

    added: Sequence[PointEntry]
    reversed: Sequence[PointEntry]


def settle(newsroom: Newsroom) -> Settled:
    """Bring the ledger up to what happened; a second settling at once finds nothing to do.

    Raises:
        NoRightError: the acting person is neither editor nor issuer of the whole newsroom.
    """
    with newsroom.writing() as session:
        staff = require_right(session, newsroom, Right.POINTS, get_unit(session, ROOT).id)
        if session.connection().dialect.name == "postgresql":
            session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LEDGER_LOCK})
        lacking, surplus = compare_ledger(standing_entries(session), compute_awards(session, newsroom))
        reversals = [_write(newsroom, staff, award_of(entry), reverses=entry) for entry in surplus]
        additions = [_write(newsroom, staff, award) for award in lacking]
        session.add_all([*reversals, *additions])
        session.commit()
    return Settled(additions, reversals)


def standing_entries(session: Session) -> Sequence[PointEntry]:
    """Entries that were not taken back, oldest first."""
    undone = select(PointEntry.reversal_of).where(col(PointEntry.reversal_of).is_not(None))
    query = select(PointEntry).where(col(PointEntry.reversal_of).is_(None), col(PointEntry.id).not_in(undone))
    return session.exec(query.order_by(col(PointEntry.id))).all()


def compare_ledger(standing: Iterable[PointEntry], awards: Iterable[Award]) -> tuple[list[Award], list[PointEntry]]:
    """Awards the ledger lacks, and standing entries that nothing accounts for any more. Pure."""
    wanted = Counter(award for award in awards if award.points)
    surplus: list[PointEntry] = []
    for entry in standing:
        award = award_of(entry)
        if wanted[award]:
            wanted[award] -= 1
        else:
            surplus.append(entry)
    return list(wanted.elements()), surplus


def award_of(entry: PointEntry) -> Award:
    """What an entry gives, and for what."""
    return Award(
        ref=entry.ref,
        contributor=entry.contributor_id,
        unit=entry.unit_id,
        article=entry.article_id,
        day=entry.day,
        rule=entry.rule,
        points=entry.points,
    )


def _write(newsroom: Newsroom, staff: Staff, award: Award, *, reverses: PointEntry | None = None) -> PointEntry:
    return PointEntry(
        contributor_id=award.contributor,
        unit_id=award.unit,
        article_id=award.article,
        ref=award.ref,
        rule=award.rule,
        points=-award.points if reverses else award.points,
        day=award.day,
        staff_id=staff.id or 0,
        at=newsroom.now(),
        reversal_of=reverses.id if reverses else None,
    )
