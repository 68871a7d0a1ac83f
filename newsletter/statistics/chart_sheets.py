"""The sheet a chart is drawn on: its Chinese font, its plain look, and how it becomes the same bytes each time.

matplotlib is imported late: it costs a third of a second.
"""

import io
import logging
import warnings
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from newsletter.editions.rendering.weasy import MissingFontError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Families with simplified Chinese, the first installed one is taken. A collection (.ttc) holds Japanese, Korean and
#: Chinese faces with different shapes of the same character: the family's name chooses the face.
FAMILIES: Final = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN"),
    *("PingFang SC", "Microsoft YaHei", "SimHei", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei"),
)
#: Signs the Chinese font lacks; it comes with matplotlib.
_SECOND_FAMILY: Final = "DejaVu Sans"
#: Width of every chart, inches: the breadth of print on A4.
WIDTH: Final = 7.6
#: Dots an inch: sharp in print, and about 1,370 wide on a screen.
_DOTS: Final = 180
#: Told to nobody: without it the ids inside an SVG would be random.
_SALT: Final = "newsletter"
INK: Final = "#333333"


class ChartForm(StrEnum):
    """What file a chart becomes."""

    SVG = "svg"
    PNG = "png"


def draw_sheet(draw: "Callable[[Axes], None]", *, title: str, height: float, form: ChartForm) -> bytes:
    """Draw on a sheet of ``WIDTH`` by ``height`` inches; same drawing, same libraries and fonts: same bytes.

    In an SVG the text is drawn as outlines, so that it looks the same on machines without the font.

    Raises:
        MissingFontError: no font with Chinese characters is installed.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    look: Any = {**_LOOK, "font.family": [find_family(), _SECOND_FAMILY]}
    with mpl.rc_context(look), warnings.catch_warnings():
        # A sign no font has prints as a box; that is no reason to write about it on stderr.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        canvas = FigureCanvasSVG(figure) if form is ChartForm.SVG else FigureCanvasAgg(figure)
        draw(figure.subplots())
        figure.suptitle(title, x=0.02, ha="left", fontsize=11, fontweight="bold", color=INK)
        stream = io.BytesIO()
        metadata: Any = {"Title": title, "Date": None} if form is ChartForm.SVG else {"Software": None}
        canvas.print_figure(stream, format=form.value, dpi=_DOTS, metadata=metadata)
    return stream.getvalue()


#: matplotlib's settings.
_LOOK: Final = {
    "svg.fonttype": "path",
    "svg.hashsalt": _SALT,
    "font.size": 9.0,
    "axes.unicode_minus": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#999999",
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.color": INK,
    "text.parse_math": False,
    "figure.facecolor": "white",
}


def find_family() -> str:
    """The first family of ``FAMILIES`` that is installed.

    Raises:
        MissingFontError: none is.
    """
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    for family in FAMILIES:
        if family in installed and _is_there(family):
            return family
    raise MissingFontError


def _is_there(family: str) -> bool:
    """Whether the file is there still: the list of fonts is kept from one run to the next."""
    from matplotlib import font_manager

    logger = logging.getLogger("matplotlib.font_manager")
    logger.addFilter(_is_no_complaint)
    try:
        font_manager.findfont(font_manager.FontProperties(family=[family]), fallback_to_default=False)
    except ValueError:
        return False
    finally:
        logger.removeFilter(_is_no_complaint)
    return True


def _is_no_complaint(record: logging.LogRecord) -> bool:
    return record.levelno < logging.WARNING
