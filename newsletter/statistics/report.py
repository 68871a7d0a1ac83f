"""What a row of ``stats unsubscribes`` holds, and how JSON has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.intervals import exact_interval
from newsletter.statistics.labels import label_suppressed
from newsletter.statistics.names import Code
from newsletter.statistics.period import Period
from newsletter.statistics.privacy import SUPPRESSED

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

    @property
    def interval(self) -> tuple[float, float] | None:
        """The exact 95% interval of the rate; None where nothing was delivered."""
        ends = exact_interval(self.unsubscribed, self.delivered)
        return None if ends is None else (round(ends[0], RATE_PLACES), round(ends[1], RATE_PLACES))

    @property
    def is_merged(self) -> bool:
        """Whether it is the small groups together."""
        return any(label == label_suppressed() and code == SUPPRESSED for code, label in self.names.values())

    def as_document(self) -> dict[str, Any]:
        """The row as JSON has it: ``{<dimension>: code, <dimension>_label: label, …, "audience": …}``.

        The ends of the interval are null where nothing was delivered.
        """
        document: dict[str, Any] = {}
        for dimension, (code, label) in self.names.items():
            document |= {dimension.value: code, f"{dimension}_label": label}
        counts = {"audience": self.audience, "delivered": self.delivered, "unsubscribed": self.unsubscribed}
        low, high = self.interval or (None, None)
        return document | counts | {"rate": self.rate, "rate_low": low, "rate_high": high}


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
        period: the days counted.
    """

    by: tuple[Dimension, ...]
    rows: Sequence[Row]
    has_merged: bool
    small_count: int
    total: Row
    unattributed: int
    elsewhere: int
    period: Period

    @property
    def is_overlapping(self) -> bool:
        """Whether an edition counts in several rows, so that the total is not their sum."""
        return Dimension.COLUMN in self.by

    def as_document(self) -> dict[str, Any]:
        """The one JSON document."""
        aside = {"unattributed": self.unattributed, "elsewhere": self.elsewhere}
        return {"rows": [row.as_document() for row in self.rows], "total": self.total.as_document() | aside}
