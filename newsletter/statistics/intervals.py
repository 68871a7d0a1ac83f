"""How uncertain a rate is, and whether two rates differ by more than chance: exact, since numbers are small. Pure.

scipy is imported late: it costs a tenth of a second.
"""

from collections.abc import Sequence
from typing import Final

#: Share of such intervals that hold the true rate, at least.
CONFIDENCE: Final = 0.95
#: Probability below which a difference is not put down to chance.
SIGNIFICANCE: Final = 0.05


def exact_interval(part: int, whole: int) -> tuple[float, float] | None:
    """The 95% interval of a rate (Clopper and Pearson, Biometrika 26, 1934, 404–413).

    Args:
        part: how many did it.
        whole: out of how many.

    Returns:
        Its ends, between 0 and 1; None where ``whole`` is 0, or less than ``part``: nothing is known of such a rate.
    """
    if not whole or part > whole:
        return None
    from scipy.special import betaincinv

    tail = (1 - CONFIDENCE) / 2
    low = float(betaincinv(part, whole - part + 1, tail)) if part else 0.0
    high = float(betaincinv(part + 1, whole - part, 1 - tail)) if part < whole else 1.0
    return low, high


def exact_test(first: tuple[int, int], second: tuple[int, int]) -> float:
    """How probable it is that rates differ at least so much by chance alone: Fisher's exact test, two-sided.

    Args:
        first: part and whole of one of them.
        second: of the other.
    """
    from scipy.stats import fisher_exact

    table = [[min(part, whole), whole - min(part, whole)] for part, whole in (first, second)]
    return float(fisher_exact(table).pvalue)


def correct_for_many(values: Sequence[float]) -> list[float]:
    """Probabilities corrected for having asked several times (Holm, Scand. J. Statistics 6, 1979, 65–70), in order."""
    corrected = [1.0] * len(values)
    largest = 0.0
    for rank, place in enumerate(sorted(range(len(values)), key=lambda place: values[place])):
        largest = max(largest, min(1.0, values[place] * (len(values) - rank)))
        corrected[place] = largest
    return corrected
