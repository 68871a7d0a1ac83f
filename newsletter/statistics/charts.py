"""How statistics are drawn: bars for groups, lines for months, steps for who is still there; each with its interval.

Values are shares (0 to 1), shown in percent, or plain counts (``share=False``). Every ``draw_…`` returns the file's
bytes, and raises ``MissingFontError`` where no font with Chinese characters is installed.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, Final

from newsletter.statistics.chart_axes import (
    DASHES,
    DOTS,
    HUES,
    fit_label,
    format_axis,
    legend_height,
    put_legend,
    set_range,
    thin_ticks,
)
from newsletter.statistics.chart_sheets import INK, ChartForm, draw_sheet
from newsletter.translation import gettext as _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Bar", "ChartForm", "Curve", "Line", "draw_bars", "draw_lines", "draw_steps"]

#: Inches: of a bar, of the second line of its label, and of everything around the bars.
_BAR_HEIGHT: Final = 0.27
_SECOND_LINE: Final = 0.13
_FRAME_HEIGHT: Final = 1.2
#: Inches: of charts with a time axis, without their legend.
_CURVE_HEIGHT: Final = 3.9
_BAR_HUE: Final = "#3b6ea5"
_MUTED_HUE: Final = "#b5b5b5"
_TOTAL_HUE: Final = "#c0392b"
_GRID: Final = "#e6e6e6"
#: A little above 100%, so that a curve that never falls is seen.
_CEILING: Final = 1.02
_HALF: Final = 0.5


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One group.

    Attributes:
        label: what it is called; long ones take two lines.
        value: how long the bar is; may be negative where it is a count.
        low, high: its interval; None: there is none.
        is_muted: drawn in grey: merged groups.
    """

    label: str
    value: float
    low: float | None = None
    high: float | None = None
    is_muted: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """One series over time: a value at each of the shared labels; None: nothing is known there.

    Attributes:
        low, high: its interval at each; empty: there is none.
    """

    label: str
    values: Sequence[float | None]
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()


@dataclass(frozen=True, kw_only=True)
class Curve:
    """One curve of steps: ``y[i]`` holds from ``x[i]`` to ``x[i + 1]``.

    Attributes:
        low, high: its confidence limits at each ``x``; empty: there are none.
        censored: where somebody was last seen and nothing is known after it; marked by a tick.
    """

    label: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    censored: Sequence[float] = ()


