"""The records of points: what the desk recorded, and the ledger; both are only ever added to."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from newsletter.instants import Instant


class PointEvent(SQLModel, table=True):
    """Something that happened to an article elsewhere, as a person recorded it; or the end of such a record.

    Attributes:
        place: of a best of the period, from 1; else 0.
        outlet: the paper, website or broadcaster that took it.
        note: a remark; of a reversal, the reason.
        rule_book_version: the one in force when it was recorded.
        reversal_of: the record this one takes back; each can be taken back once.
    """

    __tablename__ = "point_event"

    id: int | None = Field(default=None, primary_key=True)
    article_id: int = Field(foreign_key="article.id", index=True)
    kind: str = Field(max_length=20)
    place: int = 0
    outlet: str = Field(default="", max_length=80)
    day: date
    note: str = Field(default="", max_length=200)
    rule_book_version: int
    staff_id: int = Field(foreign_key="staff.id")
    at: datetime = Field(sa_type=Instant)
    reversal_of: int | None = Field(default=None, foreign_key="point_event.id", unique=True)


class PointEntry(SQLModel, table=True):
    """One line of the ledger: points of one contributor, or of a unit as a whole, for one thing that happened.

    Attributes:
        ref: what it is for, as ``edition:3``, ``event:7`` or ``quota:12``.
        rule: what was applied (``rules.Award.rule``).
        points: hundredths; a reversal has those of the entry it takes back, negated.
        day: when it was earned; ``at``: when it was written.
    """

    __tablename__ = "point_entry"

    id: int | None = Field(default=None, primary_key=True)
    contributor_id: int | None = Field(default=None, foreign_key="contributor.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    article_id: int | None = Field(default=None, foreign_key="article.id")
    ref: str = Field(max_length=60)
    rule: str = Field(max_length=60)
    points: int
    day: date
    staff_id: int = Field(foreign_key="staff.id")
    at: datetime = Field(sa_type=Instant)
    reversal_of: int | None = Field(default=None, foreign_key="point_entry.id", unique=True)
