"""How a report becomes a CSV file that a spreadsheet opens well: UTF-8 with BOM, and no cell that is a formula."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Final

from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.labels import DIMENSIONS
from newsletter.statistics.report import Report, Row
from newsletter.statistics.words import COUNTS
from newsletter.translation import active_language
from newsletter.translation import gettext as _

#: Beginnings a spreadsheet takes for a formula, their full-width forms included (OWASP, "CSV Injection").
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
#: Code of the last row.
TOTAL: Final = "total"


def make_csv(report: Report) -> bytes:
    """The whole file: headings, a row a group, the total last.

    Headings are JSON's field names in English, and words in other languages.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(headings(report))
    for row in lines(report):
        writer.writerow(["" if cell is None else escape_cell(cell) for cell in row])
    return codecs.BOM_UTF8 + stream.getvalue().encode()


def escape_cell(cell: str | float) -> str | float:
    """Put an apostrophe before text that a spreadsheet would calculate; numbers are numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def headings(report: Report) -> list[str]:
    """A code and a label for each dimension, then the counts."""
    if active_language() == "en":
        pairs = [[dimension.value, f"{dimension}_label"] for dimension in report.by]
        return [heading for pair in pairs for heading in pair] + list(COUNTS)
    words = [[_code_heading(dimension), _(DIMENSIONS[dimension])] for dimension in report.by]
    return [heading for pair in words for heading in pair] + [_(heading) for heading in COUNTS.values()]


def _code_heading(dimension: Dimension) -> str:
    return _("{dimension} (code)").format(dimension=_(DIMENSIONS[dimension]))


def lines(report: Report) -> Iterator[list[str | float | None]]:
    """The cells below ``headings``: of every row, then of the total; None: not known."""
    for row in report.rows:
        names = [part for pair in row.names.values() for part in pair]
        yield [*names, *_counts(row)]
    total = [TOTAL, _("Total")] + [""] * (2 * len(report.by) - 2) if report.by else []
    yield [*total, *_counts(report.total)]


def _counts(row: Row) -> list[float | None]:
    return [row.audience, row.delivered, row.unsubscribed, row.rate, *(row.interval or (None, None))]
