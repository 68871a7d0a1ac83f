"""What is kept no longer: people who left, replies that were handled, whose a delivery was; as ``[retention]`` says.

Safe to run every night and to interrupt: each page is a transaction of its own, and what is left is due again.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import Session, col, func, select

from newsletter.database import writing
from newsletter.delivery.anonymising import anonymise_page, anonymise_sandbox, count_named, old_editions
from newsletter.delivery.forgetting import empty_sandbox_replies, erase_replies
from newsletter.delivery.key_status import sandbox_engine
from newsletter.delivery.models import Reply
from newsletter.journal.statements import Verb, unlock_key
from newsletter.newsroom import Newsroom, Progress
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import ROOT, get_unit
from newsletter.subscribers.event_records import MemberEvent
from newsletter.subscribers.models import Status, Subscriber
from newsletter.subscribers.privacy.disclosing import journal_disclosure
from newsletter.subscribers.privacy.erasing import erase_people, erase_words, numbers_without_people, wipe_what_is_freed
from newsletter.subscribers.privacy.wiping import rewrite
from newsletter.translation import gettext as _

_PAGE: Final = 500
#: Who is on the register no more.
_GONE_STATUSES: Final = (Status.LEFT, Status.DIED)


@dataclass(kw_only=True)
class Retention:
    """What was removed, or, of a dry run, what would be.

    Attributes:
        days: the settings; None: kept for ever.
        people: erased, who left or died.
        replies: removed, that were handled.
        deliveries: rows of the ledger made nobody's, of ``editions``.
        is_wiped: the database's file was written anew without them; None: it is a server's, or nothing was removed.
    """

    days: dict[str, int | None]
    people: int = 0
    replies: int = 0
    deliveries: int = 0
    editions: list[int] = field(default_factory=list)
    is_wiped: bool | None = None

    @property
    def total(self) -> int:
        """Everything that is due."""
        return self.people + self.replies + self.deliveries + len(self.editions)

    def as_document(self) -> dict[str, Any]:
        """For JSON."""
        return {("wiped" if name == "is_wiped" else name): value for name, value in asdict(self).items()}


def due_retention(newsroom: Newsroom) -> Retention:
    """What is kept longer than the settings say; nothing is changed.

    Raises:
        NoRightError: the acting person may not.
    """
    table = newsroom.settings.retention
    found = Retention(
        days={"left": table.left_days, "replies": table.replies_days, "deliveries": table.deliveries_days}
    )
    with newsroom.reading() as session:
        require_right(session, newsroom, Right.RETENTION, get_unit(session, ROOT).id)
        if table.left_days is not None:
            found.people = _count(session, _left_before(_before(newsroom, table.left_days)))
        if table.replies_days is not None:
            found.replies = _count(session, _handled_before(_before(newsroom, table.replies_days)))
        if table.deliveries_days is not None:
            found.editions = old_editions(session, _before(newsroom, table.deliveries_days))
            found.deliveries = count_named(session, found.editions)
    return found


def apply_retention(newsroom: Newsroom, *, progress: Progress = lambda _done, _total: None) -> Retention:
    """Remove what is kept longer than the settings say; the journal first says how much it is.

    Args:
        newsroom: its acting person needs the right at the root.
        progress: called with what is done, and how much there is.

    Raises:
        NoRightError: the acting person may not.
    """
    due = due_retention(newsroom)
    if not due.total:
        return due
    unlock_key(newsroom)
    _journal(newsroom, due)
    table, done = newsroom.settings.retention, 0

    def work(step: Callable[[Session], int]) -> int:
        nonlocal done
        removed = _page_by_page(newsroom, step, lambda count: progress(done + count, due.total))
        done += removed
        return removed

    if table.left_days is not None:
        left = _left_before(_before(newsroom, table.left_days))
        due.people = work(lambda session: _erase_page(session, newsroom, left))
    if table.replies_days is not None:
        handled = _handled_before(_before(newsroom, table.replies_days))
        due.replies = work(lambda session: _remove_replies(session, handled))
    due.deliveries = sum(work(_anonymising(edition)) for edition in due.editions)
    _tidy_sandbox(newsroom, due)
    if newsroom.engine.dialect.name == "sqlite":
        due.is_wiped = rewrite(newsroom.engine)
    return due


def _journal(newsroom: Newsroom, due: Retention) -> None:
    counts = {"people": due.people, "replies": due.replies, "deliveries": due.deliveries, "editions": due.editions}
    with newsroom.writing() as session:
        journal_disclosure(
            session,
            newsroom,
            Verb.PURGE,
            subject="retention",
            purpose=_("kept as long as the settings say"),
            count=due.people + due.replies + due.deliveries,
            details={**counts, "days": due.days},
        )
        session.commit()


def _before(newsroom: Newsroom, days: int) -> datetime:
    return newsroom.now() - timedelta(days=days)


def _left_before(moment: datetime) -> Any:
    """Ids of people who are not on the register, and of whom nothing was recorded since."""
    since = select(MemberEvent.id).where(MemberEvent.subscriber_id == Subscriber.id, col(MemberEvent.at) >= moment)
    return select(Subscriber.id).where(
        col(Subscriber.status).in_(_GONE_STATUSES),
        col(Subscriber.updated_at) < moment,
        ~since.exists(),
    )


def _handled_before(moment: datetime) -> Any:
    return select(Reply.id).where(col(Reply.handled_at) < moment)


def _count(session: Session, query: Any) -> int:
    return int(session.connection().execute(select(func.count()).select_from(query.subquery())).scalar_one())


def _page_by_page(newsroom: Newsroom, step: Callable[[Session], int], advance: Callable[[int], None]) -> int:
    removed = 0
    while True:
        with newsroom.writing() as session:
            count = step(session)
            session.commit()
        if not count:
            return removed
        removed += count
        advance(removed)


def _erase_page(session: Session, newsroom: Newsroom, left: Any) -> int:
    ids = list(session.connection().execute(left.order_by(col(Subscriber.id)).limit(_PAGE)).scalars())
    people = list(session.exec(select(Subscriber).where(col(Subscriber.id).in_(ids))))
    keys = [person.number_key for person in people]
    erase_people(session, people, source="retention", staff_id=None, at=newsroom.now())
    bare = numbers_without_people(session, keys)
    erase_words(session, bare)
    erase_replies(session, bare)
    return len(people)


def _remove_replies(session: Session, handled: Any) -> int:
    wipe_what_is_freed(session)
    ids = list(session.connection().execute(handled.limit(_PAGE)).scalars())
    for reply in session.exec(select(Reply).where(col(Reply.id).in_(ids))):
        session.delete(reply)
    return len(ids)


def _anonymising(edition: int) -> Callable[[Session], int]:
    def step(session: Session) -> int:
        wipe_what_is_freed(session)
        return anonymise_page(session, edition)

    return step


def _tidy_sandbox(newsroom: Newsroom, due: Retention) -> None:
    """The sandbox keeps replies and messages of its own: they go as long ago as ours."""
    days = newsroom.settings.retention.replies_days
    with sandbox_engine(newsroom) as sandbox:
        if sandbox is None:
            return
        with writing(sandbox) as session:
            wipe_what_is_freed(session)
            anonymise_sandbox(newsroom, session.connection(), due.editions)
            session.commit()
        if days is not None:
            empty_sandbox_replies(newsroom, sandbox, before=_before(newsroom, days))
        rewrite(sandbox)
