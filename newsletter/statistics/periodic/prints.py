"""The report's pages: one template for PDF and for a self-contained HTML file, in Chinese, with charts inside."""

import base64
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from newsletter.editions.rendering.environment import html_environment, render_template
from newsletter.editions.rendering.findings import missing_glyphs
from newsletter.editions.rendering.pdf import FONT_PROBE
from newsletter.editions.rendering.text import clean_line
from newsletter.editions.rendering.weasy import MissingFontError, print_html
from newsletter.statistics.charts import Bar, ChartForm, draw_bars
from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.growth.balance import merge_balances
from newsletter.statistics.growth.charts import chart_growth, chart_retention
from newsletter.statistics.growth.counts import Growth, GrowthRow
from newsletter.statistics.merit.prints import Print
from newsletter.statistics.periodic.figures import PeriodicReport, in_chinese
from newsletter.statistics.periodic.sentences import headlines, retention_words, summary
from newsletter.statistics.report import Report, Row
from newsletter.workflow.periods import period_in_print

_TEMPLATE: Final = "pdf/report.html.j2"
#: Breakdowns that get a table: title, heading of the first column, what must be known to read it.
_TABLES: Final = (
    (Dimension.EDITION, "各期退订", "期", ""),
    (Dimension.UNIT, "分单位", "单位", "各单位含其下级；按发送时所属单位。"),
    (Dimension.REASON, "退订原因", "原因", "只有退订才有原因，各行的送达数都是全部送达数。"),
    (Dimension.KIND, "分刊物类型", "类型", ""),
    (Dimension.COLUMN, "含有该栏目的各期", "栏目", "一期有几个栏目，就在几行里各计一次；只说明同期出现，不说明因果。"),
)
#: Rows beyond which a table shows the largest only.
_MOST_ROWS: Final = 40


class _Line(NamedTuple):
    cells: Sequence[str]
    is_total: bool = False


class _Table(NamedTuple):
    title: str
    note: str
    headings: Sequence[str]
    lines: Sequence[_Line]


class _Section(NamedTuple):
    title: str
    text: str
    chart: str
    chart_name: str
    tables: Sequence[_Table]


def print_report(report: PeriodicReport) -> Print:
    """The report as PDF. Same values, same bytes.

    Raises:
        MissingLibraryError: a native library is not installed.
        MissingFontError: no font with Chinese characters is installed.
    """
    printed = print_html(report_html(report))
    glyphs = missing_glyphs(printed.records)
    if FONT_PROBE in glyphs:
        raise MissingFontError
    return Print(printed.data, printed.page_count, glyphs)


def report_html(report: PeriodicReport) -> str:
    """The report as one HTML page that needs nothing else.

    Raises:
        MissingFontError: no font with Chinese characters is installed.
    """
    environment = html_environment().overlay()
    environment.filters = {**environment.filters, "plain_date": _plain_date}
    with in_chinese():
        return render_template(
            environment,
            _TEMPLATE,
            report=report,
            line=clean_line,
            period=period_in_print(report.period),
            made_at=_moment(report.made_at),
            headlines=headlines(report),
            summary=summary(report),
            sections=_sections(report),
        )


def _plain_date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _moment(moment: datetime) -> str:
    return f"{_plain_date(moment.date())} {moment:%H:%M}"


def _sections(report: PeriodicReport) -> list[_Section]:
    has_members = bool(report.now.growth.total.start or report.now.growth.total.entered)
    growth = _growth_table("逐月增减", "月份", report.now.growth)
    by_unit = _growth_table("分单位增减", "单位", report.growth_by_unit)
    tables = [_rates_table(title, heading, note, report.breakdowns[by]) for by, title, heading, note in _TABLES]
    curve = report.retention.groups
    return [
        _Section(
            "人数增减",
            "" if has_members else "没有人员，也就没有增减。",
            _embed(chart_growth(report.now.growth, ChartForm.SVG, title="每月净增（人）"))
            if has_members and len(report.now.growth.rows) > 1
            else "",
            "每月净增",
            [table for table in (growth, by_unit) if has_members and table.lines],
        ),
        _Section(
            "退订情况",
            "" if any(table.lines for table in tables) else "没有发刊，也就没有退订率。",
            _rates_chart(report.breakdowns[Dimension.EDITION]),
            "各期退订率及其95%区间",
            [table for table in tables if table.lines],
        ),
        _Section(
            "留存情况",
            retention_words(report.retention),
            _embed(chart_retention(report.retention, ChartForm.SVG, title="没有退订的比例（卡普兰—迈耶估计）"))
            if any(len(group.months) > 1 for group in curve)
            else "",
            "留存曲线",
            [_retention_table(report)] if curve and len(curve[0].months) > 1 else [],
        ),
    ]


