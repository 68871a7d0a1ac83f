"""Reporting briefs (报送要点): what a desk asks which units for, and by when."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Final

from sqlmodel import Session

from newsletter.errors import InputError
from newsletter.journal.remarks import check_remark
from newsletter.newsroom import Newsroom
from newsletter.organisation.columns import get_column
from newsletter.organisation.contributors import list_contributors
from newsletter.organisation.desks import DESK_NAME
from newsletter.organisation.roles import Right
from newsletter.organisation.scope import is_in, unit_ids_with_right
from newsletter.organisation.staff import require_right, today
from newsletter.organisation.units import check_name, get_unit
from newsletter.translation import gettext as _
from newsletter.workflow.contributing.asked import asked_units, get_brief, raise_if_closed
from newsletter.workflow.contributing.models import Brief, BriefUnit
from newsletter.workflow.contributing.sight import desk_above

#: Characters of the longest text of a brief, and the most articles that can be asked of a unit.
LONGEST_TEXT: Final = 5_000
MOST_WANTED: Final = 1_000


class NobodyAskedError(InputError):
    """There is no unit to ask."""

    code: ClassVar[str] = "nobody_asked"


def publish_brief(
    newsroom: Newsroom,
    title: str,
    *,
    due: date,
    text: str = "",
    units: Sequence[str] = (),
    wanted: int = 1,
    column: str | None = None,
) -> tuple[Brief, list[int]]:
    """Ask units for articles.

    Args:
        newsroom: its acting person must be an editor of every unit asked.
        title: 1 to 80 characters.
        due: the last day on which an answer is in time; not over yet.
        text: what is asked for, at length.
        units: codes or names; none: every unit with a contributor that the acting person is an editor of.
        wanted: articles asked of each unit.
        column: the column it is for.

    Returns:
        The brief, and the ids of the units asked.

    Raises:
        InputError: a malformed title, text or number, or a day that is over.
        NobodyAskedError: no unit has a contributor.
        UnknownUnitError, UnknownColumnError: looked up in vain.
        NoRightError: the acting person is no editor of a unit asked.
    """
    title, text = check_name(title), text.strip()
    _check_request(newsroom, text, due, wanted)
    with newsroom.writing() as session:
        staff = require_right(session, newsroom, Right.ARTICLES, None)
        asked = _units_named(session, newsroom, units) if units else _units_with_contributors(session, newsroom)
        brief = Brief(
            title=title,
            text=text,
            due=due,
            wanted=wanted,
            unit_id=desk_above(session, newsroom, asked[0]),
            column_id=get_column(session, column).id if column else None,
            staff_id=staff.id or 0,
            published_at=newsroom.now(),
        )
        session.add(brief)
        session.flush()
        session.add_all(BriefUnit(brief_id=brief.id or 0, unit_id=unit_id) for unit_id in asked)
        session.commit()
    return brief, asked


def _check_request(newsroom: Newsroom, text: str, due: date, wanted: int) -> None:
    if len(text) > LONGEST_TEXT:
        raise InputError(
            _("The text has {count} characters; at most {limit} fit.").format(count=len(text), limit=LONGEST_TEXT)
        )
    if not 1 <= wanted <= MOST_WANTED:
        raise InputError(_("{count} is no number of articles to ask for.").format(count=wanted))
    if due < today(newsroom):
        raise InputError(_("{day} is over already.").format(day=due), hint=_("Give --due a day to come."))


def _units_named(session: Session, newsroom: Newsroom, units: Sequence[str]) -> list[int]:
    asked = list(dict.fromkeys(get_unit(session, unit).id or 0 for unit in units))
    for unit_id in asked:
        require_right(session, newsroom, Right.ARTICLES, unit_id)
    return asked


def _units_with_contributors(session: Session, newsroom: Newsroom) -> list[int]:
    scope = unit_ids_with_right(session, newsroom, Right.ARTICLES)
    people = (contributor for contributor in list_contributors(session) if contributor.name != DESK_NAME)
    homes = sorted({contributor.unit_id for contributor in people})
    asked = [unit_id for unit_id in homes if is_in(unit_id, scope)]
    if not asked:
        raise NobodyAskedError(
            _("None of your units has a contributor."),
            hint=_("Add one: newsletter contributors add NAME --unit UNIT; or name units with --unit."),
        )
    return asked


def close_brief(newsroom: Newsroom, brief_id: int, *, reason: str) -> Brief:
    """End a brief before its day: nobody is reminded of it any more.

    Raises:
        InputError: no reason, or one with a number in it.
        UnknownBriefError: there is none.
        BriefClosedError: it was closed before.
        NoRightError: the acting person is no editor of the units asked.
    """
    if not reason.strip():
        raise InputError(_("Say why: the reason is empty."), hint=_("Give --reason REASON."))
    check_remark(reason)
    with newsroom.writing() as session:
        brief = get_brief(session, brief_id)
        for unit_id in asked_units(session, [brief_id])[brief_id]:
            require_right(session, newsroom, Right.ARTICLES, unit_id)
        raise_if_closed(brief)
        brief.closed_at, brief.reason = newsroom.now(), reason.strip()
        session.add(brief)
        session.commit()
    return brief
