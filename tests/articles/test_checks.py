"""The copy checks: what each finds, where, and what it lets pass."""

import pytest

from newsletter.articles.checks import check_copy
from newsletter.articles.checks.broken_characters import find_broken_characters
from newsletter.articles.checks.findings import Severity
from newsletter.articles.checks.glyphs import find_unprintable_glyphs
from newsletter.articles.checks.traditional import find_traditional, is_traditional


@pytest.mark.parametrize(
    ("text", "positions"),
    [
        ("?F如今的村庄", [0]),
        ("过去?如今", [2]),
        ("群众\ufffd\ufffd满意", [2]),
        ("一?二?F三", [1, 3]),
        ("真的吗?", []),
        ("Really? 是的", []),
        ("真的吗?是的", [3]),  # sloppy rather than lost: a warning, and a person looks
        ("https://example.cn/?a=1", []),
        ("", []),
    ],
)
def test_lost_characters_are_found(text: str, positions: list[int]) -> None:
    findings = find_broken_characters("body", text)
    assert [found.position for found in findings] == positions
    assert {found.severity for found in findings} <= {Severity.WARNING}


def test_a_lost_character_is_quoted_with_what_stands_around_it() -> None:
    (found,) = find_broken_characters("body", "一二三四五?六七八九十")
    assert found.quote == "二三四五?六七八九"


@pytest.mark.parametrize(("character", "expected"), [("發", True), ("发", False), ("中", False), ("a", False)])
def test_traditional_means_big5_but_not_gb2312(character: str, expected: bool) -> None:
    assert is_traditional(character) is expected


def test_traditional_characters_are_one_finding_a_field() -> None:
    (found,) = find_traditional("body", "中國發展，國家建設")
    assert (found.position, found.quote) == (1, "國發設")
    assert found.message.startswith("4 Traditional characters")
    assert find_traditional("body", "中国发展") == []


@pytest.mark.parametrize(("text", "position"), [("好😀", 1), ("🈶", 0), ("𝔸", 0)])
def test_what_no_font_has_stops_an_edition(text: str, position: int) -> None:
    (found,) = find_unprintable_glyphs("title", text)
    assert (found.position, found.severity) == (position, Severity.BLOCKING)
    assert "U+" in found.message


@pytest.mark.parametrize("text", ["𠮷野家", "㐀", "①②", "℃", "—— “引”"])
def test_rare_characters_of_names_pass(text: str) -> None:
    assert find_unprintable_glyphs("body", text) == []


def test_every_field_is_checked() -> None:
    found = check_copy("標題一", "導語?如", "正文😀")
    assert {(one.field, one.code) for one in found} == {
        ("title", "traditional"),
        ("lead", "broken_character"),
        ("lead", "traditional"),
        ("body", "glyph"),
    }


@pytest.mark.parametrize("title", ["- 投稿邮箱:a@b.cn", "呂璐", "来源:"])
def test_a_title_that_is_none_is_warned_of(title: str) -> None:
    assert "title" in [finding.code for finding in check_copy(title, "", "正文。")]


@pytest.mark.parametrize("title", ["板凳会开到田头", "种麦三问", "2026年秋收"])
def test_a_plain_title_is_left_alone(title: str) -> None:
    assert check_copy(title, "", "正文。") == []
