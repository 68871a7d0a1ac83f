"""Which version of the rule book an edition is made under; what its text means, ``workflow.rule_book`` reads."""

from datetime import datetime
from typing import Final

from sqlmodel import Field, Session, SQLModel, func, select

from newsletter.instants import Instant
from newsletter.journal.canonical import sha256_text

#: The rule book the program brings along: in force from the first day, without a row.
SHIPPED_VERSION: Final = 1


class RuleBook(SQLModel, table=True):
    """A version that this newsroom adopted; ``text`` is its TOML as it was handed in."""

    __tablename__ = "rule_book"

    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    text: str
    digest: str = Field(max_length=64)
    adopted_at: datetime = Field(sa_type=Instant)
    staff_id: int = Field(foreign_key="staff.id")
    statement_id: int = Field(foreign_key="statement.id")


def newest_version(session: Session) -> int:
    """The version in force now."""
    return session.exec(select(func.max(RuleBook.version))).one() or SHIPPED_VERSION


def manifest_lines(session: Session, version: int) -> dict[str, int | str]:
    """What a manifest says of the rule book: its version, and for one the newsroom adopted its text's SHA-256."""
    if version == SHIPPED_VERSION:
        return {"rule_book": version}
    return {"rule_book": version, "rule_book_digest": sha256_text(session.get_one(RuleBook, version).text)}
