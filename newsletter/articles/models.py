"""The records of articles: what was submitted, and every version of its text."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from newsletter.instants import Instant


class ArticleStage(StrEnum):
    """Where an article stands; moved by people only."""

    SUBMITTED = "submitted"
    EDITING = "editing"
    HELD = "held"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    ADOPTED = "adopted"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    RETRACTED = "retracted"


class TextFormat(StrEnum):
    """How a revision's body is written."""

    MARKDOWN = "markdown"
    PLAIN = "plain"


class Article(SQLModel, table=True):
    """An article; ``revision`` is the number of its newest revision, ``contributor_id`` the first of its byline."""

    id: int | None = Field(default=None, primary_key=True)
    contributor_id: int = Field(foreign_key="contributor.id")
    unit_id: int = Field(foreign_key="unit.id", index=True)
    column_id: int | None = Field(default=None, foreign_key="paper_column.id")
    stage: str = Field(default=ArticleStage.SUBMITTED, max_length=20, index=True)
    revision: int
    created_at: datetime = Field(sa_type=Instant)
    #: Why it was declined, held, withdrawn or given back.
    reason: str = ""
    #: Who in the unit released it for publication; None where nobody was named.
    cleared_by: str | None = Field(default=None, max_length=80)


class Byline(SQLModel, table=True):
    """One contributor of an article; ``position`` counts from 1, and the first owns the article."""

    __tablename__ = "article_byline"

    article_id: int = Field(foreign_key="article.id", primary_key=True)
    contributor_id: int = Field(foreign_key="contributor.id", primary_key=True)
    position: int


class ArticleLock(SQLModel, table=True):
    """Who has an article's text open in an editor, and until when nobody else may."""

    __tablename__ = "article_lock"

    article_id: int = Field(foreign_key="article.id", primary_key=True)
    staff_id: int = Field(foreign_key="staff.id")
    expires_at: datetime = Field(sa_type=Instant)


class Revision(SQLModel, table=True):
    """One immutable version of an article's text.

    ``contributor_id`` is its author where the text came from the unit; ``staff_id`` is who saved it at the desk.
    """

    __table_args__ = (UniqueConstraint("article_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    article_id: int = Field(foreign_key="article.id", index=True)
    number: int
    title: str = Field(max_length=200)
    lead: str = ""
    body: str
    format: str = Field(max_length=10)
    source: str = Field(default="", max_length=200)
    #: SHA-256 of the pictures, one a line, in order.
    pictures: str = ""
    contributor_id: int | None = Field(default=None, foreign_key="contributor.id")
    staff_id: int = Field(foreign_key="staff.id")
    content_hash: str = Field(max_length=64)
    created_at: datetime = Field(sa_type=Instant)


class Picture(SQLModel, table=True):
    """A picture's bytes, kept once by their SHA-256."""

    sha256: str = Field(primary_key=True, max_length=64)
    media_type: str = Field(max_length=20)
    data: bytes
