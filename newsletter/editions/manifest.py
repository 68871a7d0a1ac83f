"""The manifest: the list of what is approved; its SHA-256, the digest, is what statements are made over.

It is built from the records as they stand, never kept from before: a change anywhere in what it lists changes it.
"""

import hashlib
from typing import Any, Final

from sqlmodel import Session, col, select

from newsletter.articles.models import Revision
from newsletter.articles.records import copy_of, list_revisions
from newsletter.editions.corrections import link_of
from newsletter.editions.imprints import imprint_of
from newsletter.editions.link_marks import find_mark
from newsletter.editions.models import Edition, Piece, PieceName
from newsletter.editions.records import items_of
from newsletter.editions.rule_books import manifest_lines
from newsletter.journal.canonical import canonical_json, sha256_text
from newsletter.newsroom import Newsroom
from newsletter.organisation.papers import Paper
from newsletter.organisation.staff import Staff
from newsletter.subscribers.models import Audience

#: The pieces that are approved; the archive copy is made after sign-off and stands outside.
APPROVED_PIECES: Final = (PieceName.SMS, PieceName.SMS_FULL, PieceName.PDF)


def build_manifest(session: Session, newsroom: Newsroom, edition: Edition) -> str:
    """The manifest as canonical JSON, every hash computed afresh from the stored text and bytes."""
    paper, link, imprint = session.get_one(Paper, edition.paper_id), link_of(edition), imprint_of(session, edition)
    return canonical_json(
        {
            "newsroom": newsroom.id,
            "edition": edition.id,
            "kind": edition.kind,
            "units": list(imprint.units),
            "paper": paper.code,
            "signature": edition.signature or paper.signature,
            "channel": edition.channel,
            "number": edition.number,
            "date": edition.date.isoformat(),
            "title": edition.title,
            "style": edition.style,
            "items": _list_items(session, edition),
            "audience": _describe_audience(session, edition),
            **manifest_lines(session, edition.rule_book_version),
            "pieces": _hash_pieces(session, edition),
            "link_token": _mark_link(session, edition),
            # Only where there is one: the manifests of all other editions stay as they were signed.
            **({"corrects": link.document()} if link else {}),
            **({"imprint": {"paper": imprint.paper, "unit": imprint.unit}} if edition.imprint else {}),
        }
    )


def digest_of(manifest: str) -> str:
    """SHA-256 of a manifest, hexadecimal."""
    return sha256_text(manifest)


def authors_of(session: Session, edition: Edition) -> dict[int, list[str]]:
    """Article id → names of the staff whose hands its text went through, up to the revision printed.

    A later revision carries the words of those before it, so all of them count.
    """
    items = items_of(session, edition.id or 0)
    printed = {item.article_id: item.revision_id for item in items}
    names = {staff.id: staff.name for staff in session.exec(select(Staff))}
    authors: dict[int, list[str]] = {item.article_id: [] for item in items}
    for revision in list_revisions(session, list(printed)):
        if (revision.id or 0) <= printed[revision.article_id]:
            name = names[revision.staff_id]
            if name not in authors[revision.article_id]:
                authors[revision.article_id].append(name)
    return authors


def _list_items(session: Session, edition: Edition) -> list[dict[str, Any]]:
    items = items_of(session, edition.id or 0)
    wanted = [item.revision_id for item in items]
    revisions = {
        revision.id: revision for revision in session.exec(select(Revision).where(col(Revision.id).in_(wanted)))
    }
    authors = authors_of(session, edition)
    return [
        {
            "article": item.article_id,
            "revision": revisions[item.revision_id].number,
            "content_hash": copy_of(revisions[item.revision_id]).content_hash(),
            "column": item.column_id,
            "authors": authors[item.article_id],
        }
        for item in items
    ]


def _describe_audience(session: Session, edition: Edition) -> dict[str, Any]:
    audience = session.get(Audience, edition.audience_id) if edition.audience_id else None
    return {
        "name": audience.name if audience else None,
        "version": edition.audience_version,
        "definition": sha256_text(edition.audience_definition),
    }


def _mark_link(session: Session, edition: Edition) -> dict[str, Any] | None:
    message = session.get(Piece, (edition.id, PieceName.SMS))
    # Bytes that are no text were not written by us; their hash says so.
    mark = find_mark(bytes(message.data).decode(errors="replace")) if message else None
    return mark.document() if mark else None


def _hash_pieces(session: Session, edition: Edition) -> dict[str, str]:
    pieces = session.exec(select(Piece).where(Piece.edition_id == edition.id)).all()
    return {piece.name: hashlib.sha256(piece.data).hexdigest() for piece in pieces if piece.name in APPROVED_PIECES}
