"""The proof: an edition's pieces rendered and stored, what is wrong with them, and the manifest over them."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from sqlmodel import Session

from newsletter.articles.checks.findings import Finding, Severity
from newsletter.articles.models import Revision
from newsletter.articles.records import copy_of, findings_of
from newsletter.capabilities import capabilities_of
from newsletter.editions.arranging import arrange_edition
from newsletter.editions.layout import Credits, EditionLayout
from newsletter.editions.manifest import build_manifest, digest_of
from newsletter.editions.models import Edition, Piece, PieceName
from newsletter.editions.records import items_of
from newsletter.editions.sms_parts import count_utf16, split_sms
from newsletter.journal.canonical import sha256_text
from newsletter.newsroom import Newsroom
from newsletter.translation import gettext as _

_MEDIA_TYPES: Final = {PieceName.SMS: "text/plain; charset=utf-8", PieceName.PDF: "application/pdf"}


@dataclass(frozen=True)
class Rendered:
    """A renderer's answer."""

    data: bytes
    findings: tuple[Finding, ...] = ()


def make_proof(session: Session, newsroom: Newsroom, edition: Edition) -> None:
    """Render what changed, store it, and set the edition's manifest and digest.

    Raises:
        OutsideError: a library or font that rendering needs is missing.
    """
    layout = arrange_edition(session, newsroom, edition)
    _store_piece(session, edition, PieceName.SMS, layout, lambda: _render_sms(layout, edition.style, newsroom))
    _store_piece(session, edition, PieceName.PDF, layout, lambda: _render_pdf(layout))
    session.flush()
    edition.manifest = build_manifest(session, newsroom, edition)
    edition.digest = digest_of(edition.manifest)
    session.add(edition)
    session.flush()


def make_archive_copy(session: Session, newsroom: Newsroom, edition: Edition, credits: Credits) -> None:
    """Store the proof once more with its sign-off page: outside the manifest, for the shelf."""
    from newsletter.editions.rendering.pdf import render_pdf

    rendering = render_pdf(arrange_edition(session, newsroom, edition), credits=credits)
    archive = Piece(
        edition_id=edition.id or 0,
        name=PieceName.ARCHIVE,
        media_type=_MEDIA_TYPES[PieceName.PDF],
        sha256=hashlib.sha256(rendering.data).hexdigest(),
        input_hash=edition.digest,
        findings="[]",
        data=rendering.data,
    )
    session.merge(archive)
    session.flush()


def edition_findings(session: Session, edition: Edition) -> list[Finding]:
    """What stands against an edition: of its articles' copy, then of its pieces."""
    found: list[Finding] = []
    if not items_of(session, edition.id or 0):
        found.append(_blocking("no_items", "edition", _("The edition has no articles.")))
    for item in items_of(session, edition.id or 0):
        found += findings_of(copy_of(session.get_one(Revision, item.revision_id)))
    for name in _MEDIA_TYPES:
        piece = session.get(Piece, (edition.id, name))
        if piece is not None:
            found += [Finding(**fields) for fields in json.loads(piece.findings)]
    return found


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
        media_type=_MEDIA_TYPES[name],
        sha256=hashlib.sha256(rendered.data).hexdigest(),
        input_hash=inputs,
        findings=json.dumps([asdict(finding) for finding in rendered.findings], ensure_ascii=False),
        data=rendered.data,
    )
    session.merge(piece)


@cache
def templates_hash() -> str:
    """SHA-256 over all templates and style sheets: they are inputs of every rendering."""
    digest = hashlib.sha256()
    for content in _template_contents(files("newsletter").joinpath("templates")):
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def _template_contents(directory: Traversable) -> Sequence[bytes]:
    contents: list[bytes] = []
    for entry in sorted(directory.iterdir(), key=lambda found: found.name):
        contents += _template_contents(entry) if entry.is_dir() else [entry.read_bytes()]
    return contents


def _render_sms(layout: EditionLayout, style: str, newsroom: Newsroom) -> Rendered:
    from newsletter.editions.rendering.sms import SmsStyle, render_sms

    text = render_sms(layout, style=SmsStyle(style))
    capabilities = capabilities_of(newsroom.settings.gateway.kind)
    findings = []
    units, parts = count_utf16(text), len(split_sms(text).parts)
    if units > capabilities.max_units or parts > capabilities.max_parts:
        message = _("The SMS has {units} units in {parts} parts; the gateway takes {limit} in {most}. Send headlines.")
        message = message.format(units=units, parts=parts, limit=capabilities.max_units, most=capabilities.max_parts)
        findings.append(_blocking("too_long", PieceName.SMS, message))
    if not layout.opt_out_hint:
        message = _("The gateway brings no replies back and no telephone is set: readers have no way out.")
        findings.append(_blocking("no_way_out", PieceName.SMS, message))
    return Rendered(text.encode(), tuple(findings))


def _render_pdf(layout: EditionLayout) -> Rendered:
    from newsletter.editions.rendering.pdf import render_pdf

    rendering = render_pdf(layout)
    findings = [
        _blocking(
            "glyph",
            PieceName.PDF,
            _("No font can print {character} (U+{code}).").format(character=character, code=f"{ord(character[0]):04X}"),
        )
        for character in rendering.missing_glyphs
    ]
    findings += [_blocking("picture", PieceName.PDF, problem) for problem in rendering.problems]
    return Rendered(rendering.data, tuple(findings))


def _blocking(code: str, field: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.BLOCKING, field=field, position=-1, quote="", message=message)
