"""A report as a workbook: typed numbers and percentages, the total, what every column means, and how it was made."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from newsletter.statistics.chart_axes import display_width
from newsletter.statistics.labels import DIMENSIONS
from newsletter.statistics.report import Report
from newsletter.statistics.sheets import headings, lines
from newsletter.statistics.words import (
    COUNTS,
    MEANINGS,
    SHARES,
    dimension_counting,
    dimension_unit,
    period_words,
    report_remarks,
)
from newsletter.translation import gettext as _

#: Columns' width in characters: at least, at most.
_NARROWEST: Final = 8
_WIDEST: Final = 56
_COUNT_FORMAT: Final = "#,##0"
_SHARE_FORMAT: Final = "0.00%"
_HUE: Final = "#DCE6F1"
#: A4 (ECMA-376, ST_PaperSize as Excel numbers it).
_A4: Final = 9


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Whose figures they are, who had them counted, and when (local time)."""

    newsroom: str
    staff: str
    at: datetime


def make_report_workbook(report: Report, origin: Origin) -> bytes:
    """The whole file; text stays text, whatever it looks like.

    Three sheets: the figures; the data dictionary; the notes, with period, origin and the rule on small groups.
    """
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": origin.at.replace(tzinfo=None, microsecond=0), "author": origin.staff})
        _write_figures(book, book.add_worksheet(_("Unsubscribes")), report)
        _write_texts(book, book.add_worksheet(_("Data dictionary")), _dictionary(report))
        _write_texts(book, book.add_worksheet(_("Notes")), _notes(report, origin))
    return stream.getvalue()


def _write_figures(book: Any, page: Any, report: Report) -> None:
    rows, titles = list(lines(report)), headings(report)
    fields = [""] * (2 * len(report.by)) + list(COUNTS)
    plain = {field: _format(book, field, is_total=False) for field in {*fields}}
    bold = {field: _format(book, field, is_total=True) for field in {*fields}}
    heading = book.add_format({"bold": True, "bg_color": _HUE, "border": 1, "align": "center", "text_wrap": True})
    for place, (field, title) in enumerate(zip(fields, titles, strict=True)):
        page.write_string(0, place, title, heading)
        shown = [title, *(_show(field, row[place]) for row in rows)]
        page.set_column(place, place, _width(shown))
        for line, row in enumerate(rows, start=1):
            _write_cell(page, line, place, row[place], (bold if line == len(rows) else plain)[field])
    _set_page(page)
    if report.rows:
        page.autofilter(0, 0, len(report.rows), len(titles) - 1)


def _format(book: Any, field: str, *, is_total: bool) -> Any:
    look: dict[str, Any] = {"bold": True, "top": 1} if is_total else {}
    if field:
        look["num_format"] = _SHARE_FORMAT if field in SHARES else _COUNT_FORMAT
    return book.add_format(look)


def _write_cell(page: Any, line: int, place: int, cell: str | float | None, look: Any) -> None:
    if cell is None:
        page.write_blank(line, place, None, look)
    elif isinstance(cell, str):
        page.write_string(line, place, cell, look)
    else:
        page.write_number(line, place, cell, look)


def _dictionary(report: Report) -> list[list[str]]:
    titles = headings(report)
    rows = [[_("Column heading"), _("Meaning"), _("Unit of measure"), _("How counted")]]
    for place, dimension in enumerate(report.by):
        code, label = titles[2 * place : 2 * place + 2]
        name, counting = _(DIMENSIONS[dimension]), dimension_counting(dimension)
        rows.append([code, _("{dimension}: code").format(dimension=name), dimension_unit(), counting])
        rows.append([label, _("{dimension}: name").format(dimension=name), dimension_unit(), counting])
    for field, title in zip(COUNTS, titles[2 * len(report.by) :], strict=True):
        meaning = MEANINGS[field]
        rows.append([title, _(meaning.meaning), _(meaning.unit), _(meaning.counting)])
    return rows


def _notes(report: Report, origin: Origin) -> list[list[str]]:
    by = _(", ").join(_(DIMENSIONS[dimension]) for dimension in report.by) or _("total only")
    rows = [
        [_("What"), _("Notes")],
        [_("Newsroom"), origin.newsroom],
        [_("Period"), period_words(report)],
        [_("Broken down by"), by],
        [_("Counted by"), origin.staff],
        [_("Counted at"), f"{origin.at:%Y-%m-%d %H:%M}"],
        [_("Small groups"), _small_words(report)],
    ]
    return rows + [[_("Note"), line] for line in report_remarks(report)]


def _small_words(report: Report) -> str:
    if report.small_count <= 1:
        return _("every group is shown")
    line = _("Groups with fewer than {count} people delivered to are merged into one row, with the next smallest.")
    return line.format(count=report.small_count)


def _write_texts(book: Any, page: Any, rows: Sequence[Sequence[str]]) -> None:
    heading = book.add_format({"bold": True, "bg_color": _HUE, "border": 1})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    for line, row in enumerate(rows):
        for place, text in enumerate(row):
            page.write_string(line, place, text, body if line else heading)
    for place in range(len(rows[0])):
        page.set_column(place, place, _width([row[place] for row in rows]))
    _set_page(page)


def _set_page(page: Any) -> None:
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)


def _show(field: str, cell: str | float | None) -> str:
    """About as Excel will show it, to measure it."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    return f"{cell:.2%}" if field in SHARES else f"{cell:,.0f}"


def _width(texts: Sequence[str]) -> int:
    """Characters, a Chinese one counting two, and room for the filter's arrow."""
    return max(_NARROWEST, min(_WIDEST, max(display_width(text) for text in texts) + 3))
