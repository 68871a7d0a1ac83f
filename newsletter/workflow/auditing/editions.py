"""Whether an edition's records are what three people signed: its words, its manifest, and every row under it."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlmodel import Session, col, select

from newsletter.articles.models import Picture, Revision
from newsletter.articles.records import copy_of
from newsletter.editions.imprints import imprint_of
from newsletter.editions.manifest import authors_of, build_manifest, digest_of
from newsletter.editions.models import Edition, EditionStage, Item, Piece
from newsletter.editions.records import subject_of
from newsletter.errors import RefusedError
from newsletter.journal.statements import Verb, Word
from newsletter.newsroom import Newsroom
from newsletter.translation import gettext as _
from newsletter.workflow.approval import check_words, words_in_force
from newsletter.workflow.auditing.differences import first_difference
from newsletter.workflow.auditing.problems import Problem, problem_of
from newsletter.workflow.readable import UnreadableRecordsError, readable_records

#: The last word in force -> the stages an edition may be in with it. A signed one goes on to be sent.
_STAGES: Final = {
    None: {EditionStage.DRAFTED, EditionStage.RETURNED, EditionStage.CANCELLED},
    Verb.SUBMIT: {EditionStage.SUBMITTED},
    Verb.APPROVE: {EditionStage.APPROVED},
    Verb.SIGN: {
        EditionStage.SIGNED,
        EditionStage.SENDING,
        EditionStage.PAUSED,
        EditionStage.SENT,
        EditionStage.CANCELLED,
        EditionStage.RETRACTED,
    },
}


def audit_edition(session: Session, newsroom: Newsroom, edition: Edition, journal: Sequence[Word]) -> list[Problem]:
    """Everything of one edition that is not as it was signed; what was said of it tells which, never its own stage."""
    where = _("edition {edition}").format(edition=edition.id)
    try:
        with readable_records(where):
            spoken = words_in_force(journal, subject_of(edition)).spoken()
            manifest = build_manifest(session, newsroom, edition)
            if is_at_the_desk(edition) and (not spoken or edition.manifest == manifest):
                return []
            return [
                *_audit_stage(edition, spoken),
                *_audit_words(session, edition, journal, manifest, spoken[-1].verb if spoken else Verb.SUBMIT),
                *_audit_copies(session, edition, journal, manifest),
                *_audit_texts(session, edition),
            ]
    except UnreadableRecordsError as error:
        return [problem_of(error, where)]


def is_at_the_desk(edition: Edition) -> bool:
    """Whether an editor has it: composing anew voids what was said before, and the journal need not tell."""
    return edition.stage in _STAGES[None]


def _audit_stage(edition: Edition, spoken: Sequence[Word]) -> Iterator[Problem]:
    """The stage an edition is said to be in must be one that the words over it lead to."""
    if EditionStage(edition.stage) not in _STAGES[spoken[-1].verb if spoken else None]:
        where = _("edition {edition}, column {column}").format(edition=edition.id, column="stage")
        message = _("{row}: the journal says otherwise.").format(row=where)
        yield Problem(code="stage_differs", where=where, message=message)


def _audit_words(
    session: Session, edition: Edition, journal: Sequence[Word], manifest: str, gate: Verb
) -> Iterator[Problem]:
    """The words over the digest, judged as ``send`` does, save that a role may have ended since they were said."""
    where = _("edition {edition}").format(edition=edition.id)
    spoken = words_in_force(journal, subject_of(edition)).spoken()
    if spoken and spoken[-1].digest != digest_of(manifest):
        row = _differing_row(edition, spoken[-1], manifest)
        message = _("{row} is not what {person} signed in statement {number}.")
        said = message.format(row=row, person=spoken[-1].person, number=spoken[-1].place)
        yield Problem(code="changed_since_approval", where=row, message=said)
        return
    try:
        check_words(
            journal,
            subject=subject_of(edition),
            digest=digest_of(manifest),
            units=imprint_of(session, edition).units,
            authors=authors_of(session, edition),
            upto=gate,
            now=None,
        )
    except RefusedError as error:
        yield problem_of(error, where)


def _differing_row(edition: Edition, word: Word, manifest: str) -> str:
    """The row that differs; where the stored manifest is not the signed one either, it can only be told of that."""
    if digest_of(edition.manifest) != word.digest:
        return _("edition {edition}, column {column}").format(edition=edition.id, column="manifest")
    signed: dict[str, Any] = json.loads(edition.manifest)
    return first_difference(signed, json.loads(manifest))


def _audit_copies(session: Session, edition: Edition, journal: Sequence[Word], manifest: str) -> Iterator[Problem]:
    """Manifest and digest beside the edition, and hashes beside its pieces, are copies that must agree."""
    spoken = words_in_force(journal, subject_of(edition)).spoken()
    if spoken and spoken[-1].digest != digest_of(manifest):
        return  # told already
    for column, stored, computed in (
        ("manifest", edition.manifest, manifest),
        ("digest", edition.digest, digest_of(manifest)),
    ):
        if stored != computed:
            where = _("edition {edition}, column {column}").format(edition=edition.id, column=column)
            yield _copy_problem(where)
    for piece in session.exec(select(Piece).where(Piece.edition_id == edition.id)):
        if piece.sha256 != hashlib.sha256(piece.data).hexdigest():
            yield _copy_problem(_("piece {piece} of edition {edition}").format(piece=piece.name, edition=edition.id))


def _audit_texts(session: Session, edition: Edition) -> Iterator[Problem]:
    """Printed revisions are their article's; their hashes, and the names of pictures, are those of what they name."""
    query = (
        select(Item.article_id, Revision)
        .join(Revision, col(Item.revision_id) == col(Revision.id))
        .where(Item.edition_id == edition.id)
        .order_by(col(Item.position))
    )
    for article, revision in session.exec(query):
        where = _("revision {revision} of article {article}").format(revision=revision.number, article=article)
        if revision.article_id != article:
            message = _("{row} is now said to be another article's.").format(row=where)
            yield Problem(code="changed_since_approval", where=where, message=message)
        if revision.content_hash != copy_of(revision).content_hash():
            yield _copy_problem(where)
        for name in revision.pictures.split():
            picture = session.get(Picture, name)
            if picture is None or hashlib.sha256(picture.data).hexdigest() != name:
                yield _copy_problem(_("a picture of {row}").format(row=where))


def _copy_problem(where: str) -> Problem:
    return Problem(
        code="copy_differs", where=where, message=_("{row} does not agree with its own hash.").format(row=where)
    )
