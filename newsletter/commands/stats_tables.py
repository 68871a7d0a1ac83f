"""How ``stats unsubscribes`` and ``stats compare`` look in a terminal: counts, rates, intervals, and bars."""

import math
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from newsletter.commands.output import print_lines, print_table
from newsletter.translation import gettext as _

if TYPE_CHECKING:
    from newsletter.statistics.comparing import Comparison
    from newsletter.statistics.report import Report, Row

#: Width of the longest bar in a wide window, in columns; below ``_NARROW`` there is no room for bars.
_LONGEST: Final = 24
_SHORTEST: Final = 10
_WIDE: Final = 120
_NARROW: Final = 90
_EIGHTHS: Final = " ▏▎▍▌▋▊▉█"
#: Where the terminal's encoding has no such blocks.
_PLAIN: Final = "#"


def print_report(report: "Report") -> None:
    """A row a group, the total last; bars are as long as the rates, the highest one the longest."""
    from newsletter.statistics.labels import DIMENSIONS
    from newsletter.statistics.words import COUNTS

    headings = [_(DIMENSIONS[dimension]) for dimension in report.by] or [""]
    labels: list[list[object]] = [[label for _code, label in row.names.values()] for row in report.rows]
    labels.append([_("Total"), *([""] * (len(headings) - 1))])
    rows = [*report.rows, report.total]
    lines = [[*names, *cells] for names, cells in zip(labels, _cells(rows), strict=True)]
    print_table(
        [
            *headings,
            *_count_headings([_(COUNTS[field]) for field in ("audience", "delivered", "unsubscribed", "rate")]),
        ],
        lines,
    )


def print_comparison(comparison: "Comparison") -> None:
    """The editions, then a sentence for each pair."""
    from newsletter.statistics.dimensions import Dimension
    from newsletter.statistics.words import COUNTS

    names = [row.names[Dimension.EDITION] for row in comparison.rows]
    headings = [
        _("Edition"),
        _("Title"),
        *(_(COUNTS[field]) for field in ("audience", "delivered", "unsubscribed", "rate")),
    ]
    print_table(
        _count_headings(headings), [[*name, *cells] for name, cells in zip(names, _cells(comparison.rows), strict=True)]
    )
    for pair in comparison.pairs:
        print_lines(_("{sentence} (p = {value})").format(sentence=pair.sentence(), value=f"{pair.p_corrected:.3g}"))


def _count_headings(headings: list[str]) -> list[str]:
    return [*headings, _("95% interval"), *([""] if _bar_width() else [])]


def _cells(rows: "Sequence[Row]") -> list[list[object]]:
    """Counts, then texts padded so that their digits stand below each other, then the bar."""
    rates = _align([f"{row.rate:.2%}" for row in rows])
    intervals = _align(["" if row.interval is None else "{:.2%} – {:.2%}".format(*row.interval) for row in rows])
    width, highest = _bar_width(), max((row.rate for row in rows), default=0.0)
    cells: list[list[object]] = []
    for row, rate, interval in zip(rows, rates, intervals, strict=True):
        bar = [draw_bar(row.rate / highest if highest else 0.0, width)] if width else []
        cells.append([row.audience, row.delivered, row.unsubscribed, rate, interval, *bar])
    return cells


def _align(texts: Sequence[str]) -> list[str]:
    widest = max(map(len, texts), default=0)
    return [text.rjust(widest) for text in texts]


def draw_bar(share: float, width: int) -> str:
    """A bar of ``share`` × ``width`` columns, to an eighth of a column; something, however little, is at least that."""
    eighths = min(math.ceil(share * width * 8), width * 8)
    if not _has_blocks():
        return _PLAIN * math.ceil(eighths / 8)
    return (_EIGHTHS[8] * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()


def _bar_width() -> int:
    """0 in a narrow window; what no window shows (a pipe) is wide."""
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDE
    if columns < _NARROW:
        return 0
    return _LONGEST if columns >= _WIDE else _SHORTEST


def _has_blocks() -> bool:
    try:
        _EIGHTHS.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
