"""What the checks of figures hand on: where, what is wrong, and what the figure should be."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Verdict:
    """A figure that contradicts another."""

    start: int
    end: int
    message: str
    suggestion: str = ""


def plain(value: Decimal) -> str:
    """A number without needless zeros: 12.50 → 12.5."""
    return f"{value.normalize():f}"
