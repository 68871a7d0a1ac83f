"""The story diary (备忘录): what the desk means to print, by when, and what has come of it."""

from datetime import date
from typing import ClassVar

from sqlmodel import Session

from newsletter.articles.records import get_article
from newsletter.errors import InputError, NotFoundError, RefusedError
from newsletter.journal.remarks import check_remark
from newsletter.newsroom import Newsroom
from newsletter.organisation.columns import get_column
from newsletter.organisation.contributors import Contributor, get_contributor
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import check_name, get_unit
from newsletter.translation import gettext as _
from newsletter.workflow.contributing.diary_lists import diary_state_label
from newsletter.workflow.contributing.models import DiaryEntry, DiaryKind, DiaryState
from newsletter.workflow.contributing.sight import own_desk


class UnknownEntryError(NotFoundError):
    """The diary has no such entry."""

    code: ClassVar[str] = "unknown_diary_entry"


class EntryClosedError(RefusedError):
    """The entry is done or dropped already."""

    code: ClassVar[str] = "diary_entry_closed"


def add_entry(
    newsroom: Newsroom,
    title: str,
    *,
    due: date | None,
    kind: DiaryKind = DiaryKind.PLANNED,
    column: str | None = None,
    unit: str | None = None,
    contributor: str | None = None,
    note: str = "",
) -> DiaryEntry:
    """Note down a story; without a unit it is the contributor's unit's, or the acting person's own desk's.

    Raises:
        InputError: a planned story without a day, a title that cannot be printed, a note with a number in it.
        UnknownColumnError, UnknownUnitError, UnknownContributorError: looked up in vain.
        SeveralDesksError: it is not said for which of the acting person's units.
        NoRightError: the acting person is no editor of that unit.
    """
    title = check_name(title)
    check_remark(note)
    if due is None and kind is DiaryKind.PLANNED:
        raise InputError(
            _("A planned story needs the day it is planned for."),
            hint=_("Give --due DATE, or --kind banked for one that can run any day."),
        )
    with newsroom.writing() as session:
        author = get_contributor(session, contributor) if contributor else None
        unit_id = _unit_meant(session, newsroom, unit, author)
        staff = require_right(session, newsroom, Right.ARTICLES, unit_id)
        entry = DiaryEntry(
            title=title,
            kind=kind,
            due=due,
            column_id=get_column(session, column).id if column else None,
            unit_id=unit_id,
            contributor_id=author.id if author else None,
            note=note.strip(),
            staff_id=staff.id or 0,
            created_at=newsroom.now(),
        )
        session.add(entry)
        session.commit()
    return entry


def _unit_meant(session: Session, newsroom: Newsroom, unit: str | None, author: Contributor | None) -> int:
    if unit:
        return get_unit(session, unit).id or 0
    return author.unit_id if author else own_desk(session, newsroom)


def finish_entry(newsroom: Newsroom, entry_id: int, *, article_id: int | None = None) -> DiaryEntry:
    """Mark a story done, and say which article came of it.

    Raises:
        UnknownEntryError, UnknownArticleError: looked up in vain.
        EntryClosedError: it was done or dropped before.
        NoRightError: the acting person is no editor of its unit.
    """
    with newsroom.writing() as session:
        entry = _open_entry(session, newsroom, entry_id)
        entry.article_id = get_article(session, article_id).id if article_id is not None else None
        _close(session, newsroom, entry, DiaryState.DONE)
    return entry


def drop_entry(newsroom: Newsroom, entry_id: int, *, reason: str) -> DiaryEntry:
    """Give a story up.

    Raises:
        InputError: no reason, or one with a number in it.
        UnknownEntryError: there is none.
        EntryClosedError: it was done or dropped before.
        NoRightError: the acting person is no editor of its unit.
    """
    if not reason.strip():
        raise InputError(_("Say why: the reason is empty."), hint=_("Give --reason REASON."))
    check_remark(reason)
    with newsroom.writing() as session:
        entry = _open_entry(session, newsroom, entry_id)
        entry.reason = reason.strip()
        _close(session, newsroom, entry, DiaryState.DROPPED)
    return entry


def _open_entry(session: Session, newsroom: Newsroom, entry_id: int) -> DiaryEntry:
    entry = session.get(DiaryEntry, entry_id, with_for_update=True)
    if entry is None:
        raise UnknownEntryError(
            _("There is no diary entry {entry}.").format(entry=entry_id), hint=_("See them: newsletter diary list")
        )
    require_right(session, newsroom, Right.ARTICLES, entry.unit_id)
    if entry.state != DiaryState.OPEN:
        raise EntryClosedError(
            _("Diary entry {entry} is {state} already.").format(entry=entry_id, state=diary_state_label(entry.state))
        )
    return entry


def _close(session: Session, newsroom: Newsroom, entry: DiaryEntry, state: DiaryState) -> None:
    entry.state, entry.closed_at = state, newsroom.now()
    session.add(entry)
    session.commit()
