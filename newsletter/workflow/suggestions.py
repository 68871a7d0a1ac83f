"""A reviewer's suggestions: words to put in place of others, which an editor accepts; the reviewer writes no text.

A suggestion is open until it is accepted, or until a reviewer speaks of the edition again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from sqlmodel import Field, Session, SQLModel, col, select

from newsletter.articles.manuscript_text import TITLE_LENGTH, clean_text
from newsletter.articles.models import Revision
from newsletter.articles.records import Copy, copy_of
from newsletter.editions.models import Edition, EditionStage, Item
from newsletter.errors import InputError
from newsletter.journal.canonical import canonical_json, sha256_text
from newsletter.journal.statements import Statement, Verb, Word, read_word
from newsletter.translation import gettext as _

FIELDS: Final = ("title", "lead", "body")
#: Stages in which an editor may still mend the edition on a suggestion.
_MENDABLE: Final = (EditionStage.DRAFTED, EditionStage.RETURNED, EditionStage.SUBMITTED)
#: Characters of a passage shown in a refusal.
_SHOWN: Final = 30


class SuggestionError(InputError):
    """A suggestion whose passage is not found, or found more than once, or that leaves no text."""

    code: ClassVar[str] = "suggestion"


class StoredSuggestion(SQLModel, table=True):
    """A suggestion as kept; the journal holds only the digest of those made with one word."""

    __tablename__ = "suggestion"

    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="edition.id", index=True)
    article_id: int = Field(foreign_key="article.id")
    #: The revision it was made on.
    revision_id: int = Field(foreign_key="revision.id")
    field: str = Field(max_length=10)
    old: str
    new: str
    #: Who made it, and with which word.
    staff_id: int = Field(foreign_key="staff.id")
    statement_id: int = Field(foreign_key="statement.id")
    accepted_revision_id: int | None = Field(default=None, foreign_key="revision.id", index=True)
    accepted_by: int | None = Field(default=None, foreign_key="staff.id")


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """What a reviewer would have instead.

    Attributes:
        old: the passage as it stands, once.
        new: what should stand there; empty: nothing.
        article: which article it stands in; None: only one has it.
    """

    old: str
    new: str
    article: int | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """A suggestion with the one place it is about."""

    suggestion: Suggestion
    revision: Revision
    field: str


def find_places(session: Session, edition: Edition, suggestions: Sequence[Suggestion]) -> list[Place]:
    """The one place of each suggestion in the edition's texts.

    Raises:
        SuggestionError: nowhere, or in several places; or two suggestions get in each other's way.
    """
    query = select(Revision).join(Item, col(Item.revision_id) == col(Revision.id))
    revisions = session.exec(query.where(Item.edition_id == edition.id).order_by(col(Item.position))).all()
    copies = {revision.article_id: copy_of(revision) for revision in revisions}
    places: list[Place] = []
    for suggestion in map(_clean, suggestions):
        place = _find_place(revisions, copies, suggestion, edition.id or 0, places)
        article = place.revision.article_id
        copies[article] = put_in_place(copies[article], place.field, suggestion.old, suggestion.new)
        places.append(place)
    return places


def put_in_place(copy: Copy, field: str, old: str, new: str) -> Copy:
    """A text with ``new`` for the one ``old`` in its field.

    Raises:
        SuggestionError: ``old`` does not stand there exactly once, or no title or text is left.
    """
    text: str = getattr(copy, field)
    if _count(text, old) != 1:
        raise SuggestionError(_("“{old}” does not stand there once any more.").format(old=_shorten(old)))
    mended = text.replace(old, new)
    if field == "title":
        mended = " ".join(mended.split())
    if field != "lead" and not mended.strip():
        raise SuggestionError(_("Nothing would be left without “{old}”.").format(old=_shorten(old)))
    if field == "title" and len(mended) > TITLE_LENGTH:
        raise SuggestionError(
            _("The title would have {count} characters; at most {limit} fit.").format(
                count=len(mended), limit=TITLE_LENGTH
            )
        )
    return {
        "title": replace(copy, title=mended),
        "lead": replace(copy, lead=mended),
        "body": replace(copy, body=mended),
    }[field]


def keep_suggestions(
    session: Session, edition: Edition, places: Iterable[Place], *, staff_id: int, word: Word
) -> list[StoredSuggestion]:
    """Store suggestions made with ``word``."""
    kept = [
        StoredSuggestion(
            edition_id=edition.id or 0,
            article_id=place.revision.article_id,
            revision_id=place.revision.id or 0,
            field=place.field,
            old=place.suggestion.old,
            new=place.suggestion.new,
            staff_id=staff_id,
            statement_id=word.place,
        )
        for place in places
    ]
    session.add_all(kept)
    session.flush()
    return kept


def digest_of_suggestions(places: Iterable[Place]) -> str:
    """SHA-256 of suggestions with their places, as the journal keeps it; empty for none."""
    return _digest_of(
        [place.revision.article_id, place.revision.id, place.field, place.suggestion.old, place.suggestion.new]
        for place in places
    )


def digest_of_rows(rows: Iterable[StoredSuggestion]) -> str:
    """The same of suggestions as they are stored, in their order."""
    return _digest_of([row.article_id, row.revision_id, row.field, row.old, row.new] for row in rows)


def _digest_of(listed: Iterable[list[int | str | None]]) -> str:
    made = list(listed)
    return sha256_text(canonical_json({"suggestions": made})) if made else ""


def open_suggestions(session: Session, edition: Edition) -> list[StoredSuggestion]:
    """An edition's suggestions that an editor may still accept, oldest first."""
    if edition.stage not in _MENDABLE:
        return []
    last = _last_review(session, edition)
    query = select(StoredSuggestion).where(
        StoredSuggestion.edition_id == edition.id,
        StoredSuggestion.statement_id == last,
        col(StoredSuggestion.accepted_revision_id).is_(None),
    )
    return list(session.exec(query.order_by(col(StoredSuggestion.id))))


