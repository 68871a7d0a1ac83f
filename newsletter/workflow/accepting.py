"""The editor takes a reviewer's suggestions: a new revision by the editor, and the edition composed anew with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from sqlmodel import Session

from newsletter.articles.checks.findings import Finding
from newsletter.articles.locks import raise_if_locked
from newsletter.articles.models import Revision
from newsletter.articles.records import add_revision, copy_of, get_revision, lock_article
from newsletter.articles.reference.loading import read_reference_files
from newsletter.articles.stages import ArticleVerb, advance_article
from newsletter.editions.composing import EditionRequest
from newsletter.editions.findings import edition_findings
from newsletter.editions.models import Edition
from newsletter.editions.records import lock_edition
from newsletter.errors import NotFoundError, RefusedError
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import Staff, require_right
from newsletter.translation import gettext as _
from newsletter.workflow.drafting import compose_edition
from newsletter.workflow.suggestions import StoredSuggestion, SuggestionError, open_suggestions, put_in_place


class NoSuggestionError(RefusedError):
    """There is nothing to accept."""

    code: ClassVar[str] = "no_suggestion"


class UnknownSuggestionError(NotFoundError):
    """The edition has no open suggestion of this number."""

    code: ClassVar[str] = "unknown_suggestion"


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """An edition with what was mended in it, and what is found against it now."""

    edition: Edition
    mended: tuple[StoredSuggestion, ...]
    findings: tuple[Finding, ...]


def accept_suggestions(newsroom: Newsroom, edition_id: int, numbers: Sequence[int] = ()) -> Accepted:
    """Put suggestions into the texts and the texts into the edition, which is a draft again.

    Args:
        newsroom: its acting person edits.
        edition_id: which.
        numbers: of the suggestions; none: all that are open.

    Raises:
        NoSuggestionError: none is open.
        UnknownSuggestionError: one of those named is not.
        SuggestionError: a text was edited meanwhile and the words do not stand in it once any more.
        ArticleLockedError: somebody else has a text open.
        NoRightError: the acting person is no editor of the edition's unit, or of an article's.
    """
    read_reference_files(newsroom)
    with newsroom.writing() as session:
        edition = lock_edition(session, edition_id)
        editor = require_right(session, newsroom, Right.DRAFTS, edition.unit_id)
        chosen = _choose(open_suggestions(session, edition), numbers, edition_id)
        for article_id, group in groupby(sorted(chosen, key=_by_article), key=lambda one: one.article_id):
            _mend_article(session, newsroom, editor, article_id, list(group))
        articles = list(dict.fromkeys(one.article_id for one in chosen))
        compose_edition(session, newsroom, edition, articles=articles, dropped=(), request=EditionRequest())
        session.commit()
        findings = edition_findings(session, newsroom, edition)
    return Accepted(edition=edition, mended=tuple(chosen), findings=tuple(findings))


def _by_article(suggestion: StoredSuggestion) -> tuple[int, int]:
    return suggestion.article_id, suggestion.id or 0


def _choose(found: list[StoredSuggestion], numbers: Sequence[int], edition_id: int) -> list[StoredSuggestion]:
    if not found:
        raise NoSuggestionError(_("Edition {edition} has no open suggestions.").format(edition=edition_id))
    by_number = {one.id: one for one in found}
    for number in numbers:
        if number not in by_number:
            raise UnknownSuggestionError(
                _("Edition {edition} has no open suggestion {number}.").format(edition=edition_id, number=number),
                hint=_("See them: newsletter status {edition}").format(edition=edition_id),
            )
    return [by_number[number] for number in dict.fromkeys(numbers)] or found


def _mend_article(
    session: Session, newsroom: Newsroom, editor: Staff, article_id: int, suggestions: Iterable[StoredSuggestion]
) -> Revision:
    article = lock_article(session, article_id)
    require_right(session, newsroom, Right.ARTICLES, article.unit_id)
    article.stage = advance_article(article_id, article.stage, ArticleVerb.EDIT)
    raise_if_locked(session, newsroom, article, editor)
    copy = copy_of(get_revision(session, article))
    taken = list(suggestions)
    for one in taken:
        try:
            copy = put_in_place(copy, one.field, one.old, one.new)
        except SuggestionError as error:
            error.message = _("Suggestion {number}, article {article}: {reason}").format(
                number=one.id, article=article_id, reason=error.message
            )
            raise
    article.revision += 1
    revision = add_revision(session, article, copy, contributor_id=None, staff_id=editor.id or 0, at=newsroom.now())
    for one in taken:
        one.accepted_revision_id, one.accepted_by = revision.id, editor.id
    session.add_all([article, *taken])
    session.flush()
    return revision
