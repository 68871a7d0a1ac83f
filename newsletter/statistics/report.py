"""What a row of ``stats unsubscribes`` holds, and how JSON has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.names import Code

#: Decimal places a rate is rounded to.
RATE_PLACES: Final = 6


def divide(part: int, whole: int) -> float:
    """A rate between counts, rounded; 0 where there is nothing to divide by."""
    return round(part / whole, RATE_PLACES) if whole else 0.0


@dataclass(frozen=True, kw_only=True)
class Row:
    """Counts of one group.

    Attributes:
        names: code and label by dimension, in the order asked for; empty for the total.
        audience, delivered: ledger rows.
        unsubscribed: opt-outs.
    """

    names: Mapping[Dimension, tuple[Code, str]]
    audience: int
    delivered: int
    unsubscribed: int

    @property
    def rate(self) -> float:
        """Opt-outs by delivered row."""
        return divide(self.unsubscribed, self.delivered)

    def as_document(self) -> dict[str, Any]:
        """The row as JSON has it: ``{<dimension>: code, <dimension>_label: label, …, "audience": …}``."""
        document: dict[str, Any] = {}
        for dimension, (code, label) in self.names.items():
            document |= {dimension.value: code, f"{dimension}_label": label}
        counts = {"audience": self.audience, "delivered": self.delivered, "unsubscribed": self.unsubscribed}
        return document | counts | {"rate": self.rate}


@dataclass(frozen=True, kw_only=True)
class Report:
    """What ``stats unsubscribes`` shows.

    Attributes:
        by: the dimensions, in the order asked for.
        rows: in the order of their codes; the merged one, if any, is the last.
        has_merged: whether small groups were merged.
        small_count: groups of fewer people are small.
        total: of everything counted, small groups included.
        unattributed: opt-outs of the period attributed to no edition; in no rate.
        elsewhere: opt-outs of the period attributed to an edition planned outside it; in no rate.
    """

    by: tuple[Dimension, ...]
    rows: Sequence[Row]
    has_merged: bool
    small_count: int
    total: Row
    unattributed: int
    elsewhere: int

    def as_document(self) -> dict[str, Any]:
        """The one JSON document."""
        aside = {"unattributed": self.unattributed, "elsewhere": self.elsewhere}
        return {"rows": [row.as_document() for row in self.rows], "total": self.total.as_document() | aside}
