"""Charts of growth and retention: net growth as bars, curves as steps with their limits, cohorts as steps too."""

from collections.abc import Sequence
from typing import Final

from newsletter.statistics.charts import Bar, ChartForm, Curve, draw_bars, draw_steps
from newsletter.statistics.growth.counts import Growth
from newsletter.statistics.growth.retention import DAYS_IN_MONTH, Cohort, GroupRetention, Retention
from newsletter.translation import gettext as _

#: More curves or lines than this cannot be told apart.
_MOST_CURVES: Final = 6


def chart_growth(growth: Growth, form: ChartForm, *, title: str | None = None) -> bytes:
    """Net growth of each month or group."""
    bars = [Bar(label=row.label, value=row.balance.net, is_muted=row.is_merged) for row in growth.rows]
    name = title or _("Net growth")
    return draw_bars(bars, title=name, form=form, x_label=_("Members"), share=False)


def chart_retention(retention: Retention, form: ChartForm, *, title: str | None = None) -> bytes:
    """The curves of the largest groups, as far as enough people are at risk; limits where there is one curve."""
    largest = sorted(retention.groups, key=lambda group: -group.people)[:_MOST_CURVES]
    with_limits = len(largest) == 1
    curves = [_curve(group, with_limits=with_limits) for group in largest]
    name = title or _("Share of members who have not opted out (Kaplan–Meier)")
    return draw_steps(
        curves,
        title=name + _tell_left_out(len(largest), len(retention.groups), _("the largest {count} of {whole}")),
        x_label=_("Months since they joined"),
        form=form,
    )


def _tell_left_out(count: int, whole: int, words: str) -> str:
    """That not every curve is in the picture, in its title."""
    return "" if count == whole else _(" ({words})").format(words=words.format(count=count, whole=whole))


def _curve(group: GroupRetention, *, with_limits: bool) -> Curve:
    steps = group.curve.steps
    low = [1.0, *(1.0 if step.low is None else step.low for step in steps)]
    high = [1.0, *(1.0 if step.high is None else step.high for step in steps)]
    return Curve(
        label=_("{group} ({count})").format(group=group.label or _("All"), count=group.people),
        x=[0.0, *(step.time / DAYS_IN_MONTH for step in steps)],
        y=[1.0, *(step.survival for step in steps)],
        low=low if with_limits else (),
        high=high if with_limits else (),
    )


def chart_cohorts(cohorts: Sequence[Cohort], form: ChartForm) -> bytes:
    """The newest cohorts, a curve each, by months since they began."""
    newest = list(cohorts)[-_MOST_CURVES:]
    curves = [
        Curve(
            label=_("{group} ({count})").format(group=cohort.label, count=cohort.people),
            x=[float(month) for month in range(len(cohort.retention) + 1)],
            y=[1.0, *cohort.retention],
        )
        for cohort in newest
    ]
    title = _("Share of members who have not opted out, by months since they joined")
    title += _tell_left_out(len(newest), len(cohorts), _("the newest {count} of {whole}"))
    # The first month's share stands at its end, one month on.
    return draw_steps(curves, title=title, x_label=_("Calendar months, the first one that they joined in"), form=form)
