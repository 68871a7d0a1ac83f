"""The records of consent: the wordings people agreed to, and who agreed or took it back, for good."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from newsletter.instants import Instant


class ConsentKind(StrEnum):
    """Given, or taken back."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class ConsentWording(SQLModel, table=True):
    """What people are asked to agree to; a new wording is a new version. Append-only."""

    __tablename__ = "consent_wording"

    version: int = Field(primary_key=True)
    text: str
    staff_id: int = Field(foreign_key="staff.id")
    at: datetime = Field(sa_type=Instant)


class ConsentEvent(SQLModel, table=True):
    """Somebody agreed, or took it back. Append-only; keyed by number key.

    Attributes:
        kind: a ``ConsentKind``.
        wording_version: what they agreed to; None: withdrawn, or a word of their own (``START``).
        channel: ``form``, ``phone``, ``visit``, ``reply``, ``link`` or ``desk``.
        at: when it was given, as far as known; recorded_at: when it was written down.
    """

    __tablename__ = "consent_event"

    id: int | None = Field(default=None, primary_key=True)
    number_key: str = Field(max_length=32, index=True)
    kind: str = Field(max_length=10)
    wording_version: int | None = Field(default=None, foreign_key="consent_wording.version")
    channel: str = Field(max_length=10)
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    at: datetime = Field(sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)


class ConsentProof(SQLModel, table=True):
    """What shows a consent: ciphertext, context ``consent/`` + the event's number key; erasure removes it."""

    __tablename__ = "consent_proof"

    event_id: int = Field(primary_key=True, foreign_key="consent_event.id")
    proof: bytes
