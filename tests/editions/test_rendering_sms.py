"""The text of a message: what stands first, what last, and what never stands in it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.editions.kinds import Kind
from newsletter.editions.layout import EditionLayout, LayoutColumn, LayoutItem
from newsletter.editions.rendering.sms import SmsStyle, render_sms


def an_item(title: str, body: str = "正文。", **values: Any) -> LayoutItem:
    return LayoutItem(article=1, title=title, body=body, **values)


def a_layout(*columns: LayoutColumn, **values: Any) -> EditionLayout:
    layout = EditionLayout(
        paper_name="如皋党建手机报",
        signature="如皋党建",
        kind=Kind.MAIN,
        unit_name="县委组织部",
        number=12,
        date=date(2026, 11, 21),
        columns=columns,
        opt_out_hint="拒收请回复R",
    )
    return replace(layout, **values)


def test_headlines_are_numbered_within_their_column() -> None:
    layout = a_layout(
        LayoutColumn(name="重点聚焦", items=(an_item("甲"), an_item("乙"))),
        LayoutColumn(name="人社之窗", owner="县人社局", items=(an_item("丙"),)),
    )
    assert render_sms(layout, style=SmsStyle.HEADLINES) == (
        "【如皋党建】《如皋党建手机报》第12期 11月21日\n"
        "〖重点聚焦〗\n1.甲\n2.乙\n"
        "〖人社之窗·县人社局〗\n1.丙\n"
        "拒收请回复R"
    )


def test_full_text_carries_standfirst_body_and_source() -> None:
    item = an_item("甲", "# 小标题\n\n**正文**见[此](http://a.b)。", lead="导语。", source="人民网")
    assert render_sms(a_layout(LayoutColumn(name="", items=(item,))), style=SmsStyle.FULL) == (
        "【如皋党建】《如皋党建手机报》第12期 11月21日\n1.甲\n导语。\n小标题\n正文见此。\n（来源：人民网）\n拒收请回复R"
    )


@pytest.mark.parametrize(
    ("values", "opening"),
    [
        ({"kind": Kind.TOWN, "unit_name": "搬经镇"}, "【如皋党建】《如皋党建手机报》搬经镇专刊第12期 11月21日"),
        ({"kind": Kind.SPECIAL, "title": "防汛"}, "【如皋党建】《如皋党建手机报》特刊第12期 11月21日\n防汛"),
        ({"paper_name": "如皋党建"}, "【如皋党建】第12期 11月21日"),
    ],
)
def test_the_opening_says_which_issue_of_what(values: dict[str, Any], opening: str) -> None:
    text = render_sms(a_layout(**values), style=SmsStyle.HEADLINES)
    assert text == f"{opening}\n拒收请回复R"


def test_a_title_that_begins_with_a_figure_keeps_clear_of_its_number() -> None:
    layout = a_layout(LayoutColumn(name="", items=(an_item("2026年工作要点"),)))
    assert "\n1. 2026年工作要点\n" in render_sms(layout, style=SmsStyle.HEADLINES)


def test_ampersands_and_angles_are_sent_as_they_are() -> None:
    layout = a_layout(LayoutColumn(name="", items=(an_item("A&B <甲>"),)))
    assert "1.A&B <甲>" in render_sms(layout, style=SmsStyle.HEADLINES)


ANY_TEXT = st.one_of(
    st.text(st.sampled_from("【】〖〗 \n\r\t　*#[]()!>-&{}%中文1a"), max_size=40),
    st.text(st.characters(categories=None), max_size=40),
)


@given(title=ANY_TEXT, body=ANY_TEXT, name=ANY_TEXT, is_markdown=st.booleans(), style=st.sampled_from(SmsStyle))
def test_any_text_leaves_one_signature_and_no_stray_white_space(
    title: str, body: str, name: str, is_markdown: bool, style: SmsStyle
) -> None:
    item = an_item(title, body, lead=body, source=title, is_markdown=is_markdown)
    text = render_sms(a_layout(LayoutColumn(name=name, owner=title, items=(item,)), title=title), style=style)
    assert text.startswith("【如皋党建】")
    assert text.endswith("\n拒收请回复R")
    assert (text.count("【"), text.count("】")) == (1, 1)
    assert all(line and line == line.rstrip() for line in text.split("\n"))
    assert text.encode()
    assert text == render_sms(a_layout(LayoutColumn(name=name, owner=title, items=(item,)), title=title), style=style)
