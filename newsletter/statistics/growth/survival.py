"""How long people stay: the Kaplan–Meier estimate, its confidence limits and the log-rank test. Pure: counts in.

Own code, for what is asked of it: counts grouped by time, a million people in a few hundred rows. Sources: Kaplan and
Meier, JASA 53 (1958) 457–481; Greenwood's variance; limits by the log(−log) transformation (Kalbfleisch and Prentice,
The Statistical Analysis of Failure Time Data, 2nd ed., section 1.4), which stay between 0 and 1.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

#: Two-sided 95% point of the normal distribution.
Z_95: Final = 1.959963984540054
_HALF: Final = 0.5


class Exits(NamedTuple):
    """Those whose watching ended at ``time``: with the event, or without it (censored)."""

    time: int
    events: int
    censored: int


@dataclass(frozen=True, kw_only=True)
class Step:
    """The estimate from ``time`` until the next step.

    Attributes:
        at_risk: people watched just before ``time``, those who leave at it included.
        events, censored: who left at it, and whose watching ended; events come first where both are at one time.
        survival: estimated share that stays beyond ``time``.
        error: its standard error (Greenwood); 0 before the first event, None once nobody is left.
        low, high: 95% limits; None where the transformation has none: nobody has left yet, or nobody is left.
    """

    time: int
    at_risk: int
    events: int
    censored: int
    survival: float
    error: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Curve:
    """A Kaplan–Meier curve: 1 until the first step."""

    people: int
    steps: Sequence[Step]

    def at(self, time: float) -> Step:
        """The step in force at ``time``; before the first one of all people and no event."""
        last = start_of(self.people)
        for step in self.steps:
            if step.time > time:
                break
            last = step
        return last

    def at_risk_after(self, time: float) -> int:
        """People still watched after ``time``."""
        return self.people - sum(step.events + step.censored for step in self.steps if step.time <= time)

    def cut(self, least: int) -> "Curve":
        """The curve as far as at least ``least`` people are at risk; ``people`` stays."""
        return Curve(self.people, [step for step in self.steps if step.at_risk >= least])


def start_of(people: int) -> Step:
    """Where every curve begins."""
    return Step(time=0, at_risk=people, events=0, censored=0, survival=1.0, error=0.0, low=None, high=None)


def estimate_curve(exits: Iterable[Exits]) -> Curve:
    """The Kaplan–Meier curve of people whose exits are these; times may come in any order and more than once."""
    counted = merge_exits(exits)
    people = at_risk = sum(events + censored for events, censored in counted.values())
    survival, spread = 1.0, 0.0
    steps = []
    for time, (events, censored) in sorted(counted.items()):
        survival *= (at_risk - events) / at_risk
        if events:
            # Greenwood's sum; it has no value once the last person at risk leaves.
            spread = math.inf if events == at_risk else spread + events / (at_risk * (at_risk - events))
        steps.append(_make_step(Exits(time, events, censored), at_risk, survival, spread))
        at_risk -= events + censored
    return Curve(people, steps)


def merge_exits(exits: Iterable[Exits]) -> dict[int, tuple[int, int]]:
    """Time → events and censored, each time once."""
    counted: dict[int, tuple[int, int]] = {}
    for time, events, censored in exits:
        before = counted.get(time, (0, 0))
        counted[time] = (before[0] + events, before[1] + censored)
    return {time: both for time, both in counted.items() if any(both)}


def _make_step(exits: Exits, at_risk: int, survival: float, spread: float) -> Step:
    error = None if math.isinf(spread) else survival * math.sqrt(spread)
    low = high = None
    if error:
        log = math.log(survival)
        width = Z_95 * math.sqrt(spread) / abs(log)
        low, high = survival ** math.exp(width), survival ** math.exp(-width)
    return Step(**exits._asdict(), at_risk=at_risk, survival=survival, error=error, low=low, high=high)


class Median(NamedTuple):
    """The time by which half have left, with 95% limits (Brookmeyer and Crowley, 1982); None: not reached."""

    time: int | None
    low: int | None
    high: int | None


def find_median(curve: Curve) -> Median:
    """The first time at which the estimate, and each of its limits, is a half or less."""

    def first(values: Iterable[tuple[int, float | None]]) -> int | None:
        # Rounded: a product that should be a half exactly may miss it by the last bit.
        return next((time for time, value in values if value is not None and round(value, 12) <= _HALF), None)

    return Median(
        first((step.time, step.survival) for step in curve.steps),
        first((step.time, step.low) for step in curve.steps),
        first((step.time, step.high) for step in curve.steps),
    )


@dataclass(frozen=True, kw_only=True)
class LogRank:
    """Whether groups differ: the log-rank test (Mantel 1966; Peto and Peto 1972).

    Attributes:
        chi_square, degrees: the statistic, chi-square distributed with so many degrees of freedom if they do not.
        p: how probable a statistic as large or larger is then.
        observed, expected: events by group, in the order given; expected if all groups were alike.
    """

    chi_square: float
    degrees: int
    p: float
    observed: Sequence[int]
    expected: Sequence[float]


def compare_groups(groups: Sequence[Iterable[Exits]]) -> LogRank | None:
    """Compare the groups; None where there is nothing to compare: fewer than two with people at risk, or no event."""
    counted = [merged for merged in (merge_exits(exits) for exits in groups) if merged]
    times = sorted({time for group in counted for time, (events, _censored) in group.items() if events})
    if len(counted) < len(("one", "other")) or not times:
        return None
    observed = [sum(events for events, _censored in group.values()) for group in counted]
    expected, covariance = _sum_over_times(counted, times)
    return _test(observed, expected, covariance)


def _sum_over_times(
    groups: Sequence[Mapping[int, tuple[int, int]]], times: Sequence[int]
) -> tuple[list[float], list[list[float]]]:
    """Expected events by group, and the covariance of observed minus expected, summed over the times of events."""
    count = len(groups)
    expected = [0.0] * count
    covariance = [[0.0] * count for _row in range(count)]
    waiting = [sorted(group.items()) for group in groups]
    at_risk = [sum(map(sum, group.values())) for group in groups]
    place = [0] * count
    for time in times:
        for index, exits in enumerate(waiting):
            while place[index] < len(exits) and exits[place[index]][0] < time:
                at_risk[index] -= sum(exits[place[index]][1])
                place[index] += 1
        everybody = sum(at_risk)
        events = sum(group.get(time, (0, 0))[0] for group in groups)
        spread = events * (everybody - events) / (everybody - 1) if everybody > 1 else 0.0
        shares = [risk / everybody for risk in at_risk]
        for row in range(count):
            expected[row] += events * shares[row]
            for column in range(count):
                covariance[row][column] += spread * shares[row] * ((row == column) - shares[column])
    return expected, covariance


def _test(observed: Sequence[int], expected: Sequence[float], covariance: Sequence[Sequence[float]]) -> LogRank | None:
    import numpy as np
    from scipy.stats import chi2

    # One group's difference follows from the others'; a pseudo-inverse also bears groups that were never at risk.
    matrix = np.array(covariance)[:-1, :-1]
    difference = np.array(observed[:-1], dtype=float) - np.array(expected[:-1])
    degrees = int(np.linalg.matrix_rank(matrix))
    if not degrees:
        return None
    chi_square = float(difference @ np.linalg.pinv(matrix) @ difference)
    p = float(chi2.sf(chi_square, degrees))
    return LogRank(chi_square=chi_square, degrees=degrees, p=p, observed=observed, expected=expected)
