"""Our own list of numbers that must not be written to, written out: for a carrier, or for another system.

A number is known in full only while it stands on the register; of the others there is the key alone.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TextIO

from sqlmodel import Session, col, func, select, tuple_

from newsletter.files import private_file
from newsletter.instants import to_iso
from newsletter.journal.statements import Verb, unlock_key
from newsletter.newsroom import Newsroom
from newsletter.organisation.papers import list_papers
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import ROOT, get_unit
from newsletter.subscribers.leaving.known_numbers import mask_numbers, read_numbers
from newsletter.subscribers.models import ALL_PAPERS, OptOutEvent, Suppression
from newsletter.subscribers.phones import COUNTRY_PREFIX
from newsletter.subscribers.privacy.disclosing import check_purpose, journal_disclosure

#: Columns of the list; ``paper`` is empty for everything.
COLUMNS: Final = ("number", "number_key", "paper", "since", "source", "reason")
_PAGE: Final = 1_000


@dataclass(frozen=True, kw_only=True)
class ExportResult:
    """What was written: numbers suppressed, and how many of them are known in full."""

    rows: int
    known: int


def count_suppressed(newsroom: Newsroom) -> int:
    """Numbers that have left a paper, or all; for the question before they are written out.

    Raises:
        NoRightError: the acting person may not see who left.
    """
    with newsroom.reading() as session:
        require_sight(session, newsroom)
        return session.exec(select(func.count()).select_from(Suppression)).one()


def export_opt_outs(newsroom: Newsroom, path: Path, *, purpose: str, keys_only: bool = False) -> ExportResult:
    """Write who must not be written to as CSV, readable by its owner alone; it is journalled before it is there.

    Args:
        newsroom: its acting person must be allowed to see who left.
        path: where to; an existing file is replaced.
        purpose: what it is for, kept in the journal.
        keys_only: numbers masked; the key is enough for whoever has this newsroom's own.

    Raises:
        NoRightError: the acting person may not.
        PurposeError, RemarkError: no purpose, or one with a number in it.
        OutsideError: the file cannot be written, or the key that hides numbers is not here.
    """
    purpose = check_purpose(purpose)
    unlock_key(newsroom)
    with newsroom.reading() as session:
        require_sight(session, newsroom)
    with private_file(path) as file:
        with newsroom.reading() as session:
            result = _write_rows(session, newsroom, file, keys_only=keys_only)
        details: dict[str, Any] = {"known": result.known, "masked": keys_only}
        with newsroom.writing() as session:
            require_sight(session, newsroom)
            journal_disclosure(
                session, newsroom, Verb.EXPORT, subject="optouts", purpose=purpose, count=result.rows, details=details
            )
            session.commit()
    return result


def require_sight(session: Session, newsroom: Newsroom) -> None:
    """Require the right to see who left, whichever unit they belong to.

    Raises:
        NoRightError: the acting person has it not.
    """
    require_right(session, newsroom, Right.DEPARTURES, get_unit(session, ROOT).id)


def _write_rows(session: Session, newsroom: Newsroom, file: TextIO, *, keys_only: bool) -> ExportResult:
    papers = {paper.id: paper.code for paper in list_papers(session)}
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    rows = known = 0
    look_up = mask_numbers if keys_only else read_numbers
    for page in _pages(session):
        numbers = look_up(session, newsroom.data_keys, [suppression.number_key for suppression, _event in page])
        for suppression, event in page:
            number = numbers.get(suppression.number_key, "").removeprefix(COUNTRY_PREFIX)
            paper = "" if suppression.paper_id == ALL_PAPERS else papers.get(suppression.paper_id, "")
            since = to_iso(event.at, newsroom.timezone)
            writer.writerow([number, suppression.number_key, paper, since, event.source, event.reason])
            rows, known = rows + 1, known + bool(number)
    return ExportResult(rows=rows, known=known)


def _pages(session: Session) -> Iterator[list[tuple[Suppression, OptOutEvent]]]:
    """Suppressions with the event that made them, in the order of their keys."""
    place = ("", -1)
    columns = (col(Suppression.number_key), col(Suppression.paper_id))
    while True:
        query = (
            select(Suppression, OptOutEvent)
            .join(OptOutEvent, col(OptOutEvent.id) == col(Suppression.event_id))
            .where(tuple_(*columns) > place)
            .order_by(*columns)
            .limit(_PAGE)
        )
        page = [(suppression, event) for suppression, event in session.exec(query)]
        if not page:
            return
        place = (page[-1][0].number_key, page[-1][0].paper_id)
        yield page
        session.expunge_all()
