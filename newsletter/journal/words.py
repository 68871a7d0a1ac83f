"""The journal's records: signed words of people, each naming the one before it, so that none can be slipped out.

A statement's ``body`` is what is signed and hashed; the other columns only help to find it.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Final

from sqlmodel import Field, Session, SQLModel, col, select

from newsletter.errors import RefusedError
from newsletter.translation import gettext as _

#: What the first statement names as the one before it.
GENESIS: Final = "0" * 64


class JournalBrokenError(RefusedError):
    """The journal is not what it was when it was written."""

    code: ClassVar[str] = "journal_broken"


class Verb(StrEnum):
    """What a statement says."""

    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    SIGN = "sign"
    RETRACT = "retract"
    GRANT = "grant"
    REVOKE = "revoke"
    #: A staff key is replaced, by its holder or, if it is lost, by an admin.
    ROTATE = "rotate"
    #: Somebody leaves the desk for good.
    RETIRE = "retire"
    #: A copy check's finding is accepted as it is.
    WAIVE = "waive"
    #: A new version of the rule book comes into force.
    ADOPT = "adopt"
    #: The database was restored from a backup, and newer statements are lost.
    RESTORE = "restore"
    #: Members' full numbers and names were shown; details: what, how many, for what purpose.
    REVEAL = "reveal"
    #: Members' data went into a file.
    EXPORT = "export"
    #: A person was erased at their request.
    ERASE = "erase"
    #: What is kept no longer was removed, as the settings say.
    PURGE = "purge"
    #: The key that encrypts members' data was replaced.
    REKEY = "rekey"


class Statement(SQLModel, table=True):
    """A row of the journal."""

    id: int = Field(primary_key=True)
    previous: str = Field(unique=True, max_length=64)
    hash: str = Field(unique=True, max_length=64)
    subject: str = Field(index=True, max_length=80)
    body: str
    signature: str = Field(max_length=128)


@dataclass(frozen=True, kw_only=True)
class Word:
    """What a statement's body says, read back.

    Attributes:
        place: position in the journal, from 1.
        newsroom: id of the newsroom whose journal it is.
        previous: hash of the statement before it.
        subject: ``edition:3``, ``staff:li``.
        digest: of what is spoken of; empty where there is nothing to digest.
        person, role, unit: who spoke, in which role, for which unit's code.
        time: when, by the speaker's clock, which no statement before it was ahead of; order is told by ``place``.
        hash: of the whole body, as the next statement names it.
    """

    place: int
    newsroom: str
    previous: str
    subject: str
    digest: str
    verb: Verb
    person: str
    role: str
    unit: str
    time: datetime
    key_store: str
    details: dict[str, Any] = field(default_factory=dict)
    hash: str = ""

    def as_document(self) -> dict[str, Any]:
        """For JSON; ``statement`` is its place."""
        return {
            "statement": self.place,
            "time": self.time.isoformat(),
            "person": self.person,
            "role": self.role,
            "unit": self.unit,
            "verb": self.verb,
            "subject": self.subject,
            "digest": self.digest,
            "key_store": self.key_store,
            "details": self.details,
            "previous": self.previous,
            "hash": self.hash,
        }


def read_word(statement: Statement) -> Word:
    """Read a statement's body.

    Raises:
        JournalBrokenError: the body is not one.
    """
    try:
        body = json.loads(statement.body)
        word = Word(
            place=body["number"],
            newsroom=body["newsroom"],
            previous=body["previous"],
            subject=body["subject"],
            digest=body["digest"],
            verb=Verb(body["verb"]),
            person=body["person"],
            role=body["role"],
            unit=body["unit"],
            time=datetime.fromisoformat(body["time"]),
            key_store=body["key_store"],
            details=body["details"],
            hash=statement.hash,
        )
        if word.time.tzinfo is None or not isinstance(word.details, dict):
            raise ValueError
    except (ValueError, KeyError, TypeError) as error:
        raise JournalBrokenError(_("Statement {number} cannot be read.").format(number=statement.id)) from error
    return word


def words_about(session: Session, subject: str) -> list[Word]:
    """What was said of one subject, oldest first, as the rows have it: whoever relies on it checks the chain."""
    found = session.exec(select(Statement).where(Statement.subject == subject).order_by(col(Statement.id)))
    return [read_word(statement) for statement in found]
