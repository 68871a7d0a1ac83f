"""How a report of who left is drawn: months as a line, every other breakdown as bars, with the exact intervals."""

from newsletter.statistics.charts import Bar, ChartForm, Line, draw_bars, draw_lines
from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.labels import DIMENSIONS
from newsletter.statistics.report import Report, Row
from newsletter.statistics.words import period_words
from newsletter.translation import gettext as _


def draw_report(report: Report, form: ChartForm) -> bytes:
    """The file's bytes; the merged row is grey, and no point on a line; without a breakdown there is one bar.

    Raises:
        MissingFontError: no font with Chinese characters is installed.
    """
    measure = _("Unsubscribe rate, with its exact 95% interval")
    if report.by == (Dimension.MONTH,) and any(not row.is_merged for row in report.rows):
        shown = [row for row in report.rows if not row.is_merged]
        labels = [_label(row) for row in shown]
        return draw_lines([_line(shown)], labels, title=_title(report), form=form, y_label=measure)
    bars = [_bar(row, _label(row)) for row in report.rows] or [_bar(report.total, _("Total"))]
    total = report.total.rate if report.rows else None
    return draw_bars(bars, title=_title(report), form=form, x_label=measure, total=total)


def _title(report: Report) -> str:
    if not report.by:
        return _("Unsubscribe rate, {period}").format(period=period_words(report))
    by = _(", ").join(_(DIMENSIONS[dimension]) for dimension in report.by)
    return _("Unsubscribe rate by {by}, {period}").format(by=by, period=period_words(report))


def _label(row: Row) -> str:
    """The names of the group; the merged row's is the same for all dimensions."""
    return " · ".join(dict.fromkeys(label for _code, label in row.names.values()))


def _bar(row: Row, label: str) -> Bar:
    low, high = row.interval or (None, None)
    return Bar(label=label, value=min(row.rate, 1.0), low=low, high=high, is_muted=row.is_merged)


def _line(rows: list[Row]) -> Line:
    intervals = [row.interval or (None, None) for row in rows]
    return Line(
        label=_("Unsubscribe rate"),
        values=[row.rate for row in rows],
        low=[low for low, _high in intervals],
        high=[high for _low, high in intervals],
    )
