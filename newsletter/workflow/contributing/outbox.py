"""The outbox of notices: brought to what should be told now. Whoever calls it twice changes nothing the second time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from sqlmodel import Session, col, func, select

from newsletter.errors import InputError
from newsletter.newsroom import Newsroom
from newsletter.organisation.contributors import Contributor
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import ROOT, get_unit
from newsletter.translation import gettext as _
from newsletter.workflow.contributing.models import Notice, NoticeKind, NoticeState
from newsletter.workflow.contributing.occasions import Occasion, find_occasions

#: Why a notice was not sent: it is not true any more, its contributor has no number, or wants no messages.
OUTDATED: Final = "outdated"
NO_NUMBER: Final = "no_number"
OPTED_OUT: Final = "opted_out"
#: Subjects asked for in one statement.
_SUBJECTS_AT_ONCE: Final = 500


class UnknownStateError(InputError):
    """No notice can stand so."""

    code: ClassVar[str] = "unknown_state"


@dataclass(frozen=True)
class Queued:
    """What queueing came to.

    Attributes:
        queued: notices written now, those included that became true again.
        outdated: notices taken back unsent, since they are not true any more.
        waiting: notices that wait to be sent.
        skipped: contributors with something to be told and no telephone number.
    """

    queued: int
    outdated: int
    waiting: int
    skipped: tuple[Contributor, ...]


def queue_notices(newsroom: Newsroom, *, with_published: bool = False) -> Queued:
    """Write down what contributors should be told now, each thing once; take back what is not true any more.

    Raises:
        NoRightError: the acting person is neither editor, issuer nor operator of the whole newsroom.
    """
    with newsroom.writing() as session:
        require_notices_right(session, newsroom)
        occasions = find_occasions(session, newsroom, with_published=with_published)
        wanted = {occasion.key: occasion for occasion in occasions if occasion.contributor.number_key is not None}
        known = _known_notices(session, wanted.values())
        now = newsroom.now()
        queued = sum([_keep(session, occasion, known.get(key), now) for key, occasion in wanted.items()])
        outdated = _take_back(session, [notice for key, notice in known.items() if key not in wanted], now)
        session.flush()
        waiting = count_waiting(session)
        session.commit()
    without = {occasion.contributor.id: occasion.contributor for occasion in occasions if occasion.key not in wanted}
    return Queued(queued, outdated, waiting, tuple(without.values()))


def require_notices_right(session: Session, newsroom: Newsroom) -> None:
    """Refuse whoever may not send notices: they concern contributors of every unit.

    Raises:
        NoRightError: the acting person is neither editor, issuer nor operator of the whole newsroom.
    """
    require_right(session, newsroom, Right.NOTICES, get_unit(session, ROOT).id)


def count_waiting(session: Session) -> int:
    """Notices that wait to be sent."""
    return session.exec(select(func.count()).where(Notice.state == NoticeState.QUEUED)).one()


def _known_notices(session: Session, occasions: Iterable[Occasion]) -> dict[tuple[int, str, str], Notice]:
    """The notices on the same subjects, and all that wait."""
    subjects = sorted({occasion.subject for occasion in occasions})
    found = list(session.exec(select(Notice).where(Notice.state == NoticeState.QUEUED)))
    for start in range(0, len(subjects), _SUBJECTS_AT_ONCE):
        chunk = subjects[start : start + _SUBJECTS_AT_ONCE]
        found += session.exec(select(Notice).where(col(Notice.subject).in_(chunk)))
    return {(notice.contributor_id, notice.kind, notice.subject): notice for notice in found}


def _keep(session: Session, occasion: Occasion, notice: Notice | None, now: datetime) -> bool:
    """Have a notice of an occasion; say whether it was written, or wanted again, just now."""
    if notice is None:
        contributor_id, kind, subject = occasion.key
        session.add(
            Notice(
                contributor_id=contributor_id,
                kind=kind,
                subject=subject,
                text=occasion.text,
                created_at=now,
                changed_at=now,
            )
        )
        return True
    is_back = notice.state == NoticeState.SUPPRESSED and notice.reason in (OUTDATED, NO_NUMBER)
    if is_back:
        notice.state, notice.reason, notice.changed_at = NoticeState.QUEUED, "", now
    if notice.state == NoticeState.QUEUED:
        # How many articles are still missing may have changed since it was written.
        notice.text = occasion.text
    session.add(notice)
    return is_back


def _take_back(session: Session, notices: Sequence[Notice], now: datetime) -> int:
    taken = 0
    for notice in notices:
        if notice.state == NoticeState.QUEUED and notice.kind != NoticeKind.PUBLISHED:
            notice.state, notice.reason, notice.changed_at = NoticeState.SUPPRESSED, OUTDATED, now
            session.add(notice)
            taken += 1
    return taken


def list_notices(
    session: Session, *, state: str | None = None, contributor_id: int | None = None
) -> Sequence[tuple[Notice, Contributor]]:
    """Notices with their contributors, newest first.

    Raises:
        UnknownStateError: no notice can stand so.
    """
    if state is not None and state not in set(NoticeState):
        raise UnknownStateError(
            _("{word} is not a {noun}; known are {known}.").format(
                word=state[:40], noun=_("state"), known=", ".join(NoticeState)
            )
        )
    query = select(Notice, Contributor).join(Contributor, col(Contributor.id) == col(Notice.contributor_id))
    if state is not None:
        query = query.where(Notice.state == state)
    if contributor_id is not None:
        query = query.where(Notice.contributor_id == contributor_id)
    return session.exec(query.order_by(col(Notice.id).desc())).all()


def notice_totals(session: Session) -> dict[str, int]:
    """Notices by state, every state named."""
    counted = dict(session.exec(select(Notice.state, func.count()).group_by(col(Notice.state))).all())
    return {state.value: counted.get(state, 0) for state in NoticeState}


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
