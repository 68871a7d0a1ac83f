"""Who ranks where: more points, then fewer penalties, then the better adoption rate, else the rank is shared. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from newsletter.workflow.rule_book.points_table import HUNDREDTHS


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What somebody, or a unit, achieved in a period.

    Attributes:
        id: a contributor's or a unit's.
        code: a unit's own, or of the unit that a contributor belongs to; ``unit_name`` likewise.
        name: the contributor's or the unit's.
        points, penalties: hundredths.
        adopted: articles first used in the period; ``submitted``: handed in during it.
    """

    id: int
    code: str
    name: str
    unit_name: str
    points: int = 0
    adopted: int = 0
    submitted: int = 0
    penalties: int = 0

    @property
    def rate(self) -> Fraction:
        """Adopted by submitted, at most 1: what was handed in before the period may be adopted in it."""
        if self.submitted == 0:
            return Fraction(min(1, self.adopted))
        return min(Fraction(1), Fraction(self.adopted, self.submitted))


@dataclass(frozen=True)
class Ranked:
    """A standing and its rank, from 1; equals share it, and the next one counts them all (1, 2, 2, 4)."""

    rank: int
    standing: Standing


def rank_standings(standings: Iterable[Standing]) -> list[Ranked]:
    """Everybody by rank; equals in the order of their names."""
    ordered = sorted(standings, key=lambda one: (_merit(one), one.name, one.id))
    ranked: list[Ranked] = []
    for place, standing in enumerate(ordered, start=1):
        is_equal = bool(ranked) and _merit(ranked[-1].standing) == _merit(standing)
        ranked.append(Ranked(ranked[-1].rank if is_equal else place, standing))
    return ranked


def choose_rewarded(ranked: Sequence[Ranked], ranks: int) -> list[Ranked]:
    """Whoever ranks among the first ``ranks`` and has earned anything."""
    return [one for one in ranked if one.rank <= ranks and one.standing.points > 0]


def as_points(hundredths: int) -> float:
    """Hundredths as documents carry points: a number with two decimals."""
    return round(hundredths / HUNDREDTHS, 2)


def show_points(hundredths: int) -> str:
    """Hundredths as people read points, always with two decimals."""
    return f"{hundredths / HUNDREDTHS:.2f}"


def counts_document(standing: Standing) -> dict[str, Any]:
    """What JSON says of anybody ranked, beside who it is."""
    return {
        "points": as_points(standing.points),
        "adopted": standing.adopted,
        "submitted": standing.submitted,
        "penalties": as_points(standing.penalties),
    }


def _merit(standing: Standing) -> tuple[int, int, Fraction]:
    return -standing.points, standing.penalties, -standing.rate
