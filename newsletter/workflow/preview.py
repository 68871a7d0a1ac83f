"""The stored pieces of an edition put where a person can look at them: the very bytes that will be sent."""

import contextlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

from sqlmodel import Session

from newsletter.editions.manifest import build_manifest, digest_of
from newsletter.editions.models import Edition, Piece, PieceName
from newsletter.editions.records import get_edition, get_piece
from newsletter.editions.sms_parts import split_sms
from newsletter.errors import OutsideError
from newsletter.newsroom import Newsroom
from newsletter.organisation.staff import require_staff
from newsletter.translation import gettext as _

PROOFS_DIRECTORY = "proofs"


class UnwritableError(OutsideError):
    """A file cannot be written."""

    code: ClassVar[str] = "unwritable"


@dataclass(frozen=True)
class SmsPreview:
    """The message as it will be sent."""

    text: str
    encoding: str
    units: int
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """An edition's pieces: the message itself, and where the pages were written.

    ``is_intact``: what is stored still has the digest it had when it was composed.
    """

    edition: int
    digest: str
    sms: SmsPreview | None
    pdf: Path | None
    archive: Path | None
    is_intact: bool

    def as_document(self) -> dict[str, Any]:
        """For JSON; ``mms`` and ``web`` are null while editions have no such pieces."""
        return asdict(self) | {
            "mms": None,
            "web": None,
            "pdf": str(self.pdf) if self.pdf else None,
            "archive": str(self.archive) if self.archive else None,
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
        require_staff(session, newsroom)
        edition = get_edition(session, edition_id)
        sms = _preview_sms(session, edition_id) if piece in (None, PieceName.SMS) else None
        pdf = _write(session, edition, PieceName.PDF, target) if piece in (None, PieceName.PDF) else None
        archive = _write_archive(session, edition, piece, target)
        is_intact = digest_of(build_manifest(session, newsroom, edition)) == edition.digest
    return Preview(edition=edition_id, digest=edition.digest, sms=sms, pdf=pdf, archive=archive, is_intact=is_intact)


def _preview_sms(session: Session, edition_id: int) -> SmsPreview:
    text = get_piece(session, edition_id, PieceName.SMS).data.decode()
    message = split_sms(text)
    return SmsPreview(text=text, encoding=message.encoding, units=message.units, parts=message.parts)


def _write_archive(session: Session, edition: Edition, piece: PieceName | None, target: Path) -> Path | None:
    """The archive copy of the edition as it stands now; one of an earlier sign-off is not shown."""
    archive = session.get(Piece, (edition.id, PieceName.ARCHIVE))
    if piece is PieceName.ARCHIVE:
        archive = get_piece(session, edition.id or 0, PieceName.ARCHIVE)
    if archive is None or piece is PieceName.SMS or archive.input_hash != edition.digest:
        return None
    return _write(session, edition, PieceName.ARCHIVE, target)


def _write(session: Session, edition: Edition, name: PieceName, target: Path) -> Path:
    suffix = "-archive" if name is PieceName.ARCHIVE else ""
    path = target / f"edition-{edition.id}{suffix}.pdf"
    data = get_piece(session, edition.id or 0, name).data
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
