"""Exact intervals and tests, against published values and their own definitions."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from newsletter.statistics.intervals import correct_for_many, exact_interval, exact_test


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 5 (Clopper-Pearson).
        (81, 263, 0.2527, 0.3676),
        (15, 148, 0.0578, 0.1617),
        (0, 20, 0.0000, 0.1684),
        (1, 29, 0.0009, 0.1776),
        # The rule of a sample without any: 1 - 0.025 ** (1 / n).
        (0, 10, 0.0, 0.3085),
    ],
)
def test_intervals_are_the_published_ones(part: int, whole: int, low: float, high: float) -> None:
    assert exact_interval(part, whole) == pytest.approx((low, high), abs=0.00006)


@given(st.integers(1, 3000), st.data())
def test_outside_the_interval_the_count_is_improbable(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    ends = exact_interval(part, whole)
    assert ends is not None
    low, high = ends
    assert 0.0 <= low <= part / whole <= high <= 1.0
    assert part == 0 or binom.sf(part - 1, whole, low) == pytest.approx(0.025, rel=1e-6)
    assert part == whole or binom.cdf(part, whole, high) == pytest.approx(0.025, rel=1e-6)


def test_nothing_is_known_of_nobody_and_of_more_than_all() -> None:
    assert exact_interval(0, 0) is None
    assert exact_interval(3, 0) is None
    assert exact_interval(7, 5) is None, "no such rate: nothing is cut short without a word"


def test_fishers_own_tea() -> None:
    """Three of four cups told right (Fisher, The Design of Experiments, 1935): 0.4857 two-sided."""
    assert exact_test((3, 4), (1, 4)) == pytest.approx(0.485714, abs=1e-6)


def test_a_difference_of_nothing_is_chance() -> None:
    assert exact_test((0, 100), (0, 50)) == 1.0
    assert exact_test((0, 0), (3, 50)) == 1.0
    assert exact_test((5, 1000), (50, 1000)) < 1e-8


def test_holms_own_order() -> None:
    assert correct_for_many([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert correct_for_many([0.5]) == [0.5]
    assert correct_for_many([]) == []


@given(st.lists(st.floats(0, 1), max_size=20))
def test_correcting_never_lowers_nor_changes_the_order(values: list[float]) -> None:
    corrected = correct_for_many(values)
    assert all(before <= after <= 1.0 for before, after in zip(values, corrected, strict=True))
    order = sorted(range(len(values)), key=lambda place: values[place])
    assert all(corrected[one] <= corrected[other] for one, other in pairwise(order))
