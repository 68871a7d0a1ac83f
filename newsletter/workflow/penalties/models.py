"""The records of errors and what they cost: rows are only ever added, a correction is one more row."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from newsletter.instants import Instant


class PersonKind(StrEnum):
    """Whose name it is: a unit's correspondent, or somebody at the desk."""

    CONTRIBUTOR = "contributor"
    STAFF = "staff"


class Found(StrEnum):
    """When an error was found: before its edition left, or after."""

    BEFORE = "before"
    AFTER = "after"


class Method(StrEnum):
    """How it was settled who introduced an error."""

    COMPUTED = "computed"
    OVERRIDDEN = "overridden"


class PersonRole(StrEnum):
    """What a person had to do with an error: they introduced it, or let it pass at a gate."""

    INTRODUCER = "introducer"
    SUBMIT = "submit"
    APPROVE = "approve"
    SIGN = "sign"


class Verdict(StrEnum):
    """How an appeal ended."""

    REVERSED = "reversed"
    UPHELD = "upheld"


class ErrorRecord(SQLModel, table=True):
    """A mistake found in a text.

    Attributes:
        revision_id: the one that was printed; without an edition, the newest when it was found.
        field: ``title``, ``lead`` or ``body``; ``position`` counts characters in it, from 0.
        introducing_revision_id: the one it came in with; None where somebody said otherwise.
        gates: who let it pass, a JSON object of word to staff id; empty before sending.
        reporter_kind, reporter_id: who reported it as their own; a contributor through the desk; None: nobody.
        left_at: when the edition began to leave; None: it has not.
        statement_id: the ``return`` it was recorded with.
    """

    __tablename__ = "error_record"
    __table_args__ = (UniqueConstraint("edition_id", "revision_id", "code", "field", "position", "quote", "found"),)

    id: int | None = Field(default=None, primary_key=True)
    edition_id: int | None = Field(default=None, foreign_key="edition.id", index=True)
    article_id: int = Field(foreign_key="article.id", index=True)
    revision_id: int = Field(foreign_key="revision.id")
    field: str = Field(max_length=10)
    position: int
    quote: str = Field(max_length=200)
    code: str = Field(max_length=20)
    found: str = Field(max_length=6)
    in_title: bool
    found_by: int = Field(foreign_key="staff.id")
    at: datetime = Field(sa_type=Instant)
    note: str = Field(default="", max_length=200)
    introducer_kind: str = Field(max_length=12)
    introducer_id: int
    introducing_revision_id: int | None = Field(default=None, foreign_key="revision.id")
    introducer_method: str = Field(max_length=10)
    override_reason: str = Field(default="", max_length=200)
    reporter_kind: str | None = Field(default=None, max_length=12)
    reporter_id: int | None = None
    left_at: datetime | None = Field(default=None, sa_type=Instant)
    gates: str = "{}"
    rule_book_version: int
    statement_id: int | None = Field(default=None, foreign_key="statement.id")


class PenaltyEntry(SQLModel, table=True):
    """A line of the ledger: what one error costs one person.

    Attributes:
        unit_id: the contributor's own unit; for staff, the edition's.
        hundredths: of a point; below zero in the reversal of another entry only.
        rule: how it was worked out, canonical JSON; see ``charging.Applied``.
        month: the local month it is booked in, ``2026-11``.
    """

    __tablename__ = "penalty_entry"

    id: int | None = Field(default=None, primary_key=True)
    record_id: int = Field(foreign_key="error_record.id", index=True)
    person_kind: str = Field(max_length=12)
    person_id: int
    unit_id: int = Field(foreign_key="unit.id")
    role: str = Field(max_length=12)
    hundredths: int
    rule: str
    month: str = Field(max_length=7)
    at: datetime = Field(sa_type=Instant, index=True)
    reversal_of: int | None = Field(default=None, foreign_key="penalty_entry.id", unique=True)


class PenaltyAppeal(SQLModel, table=True):
    """Somebody's word that a record is wrong: one for each record, for whoever it names.

    ``person_kind`` and ``person_id`` are the appellant; ``staff_id`` wrote it down.
    """

    __tablename__ = "penalty_appeal"

    record_id: int = Field(primary_key=True, foreign_key="error_record.id", sa_column_kwargs={"autoincrement": False})
    person_kind: str = Field(max_length=12)
    person_id: int
    staff_id: int = Field(foreign_key="staff.id")
    reason: str = Field(max_length=200)
    at: datetime = Field(sa_type=Instant)


class PenaltyRuling(SQLModel, table=True):
    """How an appeal was judged; ``last_record_id`` is the newest record there was, so that all can be replayed."""

    __tablename__ = "penalty_ruling"

    id: int | None = Field(default=None, primary_key=True)
    record_id: int = Field(foreign_key="penalty_appeal.record_id", unique=True)
    verdict: str = Field(max_length=10)
    reason: str = Field(max_length=200)
    staff_id: int = Field(foreign_key="staff.id")
    at: datetime = Field(sa_type=Instant)
    last_record_id: int = Field(foreign_key="error_record.id")


class PenaltyDecision(SQLModel, table=True):
    """An issuer's word that a grave error found after sending is not answered by a retraction, and why."""

    __tablename__ = "penalty_decision"

    record_id: int = Field(primary_key=True, foreign_key="error_record.id", sa_column_kwargs={"autoincrement": False})
    reason: str = Field(max_length=200)
    staff_id: int = Field(foreign_key="staff.id")
    at: datetime = Field(sa_type=Instant)
