"""How a chart's axes read: labels that fit, ticks that do not crowd, percentages, colours that print in grey too."""

import unicodedata
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

#: Okabe and Ito's colours (Color Universal Design, 2008), which colour-blind people tell apart; without the yellow.
HUES: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#333333")
#: Beside the colours, for print in grey; prime to their number, so that pairs repeat late.
DASHES: Final = ("-", "--", "-.", ":")
DOTS: Final = ("o", "s", "^", "D", "v")
#: Half-width columns of a line of a label, and its lines.
_LABEL_COLUMNS: Final = 32
_LABEL_LINES: Final = 2
#: Labels a time axis has room for.
_MOST_TICKS: Final = 13
#: Space beyond the farthest mark, as a share of the range.
_MARGIN: Final = 0.05
#: The range of a chart in which everything is 0: 1%, or one.
_LEAST_SHARE: Final = 0.01
_LEAST_COUNT: Final = 1.0
_LEGEND_COLUMNS: Final = 3
_BREAKS: Final = " （("
_LEGEND_HEIGHT: Final = 0.21
#: Half-width columns of the whole legend, and of the mark beside each name.
_LEGEND_WIDTH: Final = 108
_LEGEND_MARK: Final = 8
#: Shares below which percentages need decimals.
_FINE: Final = 0.05
_FINEST: Final = 0.005
#: All of it: room above is left without a label.
_WHOLE: Final = 1.0001


def display_width(text: str) -> int:
    """Columns of a fixed-width screen: a Chinese character takes two."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


def fit_label(label: str) -> str:
    """The label on at most two lines, broken between words and dates where it can be.

    Of what does not fit, the middle is left out: long names of units differ at their end.
    """
    label = " ".join(label.split())
    if display_width(label) > _LABEL_COLUMNS * _LABEL_LINES:
        label = _shorten(label, _LABEL_COLUMNS * _LABEL_LINES - 4)
    if display_width(label) > _LABEL_COLUMNS:
        # A bracket is the better place: a number and its unit belong together.
        places = [place for place, sign in enumerate(label) if sign in _BREAKS]
        for place in sorted(places, key=lambda place: (label[place] != " ", place), reverse=True):
            first, second = label[:place], label[place:].strip()
            if max(display_width(first), display_width(second)) <= _LABEL_COLUMNS:
                return f"{first}\n{second}"
    lines = [""]
    for sign in label:
        if display_width(lines[-1] + sign) > _LABEL_COLUMNS:
            if len(lines) == _LABEL_LINES:
                return "\n".join(lines)[:-1] + "…"
            lines.append("")
        lines[-1] += sign
    return "\n".join(lines)


def _shorten(label: str, columns: int) -> str:
    """The beginning and the end, an ellipsis between them."""
    half, first, last = columns // 2, "", ""
    for sign in label:
        if display_width(first + sign) > half:
            break
        first += sign
    for sign in reversed(label):
        if display_width(sign + last) > half:
            break
        last = sign + last
    return f"{first}…{last}"


def thin_ticks(count: int) -> list[int]:
    """Which of so many places get a label: all while there is room, else every second, third …, the last one always."""
    step = -(-count // _MOST_TICKS) or 1
    return sorted(range(count - 1, -1, -step))


def set_range(set_limits: Callable[[float, float], Any], ends: Sequence[float], *, share: bool) -> None:
    """Make room for all ``ends`` and for 0; shares stay between 0 and 100%."""
    low, high = min([*ends, 0.0]), max([*ends, 0.0])
    if high == low:
        high = low + (_LEAST_SHARE if share else _LEAST_COUNT)
    margin = (high - low) * _MARGIN
    low, high = (low - margin if low < 0 else low), (high + margin if high > 0 else high)
    set_limits(low, min(high, 1.0) if share else high)


def format_axis(axis: "Axis", *, share: bool) -> None:
    """Percentages with as many decimals as the range needs, or counts with thousands apart."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    low, high = axis.get_view_interval()
    places = 0 if not share or high - low > _FINE else 1 if high - low > _FINEST else 2
    pattern = f"{{:.{places}%}}" if share else "{:,.0f}"
    axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10], integer=not share))
    axis.set_major_formatter(
        FuncFormatter(lambda value, _place: "" if share and value > _WHOLE else pattern.format(value))
    )


def put_legend(axes: "Axes", count: int) -> None:
    """The names of several series, below the chart, where they hide nothing; one series needs none."""
    if count > 1:
        figure = axes.get_figure(root=True)
        if figure is not None:
            handles, names = axes.get_legend_handles_labels()
            columns = legend_columns(names)
            texts = [fit_label(name) for name in names]
            figure.legend(handles, texts, loc="outside lower left", ncols=columns, frameon=False, fontsize=8)


def legend_columns(names: Sequence[str]) -> int:
    """As many beside each other as fit on the sheet."""
    widest = max((min(display_width(name), _LABEL_COLUMNS) for name in names), default=0)
    return max(1, min(_LEGEND_COLUMNS, _LEGEND_WIDTH // (widest + _LEGEND_MARK)))


def legend_height(names: Sequence[str]) -> float:
    """Inches that the legend of these series takes."""
    if len(names) < 2:  # noqa: PLR2004 - one has none
        return 0.0
    lines = max(fit_label(name).count("\n") + 1 for name in names)
    return _LEGEND_HEIGHT * lines * -(-len(names) // legend_columns(names))
