"""What the columns of ``stats unsubscribes`` mean: headings, units, how they are counted; for files and for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.report import Report
from newsletter.translation import gettext as _
from newsletter.translation import mark

#: Counts, in the order of every table.
COUNTS: Final[Mapping[str, str]] = {
    "audience": mark("Audience"),
    "delivered": mark("Delivered"),
    "unsubscribed": mark("Unsubscribed"),
    "rate": mark("Unsubscribe rate"),
    "rate_low": mark("Rate at least"),
    "rate_high": mark("Rate at most"),
}
#: What is a share, between 0 and 1.
SHARES: Final = frozenset({"rate", "rate_low", "rate_high"})


@dataclass(frozen=True)
class Meaning:
    """One line of the data dictionary; all marked messages."""

    meaning: str
    unit: str
    counting: str


_ROWS: Final = mark("messages")
_PEOPLE: Final = mark("opt-outs")
_SHARE: Final = mark("percent")
_CODE: Final = mark("plain text")
#: The data dictionary of the counts.
MEANINGS: Final[Mapping[str, Meaning]] = {
    "audience": Meaning(
        mark("Who was meant to get it"),
        _ROWS,
        mark("Rows of the ledger, one for each number and edition, of the editions planned in the period"),
    ),
    "delivered": Meaning(
        mark("Whom it reached"), _ROWS, mark("Rows of the ledger that the gateway reported as delivered")
    ),
    "unsubscribed": Meaning(
        mark("Who left of their own will"),
        _PEOPLE,
        mark("Opt-outs of the period that took effect, attributed to one of these editions; deaths and moves are none"),
    ),
    "rate": Meaning(mark("Share of those reached who left"), _SHARE, mark("Unsubscribed ÷ delivered")),
    "rate_low": Meaning(
        mark("Lower end of the rate's 95% interval"),
        _SHARE,
        mark("Clopper and Pearson's exact interval; empty where nothing was delivered"),
    ),
    "rate_high": Meaning(
        mark("Upper end of the rate's 95% interval"),
        _SHARE,
        mark("Clopper and Pearson's exact interval; empty where nothing was delivered"),
    ),
}
#: How a dimension is counted; those not named are the person's own, when the edition was planned.
_COUNTING: Final[Mapping[Dimension, str]] = {
    Dimension.EDITION: mark("The edition sent; an opt-out belongs to the one it is attributed to"),
    Dimension.PAPER: mark("The edition's paper"),
    Dimension.KIND: mark("The edition's kind"),
    Dimension.COLUMN: mark("Editions that contained the column, each in every column it contained: not a cause"),
    Dimension.MONTH: mark("When the edition was planned; an opt-out counts with its edition"),
    Dimension.REASON: mark("Of opt-outs alone: audience and delivered are those of the whole group"),
    Dimension.REGION: mark("The member's town when the edition was planned, of an opt-out too"),
}
_OF_PERSON: Final = mark("The member's own when the edition was planned, of an opt-out too")


def dimension_counting(dimension: Dimension) -> str:
    """How a dimension is counted, in the user's language."""
    return _(_COUNTING.get(dimension, _OF_PERSON))


def dimension_unit() -> str:
    """The unit of codes and labels."""
    return _(_CODE)


def period_words(report: Report) -> str:
    """The days counted, for people."""
    since, until = report.period.since, report.period.until
    if since is None and until is None:
        return _("all editions so far")
    if since is None:
        return _("until {until}").format(until=until)
    if until is None:
        return _("from {since} on").format(since=since)
    return _("{since} to {until}").format(since=since, until=until)


def report_remarks(report: Report) -> list[str]:
    """What must be known to read the figures rightly, a sentence each; empty when nothing must."""
    lines = []
    if report.has_merged:
        line = _("Groups with fewer than {count} people delivered to are merged into one row, with the next smallest.")
        lines.append(line.format(count=report.small_count))
    if report.is_overlapping:
        lines.append(
            _("By column: editions that contained it, in each of their columns; the total is not the rows' sum.")
        )
    if report.unattributed:
        line = _("Opt-outs attributed to no edition, in no rate: {count}")
        lines.append(line.format(count=report.unattributed))
    if report.elsewhere:
        line = _("Opt-outs attributed to editions outside the period, in no rate: {count}")
        lines.append(line.format(count=report.elsewhere))
    return lines
