"""What differs between an edition as a person last spoke of it and as it is now: articles, and words in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from newsletter.articles.differences import TextDifference, compare_texts
from newsletter.articles.models import Revision
from newsletter.editions.models import Edition
from newsletter.editions.records import items_of, subject_of
from newsletter.journal.statements import Verb, Word

#: What is said of an edition as a whole; a waiver is of one finding in it, whatever else was read.
_REVIEWS: Final = (Verb.APPROVE, Verb.RETURN)


@dataclass(frozen=True, kw_only=True)
class ArticleChange:
    """An article's text then and now, by revision number."""

    article: int
    former: int
    revision: int
    difference: TextDifference


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What differs; article numbers in print order.

    Attributes:
        added, revised, dropped: articles.
        texts: what differs inside the revised ones.
        is_reordered: those that stayed stand in another order.
    """

    added: tuple[int, ...]
    revised: tuple[int, ...]
    dropped: tuple[int, ...]
    texts: tuple[ArticleChange, ...]
    is_reordered: bool

    def __bool__(self) -> bool:
        """Whether any article, or their order, differs."""
        return bool(self.added or self.revised or self.dropped or self.is_reordered)


def changes_since_last_word(session: Session, edition: Edition, journal: Iterable[Word], person: str) -> Changes | None:
    """What differs from the edition as it was when ``person`` last approved or returned it; None if they never did."""
    subject = subject_of(edition)
    own = [word for word in journal if word.subject == subject and word.person == person and word.verb in _REVIEWS]
    return changes_since(session, edition, own[-1]) if own else None


def changes_since(session: Session, edition: Edition, word: Word) -> Changes:
    """What differs from the edition as it was when ``word`` was said of it."""
    before: dict[int, int] = dict(word.details.get("items", []))
    now = {item.article_id: item.revision_id for item in items_of(session, edition.id or 0)}
    revised = tuple(article for article in now if article in before and now[article] != before[article])
    return Changes(
        added=tuple(article for article in now if article not in before),
        revised=revised,
        dropped=tuple(article for article in before if article not in now),
        texts=tuple(_compare(session, before[article], now[article]) for article in revised),
        is_reordered=[a for a in before if a in now] != [a for a in now if a in before],
    )


def _compare(session: Session, former_id: int, revision_id: int) -> ArticleChange:
    former, revision = session.get_one(Revision, former_id), session.get_one(Revision, revision_id)
    return ArticleChange(
        article=revision.article_id,
        former=former.number,
        revision=revision.number,
        difference=compare_texts(_fields(former), _fields(revision)),
    )


def _fields(revision: Revision) -> tuple[str, str, str]:
    return revision.title, revision.lead, revision.body
