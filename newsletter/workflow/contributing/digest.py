"""The horizontal digest of priorities: units as rows, what each was asked as columns, and what the diary plans.

It holds what its reader sees: their own units, and briefs that ask them.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlmodel import select

from newsletter.newsroom import Newsroom
from newsletter.organisation.columns import Column
from newsletter.organisation.staff import today
from newsletter.organisation.units import Unit
from newsletter.translation import gettext as _
from newsletter.workflow.contributing.answers import Answer
from newsletter.workflow.contributing.asked import list_briefs
from newsletter.workflow.contributing.brief_lists import visible_answers
from newsletter.workflow.contributing.diary_lists import list_entries
from newsletter.workflow.contributing.models import Brief, DiaryEntry
from newsletter.workflow.contributing.sight import sight_of

#: Days of the diary that a digest looks ahead.
_WEEKS_AHEAD: Final = timedelta(weeks=4)
_TICK: Final = "✓"
_ASKED: Final = "○"


@dataclass(frozen=True)
class Asked:
    """A brief as a digest's column."""

    brief: int
    title: str
    due: date
    wanted: int
    column: str


@dataclass(frozen=True)
class DigestRow:
    """A unit: its articles for each brief, in the order of the columns (None: not asked), and its diary."""

    unit: str
    name: str
    answers: tuple[int | None, ...]
    planned: tuple[str, ...]


@dataclass(frozen=True)
class Digest:
    """The whole table; ``until`` is the last day of the diary in it."""

    briefs: tuple[Asked, ...]
    rows: tuple[DigestRow, ...]
    until: date

    def headings(self) -> list[str]:
        """The table's first line."""
        return [_("unit"), *(_heading(asked) for asked in self.briefs), _("diary until {day}").format(day=self.until)]

    def lines(self) -> list[list[str]]:
        """The table's other lines: a tick for what is answered in full, else how much is."""
        return [
            [
                row.name,
                *(_mark(count, asked.wanted) for count, asked in zip(row.answers, self.briefs, strict=True)),
                "; ".join(row.planned),
            ]
            for row in self.rows
        ]

    def document(self) -> dict[str, Any]:
        """As JSON types; a row's ``answers`` are keyed by the briefs' numbers."""
        rows = [
            {
                "unit": row.unit,
                "name": row.name,
                "answers": {asked.brief: count for asked, count in zip(self.briefs, row.answers, strict=True)},
                "planned": list(row.planned),
            }
            for row in self.rows
        ]
        return {"briefs": [asdict(asked) for asked in self.briefs], "until": self.until.isoformat(), "rows": rows}


def draw_digest(newsroom: Newsroom, *, since: date | None = None) -> Digest:
    """Put together what is asked and what is planned, as far as the acting person sees it.

    Args:
        newsroom: any.
        since: briefs due from this day on, over or not; None: only open ones.

    Raises:
        NoRightError: the acting person is not on staff.
    """
    day = today(newsroom)
    until = day + _WEEKS_AHEAD
    with newsroom.reading() as session:
        sight = sight_of(session, newsroom)
        briefs = [
            brief
            for brief in list_briefs(session, sight, day=day, is_open=since is None)
            if brief.closed_at is None and (since is None or brief.due >= since)
        ]
        entries = list_entries(session, sight.scope, day=day, until=until, is_open=True)
        found = visible_answers(session, briefs, sight)
        answers = [{answer.unit_id: answer for answer in found[brief.id or 0]} for brief in briefs]
        columns = {column.id: column.name for column in session.exec(select(Column))}
        shown = {entry.unit_id for entry in entries}.union(*answers)
        units = [unit for unit in session.exec(select(Unit).order_by(Unit.code)) if unit.id in shown]
        rows = [_row(unit, answers, entries) for unit in units]
        return Digest(tuple(_asked(brief, columns) for brief in briefs), tuple(rows), until)


def _asked(brief: Brief, columns: dict[int | None, str]) -> Asked:
    return Asked(brief.id or 0, brief.title, brief.due, brief.wanted, columns.get(brief.column_id, ""))


def _row(unit: Unit, answers: Sequence[dict[int, Answer]], entries: Sequence[DiaryEntry]) -> DigestRow:
    unit_id = unit.id or 0
    return DigestRow(
        unit=unit.code,
        name=unit.name,
        answers=tuple(len(of[unit_id].articles) if unit_id in of else None for of in answers),
        planned=tuple(_planned(entry) for entry in entries if entry.unit_id == unit_id),
    )


def _planned(entry: DiaryEntry) -> str:
    return f"{entry.due:%m-%d} {entry.title}" if entry.due else entry.title


def _heading(asked: Asked) -> str:
    column = f"[{asked.column}] " if asked.column else ""
    return f"{asked.brief} {column}{asked.title} ({asked.due:%m-%d})"


def _mark(count: int | None, wanted: int) -> str:
    if count is None:
        return ""
    if count >= wanted:
        return _TICK
    return f"{count}/{wanted}" if count else _ASKED
