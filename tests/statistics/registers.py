"""Factories for growth and retention: people, what happened to them, and what their numbers said."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session

from newsletter.newsroom import Newsroom
from newsletter.statistics.period import Period, parse_period
from newsletter.subscribers.event_records import EventKind, MemberEvent
from newsletter.subscribers.models import OptOutEvent, Subscriber
from tests.statistics.ledgers import BRANCH_ID, SHANGHAI, Desk

_CELL: dict[str, Any] = {
    "unit_id": BRANCH_ID,
    "region_code": "320682116201",
    "profession": "farmer",
    "standing": "full",
    "mobile": False,
    "retired": False,
}


def day(month: int, of_month: int, hour: int = 12, *, year: int = 2026) -> datetime:
    """A moment by the newsroom's clock."""
    return datetime(year, month, of_month, hour, tzinfo=SHANGHAI)


NEW_YEARS_EVE = day(12, 31)


@dataclass
class Register:
    """A desk's register, and short ways to let things happen on it; people and their numbers count from 1."""

    desk: Desk
    cells: dict[int, dict[str, Any]] = field(default_factory=dict)

    def newsroom(self, now: datetime = NEW_YEARS_EVE) -> Newsroom:
        """The newsroom at some moment."""
        clock: Callable[[], datetime] = lambda: now.astimezone(UTC)  # noqa: E731
        return replace(self.desk.newsroom, clock=clock)

    def join(self, person: int, at: datetime, *, number: int | None = None, **cell: Any) -> None:
        """They come on the register; ``number``: whose number they share."""
        self.cells[person] = {**_CELL, "status": "active", **cell}
        self.desk.add(
            Subscriber(
                id=person,
                number_key=f"n{number or person}",
                name_key=f"p{person}",
                number=b"x",
                name=b"x",
                created_at=at,
                updated_at=at,
                **self.cells[person],
            )
        )
        self.tell(person, EventKind.JOINED, at)

    def tell(self, person: int, kind: EventKind, at: datetime, **changes: Any) -> None:
        """Something happens to them that changes this of what the register says."""
        self.cells[person] |= changes
        self.desk.add(MemberEvent(subscriber_id=person, kind=kind, source="desk", at=at, **self.cells[person]))
        with Session(self.desk.newsroom.engine) as session:
            session.get_one(Subscriber, person).status = self.cells[person]["status"]
            session.commit()

    def die(self, person: int, at: datetime) -> None:
        self.tell(person, EventKind.DIED, at, status="died")

    def go(self, person: int, at: datetime) -> None:
        self.tell(person, EventKind.MOVED_OUT, at, status="left")

    def move(self, person: int, unit_id: int, at: datetime, **changes: Any) -> None:
        before = self.cells[person]["unit_id"]
        self.tell(person, EventKind.MOVED_OUT, at, other_unit_id=unit_id)
        self.cells[person].pop("other_unit_id")
        self.tell(person, EventKind.MOVED_IN, at, unit_id=unit_id, other_unit_id=before, **changes)
        self.cells[person].pop("other_unit_id")

    def erase(self, person: int, at: datetime) -> None:
        self.tell(person, EventKind.ERASED, at)
        with Session(self.desk.newsroom.engine) as session:
            session.delete(session.get_one(Subscriber, person))
            session.commit()

    def say(self, number: int, kind: str, at: datetime, *, paper: int = 0, is_effective: bool = True) -> None:
        """A number opts ``out``, or ``in`` again."""
        self.desk.add(
            OptOutEvent(
                number_key=f"n{number}", kind=kind, paper_id=paper, source="reply", at=at, is_effective=is_effective,
                **_CELL,
            )
        )  # fmt: skip


def period(since: str | None = None, until: str | None = None) -> Period:
    """As ``--since`` and ``--until`` say."""
    return parse_period(since, until, SHANGHAI)


def months_later(moment: datetime, months: float) -> datetime:
    """About so many months later."""
    return moment + timedelta(days=30.4375 * months)