def open_suggestions_on(session: Session, article_id: int) -> list[StoredSuggestion]:
    """The suggestions on an article that an editor may still accept, in any edition."""
    query = select(Edition).join(Item, col(Item.edition_id) == col(Edition.id)).where(Item.article_id == article_id)
    editions = session.exec(query.where(col(Edition.stage).in_(_MENDABLE)).order_by(col(Edition.id)))
    return [one for edition in editions for one in open_suggestions(session, edition) if one.article_id == article_id]


def suggested_by(session: Session, revision_id: int) -> list[tuple[int, str, str]]:
    """Who answers for words in a revision that they suggested: their staff id, the words before, and the new ones."""
    query = select(StoredSuggestion).where(StoredSuggestion.accepted_revision_id == revision_id)
    found = session.exec(query.order_by(col(StoredSuggestion.id)))
    return [(one.staff_id, one.old, one.new) for one in found]


def _last_review(session: Session, edition: Edition) -> int | None:
    """Place of the latest word by which the edition was approved or returned."""
    query = select(Statement).where(Statement.subject == f"edition:{edition.id}").order_by(col(Statement.id).desc())
    words = map(read_word, session.exec(query))
    return next((word.place for word in words if word.verb in (Verb.APPROVE, Verb.RETURN)), None)


def _clean(suggestion: Suggestion) -> Suggestion:
    cleaned = replace(suggestion, old=clean_text(suggestion.old), new=clean_text(suggestion.new))
    if not cleaned.old.strip():
        raise SuggestionError(_("Say which words the suggestion is about: they are empty."))
    if cleaned.old == cleaned.new:
        raise SuggestionError(_("The suggestion for “{old}” changes nothing.").format(old=_shorten(cleaned.old)))
    return cleaned


def _raise_if_overlapping(suggestion: Suggestion, places: Iterable[Place]) -> None:
    """Say of a passage found no more that it shares characters with one suggested before, if it does."""
    for former in places:
        text: str = getattr(former.revision, former.field)
        if suggestion.article not in (None, former.revision.article_id):
            continue
        begin = text.find(former.suggestion.old)
        end = begin + len(former.suggestion.old)
        if begin >= 0 and any(start < end and begin < stop for start, stop in _spans(text, suggestion.old)):
            raise SuggestionError(
                _("“{old}” overlaps the suggestion for “{before}” in article {article}.").format(
                    old=_shorten(suggestion.old),
                    before=_shorten(former.suggestion.old),
                    article=former.revision.article_id,
                ),
                hint=_("Make one suggestion of both."),
            )


def _find_place(
    revisions: Sequence[Revision],
    copies: dict[int, Copy],
    suggestion: Suggestion,
    edition: int,
    former: Sequence[Place],
) -> Place:
    asked = [one for one in revisions if suggestion.article in (None, one.article_id)]
    if not asked:
        message = _("Article {article} does not stand in edition {edition}.")
        raise SuggestionError(message.format(article=suggestion.article, edition=edition))
    found = [
        Place(suggestion=suggestion, revision=revision, field=field)
        for revision in asked
        for field in FIELDS
        for _time in range(_count(getattr(copies[revision.article_id], field), suggestion.old))
    ]
    if not found:
        _raise_if_overlapping(suggestion, former)
        message = _("“{old}” stands nowhere in edition {edition}.")
        raise SuggestionError(message.format(old=_shorten(suggestion.old), edition=edition))
    if len(found) > 1:
        raise _not_once(found, suggestion, edition)
    return found[0]


def _not_once(found: list[Place], suggestion: Suggestion, edition: int) -> SuggestionError:
    articles = dict.fromkeys(str(place.revision.article_id) for place in found)
    hint = _("Give more of the words around it.")
    if len(articles) > 1:
        hint = _("Say which article: --article ARTICLE right after the suggestion.")
    return SuggestionError(
        _("“{old}” stands {count} times in edition {edition} (articles: {articles}).").format(
            old=_shorten(suggestion.old), count=len(found), edition=edition, articles=", ".join(articles)
        ),
        hint=hint,
    )


def _count(text: str, passage: str) -> int:
    """How often a passage occurs, overlaps counted."""
    return len(_spans(text, passage))


def _spans(text: str, passage: str) -> list[tuple[int, int]]:
    return [(start, start + len(passage)) for start in range(len(text)) if text.startswith(passage, start)]


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
