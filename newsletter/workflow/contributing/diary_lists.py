"""The story diary as it is read: what presses first, and nothing of units that one's roles are not for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, or_, select

from newsletter.newsroom import Newsroom
from newsletter.organisation.columns import Column
from newsletter.organisation.contributors import Contributor
from newsletter.organisation.scope import Scope, visible_unit_ids
from newsletter.organisation.staff import today
from newsletter.organisation.units import Unit
from newsletter.translation import gettext as _
from newsletter.workflow.contributing.models import DiaryEntry, DiaryKind, DiaryState


@dataclass(frozen=True)
class DiaryLine:
    """An entry, with the names of what it refers to."""

    entry: DiaryEntry
    unit: str
    column: str | None
    contributor: str | None
    is_overdue: bool

    def document(self) -> dict[str, Any]:
        """As JSON types."""
        entry = self.entry
        return {
            "diary": entry.id,
            "title": entry.title,
            "kind": entry.kind,
            "due": entry.due.isoformat() if entry.due else None,
            "overdue": self.is_overdue,
            "column": self.column,
            "unit": self.unit,
            "contributor": self.contributor,
            "note": entry.note,
            "state": entry.state,
            "reason": entry.reason,
            "article": entry.article_id,
        }


def list_visible_entries(
    newsroom: Newsroom, *, since: date | None = None, until: date | None = None, is_open: bool = False
) -> list[DiaryLine]:
    """The entries of the acting person's units, as ``list_entries`` orders them.

    Raises:
        NoRightError: they are not on staff.
    """
    with newsroom.reading() as session:
        scope, day = visible_unit_ids(session, newsroom), today(newsroom)
        entries = list_entries(session, scope, day=day, since=since, until=until, is_open=is_open)
        return _describe(session, entries, day)


def describe_entry(newsroom: Newsroom, entry: DiaryEntry) -> DiaryLine:
    """An entry that the acting person has just written, closed or found."""
    with newsroom.reading() as session:
        return _describe(session, [entry], today(newsroom))[0]


def list_entries(
    session: Session,
    scope: Scope,
    *,
    day: date,
    since: date | None = None,
    until: date | None = None,
    is_open: bool = False,
) -> list[DiaryEntry]:
    """Entries in the order they press: overdue first, then by day, those without a day last.

    Args:
        session: any.
        scope: only entries of these units; None: of all.
        day: today, by the newsroom's calendar.
        since: only entries due on this day or later; what has no day is always there.
        until: only entries due on this day or before.
        is_open: only what still waits.
    """
    query = select(DiaryEntry)
    due = col(DiaryEntry.due)
    if scope is not None:
        query = query.where(col(DiaryEntry.unit_id).in_(scope))
    if since is not None:
        query = query.where(or_(due.is_(None), due >= since))
    if until is not None:
        query = query.where(or_(due.is_(None), due <= until))
    if is_open:
        query = query.where(DiaryEntry.state == DiaryState.OPEN)
    entries = session.exec(query.order_by(col(DiaryEntry.id))).all()
    return sorted(entries, key=lambda entry: (not is_overdue(entry, day), entry.due or date.max))


def is_overdue(entry: DiaryEntry, day: date) -> bool:
    """Whether an entry's day is over and it still waits."""
    return entry.state == DiaryState.OPEN and entry.due is not None and entry.due < day


def _describe(session: Session, entries: Sequence[DiaryEntry], day: date) -> list[DiaryLine]:
    units = {entry.unit_id for entry in entries}
    codes = dict(session.exec(select(Unit.id, Unit.code).where(col(Unit.id).in_(units))).all())
    columns = dict(session.exec(select(Column.id, Column.name)).all())
    authors = {entry.contributor_id for entry in entries if entry.contributor_id is not None}
    people = select(Contributor.id, Contributor.name).where(col(Contributor.id).in_(authors))
    names = dict(session.exec(people).all())
    return [
        DiaryLine(
            entry=entry,
            unit=codes[entry.unit_id],
            column=columns.get(entry.column_id),
            contributor=names.get(entry.contributor_id),
            is_overdue=is_overdue(entry, day),
        )
        for entry in entries
    ]


def diary_state_label(state: str) -> str:
    """The state in the user's language."""
    return {
        DiaryState.OPEN: _("open"),
        DiaryState.DONE: _("done"),
        DiaryState.DROPPED: _("dropped"),
    }[DiaryState(state)]


def diary_kind_label(kind: str) -> str:
    """The kind in the user's language."""
    return {DiaryKind.PLANNED: _("planned"), DiaryKind.BANKED: _("banked")}[DiaryKind(kind)]