def draw_bars(
    bars: Sequence[Bar],
    *,
    title: str,
    form: ChartForm,
    x_label: str = "",
    total: float | None = None,
    share: bool = True,
) -> bytes:
    """Bars from top to bottom in the order given, their intervals as whiskers; ``total`` as a line through them all.

    The sheet grows with the bars: 60 are 17 inches.
    """

    def draw(axes: "Axes") -> None:
        for place, bar in enumerate(bars):
            axes.barh(place, bar.value, color=_MUTED_HUE if bar.is_muted else _BAR_HUE, height=0.66)
            if bar.low is not None and bar.high is not None:
                reach = [[max(0.0, bar.value - bar.low)], [max(0.0, bar.high - bar.value)]]
                axes.errorbar(bar.value, place, xerr=reach, color=INK, capsize=2.2, linewidth=0.9)
        if total is not None:
            axes.axvline(total, color=_TOTAL_HUE, linewidth=1, linestyle="--", label=_("Total"))
            axes.legend(loc="lower right", bbox_to_anchor=(1, 1), frameon=False, borderpad=0, fontsize=8)
        axes.set_yticks(range(len(bars)), labels)
        axes.set_ylim(max(len(bars), 1) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        ends = [end for bar in bars for end in (bar.value, bar.low, bar.high) if end is not None]
        set_range(axes.set_xlim, [*ends, total or 0.0], share=share)
        _say_if_empty(axes, bars)
        _frame(axes, "x", x_label, "")
        format_axis(axes.xaxis, share=share)

    labels = [fit_label(bar.label) for bar in bars]
    height = _FRAME_HEIGHT + sum(_BAR_HEIGHT + _SECOND_LINE * label.count("\n") for label in labels)
    return draw_sheet(draw, title=title, height=height, form=form)


def draw_lines(
    series: Sequence[Line],
    labels: Sequence[str],
    *,
    title: str,
    form: ChartForm,
    y_label: str = "",
    share: bool = True,
) -> bytes:
    """Series over the same times, ``labels``, with a whisker at each point that has an interval."""

    def draw(axes: "Axes") -> None:
        for number, line in enumerate(series):
            _draw_line(axes, number, line, offset=(number - (len(series) - 1) / 2) * 0.06)
        ticks = thin_ticks(len(labels))
        axes.set_xticks(ticks, [fit_label(labels[tick]) for tick in ticks])
        axes.set_xlim(-0.5, max(0.5, len(labels) - 0.5))
        ends = [end for line in series for part in (line.values, line.low, line.high) for end in part]
        set_range(axes.set_ylim, [end for end in ends if end is not None], share=share)
        _frame(axes, "y", "", y_label)
        format_axis(axes.yaxis, share=share)
        put_legend(axes, len(series))

    return draw_sheet(
        draw, title=title, height=_CURVE_HEIGHT + legend_height([line.label for line in series]), form=form
    )


def draw_steps(
    curves: Sequence[Curve], *, title: str, x_label: str, form: ChartForm, y_label: str = "", share: bool = True
) -> bytes:
    """Curves of steps (Kaplan–Meier), confidence limits as bands, a tick wherever somebody is censored."""

    def draw(axes: "Axes") -> None:
        for number, curve in enumerate(curves):
            _draw_curve(axes, number, curve)
        axes.set_xlim(left=0)
        _say_if_empty(axes, curves)
        if share:
            axes.set_ylim(_floor(curves), _CEILING)
        _frame(axes, "y", x_label, y_label)
        format_axis(axes.yaxis, share=share)
        put_legend(axes, len(curves))

    return draw_sheet(
        draw, title=title, height=_CURVE_HEIGHT + legend_height([curve.label for curve in curves]), form=form
    )


def _draw_line(axes: "Axes", number: int, line: Line, *, offset: float) -> None:
    """``offset`` moves series apart a little, so that their whiskers do not cover each other."""
    hue, places = HUES[number % len(HUES)], [place + offset for place in range(len(line.values))]
    values = [float("nan") if value is None else value for value in line.values]
    (drawn,) = axes.plot(places, values, DOTS[number % len(DOTS)], color=hue, markersize=4, label=line.label)
    drawn.set(linestyle=DASHES[number % len(DASHES)], linewidth=1.3)
    for place, value, low, high in _intervals(line):
        reach = [[max(0.0, value - low)], [max(0.0, high - value)]]
        axes.errorbar(place + offset, value, yerr=reach, color=hue, capsize=2.2, linewidth=0.8)


def _intervals(line: Line) -> Iterator[tuple[int, float, float, float]]:
    """Place, value and both ends, where all three are known."""
    for place, (value, low, high) in enumerate(zip(line.values, line.low, line.high, strict=False)):
        if value is not None and low is not None and high is not None:
            yield place, value, low, high


def _draw_curve(axes: "Axes", number: int, curve: Curve) -> None:
    hue = HUES[number % len(HUES)]
    dashes = DASHES[number % len(DASHES)]
    axes.step(curve.x, curve.y, where="post", color=hue, linestyle=dashes, linewidth=1.4, label=curve.label)
    if curve.low and curve.high:
        axes.fill_between(curve.x, curve.low, curve.high, step="post", color=hue, alpha=0.14, linewidth=0)
    if curve.censored:
        heights = [curve.y[max(0, bisect_right(curve.x, moment) - 1)] for moment in curve.censored]
        axes.plot(curve.censored, heights, "|", color=hue, markersize=6, markeredgewidth=0.9)


def _say_if_empty(axes: "Axes", drawn: Sequence[object]) -> None:
    if not drawn:
        axes.text(0.5, 0.5, _("no data"), transform=axes.transAxes, ha="center", va="center", fontsize=12, color=INK)


def _floor(curves: Sequence[Curve]) -> float:
    """Where the axis begins: at 0, or, where everything stays in the upper half, a tenth below the lowest."""
    lowest = min((value for curve in curves for part in (curve.y, curve.low) for value in part), default=0.0)
    return 0.0 if lowest < _HALF else floor(lowest * 10) / 10


def _frame(axes: "Axes", along: str, x_label: str, y_label: str) -> None:
    """Grid lines behind the marks, and what the axes mean."""
    axes.grid(axis="x" if along == "x" else "y", color=_GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
