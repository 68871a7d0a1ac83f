"""Which edition corrects which: the link as stored, the corrections of an edition, and how the original is named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session, col, select

from newsletter.articles.models import Revision
from newsletter.editions.kinds import Kind
from newsletter.editions.models import Edition, EditionStage, Item
from newsletter.editions.references import CorrectionKind, Reference
from newsletter.organisation.papers import Paper
from newsletter.organisation.units import Unit
from newsletter.translation import gettext as _

#: Stages from which on a correction stands: its issuer has signed it.
IN_FORCE: Final = (
    EditionStage.SIGNED,
    EditionStage.SENDING,
    EditionStage.PAUSED,
    EditionStage.SENT,
    EditionStage.RETRACTED,
)


@dataclass(frozen=True, kw_only=True)
class Link:
    """What an edition corrects: an edition, how, and which of its articles, in its order."""

    edition: int
    kind: CorrectionKind
    articles: tuple[int, ...]

    def document(self) -> dict[str, Any]:
        """As JSON types: what the manifest and commands carry."""
        return {"edition": self.edition, "kind": str(self.kind), "articles": list(self.articles)}


def link_of(edition: Edition) -> Link | None:
    """What an edition corrects; None for one that corrects nothing."""
    if (edition.corrects_id, edition.correction_kind, edition.corrected_articles) == (None, None, None):
        return None
    return Link(
        edition=edition.corrects_id or 0,
        kind=CorrectionKind(edition.correction_kind or ""),
        articles=tuple(map(int, (edition.corrected_articles or "").split())),
    )


def set_link(edition: Edition, link: Link) -> None:
    """Say what an edition corrects."""
    edition.corrects_id, edition.correction_kind = link.edition, link.kind
    edition.corrected_articles = " ".join(map(str, link.articles))


def list_corrections(session: Session, edition_ids: Sequence[int]) -> Mapping[int, list[Edition]]:
    """Edition → the editions that correct it and were not cancelled, oldest first; those that have any."""
    query = select(Edition).where(
        col(Edition.corrects_id).in_(edition_ids), col(Edition.stage) != EditionStage.CANCELLED
    )
    found: dict[int, list[Edition]] = {}
    for edition in session.exec(query.order_by(col(Edition.id))):
        found.setdefault(edition.corrects_id or 0, []).append(edition)
    return found


def corrections_in_force(session: Session, edition_ids: Sequence[int]) -> Mapping[int, list[dict[str, Any]]]:
    """Edition → the corrections of it that were signed, as commands print them."""
    return {
        original: documents
        for original, editions in list_corrections(session, edition_ids).items()
        if (documents := [_describe(edition) for edition in editions if edition.stage in IN_FORCE])
    }


def _describe(edition: Edition) -> dict[str, Any]:
    return {
        "edition": edition.id,
        "kind": edition.correction_kind,
        "stage": edition.stage,
        "articles": list(map(int, (edition.corrected_articles or "").split())),
    }


def reference_of(session: Session, edition: Edition) -> Reference | None:
    """How a correction names its original; None for an edition that corrects nothing."""
    link = link_of(edition)
    if link is None:
        return None
    original = session.get_one(Edition, link.edition)
    own = original.correction_kind
    unit, paper = session.get_one(Unit, original.unit_id), session.get_one(Paper, original.paper_id)
    name = unit.name if original.unit_id != paper.unit_id else ""
    return Reference(
        kind=link.kind,
        heading=CorrectionKind(own).label if own else Kind(original.kind).heading(name),
        number=original.number,
        day=original.date,
        titles=_titles(session, link),
        today=edition.date,
    )


def _titles(session: Session, link: Link) -> tuple[str, ...]:
    query = (
        select(Revision.title)
        .join(Item, col(Item.revision_id) == col(Revision.id))
        .where(Item.edition_id == link.edition, col(Item.article_id).in_(link.articles))
    )
    return tuple(session.exec(query.order_by(col(Item.position))))


def correction_label(kind: str) -> str:
    """The kind of a correction in the user's language."""
    return {
        CorrectionKind.NOTICE: _("notice"),
        CorrectionKind.CORRECTION: _("correction"),
        CorrectionKind.RETRACTION: _("retraction"),
    }[CorrectionKind(kind)]


def correction_mark(found: Mapping[str, Any]) -> str:
    """What stands beside an edition or article that was corrected."""
    sentence = {
        CorrectionKind.NOTICE: _("notice in edition {edition}"),
        CorrectionKind.CORRECTION: _("corrected by edition {edition}"),
        CorrectionKind.RETRACTION: _("retracted by edition {edition}"),
    }[CorrectionKind(found["kind"])]
    return sentence.format(edition=found["edition"])
