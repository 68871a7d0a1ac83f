"""What changes of a paper, and what that does to its editions: those on their way are to be made anew, those sent stay.

A paper's signature stands in every manifest. An edition that has begun to leave keeps the one it was signed with; one
that has not is no longer what was said yes to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, select

from newsletter.editions.models import Edition, EditionStage
from newsletter.errors import InputError
from newsletter.newsroom import Newsroom
from newsletter.organisation.papers import Paper, get_paper
from newsletter.organisation.roles import Right
from newsletter.organisation.signatures import check_signature
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import check_name
from newsletter.subscribers.audience.audiences import get_visible_audience
from newsletter.translation import gettext as _

#: Stages before the first message leaves.
_UNDER_WAY: Final = (
    EditionStage.DRAFTED,
    EditionStage.SUBMITTED,
    EditionStage.RETURNED,
    EditionStage.APPROVED,
    EditionStage.SIGNED,
)


@dataclass(frozen=True, kw_only=True)
class PaperChange:
    """What is to be different of a paper; None leaves it as it is."""

    name: str | None = None
    signature: str | None = None
    audience: str | None = None


def change_paper(newsroom: Newsroom, code: str, change: PaperChange) -> tuple[Paper, list[int]]:
    """Change a paper's name, signature or default audience.

    Returns:
        The paper, and the editions under way that bear what it was before.

    Raises:
        UnknownPaperError, UnknownAudienceError, NotVisibleError: looked up in vain.
        NoRightError: the acting person is no admin of the paper's unit.
        InputError: nothing to change, or a malformed name or signature.
    """
    if change == PaperChange():
        raise InputError(_("Say what is to change: --name, --signature or --audience."))
    with newsroom.writing() as session:
        paper = get_paper(session, code)
        require_right(session, newsroom, Right.STRUCTURE, paper.unit_id)
        before = (paper.name, paper.signature)
        if change.audience is not None:
            paper.audience_id = get_visible_audience(session, newsroom, change.audience).id
        if change.name is not None:
            paper.name = check_name(change.name)
        if change.signature is not None and check_signature(change.signature) != paper.signature:
            _keep_signature(session, paper)
            paper.signature = change.signature
        session.add(paper)
        stale = _list_under_way(session, paper) if before != (paper.name, paper.signature) else ()
        numbers = [edition.id or 0 for edition in stale]
        session.commit()
    return paper, numbers


def _keep_signature(session: Session, paper: Paper) -> None:
    """Write the present signature down with every edition that has left, or begun to."""
    gone = select(Edition).where(
        Edition.paper_id == paper.id, col(Edition.signature).is_(None), col(Edition.stage).not_in(_UNDER_WAY)
    )
    for edition in session.exec(gone):
        edition.signature = paper.signature
        session.add(edition)


def _list_under_way(session: Session, paper: Paper) -> Sequence[Edition]:
    query = select(Edition).where(Edition.paper_id == paper.id, col(Edition.stage).in_(_UNDER_WAY))
    return session.exec(query.order_by(col(Edition.id))).all()
