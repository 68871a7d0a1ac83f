"""How much of what was printed is the units' own: originals against reprints (转载), by unit and by paper."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from newsletter.articles.models import Article, Revision
from newsletter.articles.reprints import is_reprint
from newsletter.editions.models import Edition, EditionStage, Item
from newsletter.newsroom import Newsroom
from newsletter.organisation.papers import Paper
from newsletter.organisation.scope import Scope, is_in, visible_unit_ids
from newsletter.statistics.report import divide
from newsletter.workflow.periods import Period
from newsletter.workflow.points.bylines import load_authors
from newsletter.workflow.points.gathering import EARNLESS
from newsletter.workflow.points.homes import Homes, load_homes
from newsletter.workflow.points.rules import Author


@dataclass(frozen=True, kw_only=True)
class Originality:
    """Articles printed by, or of, somebody: each counted once.

    Attributes:
        code, name: a unit's or a paper's.
        share: originals by all; 0 where nothing was printed.
    """

    code: str
    name: str
    original: int
    reprinted: int

    @property
    def share(self) -> float:
        """Originals by all."""
        return divide(self.original, self.original + self.reprinted)

    def as_document(self, noun: str) -> dict[str, Any]:
        """As JSON has it; ``noun`` names the code's field."""
        counts = {"original": self.original, "reprinted": self.reprinted, "share": self.share}
        return {noun: self.code, "name": self.name, **counts}


@dataclass(frozen=True, kw_only=True)
class OriginalityReport:
    """What a period printed.

    Attributes:
        total: of what these papers printed, and of what these units had printed elsewhere.
        units: those whose articles were printed, ranked units by their homes; what the desk took from elsewhere has
            no unit.
    """

    period: Period
    units: Sequence[Originality]
    papers: Sequence[Originality]
    total: Originality

    def as_document(self) -> dict[str, Any]:
        """The one JSON document."""
        total = self.total.as_document("unit")
        return {
            "period": self.period.label,
            "units": [one.as_document("unit") for one in self.units],
            "papers": [one.as_document("paper") for one in self.papers],
            "total": {name: total[name] for name in ("original", "reprinted", "share")},
        }


@dataclass(frozen=True)
class _Printing:
    article: int
    paper: int
    is_reprint: bool


def report_originality(newsroom: Newsroom, period: Period) -> OriginalityReport:
    """Count what editions sent in a period printed, by the units and papers that the acting person sees.

    Raises:
        NoRightError: the acting person is not on staff.
    """
    with newsroom.reading() as session:
        scope = visible_unit_ids(session, newsroom)
        homes = load_homes(session)
        printings = _printings(session, period)
        authors = load_authors(session, _printed_articles(period))
        papers = {paper.id or 0: paper for paper in session.exec(select(Paper)) if is_in(paper.unit_id, scope)}
    seen = [one for one in printings if one.paper in papers or _is_of(authors.get(one.article, ()), scope)]
    by_home = count_by_home(homes, authors, printings)
    by_paper: dict[int, list[_Printing]] = {}
    for printing in seen:
        by_paper.setdefault(printing.paper, []).append(printing)
    return OriginalityReport(
        period=period,
        units=sorted(
            (one for home, one in by_home.items() if is_in(home, scope)), key=lambda one: (-one.share, one.code)
        ),
        papers=[
            _count(papers[one].code, papers[one].name, found)
            for one, found in sorted(by_paper.items())
            if one in papers
        ],
        total=_count("", "", seen),
    )


def _is_of(authors: Iterable[Author], scope: Scope) -> bool:
    return any(is_in(author.unit, scope) for author in authors)


def originality_by_home(session: Session, period: Period, homes: Homes) -> Mapping[int, Originality]:
    """Home unit → what was printed of it and of everything that earns for it."""
    return count_by_home(homes, load_authors(session, _printed_articles(period)), _printings(session, period))


def count_by_home(
    homes: Homes, authors: Mapping[int, Sequence[Author]], printings: Sequence[_Printing]
) -> Mapping[int, Originality]:
    """The same of printings already read; ``authors`` are those of each article."""
    found: dict[int, list[_Printing]] = {}
    for printing in printings:
        for home in {homes.home[author.unit] for author in authors.get(printing.article, ())}:
            found.setdefault(home, []).append(printing)
    return {home: _count(homes.units[home].code, homes.units[home].name, some) for home, some in found.items()}


def _printed_articles(period: Period) -> Any:
    printed = select(Item.article_id).join(Edition, col(Edition.id) == col(Item.edition_id)).where(*_sent(period))
    return select(Article.id).where(col(Article.id).in_(printed))


def _sent(period: Period) -> tuple[Any, ...]:
    days = (Edition.date >= period.start, Edition.date <= period.end)
    return (Edition.stage == EditionStage.SENT, col(Edition.kind).not_in(EARNLESS), *days)


def _printings(session: Session, period: Period) -> list[_Printing]:
    texts: Any = (Revision.body, Revision.lead)
    query = (
        select(Item, Edition.paper_id, Revision)
        .join(Edition, col(Edition.id) == col(Item.edition_id))
        .join(Revision, col(Revision.id) == col(Item.revision_id))
        .where(*_sent(period))
        .options(*map(defer, texts))
    )
    return [_Printing(item.article_id, paper, is_reprint(revision)) for item, paper, revision in session.exec(query)]


def _count(code: str, name: str, printings: Iterable[_Printing]) -> Originality:
    """An article printed several times counts once; as a reprint if it was one every time."""
    printings = list(printings)
    original = {printing.article for printing in printings if not printing.is_reprint}
    reprinted = {printing.article for printing in printings} - original
    return Originality(code=code, name=name, original=len(original), reprinted=len(reprinted))
