"""How well the checks find errors planted by somebody who had not seen them; ``held_out`` is for the last judgement."""

from collections.abc import Mapping
from typing import Final

import pytest

from tests.articles.checks.planted import PLANTED, Evaluation, Tally, describe, evaluate

#: Check → least recall and precision.
LEAST: Final[Mapping[str, tuple[float, float]]] = {
    "leader_names": (0.95, 0.9),
    "leader_ranks": (0.95, 0.9),
    "leader_titles": (0.95, 0.9),
    "places": (0.95, 0.9),
    "dates": (0.95, 0.9),
    "terms": (0.95, 0.9),
    "figures": (0.85, 0.85),
    "doubled": (0.85, 0.85),
    "unpaired": (0.85, 0.85),
    "punctuation": (0.85, 0.85),
    "traditional": (0.85, 0.85),
    "broken_characters": (0.85, 0.85),
    "glyphs": (0.85, 0.85),
}
#: False findings an article without errors may have, on the average.
_FALSE_ALARMS: Final = 0.25


@pytest.fixture(scope="module")
def tuning() -> Evaluation:
    return evaluate(PLANTED / "tuning")


def test_every_check_is_judged_and_reported(tuning: Evaluation) -> None:
    assert {name for name, tally in tuning.by_check.items() if tally.planted} <= LEAST.keys()
    lines = describe(tuning, show=True)
    assert lines[0].split() == ["check", "planted", "found", "recall", "true", "false", "precision"]
    assert any(line.startswith("places ") for line in lines)


@pytest.mark.parametrize("check", LEAST)
def test_planted_errors_are_found_and_few_others(tuning: Evaluation, check: str) -> None:
    tally = tuning.by_check[check]
    recall, precision = LEAST[check]
    assert tally.planted
    assert tally.recall >= recall, tuning.missed
    assert tally.precision >= precision, tuning.wrong


def test_articles_without_errors_raise_few_alarms(tuning: Evaluation) -> None:
    assert tuning.clean
    assert tuning.false_in_clean <= tuning.clean * _FALSE_ALARMS, tuning.wrong


def test_a_tally_tells_recall_and_precision() -> None:
    tally = Tally(planted=4, found=3, true=3, false=1)
    assert (tally.recall, tally.precision) == (0.75, 0.75)
    assert (Tally().recall, Tally().precision) == (1.0, 1.0)
