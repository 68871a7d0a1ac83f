"""The stored pieces of an edition put where a person can look at them: the very bytes that will be sent."""

import contextlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

from sqlmodel import Session

from newsletter.editions.corrections import corrections_in_force
from newsletter.editions.link_marks import find_mark
from newsletter.editions.manifest import build_manifest, digest_of
from newsletter.editions.models import Edition, Piece, PieceName
from newsletter.editions.records import full_text_piece, get_edition, get_piece
from newsletter.editions.sms_parts import split_sms
from newsletter.editions.visibility import raise_if_edition_hidden
from newsletter.errors import OutsideError
from newsletter.newsroom import Newsroom
from newsletter.translation import gettext as _

PROOFS_DIRECTORY = "proofs"


class UnwritableError(OutsideError):
    """A file cannot be written."""

    code: ClassVar[str] = "unwritable"


@dataclass(frozen=True)
class SmsPreview:
    """A message as it will be sent.

    Attributes:
        link_token: where, instead of the placeholder, each recipient's own token will stand; None: nowhere.
    """

    text: str
    encoding: str
    units: int
    parts: tuple[str, ...]
    link_token: dict[str, Any] | None = None


@dataclass(frozen=True)
class Preview:
    """An edition's pieces: the message itself, the full text without a link, and where the pages were written.

    ``is_intact``: what is stored still has the digest it had when it was composed. ``corrected_by``: the editions that
    correct it and are signed.
    """

    edition: int
    digest: str
    sms: SmsPreview | None
    sms_full: SmsPreview | None
    pdf: Path | None
    archive: Path | None
    phone: Path | None
    is_intact: bool
    corrected_by: tuple[dict[str, Any], ...] = ()

    def as_document(self) -> dict[str, Any]:
        """For JSON; ``mms`` and ``web`` are null while editions have no such pieces."""
        return asdict(self) | {
            "mms": None,
            "web": None,
            "pdf": str(self.pdf) if self.pdf else None,
            "archive": str(self.archive) if self.archive else None,
            "phone": str(self.phone) if self.phone else None,
        }


def preview_edition(
    newsroom: Newsroom, edition_id: int, *, piece: PieceName | None = None, directory: Path | None = None
) -> Preview:
    """Write an edition's pages to ``directory`` and return its message.

    Raises:
        UnknownEditionError, NoPieceError: no such edition, or not rendered.
        UnwritableError: the directory cannot be written.
    """
    target = directory or newsroom.directory / PROOFS_DIRECTORY
    with newsroom.reading() as session:
        edition = get_edition(session, edition_id)
        raise_if_edition_hidden(session, newsroom, edition)
        sms = _preview_sms(session, edition_id) if piece in (None, PieceName.SMS) else None
        full = _preview_full_text(session, edition_id, piece)
        proof = get_piece(session, edition_id, PieceName.PDF).data
        pdf = _write(edition, PieceName.PDF, proof, target) if piece in (None, PieceName.PDF) else None
        phone = _write_phone(session, newsroom, edition, target) if piece is PieceName.PHONE else None
        archive = _write_archive(session, edition, piece, target)
        is_intact = digest_of(build_manifest(session, newsroom, edition)) == edition.digest
        corrected_by = tuple(corrections_in_force(session, [edition_id]).get(edition_id, ()))
    return Preview(
        edition=edition_id,
        digest=edition.digest,
        sms=sms,
        sms_full=full,
        pdf=pdf,
        archive=archive,
        phone=phone,
        is_intact=is_intact,
        corrected_by=corrected_by,
    )


def preview_message(newsroom: Newsroom, edition_id: int) -> SmsPreview:
    """An edition's message alone.

    Raises:
        NoPieceError: it is not rendered.
    """
    with newsroom.reading() as session:
        return _preview_sms(session, edition_id)


def _preview_sms(session: Session, edition_id: int, name: PieceName = PieceName.SMS) -> SmsPreview:
    text = get_piece(session, edition_id, name).data.decode()
    message, mark = split_sms(text), find_mark(text) if name is PieceName.SMS else None
    return SmsPreview(
        text=text,
        encoding=message.encoding,
        units=message.units,
        parts=message.parts,
        link_token=mark.document() if mark else None,
    )


def _preview_full_text(session: Session, edition_id: int, piece: PieceName | None) -> SmsPreview | None:
    """The full text, where there is one or it is asked for by name."""
    is_stored = full_text_piece(session, edition_id) is not None
    if piece is PieceName.SMS_FULL or (piece is None and is_stored):
        return _preview_sms(session, edition_id, PieceName.SMS_FULL)
    return None


def _write_archive(session: Session, edition: Edition, piece: PieceName | None, target: Path) -> Path | None:
    """The archive copy of the edition as it stands now; one of an earlier sign-off is not shown."""
    archive = session.get(Piece, (edition.id, PieceName.ARCHIVE))
    if piece is PieceName.ARCHIVE:
        archive = get_piece(session, edition.id or 0, PieceName.ARCHIVE)
    if (
        archive is None
        or piece in (PieceName.SMS, PieceName.SMS_FULL, PieceName.PHONE)
        or archive.input_hash != edition.digest
    ):
        return None
    return _write(edition, PieceName.ARCHIVE, archive.data, target)


def _write_phone(session: Session, newsroom: Newsroom, edition: Edition, target: Path) -> Path:
    from newsletter.workflow.phone_proof import make_phone_proof

    return _write(edition, PieceName.PHONE, make_phone_proof(session, newsroom, edition), target)


def _write(edition: Edition, name: PieceName, data: bytes, target: Path) -> Path:
    suffix = "" if name is PieceName.PDF else f"-{name}"
    path = target / f"edition-{edition.id}{suffix}.pdf"
    temporary = path.with_suffix(".pdf.new")
    try:
        target.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        message = _("Cannot write {path}: {reason}.").format(path=path, reason=error.strerror)
        raise UnwritableError(message) from error
    return path
