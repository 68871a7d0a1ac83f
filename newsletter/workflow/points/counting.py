"""How many articles everybody handed in and had adopted in a period, and what was charged to them meanwhile."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from newsletter.articles.models import Article, ArticleStage
from newsletter.newsroom import Newsroom
from newsletter.organisation.contributors import Contributor
from newsletter.workflow.penalties.ledger import penalty_totals
from newsletter.workflow.penalties.models import PersonKind
from newsletter.workflow.periods import Period, bounds_of
from newsletter.workflow.points.bylines import load_authors
from newsletter.workflow.points.gathering import Gathered
from newsletter.workflow.points.homes import Homes
from newsletter.workflow.points.kinds import ADOPTING
from newsletter.workflow.points.rules import ArticleFacts, Author, Award, Use


@dataclass
class Tally:
    """A number for each contributor, and one for each home; ``articles`` in all, where articles are counted."""

    contributors: Counter[int] = field(default_factory=Counter)
    homes: Counter[int] = field(default_factory=Counter)
    articles: int = 0

    def count_article(self, authors: Iterable[Author], homes: Homes) -> None:
        """Count an article once for each author, and once for each home they have."""
        authors = list(authors)
        self.articles += bool(authors)
        self.contributors.update(author.contributor for author in authors)
        self.homes.update({homes.home[author.unit] for author in authors})


def count_submitted(session: Session, newsroom: Newsroom, period: Period, homes: Homes) -> Tally:
    """Articles handed in during a period, withdrawn ones left out, as quotas count them."""
    start, end = bounds_of(period, newsroom.timezone)
    wanted = select(Article.id).where(
        Article.created_at >= start, Article.created_at < end, Article.stage != ArticleStage.WITHDRAWN
    )
    tally = Tally()
    for authors in load_authors(session, wanted).values():
        tally.count_article(authors, homes)
    return tally


def count_adopted(gathered: Gathered, period: Period, homes: Homes) -> Tally:
    """Articles first used in a period, reprints among them; retracted ones are adopted no more."""
    tally = Tally()
    for article, facts in gathered.facts.items():
        if is_adopted(facts, gathered.uses[article], period):
            tally.count_article(facts.authors, homes)
    return tally


def is_adopted(facts: ArticleFacts, uses: Iterable[Use], period: Period) -> bool:
    """Whether an article, not retracted since, was first used on a day of the period."""
    days = [use.day for use in uses if use.source in ADOPTING]
    return bool(days) and not facts.is_retracted and period.start <= min(days) <= period.end


def sum_points(awards: Iterable[Award], homes: Homes) -> Tally:
    """Hundredths earned; what a unit loses as a whole is no contributor's."""
    tally = Tally()
    for award in awards:
        tally.homes[homes.home[award.unit]] += award.points
        if award.contributor is not None:
            tally.contributors[award.contributor] += award.points
    return tally


def sum_penalties(session: Session, newsroom: Newsroom, period: Period, homes: Homes) -> Tally:
    """Hundredths charged to contributors in a period; a unit answers for those of its own."""
    start, end = bounds_of(period, newsroom.timezone)
    totals = penalty_totals(session, start=start, end=end)
    charged = {person: total for (kind, person), total in totals.items() if kind == PersonKind.CONTRIBUTOR}
    units = _units_of(session) if charged else {}
    tally = Tally()
    for contributor, hundredths in charged.items():
        tally.contributors[contributor] += hundredths
        tally.homes[homes.home[units[contributor]]] += hundredths
    return tally


def _units_of(session: Session) -> Mapping[int, int]:
    query = select(col(Contributor.id), Contributor.unit_id)
    return {contributor or 0: unit for contributor, unit in session.exec(query)}
