"""Survival estimates against published figures.

Data: Freireich et al., "The effect of 6-mercaptopurine on the duration of steroid-induced remissions in acute
leukemia", Blood 21 (1963) 699-716: weeks in remission, 21 patients each on 6-MP and placebo. Estimates and Greenwood
errors: Cox and Oakes, Analysis of Survival Data (1984), table 1.1 and section 4.3; Kleinbaum and Klein, Survival
Analysis (3rd ed.), chapter 2, which has the log-rank statistic too (16.793); limits as of R's
``survfit(conf.type = "log-log")`` for the same data (``gehan`` of package MASS; Venables and Ripley, Modern Applied
Statistics with S, section 13.2).
"""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.statistics.growth.survival import Exits, compare_groups, estimate_curve, find_median

#: Weeks in remission on 6-MP: relapsed; still in remission when last seen.
RELAPSED = (6, 6, 6, 7, 10, 13, 16, 22, 23)
IN_REMISSION = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
PLACEBO = (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)
TREATED = [Exits(week, 1, 0) for week in RELAPSED] + [Exits(week, 0, 1) for week in IN_REMISSION]
UNTREATED = [Exits(week, 1, 0) for week in PLACEBO]
#: Week, at risk, relapsed, estimate, Greenwood's error, lower and upper log-log limit.
PUBLISHED_TREATED = (
    (6, 21, 3, 0.857, 0.0764, 0.620, 0.952),
    (7, 17, 1, 0.807, 0.0869, 0.563, 0.923),
    (10, 15, 1, 0.753, 0.0963, 0.503, 0.889),
    (13, 12, 1, 0.690, 0.1068, 0.432, 0.849),
    (16, 11, 1, 0.627, 0.1141, 0.368, 0.805),
    (22, 7, 1, 0.538, 0.1282, 0.268, 0.747),
    (23, 6, 1, 0.448, 0.1346, 0.188, 0.680),
)
PUBLISHED_UNTREATED = (
    (1, 0.9048), (2, 0.8095), (3, 0.7619), (4, 0.6667), (5, 0.5714), (8, 0.3810),
    (11, 0.2857), (12, 0.1905), (15, 0.1429), (17, 0.0952), (22, 0.0476), (23, 0.0),
)  # fmt: skip


def test_treated_patients_of_freireich_have_the_published_estimates_errors_and_limits() -> None:
    steps = [step for step in estimate_curve(TREATED).steps if step.events]
    assert len(steps) == len(PUBLISHED_TREATED)
    for step, (week, at_risk, events, survival, error, low, high) in zip(steps, PUBLISHED_TREATED, strict=True):
        assert (step.time, step.at_risk, step.events) == (week, at_risk, events)
        assert step.survival == pytest.approx(survival, abs=0.0005)
        assert step.error == pytest.approx(error, abs=0.00006)
        assert step.low == pytest.approx(low, abs=0.0006)
        assert step.high == pytest.approx(high, abs=0.0006)


def test_untreated_patients_of_freireich_have_the_published_estimates() -> None:
    steps = estimate_curve(UNTREATED).steps
    assert [step.time for step in steps] == [week for week, _share in PUBLISHED_UNTREATED]
    assert [step.survival for step in steps] == pytest.approx([share for _w, share in PUBLISHED_UNTREATED], abs=0.00006)


def test_medians_of_freireich_are_the_published_ones_with_their_limits() -> None:
    assert find_median(estimate_curve(TREATED)) == (23, 13, None)
    assert find_median(estimate_curve(UNTREATED)) == (8, 4, 11)


def test_log_rank_of_freireich_is_the_published_one() -> None:
    found = compare_groups([TREATED, UNTREATED])
    assert found is not None
    assert found.chi_square == pytest.approx(16.793, abs=0.001)
    assert (found.degrees, list(found.observed)) == (1, [9, 21])
    assert found.expected == pytest.approx([19.25, 10.75], abs=0.005)
    assert found.p == pytest.approx(4.17e-5, rel=0.01)


def test_without_censoring_the_estimate_is_the_share_that_stays() -> None:
    curve = estimate_curve([Exits(5, 1, 0), Exits(3, 1, 0), Exits(5, 1, 0), Exits(9, 1, 0)])
    assert [(step.time, step.survival) for step in curve.steps] == [(3, 0.75), (5, 0.25), (9, 0.0)]
    last = curve.steps[-1]
    assert (last.error, last.low, last.high) == (None, None, None)


def test_before_anybody_leaves_all_stay_and_no_limits_are_claimed() -> None:
    curve = estimate_curve([Exits(4, 0, 7)])
    assert (curve.at(3).survival, curve.at(9).survival, curve.at(9).low) == (1.0, 1.0, None)
    assert find_median(curve) == (None, None, None)
    assert compare_groups([[Exits(4, 0, 7)], [Exits(4, 0, 2)]]) is None
    assert compare_groups([TREATED, []]) is None


def test_nobody_is_an_empty_curve() -> None:
    curve = estimate_curve([])
    assert (curve.people, list(curve.steps), curve.at(1).survival) == (0, [], 1.0)


def test_a_curve_is_cut_where_few_are_at_risk() -> None:
    curve = estimate_curve(TREATED).cut(7)
    assert (curve.people, curve.steps[-1].time, curve.at_risk_after(6)) == (21, 22, 17)


def test_three_groups_have_two_degrees_of_freedom() -> None:
    thirds = [TREATED, UNTREATED[:10], UNTREATED[10:]]
    found = compare_groups(thirds)
    assert found is not None
    assert found.degrees == 2
    assert sum(found.expected) == pytest.approx(sum(found.observed))
    turned = compare_groups(thirds[::-1])
    assert turned is not None
    assert turned.chi_square == pytest.approx(found.chi_square)


@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=60))
def test_counts_together_or_one_by_one_give_the_same_falling_curve(people: list[tuple[int, bool]]) -> None:
    single = estimate_curve(Exits(time, int(left), int(not left)) for time, left in people)
    together = estimate_curve(
        Exits(time, people.count((time, True)), people.count((time, False))) for time in {time for time, _ in people}
    )
    assert single == together
    shares = [1.0, *(step.survival for step in single.steps)]
    assert shares == sorted(shares, reverse=True)
    assert single.at_risk_after(40) == 0
    for step in single.steps:
        if step.low is not None and step.high is not None:
            assert 0 <= step.low <= step.survival <= step.high <= 1
            assert not math.isnan(step.low)
