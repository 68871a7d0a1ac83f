"""How many errors were found in 10,000 characters published, by person, unit or paper, held against the limit.

Characters are those of the revisions printed in editions of the period, title, lead and body, white space left out.
Errors are those found in these editions after they left, however late, save those reversed on appeal.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, Final, cast

from sqlalchemy import ColumnElement
from sqlalchemy.orm import QueryableAttribute, load_only
from sqlmodel import Session, col, select

from newsletter.articles.models import Article, Revision
from newsletter.editions.models import Edition, EditionStage, Item
from newsletter.newsroom import Newsroom
from newsletter.organisation.scope import is_in, visible_unit_ids
from newsletter.workflow.penalties.facts import introducer_of
from newsletter.workflow.penalties.models import ErrorRecord, Found, PenaltyRuling, PersonKind, Verdict
from newsletter.workflow.penalties.people import Person
from newsletter.workflow.penalties.quoting import count_characters
from newsletter.workflow.periods import Period
from newsletter.workflow.rule_book.adopting import read_version

#: Error rates are given over so many characters (newspapers' practice, FACTS).
CHARACTERS: Final = 10_000
_PUBLISHED: Final = (EditionStage.SENT, EditionStage.RETRACTED)
_HUNDREDTH: Final = Decimal("0.01")
#: The key of the desk's own errors where rows are units: it has no characters, for the texts are the units'.
DESK_KEY: Final = 0


class RateBy(StrEnum):
    """What rates are broken down by."""

    PERSON = "person"
    UNIT = "unit"
    PAPER = "paper"


@dataclass(frozen=True)
class Rate:
    """Errors over characters; ``key`` is a person, a unit's id or a paper's id, None for the whole."""

    key: Person | int | None
    characters: int
    errors: int

    @property
    def per_characters(self) -> Decimal | None:
        """Errors in 10,000 characters, to two places; None over no characters at all."""
        if not self.characters:
            return None
        return (Decimal(self.errors * CHARACTERS) / self.characters).quantize(_HUNDREDTH, ROUND_HALF_UP)


@dataclass(frozen=True)
class Rates:
    """A period's rates, and the most there should be."""

    limit: Decimal
    rows: list[Rate]
    total: Rate

    def is_over(self, rate: Rate) -> bool:
        """Whether there are more than there should be; told by the exact rate, not the rounded one.

        Over no characters at all there is no rate, and no limit to it.
        """
        return rate.characters > 0 and rate.errors * CHARACTERS > self.limit * rate.characters


@dataclass(frozen=True, kw_only=True)
class _Printing:
    """One article in one edition."""

    edition: Edition
    article: Article
    characters: int
    staff: frozenset[int]


def error_rates(session: Session, newsroom: Newsroom, period: Period, by: RateBy) -> Rates:
    """The rates of what the acting person may see.

    By person: a contributor's own errors over their articles; on staff, their own over the texts they worked on. By
    unit: the contributors' errors over the unit's articles; what the desk brings in is not the unit's and stands in a
    row of its own. By paper, and in the whole, every error counts.

    Raises:
        NoRightError: they are not on staff.
    """
    scope = visible_unit_ids(session, newsroom)
    printings = [
        one
        for one in _printings(session, period)
        if is_in(one.edition.unit_id, scope) or is_in(one.article.unit_id, scope)
    ]
    places = {(one.edition.id, one.article.id): one for one in printings}
    errors = [one for one in _errors(session, period) if (one.edition_id, one.article_id) in places]
    characters = Counter[Person | int]()
    for printing in printings:
        for key in _keys_of_printing(printing, by):
            characters[key] += printing.characters
    found = Counter(key for one in errors for key in _keys_of_error(one, places[one.edition_id, one.article_id], by))
    rows = [
        Rate(key, characters[key], found[key])
        for key in sorted({*characters, *found}, key=lambda key: (key == DESK_KEY, str(key)))
    ]
    total = Rate(None, sum(one.characters for one in printings), len(errors))
    return Rates(read_version(session).rules.rates.limit, rows, total)


def _printings(session: Session, period: Period) -> Iterator[_Printing]:
    texts = (Revision.title, Revision.lead, Revision.body)
    query = (
        select(Edition, Article, Revision)
        .options(load_only(*map(_attribute, (Revision.id, Revision.number, *texts))))
        .options(load_only(*map(_attribute, (Edition.paper_id, Edition.unit_id))))
        .join(Item, col(Item.edition_id) == col(Edition.id))
        .join(Article, col(Article.id) == col(Item.article_id))
        .join(Revision, col(Revision.id) == col(Item.revision_id))
        .where(*_published(period))
    )
    hands = _hands(session, period)
    for edition, article, printed in session.exec(query):
        staff = frozenset(who for number, who in hands.get(article.id or 0, ()) if number <= printed.number)
        yield _Printing(
            edition=edition,
            article=article,
            characters=count_characters((printed.title, printed.lead, printed.body)),
            staff=staff,
        )


def _hands(session: Session, period: Period) -> dict[int, list[tuple[int, int]]]:
    """Article → (revision's number, who on staff wrote it); taking in a contributor's is no writing."""
    printed = select(Item.article_id).join(Edition, col(Edition.id) == col(Item.edition_id)).where(*_published(period))
    query = select(Revision.article_id, Revision.number, Revision.staff_id).where(
        col(Revision.article_id).in_(printed), col(Revision.contributor_id).is_(None)
    )
    hands: dict[int, list[tuple[int, int]]] = {}
    for article, number, staff in session.exec(query):
        hands.setdefault(article, []).append((number, staff))
    return hands


def _published(period: Period) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Edition.stage).in_(_PUBLISHED),
        col(Edition.date) >= period.start,
        col(Edition.date) <= period.end,
    )


def _attribute(column: Any) -> QueryableAttribute[Any]:
    return cast("QueryableAttribute[Any]", column)


def _errors(session: Session, period: Period) -> Sequence[ErrorRecord]:
    reversed_ids = select(PenaltyRuling.record_id).where(PenaltyRuling.verdict == Verdict.REVERSED)
    query = (
        select(ErrorRecord)
        .join(Edition, col(Edition.id) == col(ErrorRecord.edition_id))
        .where(Edition.date >= period.start, Edition.date <= period.end, ErrorRecord.found == Found.AFTER)
        .where(col(ErrorRecord.id).not_in(reversed_ids))
    )
    return session.exec(query).all()


def _keys_of_printing(printing: _Printing, by: RateBy) -> list[Person | int]:
    if by is RateBy.PAPER:
        return [printing.edition.paper_id]
    if by is RateBy.UNIT:
        return [printing.article.unit_id]
    staff: list[Person | int] = [Person(PersonKind.STAFF, number) for number in sorted(printing.staff)]
    return [Person(PersonKind.CONTRIBUTOR, printing.article.contributor_id), *staff]


def _keys_of_error(error: ErrorRecord, printing: _Printing, by: RateBy) -> list[Person | int]:
    if by is RateBy.PAPER:
        return [printing.edition.paper_id]
    if by is RateBy.UNIT:
        return [printing.article.unit_id if error.introducer_kind == PersonKind.CONTRIBUTOR else DESK_KEY]
    return [introducer_of(error)]
