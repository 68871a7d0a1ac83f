"""Which rule book is in force, and how the next one comes into force: by an admin's signed word over its text."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from sqlmodel import Session

from newsletter.editions.rule_books import SHIPPED_VERSION, RuleBook, newest_version
from newsletter.errors import RefusedError
from newsletter.journal.canonical import sha256_text
from newsletter.journal.statements import Verb, append_statement, unlock_key
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right, Role
from newsletter.organisation.staff import Staff, require_right
from newsletter.organisation.units import ROOT, get_unit
from newsletter.text_files import read_text_file
from newsletter.translation import gettext as _
from newsletter.workflow.rule_book.model import Rules
from newsletter.workflow.rule_book.reading import default_text, parse_rules


class SameRuleBookError(RefusedError):
    """The rule book is in force already."""

    code: ClassVar[str] = "same_rule_book"


class RuleBookAlteredError(RefusedError):
    """A stored rule book is not the one that was adopted."""

    code: ClassVar[str] = "rule_book_altered"


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version of the rule book; nobody adopted the one that came with the program."""

    number: int
    text: str
    digest: str
    rules: Rules
    adopted_at: datetime | None = None
    adopted_by: str | None = None


def read_version(session: Session, number: int | None = None) -> Version:
    """A version of the rule book; the one in force without ``number``.

    Raises:
        RuleBookAlteredError: its text is not what was adopted.
    """
    number = newest_version(session) if number is None else number
    if number == SHIPPED_VERSION:
        text = default_text()
        return Version(number=number, text=text, digest=sha256_text(text), rules=parse_rules(text))
    stored = session.get_one(RuleBook, number)
    if sha256_text(stored.text) != stored.digest:
        raise RuleBookAlteredError(
            _("Version {version} of the rule book is not the text that was adopted.").format(version=number),
            hint=_("Restore the database from a backup made before, and ask who had access to it."),
        )
    return Version(
        number=number,
        text=stored.text,
        digest=stored.digest,
        rules=parse_rules(stored.text),
        adopted_at=stored.adopted_at,
        adopted_by=session.get_one(Staff, stored.staff_id).name,
    )


def adopt_rule_book(newsroom: Newsroom, path: Path) -> Version:
    """Bring the rule book in ``path`` into force as the next version.

    Raises:
        InputError: no such file, or no text.
        RuleBookError: it is no rule book; names the line.
        SameRuleBookError: it is in force already.
        NoRightError: the acting person is no admin.
    """
    text = read_text_file(path)
    with newsroom.reading() as session:
        require_right(session, newsroom, Right.RULES, get_unit(session, ROOT).id)
    parse_rules(text, str(path))
    unlock_key(newsroom)
    with newsroom.writing() as session:
        admin = require_right(session, newsroom, Right.RULES, get_unit(session, ROOT).id)
        current = read_version(session)
        if current.digest == sha256_text(text):
            raise SameRuleBookError(
                _("{path} is what is in force: version {version}.").format(path=path, version=current.number)
            )
        number = current.number + 1
        word = append_statement(
            session,
            newsroom,
            verb=Verb.ADOPT,
            subject=f"rule-book:{number}",
            role=Role.ADMIN,
            unit=ROOT,
            digest=sha256_text(text),
            details={"version": number},
        )
        session.add(
            RuleBook(
                version=number,
                text=text,
                digest=sha256_text(text),
                adopted_at=word.time,
                staff_id=admin.id or 0,
                statement_id=word.place,
            )
        )
        session.flush()
        adopted = read_version(session, number)
        session.commit()
    return adopted
