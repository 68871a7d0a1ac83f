"""The proof: an edition's pieces rendered and stored, and the manifest over them."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from sqlmodel import Session

from newsletter.capabilities import capabilities_of
from newsletter.editions.arranging import arrange_edition
from newsletter.editions.imprints import keep_imprint
from newsletter.editions.layout import Credits, EditionLayout
from newsletter.editions.manifest import build_manifest, digest_of
from newsletter.editions.models import Edition, Piece, PieceName
from newsletter.editions.records import full_text_piece, get_piece
from newsletter.editions.sms_parts import count_utf16, split_sms
from newsletter.journal.canonical import sha256_text
from newsletter.newsroom import Newsroom

_TEXT: Final = "text/plain; charset=utf-8"
MEDIA_TYPES: Final = {PieceName.SMS: _TEXT, PieceName.SMS_FULL: _TEXT, PieceName.PDF: "application/pdf"}
#: Templates that draw no piece of an edition.
_OTHER_TEMPLATES: Final = "web"


@dataclass(frozen=True)
class Rendered:
    """A renderer's answer: the bytes, characters no font has, and pictures or fonts that could not be used."""

    data: bytes
    glyphs: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def make_proof(session: Session, newsroom: Newsroom, edition: Edition) -> None:
    """Render what changed, store it, and set the edition's manifest and digest.

    Raises:
        OutsideError: a library or font that rendering needs is missing.
    """
    keep_imprint(session, edition)
    layout = arrange_edition(session, newsroom, edition)
    _store_piece(session, edition, PieceName.SMS, layout, lambda: _render_sms(layout, edition.style))
    _store_full_text(session, newsroom, edition, layout)
    _store_piece(session, edition, PieceName.PDF, layout, lambda: _render_pdf(layout))
    session.flush()
    edition.manifest = build_manifest(session, newsroom, edition)
    edition.digest = digest_of(edition.manifest)
    session.add(edition)
    session.flush()


def make_archive_copy(session: Session, newsroom: Newsroom, edition: Edition, credits: Credits) -> None:
    """Store the signed pages once more with a sign-off page: outside the manifest, for the shelf."""
    from newsletter.editions.rendering.archive import render_archive

    proof = get_piece(session, edition.id or 0, PieceName.PDF)
    data = render_archive(proof.data, arrange_edition(session, newsroom, edition), credits)
    archive = Piece(
        edition_id=edition.id or 0,
        name=PieceName.ARCHIVE,
        media_type=MEDIA_TYPES[PieceName.PDF],
        sha256=hashlib.sha256(data).hexdigest(),
        input_hash=credits.digest,
        findings="{}",
        data=data,
    )
    session.merge(archive)
    session.flush()


def _store_full_text(session: Session, newsroom: Newsroom, edition: Edition, layout: EditionLayout) -> None:
    """Store the full text without a link, or take away a former one.

    There is none where the message itself is that text, where the gateway cannot carry it whole, or where without a
    link there is no way out.
    """
    full = _render_sms(replace(layout, opt_out_hint=layout.plain_opt_out_hint), "full")
    text, can = full.data.decode(), capabilities_of(newsroom.settings.gateway.kind)
    fits = count_utf16(text) <= can.max_units and len(split_sms(text).parts) <= can.max_parts
    differs = full.data != get_piece(session, edition.id or 0, PieceName.SMS).data
    if fits and differs and layout.plain_opt_out_hint:
        _store_piece(session, edition, PieceName.SMS_FULL, layout, lambda: full)
        return
    former = full_text_piece(session, edition.id or 0)
    if former is not None:
        session.delete(former)


def _store_piece(
    session: Session, edition: Edition, name: PieceName, layout: EditionLayout, render: Callable[[], Rendered]
) -> None:
    inputs = sha256_text(f"{templates_hash()}\n{edition.style}\n{layout!r}")
    stored = session.get(Piece, (edition.id, name))
    if stored is not None and stored.input_hash == inputs:
        return
    rendered = render()
    piece = Piece(
        edition_id=edition.id or 0,
        name=name,
        media_type=MEDIA_TYPES[name],
        sha256=hashlib.sha256(rendered.data).hexdigest(),
        input_hash=inputs,
        findings=json.dumps({"glyphs": rendered.glyphs, "problems": rendered.problems}, ensure_ascii=False),
        data=rendered.data,
    )
    session.merge(piece)


@cache
def templates_hash() -> str:
    """SHA-256 over the templates and style sheets of pieces: they are inputs of every rendering."""
    digest = hashlib.sha256()
    for content in _template_contents(files("newsletter").joinpath("templates")):
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def _template_contents(directory: Traversable) -> Sequence[bytes]:
    contents: list[bytes] = []
    for entry in sorted(directory.iterdir(), key=lambda found: found.name):
        if entry.name == _OTHER_TEMPLATES:
            continue
        contents += _template_contents(entry) if entry.is_dir() else [entry.read_bytes()]
    return contents


def _render_sms(layout: EditionLayout, style: str) -> Rendered:
    from newsletter.editions.rendering.sms import SmsStyle, render_sms

    return Rendered(render_sms(layout, style=SmsStyle(style)).encode())


def _render_pdf(layout: EditionLayout) -> Rendered:
    from newsletter.editions.rendering.pdf import render_pdf

    rendering = render_pdf(layout)
    return Rendered(rendering.data, glyphs=rendering.missing_glyphs, problems=rendering.problems)
