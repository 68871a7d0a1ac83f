"""The records of editions: an issue of a paper, its ordered items, and the rendered pieces of it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from newsletter.instants import Instant


class EditionStage(StrEnum):
    """Where an edition stands; moved by people, save ``sending`` and ``sent``, which follow the ledger."""

    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    SIGNED = "signed"
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    CANCELLED = "cancelled"
    RETRACTED = "retracted"


class PieceName(StrEnum):
    """A rendered piece: all that is sent and the proof are in the manifest, the archive copy is made after sign-off.

    ``sms-full`` is the full text without a link, for those who prefer it.

    The proof for a telephone is made when it is asked for, and never stored.
    """

    SMS = "sms"
    SMS_FULL = "sms-full"
    PDF = "pdf"
    ARCHIVE = "archive"
    PHONE = "phone"


class Edition(SQLModel, table=True):
    """An issue of a paper on one channel.

    Attributes:
        number: counts editions of the same paper, kind and unit from 1.
        style: ``headlines`` or ``full``: what its SMS says.
        audience_definition: canonical JSON, frozen when the edition was last composed.
        manifest, digest: what is approved, and its SHA-256; empty until the first proof.
        corrects_id, correction_kind, corrected_articles: the edition that this one corrects, how, and which of its
            articles, their numbers with spaces between; all None for an edition that corrects nothing.
        signature: the paper's, where it changed after the edition was sent; None: the paper's present one.
    """

    __table_args__ = (UniqueConstraint("paper_id", "kind", "unit_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    paper_id: int = Field(foreign_key="paper.id")
    kind: str = Field(max_length=20)
    unit_id: int = Field(foreign_key="unit.id")
    channel: str = Field(max_length=10)
    number: int
    date: date
    title: str = Field(default="", max_length=80)
    style: str = Field(max_length=10)
    audience_id: int | None = Field(default=None, foreign_key="audience.id")
    audience_version: int | None = None
    audience_definition: str
    stage: str = Field(max_length=20, index=True)
    staff_id: int = Field(foreign_key="staff.id")
    created_at: datetime = Field(sa_type=Instant)
    manifest: str = ""
    digest: str = Field(default="", max_length=64)
    #: The version of the rule book in force when it was begun.
    rule_book_version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    corrects_id: int | None = Field(default=None, foreign_key="edition.id", index=True)
    correction_kind: str | None = Field(default=None, max_length=20)
    corrected_articles: str | None = None
    signature: str | None = Field(default=None, max_length=8)
    #: Canonical JSON of an ``imprints.Imprint``; None for editions composed before there were any.
    imprint: str | None = None


class Item(SQLModel, table=True):
    """An ordered place in an edition for one revision of an article."""

    __tablename__ = "edition_item"
    __table_args__ = (UniqueConstraint("edition_id", "article_id"),)

    edition_id: int = Field(foreign_key="edition.id", primary_key=True)
    position: int = Field(primary_key=True)
    article_id: int = Field(foreign_key="article.id")
    revision_id: int = Field(foreign_key="revision.id")
    column_id: int | None = Field(default=None, foreign_key="paper_column.id")


class Piece(SQLModel, table=True):
    """One rendered piece as stored: what is approved, and what is sent, are these bytes."""

    edition_id: int = Field(foreign_key="edition.id", primary_key=True)
    name: str = Field(primary_key=True, max_length=10)
    media_type: str = Field(max_length=40)
    sha256: str = Field(max_length=64)
    #: SHA-256 of everything the rendering depended on; the piece is rendered again only when it changes.
    input_hash: str = Field(max_length=64)
    #: What the rendering found wrong: a JSON object, see ``proof.Rendered``.
    findings: str
    data: bytes
