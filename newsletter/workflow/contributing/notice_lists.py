"""The outbox as it is read: page by page, the newest first, and of one's own units' contributors only."""

from collections.abc import Sequence
from typing import ClassVar, Final

from sqlmodel import Session, col, select

from newsletter.errors import InputError
from newsletter.newsroom import Newsroom
from newsletter.organisation.contributors import Contributor, get_contributor
from newsletter.organisation.scope import Scope, visible_unit_ids
from newsletter.translation import gettext as _
from newsletter.workflow.contributing.models import Notice, NoticeKind, NoticeState

#: Notices on a page, unless it is said otherwise.
PAGE: Final = 50


class UnknownStateError(InputError):
    """No notice can stand so."""

    code: ClassVar[str] = "unknown_state"


def list_visible_notices(
    newsroom: Newsroom,
    *,
    state: str | None = None,
    contributor: str | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> Sequence[tuple[Notice, Contributor]]:
    """A page of the notices to contributors of the acting person's units, newest first.

    Args:
        newsroom: any.
        state: only those that stand so.
        contributor: only this person's: name or id.
        before: the last id of the page before.
        limit: notices on a page.

    Raises:
        UnknownStateError: no notice can stand so.
        UnknownContributorError, AmbiguousContributorError: looked up in vain.
        NoRightError: the acting person is not on staff.
    """
    if state is not None and state not in set(NoticeState):
        raise UnknownStateError(
            _("{word} is not a {noun}; known are {known}.").format(
                word=state[:40], noun=_("state"), known=", ".join(NoticeState)
            )
        )
    with newsroom.reading() as session:
        scope = visible_unit_ids(session, newsroom)
        person_id = get_contributor(session, contributor).id if contributor else None
        return _list_notices(session, scope, state=state, contributor_id=person_id, before=before, limit=limit)


def _list_notices(
    session: Session,
    scope: Scope,
    *,
    state: str | None,
    contributor_id: int | None,
    before: int | None,
    limit: int,
) -> Sequence[tuple[Notice, Contributor]]:
    query = select(Notice, Contributor).join(Contributor, col(Contributor.id) == col(Notice.contributor_id))
    if scope is not None:
        query = query.where(col(Contributor.unit_id).in_(scope))
    if state is not None:
        query = query.where(Notice.state == state)
    if contributor_id is not None:
        query = query.where(Notice.contributor_id == contributor_id)
    if before is not None:
        query = query.where(col(Notice.id) < before)
    return session.exec(query.order_by(col(Notice.id).desc()).limit(limit)).all()


def notice_kind_label(kind: str) -> str:
    """The kind in the user's language."""
    return {
        NoticeKind.RECEIVED: _("received"),
        NoticeKind.ADOPTED: _("adopted"),
        NoticeKind.PUBLISHED: _("published"),
        NoticeKind.DECLINED: _("declined"),
        NoticeKind.RETURNED: _("given back"),
        NoticeKind.BRIEF: _("brief"),
        NoticeKind.HALF: _("reminder at 50%"),
        NoticeKind.MOST: _("reminder at 80%"),
        NoticeKind.LAST_DAY: _("reminder on the last day"),
    }[NoticeKind(kind)]


def notice_state_label(state: str) -> str:
    """The state in the user's language."""
    return {
        NoticeState.QUEUED: _("queued"),
        NoticeState.CLAIMED: _("claimed"),
        NoticeState.ACCEPTED: _("accepted"),
        NoticeState.DELIVERED: _("delivered"),
        NoticeState.FAILED: _("failed"),
        NoticeState.UNKNOWN: _("unknown"),
        NoticeState.SUPPRESSED: _("suppressed"),
    }[NoticeState(state)]
