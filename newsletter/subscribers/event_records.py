"""The records of what happened to people: append-only events, of which the register is the projection; censuses."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from newsletter.instants import Instant


class EventKind(StrEnum):
    """What happened to a person."""

    JOINED = "joined"
    MOVED_IN = "moved-in"
    MOVED_OUT = "moved-out"
    BECAME_PROBATIONARY = "became-probationary"
    BECAME_FULL = "became-full"
    BECAME_MOBILE = "became-mobile"
    CAME_HOME = "came-home"
    RETIRED = "retired"
    DIED = "died"
    #: Any other change of what the register says: a correction, or a standing that is neither of the two above.
    CORRECTED = "corrected"
    #: The person asked to be forgotten, or their time was over: what is left of them is without a name.
    ERASED = "erased"


class MemberEvent(SQLModel, table=True):
    """Something that happened to a person. Append-only; without number and name, so it survives erasure.

    Attributes:
        subscriber_id: whose; no foreign key, since erasure leaves the row.
        unit_id … status: what the register says of them after it; of ``moved-out`` to another unit, before it.
        other_unit_id: of a move within the newsroom, the unit at its other end.
        happened_on: the day it is said to have happened; None: not known, ``at`` stands for it.
        source: ``import``, ``census``, ``desk``, ``upgrade``, ``retention``.
        at: when it was recorded.
    """

    __tablename__ = "member_event"
    __table_args__ = (Index("ix_member_event_person", "subscriber_id", "id"), Index("ix_member_event_at", "at"))

    id: int | None = Field(default=None, primary_key=True)
    subscriber_id: int
    kind: str = Field(max_length=20)
    unit_id: int = Field(foreign_key="unit.id")
    region_code: str = Field(max_length=12)
    profession: str = Field(max_length=20)
    standing: str = Field(max_length=20)
    mobile: bool
    retired: bool
    status: str = Field(max_length=10)
    other_unit_id: int | None = Field(default=None, foreign_key="unit.id")
    happened_on: date | None = None
    source: str = Field(max_length=10)
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    at: datetime = Field(sa_type=Instant)


class Census(SQLModel, table=True):
    """A census of one unit (普查) that was confirmed, and all of what it proposed taken over: what its list held.

    Attributes:
        listed: people on the list.
        members: of these, full and probationary members, and those whose standing nobody gave: what coverage counts.
        without_number, invalid_number: of these, those whose number is missing, or none that can be written to.
    """

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    listed: int
    members: int
    without_number: int
    invalid_number: int
    staff_id: int = Field(foreign_key="staff.id")
    at: datetime = Field(sa_type=Instant)


class UnusableNumber(SQLModel, table=True):
    """A number the gateway says cannot be written to; lifted when the desk says it can.

    Attributes:
        reason: the gateway's code.
        edition_id: at which it was found.
        lifted_at, lifted_by, lifted_reason: when the desk said that it works again, who, and why; None: it does not.
    """

    __tablename__ = "unusable_number"

    number_key: str = Field(primary_key=True, max_length=32)
    reason: str = Field(max_length=20)
    edition_id: int | None = Field(default=None, foreign_key="edition.id")
    since: datetime = Field(sa_type=Instant)
    lifted_at: datetime | None = Field(default=None, sa_type=Instant)
    lifted_by: int | None = Field(default=None, foreign_key="staff.id")
    lifted_reason: str = Field(default="", max_length=80)
