"""Whose copy, whose paper and whose readers an editor may use in an edition."""

from sqlmodel import Session

from newsletter.articles.models import Article
from newsletter.articles.sharing import lent_unit_ids
from newsletter.editions.models import Edition
from newsletter.errors import InputError
from newsletter.newsroom import Newsroom
from newsletter.organisation.papers import Paper
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import NoRightError, require_right
from newsletter.organisation.units import Unit, ancestor_codes
from newsletter.subscribers.audience.audiences import get_visible_audience
from newsletter.subscribers.models import Audience
from newsletter.translation import gettext as _


def is_editor_of(session: Session, newsroom: Newsroom, unit_id: int) -> bool:
    """Whether the acting person composes editions for a unit."""
    try:
        require_right(session, newsroom, Right.DRAFTS, unit_id)
    except NoRightError:
        return False
    return True


def require_copy(session: Session, newsroom: Newsroom, article: Article, edition: Edition) -> None:
    """Accept copy of one's own units, and copy lent to the edition's by a person's decision.

    Raises:
        NoRightError: it is neither.
    """
    for unit_id in lent_unit_ids(session, article.id or 0, edition.unit_id):
        if is_editor_of(session, newsroom, unit_id):
            return
    require_right(session, newsroom, Right.DRAFTS, article.unit_id)


def raise_if_foreign(session: Session, paper: Paper, unit: Unit) -> None:
    """Refuse a unit that is not under the paper's: nobody else's people are written to in that paper's name.

    Raises:
        InputError: names both.
    """
    home = session.get_one(Unit, paper.unit_id)
    if home.code not in ancestor_codes(session, unit.id or 0):
        raise InputError(
            _("{unit} is not among the units of the paper {paper}, which is {home}'s.").format(
                unit=unit.name, paper=paper.code, home=home.name
            ),
            hint=_("See them: newsletter papers list"),
        )


def choose_audience(session: Session, newsroom: Newsroom, name: str | None, paper: Paper) -> Audience | None:
    """The audience named, which the acting person must see; else the paper's default, else none.

    Raises:
        UnknownAudienceError, NotVisibleError: looked up in vain.
    """
    if name:
        return get_visible_audience(session, newsroom, name)
    return session.get_one(Audience, paper.audience_id) if paper.audience_id else None
