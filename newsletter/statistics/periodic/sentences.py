"""What the report says in words: true of the figures, careful with small ones, and claiming no cause. In Chinese.

Pure: figures in, sentences out. A change of the unsubscribe rate is only called one where it is more than chance.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.growth.balance import Balance
from newsletter.statistics.growth.retention import MonthPoint, Retention
from newsletter.statistics.intervals import SIGNIFICANCE, exact_test
from newsletter.statistics.labels import NO_REASON
from newsletter.statistics.periodic.figures import Figures, PeriodicReport
from newsletter.statistics.report import Row
from newsletter.workflow.periods import PeriodKind

#: This period and the one before, as offices say.
_THIS: Final[Mapping[str, tuple[str, str]]] = {
    PeriodKind.YEAR: ("本年度", "上年度"),
    PeriodKind.HALF: ("本半年", "上一个半年"),
    PeriodKind.QUARTER: ("本季度", "上季度"),
    PeriodKind.MONTH: ("本月", "上月"),
    PeriodKind.WEEK: ("本周", "上周"),
    PeriodKind.DAY: ("当日", "前一日"),
}
#: Opt-outs below which a rate says little.
_FEW: Final = 5
#: Months the retention sentence prefers to tell of, the longest first.
_MONTHS_TOLD: Final = (12, 6, 3, 1)


class Headline(NamedTuple):
    """A figure of the first page: name, value, unit, a line below it, the change against the period before."""

    name: str
    value: str
    unit: str
    below: str
    change: str


def headlines(report: PeriodicReport) -> list[Headline]:
    """The four or five figures that matter."""
    # A part of a period beside a whole one would always seem less.
    before = None if report.is_running else report.before
    now, last = report.now, _THIS[report.period.kind][1]
    total = now.unsubscribes.total
    found = [
        Headline(
            "送达号码",
            f"{now.reached:,}",
            "个",
            "至少收到一期",
            _change(now.reached, None if before is None else before.reached, last),
        ),
        Headline(
            "送达率",
            *_percent(now.delivered_rate, is_known=total.audience > 0),
            f"{total.delivered:,} ÷ {total.audience:,}条" if total.audience else "没有发刊",
            _points(now.delivered_rate, _known_rate(before), last) if total.audience and not report.is_running else "",
        ),
        Headline("退订率", *_percent(total.rate, is_known=total.delivered > 0), interval_words(total), _rates(report)),
        Headline(
            "净增",
            f"{now.growth.total.net:+,}" if now.growth.total.net else "0",
            "人",
            f"期末{now.growth.total.end:,}人",
            _change(now.growth.total.net, None if before is None else before.growth.total.net, last),
        ),
    ]
    if report.coverage is not None and report.coverage.rate is not None:
        known = report.coverage.known_members or 0
        below = f"在册{report.coverage.covered_members:,} ÷ 应有{known:,}人"
        found.insert(1, Headline("覆盖率", *_percent(report.coverage.rate, is_known=True), below, "制表时"))
    return found


def _percent(rate: float, *, is_known: bool) -> tuple[str, str]:
    if not is_known:
        return "—", ""
    return (f"{rate * 100:.2f}" if rate < 0.1 else f"{rate * 100:.1f}"), "%"  # noqa: PLR2004 (small rates need two)


def interval_words(row: Row) -> str:
    """The exact interval of a rate, in words."""
    ends = row.interval
    return "没有送达" if ends is None else f"95%区间 {ends[0]:.2%}～{ends[1]:.2%}"


def _change(now: int, before: int | None, last: str) -> str:
    if before is None:
        return ""
    return f"与{last}持平" if now == before else f"比{last}{'多' if now > before else '少'}{abs(now - before):,}"


def _known_rate(figures: Figures | None) -> float | None:
    return figures.delivered_rate if figures is not None and figures.unsubscribes.total.audience else None


def _points(now: float, before: float | None, last: str) -> str:
    if before is None:
        return f"{last}没有发刊"
    difference = round((now - before) * 100, 2)
    return (
        f"与{last}持平"
        if not difference
        else f"比{last}{'高' if difference > 0 else '低'}{abs(difference):.2f}个百分点"
    )


def _rates(report: PeriodicReport) -> str:
    last = _THIS[report.period.kind][1]
    before = report.before and report.before.unsubscribes.total
    return f"{last}{before.rate:.2%}" if before and before.delivered else ""


def summary(report: PeriodicReport) -> list[str]:
    """The sentences of the first page."""
    this, last = _THIS[report.period.kind]
    sentences = [_sent(report.now, this), _left(report, this, last), _grew(report.now.growth.total, this)]
    sentences += _told_reasons(report)
    return [sentence for sentence in sentences if sentence]


def _sent(now: Figures, this: str) -> str:
    total = now.unsubscribes.total
    if not now.editions:
        return f"{this}没有发刊。"
    return (
        f"{this}共发刊{now.editions}期，应发{total.audience:,}条，送达{total.delivered:,}条，"
        f"送达率{now.delivered_rate:.1%}；有{now.reached:,}个号码至少收到一期。"
    )


def _left(report: PeriodicReport, this: str, last: str) -> str:
    total, aside = report.now.unsubscribes.total, report.now.unsubscribes
    if not total.delivered:
        return f"{this}没有送达的短信，无从计算退订率。" if report.now.editions else ""
    if not total.unsubscribed:
        text = f"{this}没有归到各期的退订（退订率的{interval_words(total)}）。"
    else:
        text = f"归到各期的退订{total.unsubscribed:,}件，退订率{total.rate:.2%}（{interval_words(total)}）。"
        if total.unsubscribed < _FEW:
            text += "退订件数很少，比率仅供参考。"
    text += "" if report.is_running else _compared(report, last)
    loose = aside.unattributed + aside.elsewhere
    return text + (f"另有{loose:,}件退订不能归于{this}的任何一期，未计入退订率。" if loose else "")


def _compared(report: PeriodicReport, last: str) -> str:
    before = report.before and report.before.unsubscribes.total
    if not before or not before.delivered:
        return f"{last}没有可比的送达记录。"
    now = report.now.unsubscribes.total
    chance = exact_test((now.unsubscribed, now.delivered), (before.unsubscribed, before.delivered))
    if chance >= SIGNIFICANCE:
        return f"{last}为{before.rate:.2%}，两者之差在偶然波动的范围之内，不能据此认定升降。"
    way = "上升" if now.rate > before.rate else "下降"
    return f"{last}为{before.rate:.2%}，{way}幅度超出偶然波动（精确检验{_chance(chance)}）；数据不能说明原因。"


def _chance(p: float) -> str:
    return "p＜0.001" if p < 0.001 else f"p＝{p:.3f}"  # noqa: PLR2004 (three places are printed)


def _grew(balance: Balance, this: str) -> str:
    if not balance.start and not balance.entered:
        return f"{this}名册上没有可发送的党员群众。"
    came = f"新入册{balance.joined:,}人、恢复{balance.came_back:,}人"
    if balance.moved_in or balance.moved_out:
        came += f"、转入{balance.moved_in:,}人、转出{balance.moved_out:,}人"
    way = f"净增{balance.net:,}人" if balance.net > 0 else f"净减{-balance.net:,}人" if balance.net else "增减相抵"
    return (
        f"期初可发送{balance.start:,}人，{came}；自愿退订{balance.opted_out:,}人，"
        f"非自愿减少{balance.involuntary:,}人（去世{balance.died:,}、离册{balance.left:,}、"
        f"注销{balance.erased:,}、号码缺失{balance.number_lost:,}）；{way}，期末{balance.end:,}人。"
    )


def _told_reasons(report: PeriodicReport) -> list[str]:
    rows = report.breakdowns[Dimension.REASON].rows
    told = [row for row in rows if row.names[Dimension.REASON][0] not in ("", NO_REASON) and not row.is_merged]
    count, everybody = sum(row.unsubscribed for row in told), sum(row.unsubscribed for row in rows)
    if not count:
        return []
    most = max(told, key=lambda row: row.unsubscribed)
    word = most.names[Dimension.REASON][1]
    text = f"{everybody:,}件退订中有{count:,}件说明了原因，提到最多的是“{word}”（{most.unsubscribed:,}件）"
    return [text + ("，件数很少。" if count < _FEW else "。")]


def retention_words(retention: Retention) -> str:
    """How long people stay, in one sentence."""
    groups = list(retention.groups)
    points = list(groups[0].months) if groups else []
    point = next((found for month in _MONTHS_TOLD for found in points if found.month == month), None)
    if point is None:
        return "观察人数或时间还不够，暂不能估计留存。"
    text = f"入册（或恢复）满{point.month}个月时，估计有{point.retention:.1%}的人没有退订{_limits(point)}"
    return f"{text}；此时仍在观察的有{point.at_risk:,}人。去世、离册等不算退订，自当时起不再观察。"


def _limits(point: MonthPoint) -> str:
    if point.low is None or point.high is None:
        return ""
    return f"（95%区间 {point.low:.1%}～{point.high:.1%}）"
