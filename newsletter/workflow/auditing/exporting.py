"""The journal for a stranger: one file that can be checked with the public keys alone, without this program."""

import json
from typing import Any, Final

from sqlmodel import Session, col, select

from newsletter.editions.manifest import build_manifest
from newsletter.editions.models import Edition, Piece, PieceName
from newsletter.editions.records import subject_of
from newsletter.journal.chain import read_journal
from newsletter.journal.staff_keys import trusted_admin_key
from newsletter.journal.statements import Statement, Word
from newsletter.newsroom import Newsroom
from newsletter.workflow.approval import words_in_force
from newsletter.workflow.auditing.editions import is_at_the_desk
from newsletter.workflow.auditing.hearing import Hearing, require_auditor

#: The file's first word; ``docs/verify_journal.py`` reads this format and no other.
FORMAT: Final = "newsletter-journal-1"


def export_journal(newsroom: Newsroom) -> tuple[str, int]:
    """The whole journal as one JSON document, with the manifest and the message of every edition signed.

    The journal holds no member's name or number, and neither does the export.

    Returns:
        The document, and how many statements are in it.

    Raises:
        JournalBrokenError: it was altered; what cannot be believed is not handed out.
        NoRightError: the acting person may not audit.
    """
    with newsroom.reading() as session:
        require_auditor(session, newsroom)
        journal = read_journal(session, newsroom)
        statements = session.exec(select(Statement).order_by(col(Statement.id))).all()
        document = {
            "format": FORMAT,
            "newsroom": newsroom.id,
            "admin_key": trusted_admin_key(newsroom),
            "statements": [{"body": found.body, "signature": found.signature} for found in statements],
            "editions": _list_signed(session, newsroom, journal),
        }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n", len(statements)


def _list_signed(session: Session, newsroom: Newsroom, journal: list[Word]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    hearing = Hearing(journal)
    for edition in session.exec(select(Edition).order_by(col(Edition.id))):
        if words_in_force(hearing.about(subject_of(edition)), subject_of(edition)).sign is None:
            continue
        if is_at_the_desk(edition):
            # Composed anew since: what was signed is not kept, and the stranger is told so.
            found.append({"edition": edition.id, "manifest": None, "sms": None})
            continue
        message = session.get(Piece, (edition.id, PieceName.SMS))
        found.append(
            {
                "edition": edition.id,
                "manifest": build_manifest(session, newsroom, edition),
                "sms": message.data.decode(errors="replace") if message else None,
            }
        )
    return found
