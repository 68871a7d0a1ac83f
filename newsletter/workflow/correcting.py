"""The editor's one command after sending: a notice, correction or retraction, written and submitted in one go."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from sqlmodel import Session

from newsletter.articles.bylines import keep_byline
from newsletter.articles.checks.findings import Finding
from newsletter.articles.intake import revised_copy
from newsletter.articles.manuscript_text import clean_text
from newsletter.articles.manuscripts import Manuscript
from newsletter.articles.models import Article, TextFormat
from newsletter.articles.records import Copy, add_revision, get_article
from newsletter.editions.composing import NotInEditionError, create_correction, set_items
from newsletter.editions.corrections import Link, link_of, list_corrections, reference_of
from newsletter.editions.findings import edition_findings
from newsletter.editions.models import Edition
from newsletter.editions.proof import make_proof
from newsletter.editions.records import get_edition, items_of, lock_edition
from newsletter.editions.references import CorrectionKind
from newsletter.errors import InputError, RefusedError
from newsletter.journal.statements import unlock_key
from newsletter.newsroom import Newsroom
from newsletter.organisation.desks import desk_of
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.translation import gettext as _
from newsletter.workflow.blocking import BlockedError
from newsletter.workflow.drafting import Drafted
from newsletter.workflow.edition_stages import EditionVerb, advance_edition
from newsletter.workflow.gates import submit_edition
from newsletter.workflow.retracting import next_article_stage

_EDITION_VERBS = {CorrectionKind.RETRACTION: EditionVerb.RETRACT}


class AlreadyRetractedError(RefusedError):
    """There is a retraction of it, signed or on its way."""

    code: ClassVar[str] = "already_retracted"


@dataclass(frozen=True, kw_only=True)
class Correctable:
    """What would be corrected, and which editions about it there are already."""

    link: Link
    others: tuple[int, ...]


def check_correcting(
    newsroom: Newsroom, edition_id: int, *, kind: CorrectionKind, articles: Sequence[int] = ()
) -> Correctable:
    """What ``correct`` would be about; nothing is written.

    Raises:
        UnknownEditionError, NotInEditionError: no such edition, or no such article in it.
        EditionStageError, ArticleStageError, AlreadyRetractedError: it cannot be corrected so.
        NoRightError: the acting person is no editor of its unit.
    """
    with newsroom.reading() as session:
        link = _find_link(session, newsroom, get_edition(session, edition_id), kind, articles)
        others = list_corrections(session, [edition_id]).get(edition_id, [])
    return Correctable(link=link, others=tuple(other.id or 0 for other in others))


def correct_edition(
    newsroom: Newsroom,
    edition_id: int,
    *,
    kind: CorrectionKind,
    words: Manuscript | str,
    articles: Sequence[int] = (),
    title: str = "",
) -> Drafted:
    """Write the edition that corrects ``edition_id``, and submit it; all of it or nothing.

    Args:
        newsroom: its acting person must be an editor of the original's unit.
        edition_id: the original, which was sent.
        kind: what is said of it.
        words: the text, a paragraph a line; or a file's, whose own title is not used.
        articles: those meant; none named: all of the original.
        title: what stands above it besides the sentence that names the original.

    Raises:
        InputError: no words.
        BlockedError: something stands against it; nothing was made.
        RefusedError, NotFoundError: as ``check_correcting``.
    """
    unlock_key(newsroom)
    with newsroom.writing() as session:
        original = lock_edition(session, edition_id)
        link = _find_link(session, newsroom, original, kind, articles)
        edition = create_correction(session, newsroom, original, link, title=title)
        article = _write_article(session, newsroom, edition, words)
        set_items(session, newsroom, edition, articles=[article.id or 0])
        make_proof(session, newsroom, edition)
        findings = edition_findings(session, newsroom, edition)
        _raise_if_blocked(findings)
        submit_edition(session, newsroom, edition)
        session.commit()
    return Drafted(edition, findings)


def _raise_if_blocked(findings: Sequence[Finding]) -> None:
    """Refuse before ``submit_edition`` does: nothing is kept of it, so no number in a hint would lead anywhere."""
    blocking = [finding.message for finding in findings if finding.is_blocking]
    if blocking:
        raise BlockedError(
            _("It cannot be submitted ({count} in the way): {first}").format(count=len(blocking), first=blocking[0]),
            hint=_("Nothing was made; put it in other words and run the command again."),
        )


def _find_link(
    session: Session, newsroom: Newsroom, original: Edition, kind: CorrectionKind, articles: Sequence[int]
) -> Link:
    require_right(session, newsroom, Right.DRAFTS, original.unit_id)
    link = Link(edition=original.id or 0, kind=kind, articles=_choose_articles(session, original, articles))
    if kind is CorrectionKind.RETRACTION:
        _raise_if_retracted(session, link)
    advance_edition(link.edition, original.stage, _EDITION_VERBS.get(kind, EditionVerb.CORRECT))
    for article_id in link.articles:
        next_article_stage(article_id, get_article(session, article_id).stage, kind)
    return link


def _choose_articles(session: Session, original: Edition, wanted: Sequence[int]) -> tuple[int, ...]:
    printed = [item.article_id for item in items_of(session, original.id or 0)]
    for article_id in wanted:
        if article_id not in printed:
            message = _("Article {article} does not stand in edition {edition}.")
            raise NotInEditionError(message.format(article=article_id, edition=original.id))
    return tuple(article_id for article_id in printed if not wanted or article_id in wanted)


def _raise_if_retracted(session: Session, link: Link) -> None:
    for former in list_corrections(session, [link.edition]).get(link.edition, []):
        said = link_of(former)
        if said and said.kind is CorrectionKind.RETRACTION and set(said.articles) & set(link.articles):
            raise AlreadyRetractedError(
                _("Edition {edition} is retracted by edition {retraction} already.").format(
                    edition=link.edition, retraction=former.id
                ),
                hint=_("See it: newsletter status {edition}").format(edition=former.id),
            )


def _write_article(session: Session, newsroom: Newsroom, edition: Edition, words: Manuscript | str) -> Article:
    """The text as an article of the desk's own; its title is the sentence that names the original."""
    editor = require_right(session, newsroom, Right.ARTICLES, edition.unit_id)
    reference = reference_of(session, edition)
    copy = replace(_read_copy(session, words), title=reference.sentence if reference else "")
    desk, now = desk_of(session, edition.unit_id), newsroom.now()
    article = Article(contributor_id=desk.id or 0, unit_id=edition.unit_id, revision=1, created_at=now)
    session.add(article)
    session.flush()
    keep_byline(session, article.id or 0, [desk.id or 0])
    add_revision(session, article, copy, contributor_id=desk.id, staff_id=editor.id or 0, at=now)
    return article


def _read_copy(session: Session, words: Manuscript | str) -> Copy:
    if not isinstance(words, str):
        return revised_copy(session, words, Copy(title="", lead="", body="", format=words.format))
    body = clean_text(words).strip()
    if not body:
        raise InputError(_("The text is empty."), hint=_("Give --text TEXT or --file FILE."))
    return Copy(title="", lead="", body=body, format=TextFormat.PLAIN)
