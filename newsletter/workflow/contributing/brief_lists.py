"""Briefs as they are read: by whom they were asked, and as far as they concern the reader, how they were answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from newsletter.instants import to_iso
from newsletter.newsroom import Newsroom
from newsletter.organisation.columns import Column
from newsletter.organisation.staff import today
from newsletter.organisation.units import Unit
from newsletter.workflow.contributing.answers import Answer, read_answers
from newsletter.workflow.contributing.asked import get_visible_brief, list_briefs
from newsletter.workflow.contributing.models import Brief
from newsletter.workflow.contributing.sight import Sight, sight_of


@dataclass(frozen=True)
class BriefLine:
    """A brief, and the answers of the units that the reader sees.

    Attributes:
        state: ``open``, ``over`` (its day is past) or ``closed`` (before its time).
        published_at: ISO 8601.
        units: of the answers, by id.
    """

    brief: Brief
    publisher: str
    column: str | None
    state: str
    published_at: str | None
    answers: Sequence[Answer]
    units: dict[int, Unit]

    def document(self) -> dict[str, Any]:
        """As JSON types."""
        brief, asked = self.brief, [answer for answer in self.answers if answer.is_asked]
        return {
            "brief": brief.id,
            "title": brief.title,
            "due": brief.due.isoformat(),
            "wanted": brief.wanted,
            "unit": self.publisher,
            "column": self.column,
            "state": self.state,
            "reason": brief.reason,
            "published_at": self.published_at,
            "asked": len(asked),
            "answered": sum(len(answer.articles) >= brief.wanted for answer in asked),
        }

    def answer_documents(self) -> list[dict[str, Any]]:
        """The answers as JSON types."""
        return [
            {
                "unit": self.units[answer.unit_id].code,
                "name": self.units[answer.unit_id].name,
                "articles": list(answer.articles),
                "asked": answer.is_asked,
            }
            for answer in self.answers
        ]

    def asked_codes(self) -> list[str]:
        """Codes of the units asked, in their order."""
        return sorted(self.units[answer.unit_id].code for answer in self.answers if answer.is_asked)


def list_visible_briefs(newsroom: Newsroom, *, is_open: bool = False) -> list[BriefLine]:
    """The briefs that the acting person's units published or are asked by, the nearest day first.

    Raises:
        NoRightError: they are not on staff.
    """
    with newsroom.reading() as session:
        sight = sight_of(session, newsroom)
        briefs = list_briefs(session, sight, day=today(newsroom), is_open=is_open)
        return _describe(session, newsroom, briefs, sight)


def read_visible_brief(newsroom: Newsroom, brief_id: int) -> BriefLine:
    """One brief, if it concerns the acting person.

    Raises:
        UnknownBriefError: there is none.
        NotVisibleError: another desk published it, and it asks none of the person's units.
        NoRightError: they are not on staff.
    """
    with newsroom.reading() as session:
        brief, sight = get_visible_brief(session, newsroom, brief_id)
        return _describe(session, newsroom, [brief], sight)[0]


def visible_answers(session: Session, briefs: Sequence[Brief], sight: Sight) -> dict[int, list[Answer]]:
    """Brief → the answers of units that whoever sees so much sees."""
    answers = read_answers(session, [brief.id or 0 for brief in briefs])
    return {
        brief_id: [answer for answer in found if sight.sees_answer(answer.unit_id, is_asked=answer.is_asked)]
        for brief_id, found in answers.items()
    }


def _describe(session: Session, newsroom: Newsroom, briefs: Sequence[Brief], sight: Sight) -> list[BriefLine]:
    answers = visible_answers(session, briefs, sight)
    named = {answer.unit_id for found in answers.values() for answer in found} | {brief.unit_id for brief in briefs}
    units = {unit.id or 0: unit for unit in session.exec(select(Unit).where(col(Unit.id).in_(named)))}
    columns = dict(session.exec(select(Column.id, Column.name)).all())
    day = today(newsroom)
    return [
        BriefLine(
            brief=brief,
            publisher=units[brief.unit_id].code,
            column=columns.get(brief.column_id),
            state=_state(brief, day),
            published_at=to_iso(brief.published_at, newsroom.timezone),
            answers=answers[brief.id or 0],
            units=units,
        )
        for brief in briefs
    ]


def _state(brief: Brief, day: date) -> str:
    if brief.closed_at is not None:
        return "closed"
    return "over" if brief.due < day else "open"
