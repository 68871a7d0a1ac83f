"""The outbox of notices: brought to what should be told now. Whoever calls it twice changes nothing the second time.

A sender may claim notices meanwhile. Both lock what waits before they look at it, in the same order, and each writes
only what still stands as it was read: a notice that was claimed keeps its state and its words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from newsletter.newsroom import Newsroom
from newsletter.organisation.contributors import Contributor
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import ROOT, get_unit
from newsletter.workflow.contributing.models import Notice, NoticeKind, NoticeState
from newsletter.workflow.contributing.occasions import Occasion, find_occasions

#: Why a notice was not sent: it is not true any more, its contributor has no number, or wants no messages.
OUTDATED: Final = "outdated"
NO_NUMBER: Final = "no_number"
OPTED_OUT: Final = "opted_out"
#: Subjects asked for in one statement.
_SUBJECTS_AT_ONCE: Final = 500
#: What a notice is told apart by: contributor, kind, subject.
_Key = tuple[int, str, str]


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
        known = {_key(notice): notice for notice in lock_waiting(session)}
        occasions = find_occasions(session, newsroom, with_published=with_published)
        wanted = {occasion.key: occasion for occasion in occasions if occasion.contributor.number_key is not None}
        known |= _notices_about(session, wanted.values())
        now = newsroom.now()
        queued = sum([_keep(session, occasion, known.get(key), now) for key, occasion in wanted.items()])
        outdated = sum([_take_back(session, notice, now) for key, notice in known.items() if key not in wanted])
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


def lock_waiting(session: Session) -> Sequence[Notice]:
    """Every notice that waits, the oldest first, for this transaction alone to change."""
    waiting = select(Notice).where(Notice.state == NoticeState.QUEUED).order_by(col(Notice.id))
    return session.exec(waiting.with_for_update()).all()


def _notices_about(session: Session, occasions: Iterable[Occasion]) -> dict[_Key, Notice]:
    subjects = sorted({occasion.subject for occasion in occasions})
    found: dict[_Key, Notice] = {}
    for start in range(0, len(subjects), _SUBJECTS_AT_ONCE):
        chunk = subjects[start : start + _SUBJECTS_AT_ONCE]
        found |= {_key(notice): notice for notice in session.exec(select(Notice).where(col(Notice.subject).in_(chunk)))}
    return found


def _key(notice: Notice) -> _Key:
    return notice.contributor_id, notice.kind, notice.subject


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
    if notice.state == NoticeState.SUPPRESSED and notice.reason in (OUTDATED, NO_NUMBER):
        back = {"state": NoticeState.QUEUED, "reason": "", "text": occasion.text, "changed_at": now}
        return _change(session, notice, **back)
    if notice.state == NoticeState.QUEUED and notice.text != occasion.text:
        # How many articles are still missing may have changed since it was written; once claimed, its words stay.
        _change(session, notice, text=occasion.text)
    return False


def _take_back(session: Session, notice: Notice, now: datetime) -> bool:
    if notice.state != NoticeState.QUEUED or notice.kind == NoticeKind.PUBLISHED:
        return False
    return _change(session, notice, state=NoticeState.SUPPRESSED, reason=OUTDATED, changed_at=now)


def _change(session: Session, notice: Notice, **values: object) -> bool:
    """Change a notice that still stands as it was read; say whether it did."""
    standing = update(Notice).where(col(Notice.id) == notice.id, col(Notice.state) == notice.state)
    return session.connection().execute(standing.values(**values)).rowcount == 1


def notice_totals(session: Session) -> dict[str, int]:
    """Notices by state, every state named."""
    counted = dict(session.exec(select(Notice.state, func.count()).group_by(col(Notice.state))).all())
    return {state.value: counted.get(state, 0) for state in NoticeState}
