"""Briefs as they were published: which there are, whom they ask, and whether they still take answers."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import ClassVar

from sqlmodel import Session, col, or_, select

from newsletter.errors import NotFoundError, RefusedError
from newsletter.newsroom import Newsroom
from newsletter.organisation.scope import not_visible
from newsletter.organisation.units import Unit
from newsletter.translation import gettext as _
from newsletter.workflow.contributing.models import Brief, BriefUnit
from newsletter.workflow.contributing.sight import Sight, sight_of


class UnknownBriefError(NotFoundError):
    """No brief has this number."""

    code: ClassVar[str] = "unknown_brief"


class BriefClosedError(RefusedError):
    """The brief was closed."""

    code: ClassVar[str] = "brief_closed"


def get_brief(session: Session, brief_id: int) -> Brief:
    """The brief with this number.

    Raises:
        UnknownBriefError: there is none.
    """
    brief = session.get(Brief, brief_id)
    if brief is None:
        raise UnknownBriefError(
            _("There is no brief {brief}.").format(brief=brief_id), hint=_("See them: newsletter briefs list")
        )
    return brief


def get_visible_brief(session: Session, newsroom: Newsroom, brief_id: int) -> tuple[Brief, Sight]:
    """The brief with this number, and what the acting person sees of it.

    Raises:
        UnknownBriefError: there is none.
        NotVisibleError: another desk published it, and it asks none of the person's units.
        NoRightError: they are not on staff.
    """
    brief, sight = get_brief(session, brief_id), sight_of(session, newsroom)
    if not sight.sees_brief(brief.unit_id, asked_units(session, [brief_id])[brief_id]):
        raise not_visible(newsroom, [session.get_one(Unit, brief.unit_id).name])
    return brief, sight


def list_briefs(session: Session, sight: Sight, *, day: date, is_open: bool = False) -> Sequence[Brief]:
    """Briefs by their day, the nearest first.

    Args:
        session: any.
        sight: only briefs that whoever sees so much sees.
        day: today, by the newsroom's calendar.
        is_open: only those neither closed nor past their day.
    """
    query = select(Brief).order_by(col(Brief.due), col(Brief.id))
    if is_open:
        query = query.where(col(Brief.closed_at).is_(None), Brief.due >= day)
    if sight.scope is not None:
        asking = select(BriefUnit.brief_id).where(col(BriefUnit.unit_id).in_(sight.addressed or ()))
        query = query.where(or_(col(Brief.unit_id).in_(sight.scope), col(Brief.id).in_(asking)))
    return session.exec(query).all()


def asked_units(session: Session, brief_ids: Collection[int]) -> dict[int, set[int]]:
    """Brief → ids of the units it asks, for every one of these briefs."""
    asked: dict[int, set[int]] = {brief_id: set() for brief_id in brief_ids}
    query = select(BriefUnit.brief_id, BriefUnit.unit_id).where(col(BriefUnit.brief_id).in_(brief_ids))
    for brief_id, unit_id in session.exec(query):
        asked[brief_id].add(unit_id)
    return asked


def raise_if_closed(brief: Brief) -> None:
    """Refuse a brief that was ended before its time.

    Raises:
        BriefClosedError: says why it was.
    """
    if brief.closed_at is not None:
        raise BriefClosedError(_("Brief {brief} was closed: {reason}").format(brief=brief.id, reason=brief.reason))
