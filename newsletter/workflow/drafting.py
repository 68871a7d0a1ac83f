"""The editor's use case: compose or extend an edition, render its proof, and say that it is ready for review."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlmodel import Session

from newsletter.articles.checks.findings import Finding
from newsletter.articles.reference.loading import read_reference_files
from newsletter.editions.composing import EditionRequest, create_edition, revise_edition, set_items
from newsletter.editions.findings import edition_findings
from newsletter.editions.models import Edition, EditionStage
from newsletter.editions.proof import make_proof
from newsletter.editions.records import lock_edition
from newsletter.errors import InputError
from newsletter.journal.statements import unlock_key
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.translation import gettext as _
from newsletter.workflow.blocking import BlockedError
from newsletter.workflow.edition_stages import EditionVerb, advance_edition
from newsletter.workflow.gates import submit_edition


class NoArticlesError(InputError):
    """An edition was asked for without saying what stands in it."""

    code: ClassVar[str] = "no_articles"


@dataclass(frozen=True)
class Drafted:
    """An edition with its proof, and what was found against it."""

    edition: Edition
    findings: list[Finding]


def draft_edition(
    newsroom: Newsroom,
    articles: Sequence[int],
    *,
    request: EditionRequest,
    edition_id: int | None = None,
    dropped: Sequence[int] = (),
    submit: bool = False,
) -> Drafted:
    """Compose a new edition, or extend ``edition_id``; with ``submit``, state it ready for review.

    A change leads an edition back to ``drafted`` and voids what was said of it; no change leaves it where it is.

    Raises:
        NoArticlesError: a new edition without articles.
        BlockedError: ``submit``, and something stands against it; the draft itself is kept.
        ChangedSinceError: ``submit``, and somebody else composed it anew before it was said.
        RefusedError, NotFoundError, InputError: as composing raises them; nothing is changed then.
    """
    if edition_id is None and not articles:
        raise NoArticlesError(
            _("No articles were given: an edition needs at least one."), hint=_("See them: newsletter draft")
        )
    # Before anything is kept: an error in a file of theirs ends the command.
    read_reference_files(newsroom)
    if submit:
        unlock_key(newsroom)
    with newsroom.writing() as session:
        if edition_id is None:
            edition = create_edition(session, newsroom, request)
        else:
            edition = lock_edition(session, edition_id)
            require_right(session, newsroom, Right.DRAFTS, edition.unit_id)
        changing = edition_id is None or bool(articles or dropped) or request != EditionRequest()
        if changing or edition.stage in (EditionStage.DRAFTED, EditionStage.RETURNED):
            compose_edition(
                session,
                newsroom,
                edition,
                articles=articles,
                dropped=dropped,
                request=request if edition_id else EditionRequest(),
            )
        session.commit()
        if submit:
            _submit(session, newsroom, edition.id or 0, digest=edition.digest)
            session.commit()
        findings = edition_findings(session, newsroom, edition)
    return Drafted(edition, findings)


def _submit(session: Session, newsroom: Newsroom, edition_id: int, *, digest: str) -> None:
    """Submit what was just composed and committed, and nothing that somebody else made of it since."""
    try:
        submit_edition(session, newsroom, lock_edition(session, edition_id), digest=digest)
    except BlockedError as error:
        error.hint = " ".join((_("Edition {edition} is kept.").format(edition=edition_id), error.hint))
        raise


def compose_edition(
    session: Session,
    newsroom: Newsroom,
    edition: Edition,
    *,
    articles: Sequence[int],
    dropped: Sequence[int],
    request: EditionRequest,
) -> None:
    """Compose an edition begun and render its proof; a change makes a draft of it again.

    Raises:
        EditionStageError: it has left.
        RefusedError, NotFoundError, InputError: as composing raises them.
    """
    former = edition.digest
    stage = advance_edition(edition.id or 0, edition.stage, EditionVerb.COMPOSE)
    revise_edition(session, newsroom, edition, request)
    set_items(session, newsroom, edition, articles=articles, dropped=dropped)
    make_proof(session, newsroom, edition)
    if edition.digest != former:
        edition.stage = stage
        session.add(edition)
