"""The records of the contributors' side: diary entries, briefs and their answers, quotas, and the notices' outbox."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from newsletter.instants import Instant


class DiaryKind(StrEnum):
    """``planned`` belongs to a day; ``banked`` can run any day."""

    PLANNED = "planned"
    BANKED = "banked"


class DiaryState(StrEnum):
    """Whether an entry still waits."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class NoticeKind(StrEnum):
    """What a contributor is told."""

    RECEIVED = "received"
    ADOPTED = "adopted"
    PUBLISHED = "published"
    DECLINED = "declined"
    RETURNED = "returned"
    BRIEF = "brief"
    HALF = "reminder-50"
    MOST = "reminder-80"
    LAST_DAY = "last-day"


class NoticeState(StrEnum):
    """Where a notice stands; moved by machines only."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SUPPRESSED = "suppressed"


class DiaryEntry(SQLModel, table=True):
    """A story the desk has in mind (备忘录).

    Attributes:
        unit_id: whose story it is, and who sees it besides those above: a town's, or the desk's that planned it.
        due: the day it is planned for; a banked entry may have none.
        reason: why it was dropped.
        article_id: what came of it.
    """

    __tablename__ = "diary_entry"

    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=80)
    kind: str = Field(max_length=10)
    due: date | None = Field(default=None, index=True)
    column_id: int | None = Field(default=None, foreign_key="paper_column.id")
    unit_id: int = Field(foreign_key="unit.id", index=True)
    contributor_id: int | None = Field(default=None, foreign_key="contributor.id")
    note: str = ""
    state: str = Field(default=DiaryState.OPEN, max_length=10)
    reason: str = ""
    article_id: int | None = Field(default=None, foreign_key="article.id")
    staff_id: int = Field(foreign_key="staff.id")
    created_at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)


class Brief(SQLModel, table=True):
    """What the desk asks units for (报送要点); ``wanted`` articles from each of them by the end of ``due``.

    ``unit_id`` is the unit whose desk asks.
    """

    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=80)
    text: str = ""
    due: date
    wanted: int
    unit_id: int = Field(foreign_key="unit.id", index=True)
    column_id: int | None = Field(default=None, foreign_key="paper_column.id")
    staff_id: int = Field(foreign_key="staff.id")
    published_at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    #: Why it was closed before its time.
    reason: str = ""


class BriefUnit(SQLModel, table=True):
    """A unit that a brief asks."""

    __tablename__ = "brief_unit"

    brief_id: int = Field(foreign_key="brief.id", primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", primary_key=True, index=True)


class BriefAnswer(SQLModel, table=True):
    """An article submitted for a brief; ``unit_id`` is the unit that it counts for."""

    __tablename__ = "brief_answer"

    brief_id: int = Field(foreign_key="brief.id", primary_key=True)
    article_id: int = Field(foreign_key="article.id", primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")


class Quota(SQLModel, table=True):
    """How many articles a unit is to submit in a period, written as ``periods.Period.label``. Append-only.

    Of a unit's rows for a period, the newest one set before the period's end counts.
    """

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    period: str = Field(max_length=10, index=True)
    wanted: int
    staff_id: int = Field(foreign_key="staff.id")
    set_at: datetime = Field(sa_type=Instant)


class Notice(SQLModel, table=True):
    """A message to one contributor about one thing, once.

    Attributes:
        subject: ``article:3``, ``brief:2``, ``quota:5``.
        reason: why it ended as it did: ``opted_out``, ``no_number``, ``outdated``, or the gateway's error code.
        message_id: the gateway's own id of the message.
        changed_at: when ``state`` was last set.
    """

    __table_args__ = (UniqueConstraint("contributor_id", "kind", "subject"),)

    id: int | None = Field(default=None, primary_key=True)
    contributor_id: int = Field(foreign_key="contributor.id")
    kind: str = Field(max_length=20)
    subject: str = Field(max_length=40)
    text: str
    state: str = Field(default=NoticeState.QUEUED, max_length=12, index=True)
    reason: str = Field(default="", max_length=20)
    message_id: str = Field(default="", max_length=40)
    created_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)
