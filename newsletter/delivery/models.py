"""The ledger's records: one row for every number an edition is meant for, worked off in batches."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from newsletter.instants import Instant


class DeliveryState(StrEnum):
    """Where a delivery stands; moved by machines only."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SUPPRESSED = "suppressed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


#: States a row never leaves.
FINAL_STATES: Final = frozenset(
    {
        DeliveryState.DELIVERED,
        DeliveryState.UNDELIVERED,
        DeliveryState.FAILED,
        DeliveryState.SUPPRESSED,
        DeliveryState.EXPIRED,
        DeliveryState.CANCELLED,
    }
)


class BatchState(StrEnum):
    """Where a batch stands: ``open`` while rows in it wait, ``done`` when none does."""

    OPEN = "open"
    CLAIMED = "claimed"
    DONE = "done"


class Dispatch(SQLModel, table=True):
    """The sending of one edition: made when it is planned.

    Attributes:
        part_count, full_part_count: parts of a message, and of the full text without a link; None: there is none.
    """

    edition_id: int = Field(primary_key=True, foreign_key="edition.id")
    gateway: str = Field(max_length=20)
    audience_count: int
    part_count: int
    staff_id: int = Field(foreign_key="staff.id")
    planned_at: datetime = Field(sa_type=Instant)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)
    full_part_count: int | None = None


class Batch(SQLModel, table=True):
    """Up to 500 rows of one edition, claimed together."""

    __table_args__ = (Index("ix_batch_state", "edition_id", "state", "number"),)

    edition_id: int = Field(primary_key=True, foreign_key="dispatch.edition_id")
    number: int = Field(primary_key=True)
    state: str = Field(default=BatchState.OPEN, max_length=10)


class Delivery(SQLModel, table=True):
    """One message to one number of one edition, with the person's cell when it was planned.

    Attributes:
        subscriber_id: of the first of those who share the number; no foreign key, since erasure leaves the row.
        reason: why it ended as it did: ``opted_out``, or the gateway's error code.
        message_id: the gateway's own id of the message.
        changed_at: when ``state`` was last set.
        piece: which of the edition's texts they get: ``sms``, or ``sms-full`` who prefer the full text without a link.
    """

    __table_args__ = (
        UniqueConstraint("edition_id", "number_key"),
        ForeignKeyConstraint(["edition_id", "batch"], ["batch.edition_id", "batch.number"]),
        Index("ix_delivery_number", "number_key"),
        {"sqlite_with_rowid": False},
    )

    edition_id: int = Field(primary_key=True)
    batch: int = Field(primary_key=True)
    subscriber_id: int = Field(primary_key=True)
    number_key: str = Field(max_length=32)
    state: str = Field(default=DeliveryState.QUEUED, max_length=12)
    reason: str = Field(default="", max_length=20)
    message_id: str = Field(default="", max_length=40)
    changed_at: datetime = Field(sa_type=Instant)
    unit_id: int
    region_code: str = Field(max_length=12)
    profession: str = Field(max_length=20)
    standing: str = Field(max_length=20)
    mobile: bool
    retired: bool
    piece: str = Field(default="sms", max_length=10, sa_column_kwargs={"server_default": "sms"})


class LinkToken(SQLModel, table=True):
    """The token of one recipient's opt-out link in one edition.

    Written when the row is claimed, and only if the manifest marks a place for it. Survives erasure, since whoever has
    the message may still leave by it.
    """

    __tablename__ = "link_token"
    __table_args__ = ({"sqlite_with_rowid": False},)

    token: str = Field(primary_key=True, max_length=16)
    edition_id: int = Field(foreign_key="edition.id")
    number_key: str = Field(max_length=32)


class GatewayCursor(SQLModel, table=True):
    """How far a gateway's receipts and replies have been taken in."""

    __tablename__ = "gateway_cursor"

    gateway: str = Field(primary_key=True, max_length=20)
    feed: str = Field(primary_key=True, max_length=10)
    position: int = 0


class Reply(SQLModel, table=True):
    """A reply nobody could interpret, for a person to read.

    Attributes:
        text: encrypted, context ``reply/`` + number key; empty: it could not be read.
        verdict: what a person made of it: ``out``, ``in``, ``none``; empty while it waits.
        handled_by, handled_at: who, and when.
        event_id: the opt-out or opt-in it became.
    """

    id: int | None = Field(default=None, primary_key=True)
    number_key: str = Field(max_length=32, index=True)
    text: bytes
    gateway_id: str = Field(max_length=40)
    received_at: datetime = Field(sa_type=Instant)
    verdict: str = Field(default="", max_length=10, sa_column_kwargs={"server_default": sql("''")})
    handled_by: int | None = Field(default=None, foreign_key="staff.id")
    handled_at: datetime | None = Field(default=None, sa_type=Instant)
    event_id: int | None = Field(default=None, foreign_key="optout_event.id")


class Confirmation(SQLModel, table=True):
    """The one message that may tell somebody who left by reply that they have; no delivery of any edition.

    Attributes:
        state: a ``DeliveryState``; nothing is handed over twice, however unclear its outcome.
        reason: the gateway's error code, or why it was not handed over.
    """

    __tablename__ = "optout_confirmation"

    event_id: int = Field(primary_key=True, foreign_key="optout_event.id")
    state: str = Field(default=DeliveryState.QUEUED, max_length=12)
    reason: str = Field(default="", max_length=20)
    message_id: str = Field(default="", max_length=40)
    changed_at: datetime = Field(sa_type=Instant)
