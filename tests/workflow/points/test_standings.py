"""Who ranks where, and for whom units earn."""

import pytest

from newsletter.organisation.units import Unit, UnitKind
from newsletter.workflow.points.homes import League, find_homes
from newsletter.workflow.points.standings import Standing, choose_rewarded, rank_standings


def a_standing(name: str, points: int, **more: int) -> Standing:
    return Standing(id=ord(name[0]), code="u", name=name, unit_name="搬经镇", points=points, **more)


def ranks(*standings: Standing) -> list[tuple[int, str]]:
    return [(one.rank, one.standing.name) for one in rank_standings(standings)]


def test_equals_share_a_rank_and_the_next_one_counts_them() -> None:
    found = ranks(a_standing("d", 100), a_standing("c", 300), a_standing("b", 300), a_standing("a", 500))
    assert found == [(1, "a"), (2, "b"), (2, "c"), (4, "d")]


def test_fewer_penalties_break_a_tie_before_the_adoption_rate_does() -> None:
    careful = a_standing("z", 500, penalties=50, adopted=1, submitted=9)
    careless = a_standing("a", 500, penalties=100, adopted=9, submitted=9)
    assert ranks(careless, careful) == [(1, "z"), (2, "a")]


def test_the_adoption_rate_is_exact_and_at_most_one() -> None:
    third = a_standing("z", 500, adopted=1, submitted=3)
    nearly = a_standing("a", 500, adopted=333, submitted=1000)
    assert ranks(nearly, third) == [(1, "z"), (2, "a")]
    assert ranks(a_standing("a", 5, adopted=1), a_standing("b", 5, adopted=4, submitted=2)) == [(1, "a"), (1, "b")]


def test_points_alone_never_lose_to_anything_else() -> None:
    assert ranks(a_standing("a", 499), a_standing("b", 500, penalties=9999)) == [(1, "b"), (2, "a")]


def test_rewards_go_to_the_first_ranks_equals_included_but_never_for_nothing() -> None:
    ranked = rank_standings([a_standing("a", 300), a_standing("b", 200), a_standing("c", 100), a_standing("d", 100)])
    assert [one.standing.name for one in choose_rewarded(ranked, 3)] == ["a", "b", "c", "d"]
    assert choose_rewarded(rank_standings([a_standing("a", 0), a_standing("b", -100)]), 3) == []


@pytest.mark.parametrize(
    ("unit", "home", "league"),
    [
        (1, 1, League.OTHERS),
        (2, 2, League.TOWNS),
        (3, 2, League.TOWNS),
        (4, 2, League.TOWNS),
        (5, 5, League.DEPARTMENTS),
        (6, 5, League.DEPARTMENTS),
        (7, 5, League.DEPARTMENTS),
        (8, 8, League.TOWNS),
        (9, 9, League.OTHERS),
    ],
)
def test_what_lies_in_a_town_or_department_earns_for_it(unit: int, home: int, league: League) -> None:
    kinds = [
        (1, UnitKind.COUNTY, None),
        (2, UnitKind.TOWN, 1),
        (3, UnitKind.DEPARTMENT, 2),
        (4, UnitKind.BRANCH, 3),
        (5, UnitKind.DEPARTMENT, 1),
        (6, UnitKind.DEPARTMENT, 5),
        (7, UnitKind.SECTION, 6),
        (8, UnitKind.ZONE, 1),
        (9, UnitKind.ORGANISATION, 1),
    ]
    homes = find_homes([Unit(id=number, code=str(number), name="", kind=k, parent_id=p) for number, k, p in kinds])
    assert homes.home[unit] == home
    assert homes.league_of(home) is league
    assert homes.ranked_ids() == [2, 5, 8]