def _embed(svg: bytes) -> str:
    # As an image of its own, its ids cannot clash with another chart's.
    return "data:image/svg+xml;base64," + base64.b64encode(svg).decode("ascii")


def _rates_chart(found: Report) -> str:
    if not found.rows:
        return ""
    bars = []
    for row in _newest(found):
        low, high = row.interval or (None, None)
        bars.append(Bar(label=_name(row), value=min(row.rate, 1.0), low=low, high=high, is_muted=row.is_merged))
    return _embed(draw_bars(bars, title="各期退订率及其95%区间", form=ChartForm.SVG, total=found.total.rate))


def _newest(found: Report) -> list[Row]:
    """The newest editions, as many as a table has: the chart and the table beside it show the same."""
    return list(found.rows)[-_MOST_ROWS:]


def _name(row: Row) -> str:
    return "、".join(label for _code, label in row.names.values())


def _growth_table(title: str, heading: str, growth: Growth) -> _Table:
    headings = [heading, "期初", "新入册", "恢复", "转入", "转出", "自愿退订", "非自愿减少", "净增", "期末"]
    fields = ("start", "joined", "came_back", "moved_in", "moved_out", "opted_out", "involuntary", "net", "end")
    found = list(growth.rows)
    rest: list[GrowthRow] = []
    if len(found) > _MOST_ROWS:
        by_size = sorted(found, key=lambda row: -row.balance.end)
        found, rest = by_size[:_MOST_ROWS], by_size[_MOST_ROWS:]
    rows = [(row.label, row.balance) for row in found]
    if rest:
        rows.append((f"其余{len(rest)}行", merge_balances(row.balance for row in rest)))
    shown = [_Line([label, *(f"{balance.as_document()[field]:,}" for field in fields)]) for label, balance in rows]
    if shown:
        shown.append(_Line(["合计", *(f"{growth.total.as_document()[field]:,}" for field in fields)], is_total=True))
    return _Table(title, _left_out(len(growth.rows)), headings, shown)


def _rates_table(title: str, heading: str, note: str, found: Report) -> _Table:
    rows = list(found.rows)
    if len(rows) > _MOST_ROWS:
        is_edition = found.by == (Dimension.EDITION,)
        rows = _newest(found) if is_edition else sorted(rows, key=lambda row: -row.delivered)[:_MOST_ROWS]
    lines = [_rates_line(_name(row), row) for row in rows]
    rest = [row for row in found.rows if row not in rows]
    if rest and not found.is_overlapping:
        lines.append(_rates_line(f"其余{len(rest)}行", _sum_rows(rest)))
    if lines:
        lines.append(_rates_line("合计", found.total, is_total=True))
    headings = [heading, "应发（条）", "送达（条）", "退订（件）", "退订率", "95%区间"]
    return _Table(
        title,
        note + _left_out(len(found.rows), "最近" if found.by == (Dimension.EDITION,) else "人数最多"),
        headings,
        lines,
    )


def _rates_line(name: str, row: Row, *, is_total: bool = False) -> _Line:
    ends = row.interval
    rate, interval = ("—", "—") if ends is None else (f"{row.rate:.2%}", f"{ends[0]:.2%}～{ends[1]:.2%}")
    counts = (f"{row.audience:,}", f"{row.delivered:,}", f"{row.unsubscribed:,}")
    return _Line([name, *counts, rate, interval], is_total=is_total)


def _sum_rows(rows: Sequence[Row]) -> Row:
    return Row(
        names={},
        audience=sum(row.audience for row in rows),
        delivered=sum(row.delivered for row in rows),
        unsubscribed=sum(row.unsubscribed for row in rows),
    )


def _left_out(count: int, which: str = "人数最多") -> str:
    return f"共{count}行，只列{which}的{_MOST_ROWS}行。" if count > _MOST_ROWS else ""


def _retention_table(report: PeriodicReport) -> _Table:
    lines = [
        _Line(
            [
                f"{point.month}个月",
                f"{point.at_risk:,}",
                f"{point.opted_out:,}",
                f"{point.retention:.1%}",
                "—" if point.low is None or point.high is None else f"{point.low:.1%}～{point.high:.1%}",
            ]
        )
        for point in report.retention.groups[0].months
    ]
    return _Table("留存估计", "", ["入册后", "仍在观察", "其间退订", "没有退订", "95%区间"], lines)
