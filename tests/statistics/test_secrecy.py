"""What one output gives away, to a reader who knows the rule, ``small_count`` and even which groups were merged.

The property: for every merged group there is another newsroom, with other figures for that group, whose output is the
same to the last digit; in each of audience, delivered and unsubscribed. Save where nobody left in the merged row (then
nobody left in any group of it, as in every row with a 0) and where the total is a single group.
"""

import string
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.placing import place_groups
from newsletter.statistics.privacy import Group, merge_groups, split_small

SALTS = [f"s{number}" for number in range(64)]
MEASURES = ("audience", "delivered", "unsubscribed")


@st.composite
def some_groups(draw: st.DrawFn) -> list[Group]:
    """Up to eight groups around the limit, as the ledger can have them: rows ≥ delivered rows ≥ people."""
    keys = draw(st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=2), unique=True, max_size=8))
    return [draw(a_group(key)) for key in keys]


@st.composite
def a_group(draw: st.DrawFn, key: str) -> Group:
    people = draw(st.integers(0, 8))
    delivered = people + draw(st.integers(0, 2)) * bool(people)
    left = draw(st.integers(0, 3))
    return Group(
        key=(key,),
        people=people,
        audience=delivered + draw(st.integers(0, 2)),
        delivered=delivered,
        opt_outs={"": left},
    )


def output_of(groups: Sequence[Group], small_count: int, salt: str) -> Any:
    """Everything a reader sees: people are not among it."""
    shown, hidden = split_small(groups, small_count, salt)
    rows = {group.key: figures(group) for group in shown}
    return rows, figures(merge_groups(hidden)) if hidden else None, figures(merge_groups(groups))


def figures(group: Group) -> tuple[int, int, int]:
    return group.audience, group.delivered, group.unsubscribed


def other_worlds(hidden: Sequence[Group]) -> Iterator[list[Group]]:
    """The merged groups with their figures exchanged, or with a few of one counted in another."""
    for small in range(len(hidden)):
        for other in range(len(hidden)):
            if small != other:
                yield [
                    replace(hidden[{small: other, other: small}.get(place, place)], key=group.key)
                    for place, group in enumerate(hidden)
                ]
    for giver, taker in permutations(range(len(hidden)), 2):
        for measure in (*MEASURES, "rows"):
            world = list(hidden)
            world[giver], world[taker] = shift(world[giver], measure, -1), shift(world[taker], measure, 1)
            if all(is_possible(group) for group in world):
                yield world


def shift(group: Group, measure: str, step: int) -> Group:
    if measure == "unsubscribed":
        return replace(group, opt_outs={"": group.unsubscribed + step})
    if measure == "delivered":
        return replace(group, delivered=group.delivered + step, people=min(group.people, group.delivered + step))
    if measure == "rows":  # a row both written and delivered
        return replace(shift(group, "delivered", step), audience=group.audience + step)
    return replace(group, audience=group.audience + step)


def is_possible(group: Group) -> bool:
    return group.audience >= group.delivered >= group.people >= 0 <= group.unsubscribed


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(some_groups(), st.integers(2, 6), st.sampled_from(SALTS))
def test_no_merged_group_can_be_computed_from_one_output(groups: list[Group], small_count: int, salt: str) -> None:
    shown, hidden = split_small(groups, small_count, salt)
    if len(hidden) < 2:
        assert not hidden or not shown, "a single merged group would be the total less the rows"
        return
    seen = output_of(groups, small_count, salt)
    doubtful = {(group.key, measure): False for group in hidden for measure in MEASURES}
    for world in other_worlds(hidden):
        if any(output_of([*shown, *world], small_count, other) == seen for other in SALTS):
            for before, after in zip(hidden, world, strict=True):
                for measure in MEASURES:
                    doubtful[before.key, measure] |= getattr(before, measure) != getattr(after, measure)
    merged = merge_groups(hidden)
    known = {key for key, is_doubtful in doubtful.items() if not is_doubtful}
    assert all(getattr(merged, measure) == 0 for _key, measure in known), known


@settings(max_examples=150, deadline=None)
@given(some_groups(), st.integers(2, 6), st.sampled_from(SALTS))
def test_nobody_can_tell_which_merged_group_is_the_large_one(groups: list[Group], small_count: int, salt: str) -> None:
    shown, hidden = split_small(groups, small_count, salt)
    seen = output_of(groups, small_count, salt)
    large = [place for place, group in enumerate(hidden) if group.people >= small_count]
    for place in large:
        for small in range(len(hidden)):
            world = list(hidden)
            world[place] = replace(hidden[small], key=hidden[place].key)
            world[small] = replace(hidden[place], key=hidden[small].key)
            assert any(output_of([*shown, *world], small_count, other) == seen for other in SALTS)


@given(some_groups(), st.integers(2, 6), st.lists(st.integers(0, 3), min_size=8, max_size=8))
def test_who_left_does_not_change_what_is_merged(groups: list[Group], small_count: int, left: list[int]) -> None:
    """Or the choice itself would tell that nobody left in the groups passed over."""
    others = [replace(group, opt_outs={"": count}) for group, count in zip(groups, left, strict=False)]
    keys = [group.key for group in split_small(groups, small_count)[1]]
    assert [group.key for group in split_small(others, small_count)[1]] == keys


def test_ordered_by_name_equal_groups_would_give_a_small_one_away() -> None:
    """Z is merged, though c is as large as b: by name that were possible only if z is the one of three people."""
    sizes = {"b": 5, "c": 5, "z": 3}
    groups = [Group(key=(key,), people=n, audience=n, delivered=n, opt_outs={}) for key, n in sizes.items()]
    joined = {split_small(groups, 5, salt)[1][-1].key for salt in SALTS}
    assert joined == {("b",), ("c",)}


@given(
    st.dictionaries(st.integers(1, 6), st.tuples(st.integers(0, 8), st.integers(0, 3)), min_size=1),
    st.dictionaries(st.integers(1, 6), st.lists(st.sampled_from([1, 2, 3, None]), unique=True)),
    st.integers(2, 6),
)
def test_a_columns_row_holds_whole_editions_that_may_be_shown_and_no_other(
    sizes: dict[int, tuple[int, int]], placing: dict[int, list[int | None]], small_count: int
) -> None:
    """So whatever is computed from overlapping rows and the total is of editions shown, or of all those merged."""
    editions = [
        Group(key=(number,), people=people, audience=people + 1, delivered=people, opt_outs={"": left})
        for number, (people, left) in sizes.items()
    ]
    shown, hidden = split_small(editions, small_count)
    rows = {group.key: figures(group) for group in place_groups(shown, [Dimension.COLUMN], placing)}
    expected: dict[object, tuple[int, int, int]] = {}
    for group in shown:
        assert group.people >= small_count
        for column in placing.get(int(str(group.key[0]))) or [None]:
            before = expected.get((column,), (0, 0, 0))
            expected[(column,)] = tuple(a + b for a, b in zip(before, figures(group), strict=True))  # type: ignore[assignment]
    assert rows == expected
    assert not hidden or len(hidden) > 1 or not shown
