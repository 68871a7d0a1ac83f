"""Articles as plain text and as HTML, and the spaces at which a printed line may stretch."""

import pytest

from newsletter.editions.layout import LayoutItem
from newsletter.editions.rendering.html import body_html
from newsletter.editions.rendering.spacing import balance_width, break_title, stretch
from newsletter.editions.rendering.text import clean_text, item_paragraphs


def an_item(body: str, *, is_markdown: bool = True) -> LayoutItem:
    return LayoutItem(article=1, title="标题", body=body, is_markdown=is_markdown)


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        ("# 标题\n\n**重点**与*次要*", ["标题", "重点与次要"]),
        ("1. 甲\n2. 乙\n\n- 丙", ["1.甲", "2.乙", "·丙"]),
        ("3. 甲\n4. 乙", ["3.甲", "4.乙"]),
        ("见[通知](https://example.com/a)。", ["见通知。"]),
        ("前![图](a.png)后", ["前后"]),
        ("第一行\n第二行", ["第一行第二行"]),
        ("one\ntwo", ["one two"]),
        ("甲  \n乙", ["甲", "乙"]),
        ("> 引用\n\n```\ncode  1\n```", ["引用", "code 1"]),
        ("<b>粗</b> & `x`", ["<b>粗</b> & x"]),
        ("", []),
    ],
)
def test_markdown_becomes_plain_paragraphs(body: str, paragraphs: list[str]) -> None:
    assert item_paragraphs(an_item(body)) == paragraphs


def test_plain_text_has_a_paragraph_a_line_and_keeps_its_asterisks() -> None:
    body = "　　第一段 **星号**\r\n\r\n  第二段\t末 \n"
    assert item_paragraphs(an_item(body, is_markdown=False)) == ["第一段 **星号**", "第二段 末"]


def test_control_characters_vanish_and_lone_surrogates_show() -> None:
    assert clean_text("a\x00\x07b\ufeff\ud800c\t\r\nd") == "ab\ufffdc \nd"


def test_tags_in_an_article_are_text_and_its_links_lead_nowhere() -> None:
    html = body_html(an_item("<script>x</script> [词](javascript:x) [词](http://a.b) ![图](http://a.b/c.png)"))
    assert "<script" not in html
    assert "href" not in html
    assert "<img" not in html
    assert "词" in html


def test_plain_text_is_escaped() -> None:
    assert body_html(an_item("a<b & c", is_markdown=False)) == "<p>a&lt;b &amp; c</p>"


def test_headings_in_an_article_stand_below_its_title() -> None:
    assert body_html(an_item("# 一\n\n###### 二")) == "<h4>一</h4>\n<h4>二</h4>\n"


@pytest.mark.parametrize(
    ("text", "stretched"),
    [
        ("甲，乙。", "甲， 乙。"),
        ("称“好”。乙", "称 “好”。 乙"),
        ("（区、街道），乙", "（区、 街道）， 乙"),
        ("《甲》《乙》", "《甲》 《乙》"),
        ("甲,乙", "甲, 乙"),
        ("“甲”,乙", "“甲”,乙"),
        ("don’t 3,000 a:b", "don’t 3,000 a:b"),
        ("甲， 乙", "甲， 乙"),
        ("甲。……", "甲。……"),
        ("", ""),
    ],
)
def test_lines_stretch_beside_punctuation_and_nowhere_else(text: str, stretched: str) -> None:
    assert stretch(text) == stretched


def test_stretching_looks_at_the_text_that_follows() -> None:
    assert stretch("甲，", following="乙") == "甲， "
    assert stretch("甲，", following="”") == "甲，"


def test_emphasis_does_not_hide_a_place_to_stretch() -> None:
    assert body_html(an_item("甲，**乙**丙")) == "<p>甲， <strong>乙</strong>丙</p>\n"


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("短标题", ["短标题"]),
        ("党员教育进村头：把课堂开到田间", ["党员教育进村头：", "把课堂开到田间"]),
        ("甲：把课堂开到田间地头去的做法", ["甲：把课堂开到田间地头去的做法"]),
        ("没有任何标点的一个很长很长的标题", ["没有任何标点的一个很长很长的标题"]),
    ],
)
def test_a_long_title_breaks_at_the_mark_nearest_its_middle(title: str, lines: list[str]) -> None:
    assert break_title(title, per_line=10) == lines


def test_a_title_without_marks_is_balanced_over_its_lines() -> None:
    assert balance_width("中" * 12, per_line=10) == 7
    assert balance_width("中" * 10, per_line=10) == 10
