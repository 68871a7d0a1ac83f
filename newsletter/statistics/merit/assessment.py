"""The yearly assessment of units: what they handed in, earned and missed, where they rank, how much is their own."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from newsletter.newsroom import Newsroom
from newsletter.organisation.scope import raise_if_not_visible
from newsletter.organisation.staff import require_staff
from newsletter.organisation.units import get_unit
from newsletter.statistics.merit.originality import Originality, originality_by_home
from newsletter.workflow.contributing.models import Quota
from newsletter.workflow.contributing.quotas import quota_standing
from newsletter.workflow.periods import Period, parse_period
from newsletter.workflow.points.awarding import compute_awards
from newsletter.workflow.points.homes import Homes, League, load_homes
from newsletter.workflow.points.kinds import Source
from newsletter.workflow.points.ranking import Ranking, contributor_document, rank_period
from newsletter.workflow.points.rules import Award
from newsletter.workflow.points.standings import Ranked, as_points, counts_document


@dataclass(frozen=True, kw_only=True)
class QuotaLine:
    """A quota of the year: what was asked, what came in."""

    period: str
    unit: str
    wanted: int
    submitted: int
    missing: int

    def as_document(self) -> dict[str, Any]:
        """As JSON has it; ``unit`` is the code of the unit that was asked."""
        return dict(vars(self))


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """One unit's year.

    Attributes:
        league, peers: the ranking it stands in, and how many stand there.
        sources: hundredths by what earned them, in the order of ``Source``; those that earned anything.
        quotas: its own and of units that earn for it.
        contributors: its correspondents, as they rank among all.
    """

    standing: Ranked
    league: League
    peers: int
    sources: Mapping[Source, int]
    quotas: Sequence[QuotaLine]
    originality: Originality
    contributors: Sequence[Ranked]

    def as_document(self) -> dict[str, Any]:
        """As JSON has it."""
        one = self.standing.standing
        originality = self.originality.as_document("unit")
        return {
            "unit": one.code,
            "name": one.name,
            "list": self.league,
            "rank": self.standing.rank,
            "of": self.peers,
            **counts_document(one),
            "sources": {str(source): as_points(points) for source, points in self.sources.items()},
            "quotas": [quota.as_document() for quota in self.quotas],
            **{name: originality[name] for name in ("original", "reprinted", "share")},
            "contributors": [contributor_document(ranked) for ranked in self.contributors],
        }


def assess_units(newsroom: Newsroom, period: Period, unit: str | None = None) -> list[Assessment]:
    """Assess every ranked unit that the acting person sees, or the one that ``unit`` earns for.

    Raises:
        NoRightError: the acting person is not on staff.
        NotVisibleError: they have no role for the unit.
        UnknownUnitError: no such unit.
    """
    with newsroom.reading() as session:
        require_staff(session, newsroom)
        homes = load_homes(session)
        only = homes.home[get_unit(session, unit).id or 0] if unit else None
        if only is not None:
            raise_if_not_visible(session, newsroom, only)
        sources = _points_by_source(compute_awards(session, newsroom, period), homes)
        quotas = _quotas(session, newsroom, period, homes)
        originality = originality_by_home(session, period, homes)
    ranking = rank_period(newsroom, period)
    units = {unit.code: home for home, unit in homes.units.items()}
    return [
        Assessment(
            standing=ranked,
            league=league,
            peers=ranking.sizes[league],
            sources={source: sources[home, source] for source in Source if sources[home, source]},
            quotas=quotas.get(home, ()),
            originality=originality.get(home) or Originality(code="", name="", original=0, reprinted=0),
            contributors=_contributors(ranking, homes, units, home),
        )
        for league, peers in ranking.leagues.items()
        for ranked in peers
        if only in (None, home := ranked.standing.id)
    ]


def _contributors(ranking: Ranking, homes: Homes, units: Mapping[str, int], home: int) -> list[Ranked]:
    return [one for one in ranking.contributors if homes.home[units[one.standing.code]] == home]


def _points_by_source(awards: Sequence[Award], homes: Homes) -> Counter[tuple[int, Source]]:
    sums: Counter[tuple[int, Source]] = Counter()
    for award in awards:
        sums[homes.home[award.unit], award.source] += award.points
    return sums


def _quotas(session: Session, newsroom: Newsroom, year: Period, homes: Homes) -> dict[int, list[QuotaLine]]:
    """Home → the quotas whose period ended in the year, and before today, by period."""
    today = newsroom.now().astimezone(newsroom.timezone).date()
    lines: dict[int, list[QuotaLine]] = {}
    for label in sorted(session.exec(select(Quota.period).distinct()).all()):
        period = parse_period(label)
        if period.end >= today or not year.start <= period.end <= year.end:
            continue
        for standing in quota_standing(session, period, newsroom.timezone):
            line = QuotaLine(
                period=label,
                unit=homes.units[standing.unit_id].code,
                wanted=standing.wanted,
                submitted=standing.submitted,
                missing=standing.missing,
            )
            lines.setdefault(homes.home[standing.unit_id], []).append(line)
    return lines
