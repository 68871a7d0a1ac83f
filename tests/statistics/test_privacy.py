"""Small groups: properties of the rule, and its plain cases."""

import string

from hypothesis import given
from hypothesis import strategies as st

from newsletter.statistics.privacy import Group, merge_groups, split_small


@st.composite
def some_groups(draw: st.DrawFn) -> list[Group]:
    keys = draw(st.lists(st.text(string.ascii_lowercase, max_size=3), unique=True, max_size=12))
    return [_group(key, draw(st.integers(0, 20)), draw(st.integers(0, 20))) for key in keys]


def _group(key: str, people: int, unsubscribed: int = 0) -> Group:
    return Group(key=(key,), people=people, audience=people + 1, delivered=people, opt_outs={"": unsubscribed})


def _sum(groups: list[Group]) -> tuple[int, int, int]:
    return (
        sum(group.audience for group in groups),
        sum(group.delivered for group in groups),
        sum(group.unsubscribed for group in groups),
    )


@given(some_groups(), st.integers(1, 12))
def test_nothing_is_lost_by_merging(groups: list[Group], small_count: int) -> None:
    shown, hidden = split_small(groups, small_count)
    assert _sum([*shown, merge_groups(hidden)]) == _sum(groups)
    assert sorted(group.key for group in shown + hidden) == sorted(group.key for group in groups)


@given(some_groups(), st.integers(2, 12))
def test_whatever_is_shown_is_large_enough(groups: list[Group], small_count: int) -> None:
    shown, _hidden = split_small(groups, small_count)
    assert all(group.people >= small_count for group in shown)


@given(some_groups(), st.integers(2, 12))
def test_the_merged_row_is_never_one_group_which_the_total_would_betray(groups: list[Group], small_count: int) -> None:
    _shown, hidden = split_small(groups, small_count)
    assert len(hidden) != 1 or len(groups) == 1
    if hidden:
        assert any(group.people < small_count for group in hidden)


@given(some_groups(), st.integers(2, 12))
def test_the_merged_row_is_large_enough_or_everything(groups: list[Group], small_count: int) -> None:
    shown, hidden = split_small(groups, small_count)
    assert not hidden or not shown or max(group.people for group in hidden) >= small_count


@given(some_groups(), st.integers(2, 12))
def test_no_more_is_merged_than_needed(groups: list[Group], small_count: int) -> None:
    shown, hidden = split_small(groups, small_count)
    large = [group for group in hidden if group.people >= small_count]
    assert len(large) <= 1
    assert all(group.people >= large[0].people for group in shown if large)


@given(some_groups(), st.integers(1, 12))
def test_the_choice_does_not_depend_on_the_order(groups: list[Group], small_count: int) -> None:
    keys = {group.key for group in split_small(groups, small_count)[1]}
    turned = list(reversed(groups))
    assert {group.key for group in split_small(turned, small_count)[1]} == keys


@given(some_groups())
def test_a_small_count_of_one_shows_everything(groups: list[Group]) -> None:
    assert split_small(groups, 1) == (groups, [])


def test_the_next_smallest_is_the_one_that_joins() -> None:
    groups = [_group("big", 90), _group("small", 4), _group("middle", 7), _group("limit", 5)]
    shown, hidden = split_small(groups, 5)
    assert [group.key for group in shown] == [("big",), ("middle",)]
    assert [group.key for group in hidden] == [("small",), ("limit",)]


def test_a_lonely_small_group_is_merged_alone() -> None:
    assert [len(part) for part in split_small([_group("a", 4)], 5)] == [0, 1]
    assert [len(part) for part in split_small([_group("a", 5)], 5)] == [1, 0]


def test_merging_adds_up_reasons() -> None:
    first = Group(key=("a",), people=1, audience=2, delivered=3, opt_outs={"x": 1, "y": 2})
    second = Group(key=("b",), people=4, audience=5, delivered=6, opt_outs={"y": 3})
    merged = merge_groups([first, second])
    assert (merged.people, merged.audience, merged.delivered, dict(merged.opt_outs)) == (5, 7, 9, {"x": 1, "y": 5})
