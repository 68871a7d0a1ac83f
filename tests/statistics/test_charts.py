"""Charts: right files, the same each time, readable whatever is drawn, and in simplified Chinese."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from newsletter.editions.rendering.weasy import MissingFontError
from newsletter.statistics import chart_sheets
from newsletter.statistics.chart_axes import display_width, fit_label, thin_ticks
from newsletter.statistics.chart_sheets import FAMILIES, find_family
from newsletter.statistics.charts import Bar, ChartForm, Curve, Line, draw_bars, draw_lines, draw_steps
from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.drawing import draw_report
from tests.statistics.ledgers import Desk, utc

LONG = "白蒲镇朱家桥村第一党支部暨流动党员驻上海市松江区临时党支部委员会联合支部"


@pytest.fixture(autouse=True)
def _needs_a_font() -> None:
    try:
        find_family()
    except MissingFontError:
        pytest.skip("no Chinese font is installed")


def bars(count: int) -> list[Bar]:
    return [Bar(label=f"{LONG}{number}", value=number / 1000, low=0.0, high=number / 500) for number in range(count)]


def size_of(png: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(png)).size


@pytest.mark.parametrize("form", ChartForm)
def test_the_same_drawing_is_the_same_bytes(form: ChartForm) -> None:
    assert draw_bars(bars(3), title="退订率", form=form, total=0.1) == draw_bars(
        bars(3), title="退订率", form=form, total=0.1
    )
    curve = Curve(label="全部", x=[0, 1, 4], y=[1, 0.9, 0.8], low=[1, 0.8, 0.6], high=[1, 1, 0.9], censored=[2, 9])
    assert draw_steps([curve], title="留存", x_label="月", form=form) == draw_steps(
        [curve], title="留存", x_label="月", form=form
    )


def test_svg_needs_no_font_of_the_reader_and_tells_no_date() -> None:
    svg = draw_bars(bars(2), title="退订率 <&>", form=ChartForm.SVG).decode()
    assert "<text" not in svg, "text is drawn as outlines"
    assert "dc:date" not in svg
    assert not re.search(r'href="(?!#)', svg), "nothing is fetched"


def test_the_face_is_the_simplified_chinese_one_of_the_collection() -> None:
    """The default face of the file is Japanese, in which 直 and 骨 are drawn otherwise."""
    if not find_family().startswith("Noto Sans CJK"):
        pytest.skip("another font")
    chinese = draw_bars([Bar(label="直骨", value=1.0)], title="直骨", form=ChartForm.SVG)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chart_sheets, "FAMILIES", ("Noto Sans CJK JP",))
        japanese = draw_bars([Bar(label="直骨", value=1.0)], title="直骨", form=ChartForm.SVG)
    assert chinese != japanese


def test_the_sheet_grows_with_the_bars() -> None:
    few, many = (size_of(draw_bars(bars(count), title="单位", form=ChartForm.PNG)) for count in (2, 60))
    assert few[0] == many[0]
    assert few[1] < 400
    assert many[1] > 60 * 40, "each bar keeps its room"


@pytest.mark.parametrize("form", ChartForm)
def test_nothing_and_odd_values_are_drawn_too(form: ChartForm) -> None:
    assert draw_bars([], title="", form=form)
    assert draw_bars([Bar(label="$x$ 😀 \U00013000", value=0.0)], title="$", form=form)
    assert draw_bars([Bar(label="净增", value=-12.0), Bar(label="", value=5.0)], title="净增", form=form, share=False)
    assert draw_lines([], [], title="空", form=form)
    gaps = Line(label="有缺", values=[0.1, None, 0.3], low=[0.0, None, 0.2], high=[0.2, None, 0.4])
    assert draw_lines([gaps, gaps], ["2026-10", "2026-11", "2026-12"], title="按月", form=form)
    assert draw_steps([], title="空", x_label="月", form=form)


def test_without_a_chinese_font_it_is_said_which_package_brings_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart_sheets, "FAMILIES", ("No Such Font",))
    with pytest.raises(MissingFontError) as refusal:
        draw_bars(bars(1), title="退订率", form=ChartForm.PNG)
    assert (refusal.value.exit_code, "fonts-noto-cjk" in refusal.value.hint) == (5, True)


def test_families_are_of_simplified_chinese() -> None:
    assert not [family for family in FAMILIES if family.endswith((" JP", " KR", " TC", " HK"))]


@given(st.text(max_size=200))
def test_labels_take_two_lines_at_most_and_keep_their_beginning_and_end(label: str) -> None:
    lines = fit_label(label).split("\n")
    assert len(lines) <= 2
    assert all(display_width(line) <= 32 for line in lines)
    words = " ".join(label.split()).replace(" ", "")
    beginning, _ellipsis, end = "".join(lines).replace(" ", "").partition("…") if "…" not in label else (words, "", "")
    assert words.startswith(beginning)
    assert words.endswith(end)


@given(st.integers(0, 400))
def test_time_axes_never_crowd_and_always_name_the_last(count: int) -> None:
    ticks = thin_ticks(count)
    assert len(ticks) <= 13
    assert ticks[-1:] == ([count - 1] if count else [])


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which kind of chart a report asks for."""
    kinds: list[str] = []
    for kind, draw in (("bars", draw_bars), ("lines", draw_lines)):

        def noted(*parts: object, kind: str = kind, draw: object = draw, **more: object) -> bytes:
            kinds.append(kind)
            return draw(*parts, **more)  # type: ignore[operator, no-any-return]

        monkeypatch.setattr(f"newsletter.statistics.drawing.draw_{kind}", noted)
    return kinds


def test_months_are_a_line_and_all_else_bars(desk: Desk, drawn: list[str]) -> None:
    for edition, month in ((1, 9), (2, 10), (3, 11)):
        desk.plan(edition, utc(2026, month, 3))
        for person in range(6):
            desk.deliver(edition, person)
        desk.leave(edition, edition, utc(2026, month, 4))
    for by in ((Dimension.MONTH,), (Dimension.MONTH, Dimension.MOBILE), (Dimension.REGION,), ()):
        for form in ChartForm:
            assert draw_report(desk.count(*by), form)
    assert drawn == [*["lines"] * 2, *["bars"] * 6]
