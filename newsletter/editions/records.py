"""Editions as stored: finding one, its items in order, its pieces."""

from collections.abc import Collection, Sequence
from typing import Any, ClassVar

from sqlmodel import Session, col, select

from newsletter.articles.models import Revision
from newsletter.editions.corrections import corrections_in_force
from newsletter.editions.kinds import Kind
from newsletter.editions.models import Edition, EditionStage, Item, Piece, PieceName
from newsletter.errors import NotFoundError
from newsletter.translation import gettext as _


class UnknownEditionError(NotFoundError):
    """No edition has this number."""

    code: ClassVar[str] = "unknown_edition"


class NoPieceError(NotFoundError):
    """The edition has no such piece yet."""

    code: ClassVar[str] = "no_piece"


def get_edition(session: Session, edition_id: int) -> Edition:
    """The edition with this number.

    Raises:
        UnknownEditionError: there is none.
    """
    edition = session.get(Edition, edition_id)
    if edition is None:
        raise UnknownEditionError(
            _("There is no edition {edition}.").format(edition=edition_id), hint=_("See them: newsletter editions")
        )
    return edition


def subject_of(edition: Edition) -> str:
    """How statements name an edition."""
    return f"edition:{edition.id}"


def lock_edition(session: Session, edition_id: int) -> Edition:
    """The edition with this number, kept from every other writer until this transaction ends.

    SQLite has one writer anyway; on PostgreSQL the row is locked and read afresh.

    Raises:
        UnknownEditionError: there is none.
    """
    query = select(Edition).where(Edition.id == edition_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first() or get_edition(session, edition_id)


def list_editions(
    session: Session, stages: Sequence[EditionStage] = (), *, unit_ids: Collection[int] | None = None
) -> Sequence[Edition]:
    """Editions, newest first; every criterion given must hold."""
    query = select(Edition)
    if unit_ids is not None:
        query = query.where(col(Edition.unit_id).in_(unit_ids))
    if stages:
        query = query.where(col(Edition.stage).in_(stages))
    return session.exec(query.order_by(col(Edition.id).desc())).all()


def items_of(session: Session, edition_id: int) -> Sequence[Item]:
    """An edition's items in order."""
    return session.exec(select(Item).where(Item.edition_id == edition_id).order_by(col(Item.position))).all()


def printings_of(session: Session, article_id: int) -> list[dict[str, Any]]:
    """In which editions an article stands, with which revision, and which editions correct it there; oldest first."""
    query = (
        select(Edition.id, Revision.number, Edition.stage)
        .join(Item, col(Item.edition_id) == col(Edition.id))
        .join(Revision, col(Revision.id) == col(Item.revision_id))
        .where(Item.article_id == article_id)
        .order_by(col(Edition.id))
    )
    found = session.exec(query).all()
    corrections = corrections_in_force(session, [edition or 0 for edition, _number, _stage in found])
    return [
        {
            "edition": edition,
            "revision": number,
            "stage": stage,
            "corrected_by": [one for one in corrections.get(edition or 0, []) if article_id in one["articles"]],
        }
        for edition, number, stage in found
    ]


def get_piece(session: Session, edition_id: int, name: PieceName) -> Piece:
    """A stored piece.

    Raises:
        NoPieceError: it was not rendered.
    """
    piece = session.get(Piece, (edition_id, name))
    if piece is None:
        raise NoPieceError(_("Edition {edition} has no piece {piece} yet.").format(edition=edition_id, piece=name))
    return piece


def full_text_piece(session: Session, edition_id: int) -> Piece | None:
    """The full text without a link, where an edition has one."""
    return session.get(Piece, (edition_id, PieceName.SMS_FULL))


def edition_kind_label(kind: str) -> str:
    """The kind in the user's language."""
    return {
        Kind.MAIN: _("main edition"),
        Kind.TOWN: _("town edition"),
        Kind.DEPARTMENT: _("department edition"),
        Kind.SPECIAL: _("special edition"),
        Kind.LESSON: _("lesson"),
        Kind.GUIDE: _("programme guide"),
        Kind.CORRECTION: _("correction"),
    }[Kind(kind)]


def edition_stage_label(stage: str) -> str:
    """The stage in the user's language."""
    return {
        EditionStage.DRAFTED: _("drafted"),
        EditionStage.SUBMITTED: _("submitted"),
        EditionStage.RETURNED: _("returned"),
        EditionStage.APPROVED: _("approved"),
        EditionStage.SIGNED: _("signed"),
        EditionStage.SENDING: _("sending"),
        EditionStage.PAUSED: _("paused"),
        EditionStage.SENT: _("sent"),
        EditionStage.CANCELLED: _("cancelled"),
        EditionStage.RETRACTED: _("retracted"),
    }[EditionStage(stage)]
