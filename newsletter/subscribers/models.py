"""The records of subscribers: people, saved audiences, opt-outs and who must not be written to."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from newsletter.instants import Instant

#: ``Suppression.paper_id`` and ``OptOutEvent.paper_id`` of an opt-out from every paper.
ALL_PAPERS = 0


class Status(StrEnum):
    """Whether a person is on the register now."""

    ACTIVE = "active"
    #: Known by name, and no number: nothing can be sent.
    NUMBERLESS = "numberless"
    LEFT = "left"
    DIED = "died"


class Standing(StrEnum):
    """Membership state (身份)."""

    ACTIVIST = "activist"
    PROSPECTIVE = "prospective"
    PROBATIONARY = "probationary"
    FULL = "full"
    NONE = "none"


class Channel(StrEnum):
    """How a person wants to be written to; empty where they never said."""

    #: The whole text, without a link: for old telephones.
    FULL_TEXT = "full-text"
    MMS = "mms"


class Profession(StrEnum):
    """Profession (职业); the retired are a flag, not a profession."""

    WORKER = "worker"
    FARMER = "farmer"
    SPECIALIST = "specialist"
    MANAGER = "manager"
    OFFICIAL = "official"
    STUDENT = "student"
    OTHER = "other"


class Subscriber(SQLModel, table=True):
    """A person on one number. Number and name are encrypted; the keys are what they are matched by.

    Attributes:
        number_key, name_key: keyed hashes (``keys.DataKeys``); together they are the person.
        number: ciphertext of the E.164 number, context ``number/`` + number_key; empty bytes of the numberless, whose
            number_key then only tells them apart.
        name: ciphertext of the name, context ``name/`` + number_key; empty bytes for no name.
        region_code: their place, down to the village if known; empty when no unit above them is a place.
        profession, standing: empty when not known.
        basis: consent basis, ``membership`` or ``express``.
        status: the projection of the person's ``MemberEvent`` rows, as unit_id, standing, mobile and retired are.
        channel: a ``Channel``, or empty; language: ``zh-CN``, ``en``, or empty for the newsroom's.
        large_type: pages for weak eyes.
        place: ciphertext of where somebody away from home lives now, context ``place/`` + number_key; None: not known.
        place_region: the province of it, 2 digits (GB/T 2260); empty when not known.
    """

    __table_args__ = (
        UniqueConstraint("number_key", "name_key"),
        Index("ix_subscriber_audience", "status", "profession", "region_code"),
        # With the key at their end: counting a place's or a unit's numbers then never looks at the people themselves.
        Index("ix_subscriber_region", "status", "region_code", "number_key"),
        Index("ix_subscriber_unit", "unit_id", "status", "number_key"),
    )

    id: int | None = Field(default=None, primary_key=True)
    number_key: str = Field(max_length=32)
    name_key: str = Field(default="", max_length=32)
    number: bytes
    name: bytes
    unit_id: int = Field(foreign_key="unit.id")
    region_code: str = Field(default="", max_length=12)
    profession: str = Field(default="", max_length=20)
    standing: str = Field(default="", max_length=20)
    mobile: bool = False
    retired: bool = False
    status: str = Field(default=Status.ACTIVE, max_length=10)
    basis: str = Field(default="membership", max_length=20)
    created_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)
    channel: str = Field(default="", max_length=10, sa_column_kwargs={"server_default": text("''")})
    language: str = Field(default="", max_length=5, sa_column_kwargs={"server_default": text("''")})
    large_type: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    place: bytes | None = None
    place_region: str = Field(default="", max_length=6, sa_column_kwargs={"server_default": text("''")})


class Audience(SQLModel, table=True):
    """A saved audience; ``version`` is its newest."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=80)
    version: int


class AudienceVersion(SQLModel, table=True):
    """What an audience meant from one saving to the next: canonical JSON of an ``AudienceDefinition``."""

    __tablename__ = "audience_version"

    audience_id: int = Field(foreign_key="audience.id", primary_key=True)
    version: int = Field(primary_key=True)
    definition: str
    staff_id: int = Field(foreign_key="staff.id")
    created_at: datetime = Field(sa_type=Instant)


class OptOutEvent(SQLModel, table=True):
    """A number left, or came back. Append-only; keyed by number key, so it survives the person's erasure.

    Attributes:
        kind: ``out`` or ``in``.
        paper_id: the paper left; ``ALL_PAPERS`` for everything.
        source: ``reply``, ``phone``, ``desk``, ``link`` or ``gateway``.
        keyword: the normalised word of a reply.
        reason: coded reason; empty when not given.
        edition_id: the edition it is attributed to, by ``attribution`` (``link``, ``last_delivered``, or empty).
        is_effective: the number was written to before and is not any more (or the reverse): counts in statistics.
        unit_id … retired: the person's cell when it happened.
    """

    __tablename__ = "optout_event"

    id: int | None = Field(default=None, primary_key=True)
    number_key: str = Field(max_length=32, index=True)
    kind: str = Field(max_length=3)
    paper_id: int
    source: str = Field(max_length=20)
    keyword: str = Field(default="", max_length=20)
    reason: str = Field(default="", max_length=80)
    edition_id: int | None = Field(default=None, foreign_key="edition.id", index=True)
    attribution: str = Field(default="", max_length=20)
    is_effective: bool
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    region_code: str = Field(default="", max_length=12)
    profession: str = Field(default="", max_length=20)
    standing: str = Field(default="", max_length=20)
    mobile: bool = False
    retired: bool = False
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    at: datetime = Field(sa_type=Instant)


class OptOutNote(SQLModel, table=True):
    """What somebody who left said besides the coded reason: ciphertext, context ``optout/`` + the event's number key.

    Apart from its event, which is for good: a new key encrypts it anew, and erasure removes it.
    """

    __tablename__ = "optout_note"

    event_id: int = Field(primary_key=True, foreign_key="optout_event.id")
    note: bytes


class Suppression(SQLModel, table=True):
    """A number not to be written to: the projection of the opt-out events. Survives erasure and re-import."""

    number_key: str = Field(primary_key=True, max_length=32)
    paper_id: int = Field(primary_key=True)
    event_id: int = Field(foreign_key="optout_event.id")
