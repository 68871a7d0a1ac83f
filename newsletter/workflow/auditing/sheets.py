"""Whether a sign-off sheet, or a digest read from one, is that of an edition as it was signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Session

from newsletter.editions.arranging import arrange_edition
from newsletter.editions.models import Edition, PieceName
from newsletter.editions.records import get_edition, get_piece, subject_of
from newsletter.errors import RefusedError
from newsletter.journal.chain import read_journal
from newsletter.journal.statements import Verb, Word
from newsletter.newsroom import Newsroom
from newsletter.translation import gettext as _
from newsletter.workflow.approval import Words, words_in_force
from newsletter.workflow.archiving import credits_of
from newsletter.workflow.auditing.editions import audit_edition
from newsletter.workflow.auditing.hearing import require_auditor
from newsletter.workflow.auditing.verifying import AuditFailedError, parse_hash
from newsletter.workflow.readable import readable_records


class NotTheSheetError(RefusedError):
    """The sheet or digest is not that of any edition as signed."""

    code: ClassVar[str] = "not_the_sheet"


@dataclass(frozen=True, kw_only=True)
class SignedEdition:
    """Who stands for an edition, as the journal tells."""

    edition: int
    digest: str
    head: str
    submitted_by: str
    approved_by: str
    signed_by: str
    signed_at: datetime

    def as_document(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "edition": self.edition,
            "digest": self.digest,
            "head": self.head,
            "submitted_by": self.submitted_by,
            "approved_by": self.approved_by,
            "signed_by": self.signed_by,
            "signed_at": self.signed_at.isoformat(),
        }


def verify_digest(newsroom: Newsroom, typed: str) -> SignedEdition:
    """The edition that was signed over a digest typed in, whose records are still those.

    Raises:
        InputError: it is no digest.
        NotTheSheetError: nobody signed an edition with it.
        AuditFailedError: the edition's records are not what was signed any more.
        JournalBrokenError: the journal was altered.
        NoRightError: the acting person may not audit.
    """
    digits = parse_hash(typed)
    with newsroom.reading() as session:
        require_auditor(session, newsroom)
        journal = read_journal(session, newsroom)
        edition, words = _find_signed(session, newsroom, journal, lambda digest: digest.startswith(digits))
        return _describe(edition, words)


def verify_sheet(newsroom: Newsroom, data: bytes) -> SignedEdition:
    """The edition whose archive copy ``data`` is: the signed pages, pixel for pixel, and a sign-off page that is true.

    The stored archive copy is not asked: pages are compared with the proof, whose bytes are in the manifest, and the
    sign-off page with one printed anew from the journal.

    Raises:
        NotAPdfError: it is no PDF file.
        NotTheSheetError: what is wrong with it.
        AuditFailedError, JournalBrokenError, NoRightError: as ``verify_digest``.
    """
    from newsletter.editions.rendering.archive import render_signoff
    from newsletter.editions.rendering.sheets import is_same_print, read_text

    text = read_text(data)
    with newsroom.reading() as session:
        require_auditor(session, newsroom)
        journal = read_journal(session, newsroom)
        edition, words = _find_signed(session, newsroom, journal, lambda digest: digest in text)
        credits = credits_of(session, newsroom, edition, words)
        proof = get_piece(session, edition.id or 0, PieceName.PDF).data
        signoff = render_signoff(arrange_edition(session, newsroom, edition), credits)
        if not is_same_print(data, [proof, signoff]):
            raise NotTheSheetError(
                _("This sheet bears the digest of edition {edition}, but its pages are not those.").format(
                    edition=edition.id
                ),
                hint=_("Compare with: newsletter preview {edition}").format(edition=edition.id),
            )
        return _describe(edition, words)


def _find_signed(session: Session, newsroom: Newsroom, journal: Sequence[Word], wanted: Any) -> tuple[Edition, Words]:
    signed = [word for word in journal if word.verb is Verb.SIGN and wanted(word.digest)]
    if not signed:
        raise NotTheSheetError(_("No edition was ever signed with this digest."))
    number = int(signed[-1].subject.partition(":")[2])
    with readable_records(_("edition {edition}").format(edition=number)):
        edition = get_edition(session, number)
    words = words_in_force(journal, subject_of(edition))
    if words.sign is None or words.sign.digest != signed[-1].digest:
        raise NotTheSheetError(
            _("Edition {edition} was signed with this digest, but that word was taken back later.").format(
                edition=number
            )
        )
    problems = audit_edition(session, newsroom, edition, journal)
    if problems:
        raise AuditFailedError(problems[0].message)
    return edition, words


def _describe(edition: Edition, words: Words) -> SignedEdition:
    submit, approve, sign = words.spoken()
    return SignedEdition(
        edition=edition.id or 0,
        digest=sign.digest,
        head=sign.hash,
        submitted_by=submit.person,
        approved_by=approve.person,
        signed_by=sign.person,
        signed_at=sign.time,
    )
