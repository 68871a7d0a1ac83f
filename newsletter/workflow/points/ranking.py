"""The ranking of a period: contributors, towns, departments, and who is rewarded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from sqlmodel import Session, select

from newsletter.errors import RefusedError
from newsletter.newsroom import Newsroom
from newsletter.organisation.contributors import Contributor
from newsletter.organisation.scope import Scope, is_in, visible_unit_ids
from newsletter.translation import gettext as _
from newsletter.workflow.periods import Period
from newsletter.workflow.points.awarding import awards_of
from newsletter.workflow.points.counting import Tally, count_adopted, count_submitted, sum_penalties, sum_points
from newsletter.workflow.points.gathering import gather
from newsletter.workflow.points.homes import Homes, League, load_homes
from newsletter.workflow.points.kinds import Source
from newsletter.workflow.points.standings import (
    Ranked,
    Standing,
    choose_rewarded,
    counts_document,
    rank_standings,
)
from newsletter.workflow.points.tables import load_tables


class PartialViewError(RefusedError):
    """Somebody who does not see every unit would tell of all of them."""

    code: ClassVar[str] = "partial_view"


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """Everybody by rank.

    Attributes:
        contributors: those who handed anything in, earned or were charged anything.
        leagues: towns and departments, the silent ones included; others where there are any.
        rewards: the contributors that are rewarded.
        submitted, adopted: articles in all, a joint one counted once.
        has_quota_losses: whether a unit lost points for a quota.
        sizes: how many units stand in each league, whether shown or not.
        is_whole: whether nobody was left out because the acting person does not see their unit.
    """

    period: Period
    contributors: Sequence[Ranked]
    leagues: dict[League, Sequence[Ranked]]
    rewards: Sequence[Ranked]
    submitted: int
    adopted: int
    has_quota_losses: bool
    sizes: dict[League, int]
    is_whole: bool = True

    def as_document(self) -> dict[str, Any]:
        """The one JSON document."""
        document: dict[str, Any] = {
            "period": self.period.label,
            "contributors": [contributor_document(one) for one in self.contributors],
        }
        document |= {str(league): [unit_document(one) for one in ranked] for league, ranked in self.leagues.items()}
        return document | {"rewards": [contributor_document(one) for one in self.rewards]}


def rank_period(newsroom: Newsroom, period: Period) -> Ranking:
    """Rank everybody by what they earned on the days of a period; nothing is written.

    Whoever does not see every unit is shown the lines of those they see, with the ranks these have among all.

    Raises:
        NoRightError: the acting person is not on staff.
    """
    with newsroom.reading() as session:
        scope = visible_unit_ids(session, newsroom)
        homes, tables = load_homes(session), load_tables(session)
        gathered = gather(session, tables, period)
        awards = awards_of(session, newsroom, tables, gathered, period)
        tallies = _Tallies(
            points=sum_points(awards, homes),
            adopted=count_adopted(gathered, period, homes),
            submitted=count_submitted(session, newsroom, period, homes),
            penalties=sum_penalties(session, newsroom, period, homes),
        )
        contributors = rank_standings(_contributors(session, tallies, homes))
    leagues = _rank_leagues(tallies, homes)
    ranking = Ranking(
        period=period,
        contributors=contributors,
        leagues=leagues,
        sizes={league: len(ranked) for league, ranked in leagues.items()},
        rewards=choose_rewarded(contributors, tables.newest.rewarded),
        submitted=tallies.submitted.articles,
        adopted=tallies.adopted.articles,
        has_quota_losses=any(award.source is Source.QUOTA for award in awards),
    )
    return ranking if scope is None else _narrow(ranking, homes, scope)


def require_whole(newsroom: Newsroom, ranking: Ranking) -> Ranking:
    """The ranking, if it is everybody's: a bulletin goes out to all units and names all of them.

    Raises:
        PartialViewError: the acting person does not see every unit.
    """
    if ranking.is_whole:
        return ranking
    raise PartialViewError(
        _("A bulletin names every unit; {name} does not see all of them.").format(name=newsroom.acting_name()),
        hint=_("Have it made by somebody with a role for the whole newsroom."),
    )


def _narrow(ranking: Ranking, homes: Homes, scope: Scope) -> Ranking:
    codes = {unit.code for unit_id, unit in homes.units.items() if is_in(unit_id, scope)}

    def keep(ranked: Sequence[Ranked]) -> Sequence[Ranked]:
        return [one for one in ranked if one.standing.code in codes]

    return replace(
        ranking,
        contributors=keep(ranking.contributors),
        leagues={league: keep(ranked) for league, ranked in ranking.leagues.items()},
        rewards=keep(ranking.rewards),
        is_whole=False,
    )


@dataclass(frozen=True, kw_only=True)
class _Tallies:
    points: Tally
    adopted: Tally
    submitted: Tally
    penalties: Tally

    def all(self) -> tuple[Tally, ...]:
        return self.points, self.adopted, self.submitted, self.penalties

    def active_contributors(self) -> set[int]:
        return {one for tally in self.all() for one in tally.contributors}

    def active_homes(self) -> set[int]:
        return {one for tally in self.all() for one in tally.homes}


def _contributors(session: Session, tallies: _Tallies, homes: Homes) -> list[Standing]:
    active = tallies.active_contributors()
    return [
        Standing(
            id=who,
            code=homes.units[one.unit_id].code,
            name=one.name,
            unit_name=homes.units[one.unit_id].name,
            points=tallies.points.contributors[who],
            adopted=tallies.adopted.contributors[who],
            submitted=tallies.submitted.contributors[who],
            penalties=tallies.penalties.contributors[who],
        )
        for one in session.exec(select(Contributor))
        if (who := one.id or 0) in active
    ]


def _rank_leagues(tallies: _Tallies, homes: Homes) -> dict[League, Sequence[Ranked]]:
    leagues: dict[League, list[Standing]] = {league: [] for league in League}
    for unit_id in dict.fromkeys([*homes.ranked_ids(), *sorted(tallies.active_homes())]):
        unit = homes.units[unit_id]
        standing = Standing(
            id=unit_id,
            code=unit.code,
            name=unit.name,
            unit_name=unit.name,
            points=tallies.points.homes[unit_id],
            adopted=tallies.adopted.homes[unit_id],
            submitted=tallies.submitted.homes[unit_id],
            penalties=tallies.penalties.homes[unit_id],
        )
        leagues[homes.league_of(unit_id)].append(standing)
    return {league: rank_standings(standings) for league, standings in leagues.items()}


def contributor_document(one: Ranked) -> dict[str, Any]:
    """A contributor's line in JSON; ``unit`` is its code."""
    standing = one.standing
    who = {"contributor": standing.id, "name": standing.name, "unit": standing.code, "unit_name": standing.unit_name}
    return {"rank": one.rank, **who, **counts_document(standing)}


def unit_document(one: Ranked) -> dict[str, Any]:
    """A unit's line in JSON; ``unit`` is its code."""
    return {"rank": one.rank, "unit": one.standing.code, "name": one.standing.name, **counts_document(one.standing)}
