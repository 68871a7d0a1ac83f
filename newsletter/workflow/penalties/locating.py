"""Where an error stands: in which revisions, at which place, and that it is not recorded there yet."""

from typing import ClassVar, Final

from sqlmodel import Session, select

from newsletter.articles.models import Article, ArticleStage, Revision
from newsletter.articles.records import copy_of, get_revision, list_revisions
from newsletter.editions.composing import NotInEditionError
from newsletter.editions.models import Edition, Item
from newsletter.errors import InputError, RefusedError
from newsletter.translation import gettext as _
from newsletter.workflow.penalties.models import ErrorRecord, Found
from newsletter.workflow.penalties.quoting import (
    QUOTE_LENGTH,
    Place,
    clean_quote,
    place_of,
    positions_of,
    whole_text,
)
from newsletter.workflow.rule_book.codes import ErrorCode

#: Stages of articles that were printed: their errors belong to an edition.
_PRINTED: Final = (ArticleStage.PUBLISHED, ArticleStage.CORRECTED, ArticleStage.RETRACTED)


class QuoteNotThereError(RefusedError):
    """The words quoted do not stand in the text."""

    code: ClassVar[str] = "quote_not_there"


class AlreadyRecordedError(RefusedError):
    """This error is recorded already, everywhere it stands."""

    code: ClassVar[str] = "already_recorded"


def refuse_if_edition_missing(article: Article, edition: Edition | None) -> None:
    """Refuse to record an error of an article that was printed without saying where.

    Raises:
        InputError: says so.
    """
    if edition is None and article.stage in _PRINTED:
        raise InputError(
            _("Article {article} was printed: say in which edition the error stands.").format(article=article.id),
            hint=_("Give --edition EDITION; newsletter show {article} lists them.").format(article=article.id),
        )


def revisions_up_to_printed(session: Session, article: Article, edition: Edition | None) -> list[Revision]:
    """The article's revisions, oldest first, up to the one that is printed; without an edition, all.

    Raises:
        NotInEditionError: it does not stand in the edition.
    """
    if edition is None:
        printed = get_revision(session, article)
    else:
        query = select(Item).where(Item.edition_id == edition.id, Item.article_id == article.id)
        item = session.exec(query).first()
        if item is None:
            message = _("Article {article} does not stand in edition {edition}.")
            raise NotInEditionError(message.format(article=article.id, edition=edition.id))
        printed = session.get_one(Revision, item.revision_id)
    return [one for one in list_revisions(session, [article.id or 0]) if one.number <= printed.number]


def check_quote(quote: str) -> str:
    """A quote as texts are stored.

    Raises:
        InputError: it is empty or too long.
    """
    quote = clean_quote(quote)
    if not 1 <= len(quote) <= QUOTE_LENGTH:
        raise InputError(
            _("Quote 1 to {limit} characters, as they are printed.").format(limit=QUOTE_LENGTH),
            hint=_("Give --quote QUOTE; where something lacks, the words around it."),
        )
    return quote


def next_occurrence(  # noqa: PLR0917 (what, and where)
    session: Session, code: ErrorCode, quote: str, printed: Revision, edition: Edition | None, found: Found
) -> tuple[int, Place]:
    """The first place of the quote that is not recorded yet: in the whole text, and in its field.

    Raises:
        QuoteNotThereError: it has no place in the text.
        AlreadyRecordedError: it is recorded wherever it stands.
    """
    copy = copy_of(printed)
    positions = positions_of(quote, whole_text(copy))
    if not positions:
        raise QuoteNotThereError(
            _("“{quote}” does not stand in article {article}, revision {revision}.").format(
                quote=quote, article=printed.article_id, revision=printed.number
            ),
            hint=_("Quote it as printed: newsletter show {article} --revision {revision}").format(
                article=printed.article_id, revision=printed.number
            ),
        )
    query = select(ErrorRecord).where(
        ErrorRecord.edition_id == (edition.id if edition else None),
        ErrorRecord.revision_id == printed.id,
        ErrorRecord.code == code,
        ErrorRecord.quote == quote,
        ErrorRecord.found == found,
    )
    recorded = {Place(record.field, record.position): record.id for record in session.exec(query)}
    for position in positions:
        place = place_of(copy, position)
        if place not in recorded:
            return position, place
    raise AlreadyRecordedError(
        _("“{quote}” in article {article} is recorded already: record {record}.").format(
            quote=quote, article=printed.article_id, record=recorded[place_of(copy, positions[-1])]
        ),
        hint=_("See it: newsletter penalties list"),
    )
