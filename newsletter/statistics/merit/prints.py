"""Bulletins (通报) and assessment sheets in print: Chinese whatever the user's language, since offices read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from newsletter.editions.rendering.environment import html_environment, render_template
from newsletter.editions.rendering.findings import missing_glyphs
from newsletter.editions.rendering.pdf import FONT_PROBE
from newsletter.editions.rendering.text import clean_line
from newsletter.editions.rendering.weasy import MissingFontError, print_html
from newsletter.statistics.merit.assessment import Assessment
from newsletter.statistics.merit.originality import Originality
from newsletter.workflow.periods import Period, parse_period, period_in_print
from newsletter.workflow.points.homes import League
from newsletter.workflow.points.kinds import Source
from newsletter.workflow.points.ranking import Ranking
from newsletter.workflow.points.standings import Ranked, Standing, show_points

LEAGUES: Final[Mapping[str, str]] = {
    League.TOWNS: "镇（区、街道）",
    League.DEPARTMENTS: "部门",
    League.OTHERS: "其他单位",
}
SOURCES: Final[Mapping[str, str]] = {
    Source.ITEM: "手机报采用",
    Source.FEATURE: "彩信专题",
    Source.BRIEF: "简讯",
    Source.PAPER: "报纸采用",
    Source.WEBSITE: "网站采用",
    Source.BROADCASTER: "广播电视采用",
    Source.PREFECTURE: "地市级采用",
    Source.PROVINCE: "省级采用",
    Source.COMMISSIONED: "约稿",
    Source.LEADER_COMMENT: "领导批示",
    Source.BEST: "好稿评选",
    Source.QUOTA: "未完成报送任务",
}
#: Width of the page's text in points, and the sizes between which the red head may be set.
_PAGE_POINTS: Final = 430
_NAME_POINTS: Final = (20, 36)


@dataclass(frozen=True)
class Print:
    """A printed document; ``missing_glyphs`` are characters that no installed font has, each once."""

    data: bytes
    page_count: int
    missing_glyphs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Section:
    title: str
    text: str = ""
    ranked: Sequence[Ranked] = ()
    rewarded: Sequence[Ranked] = ()
    of_units: bool = False


def print_bulletin(ranking: Ranking, *, newsroom: str, day: date) -> Print:
    """The bulletin of a period. Same values, same bytes.

    Args:
        ranking: what to tell.
        newsroom: whose name stands at its head and foot.
        day: of issue.

    Raises:
        MissingLibraryError: a native library is not installed.
        MissingFontError: no font with Chinese characters is installed.
    """
    period = ranking.period
    return _print(
        "pdf/bulletin.html.j2",
        newsroom=newsroom,
        day=day,
        period=period_in_print(period),
        first=period.start,
        last=period.end,
        sections=_sections(ranking),
        has_quota_losses=ranking.has_quota_losses,
    )


def print_assessment(assessments: Sequence[Assessment], period: Period, *, newsroom: str, day: date) -> Print:
    """The assessment sheets of a year, a page or more for each unit. Same values, same bytes.

    Raises:
        MissingLibraryError, MissingFontError: as for ``print_bulletin``.
    """
    return _print(
        "pdf/assessment.html.j2",
        newsroom=newsroom,
        day=day,
        period=period_in_print(period),
        assessments=assessments,
        leagues=LEAGUES,
        sources=SOURCES,
        share=_show_share,
        period_name=lambda label: period_in_print(parse_period(label)),
    )


def _print(template: str, **values: Any) -> Print:
    environment = html_environment().overlay()
    environment.filters = {**environment.filters, "plain_date": _plain_date}
    helpers = {"line": clean_line, "points": show_points, "rate": _show_rate, "name_points": _name_points}
    printed = print_html(render_template(environment, template, **helpers, **values))
    glyphs = missing_glyphs(printed.records)
    if FONT_PROBE in glyphs:
        raise MissingFontError
    return Print(printed.data, printed.page_count, glyphs)


def _sections(ranking: Ranking) -> list[_Section]:
    rewards = ranking.rewards
    sections = [
        _Section(title="总体情况", text=_summarise(ranking)),
        _Section(title="信息员积分排名", ranked=ranking.contributors, rewarded=rewards),
    ]
    sections += [
        _Section(title=f"{LEAGUES[league]}积分排名", ranked=ranked, of_units=True)
        for league, ranked in ranking.leagues.items()
        if ranked
    ]
    names = "、".join(f"{clean_line(one.standing.name)}（{clean_line(one.standing.unit_name)}）" for one in rewards)
    if names:
        sections.append(_Section(title="表扬名单", text=f"对积分居前的{names}予以通报表扬。"))
    return sections


def _summarise(ranking: Ranking) -> str:
    units = [one.standing for ranked in ranking.leagues.values() for one in ranked]
    silent = [
        one.standing
        for league in (League.TOWNS, League.DEPARTMENTS)
        for one in ranking.leagues[league]
        if not one.standing.submitted
    ]
    sending = sum(1 for unit in units if unit.submitted)
    text = f"共有{sending}个单位报送稿件{ranking.submitted}篇，采用{ranking.adopted}篇。"
    if silent:
        text += f"未报送稿件的单位有{len(silent)}个：{'、'.join(clean_line(unit.name) for unit in silent)}。"
    return text


def _plain_date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _show_rate(standing: Standing) -> str:
    return f"{float(standing.rate):.1%}" if standing.submitted else "—"


def _show_share(originality: Originality) -> str:
    return f"{originality.share:.1%}" if originality.original + originality.reprinted else "—"


def _name_points(name: str) -> int:
    smallest, largest = _NAME_POINTS
    return max(smallest, min(largest, _PAGE_POINTS * 100 // (114 * max(1, len(name)))))
