"""Which articles have been retracted: told by the journal, whatever their rows say, and never to be sent again."""

from collections.abc import Sequence
from typing import ClassVar

from sqlmodel import Session

from newsletter.articles.models import Article
from newsletter.editions.models import Edition, EditionStage
from newsletter.editions.records import items_of, subject_of
from newsletter.errors import RefusedError
from newsletter.journal.statements import Verb, Word
from newsletter.organisation.grants import is_held
from newsletter.organisation.roles import Role
from newsletter.organisation.units import ancestor_codes
from newsletter.translation import gettext as _


class RetractedArticleError(RefusedError):
    """An article in the edition was retracted after it had been approved."""

    code: ClassVar[str] = "retracted_article"


def raise_if_retracted(session: Session, edition: Edition, journal: Sequence[Word]) -> None:
    """Refuse an edition with an article that an issuer of its own unit, or of this edition, has retracted.

    Raises:
        RetractedArticleError: names the article.
    """
    articles = {item.article_id for item in items_of(session, edition.id or 0)}
    for word in journal:
        if word.verb is not Verb.RETRACT:
            continue
        for article in sorted(articles & set(word.details.get("articles", ()))):
            if word.subject == subject_of(edition) or _is_theirs(session, journal, article, word):
                message = _("Article {article} in edition {edition} has been retracted.")
                raise RetractedArticleError(
                    message.format(article=article, edition=edition.id),
                    hint=_next_step(edition),
                )


def _next_step(edition: Edition) -> str:
    if edition.stage == EditionStage.SENDING:
        return _("What has not left stays: newsletter reconcile {edition}").format(edition=edition.id)
    return _("A reviewer gives it back: newsletter return {edition} --reason REASON").format(edition=edition.id)


def _is_theirs(session: Session, journal: Sequence[Word], article_id: int, word: Word) -> bool:
    """Whether who retracted it was an issuer of the article's own unit; of lent copy one takes back one's printing."""
    units = ancestor_codes(session, session.get_one(Article, article_id).unit_id)
    return is_held(journal, person=word.person, role=Role.ISSUER, units=units, place=word.place)
