"""Slips of writing that need no knowledge of the place: lost, doubled, Traditional characters, marks."""

import pytest

from newsletter.articles.checks.broken_characters import find_broken_characters
from newsletter.articles.checks.doubled import find_doubled
from newsletter.articles.checks.findings import Severity
from newsletter.articles.checks.glyphs import find_unprintable_glyphs
from newsletter.articles.checks.punctuation import find_odd_punctuation, find_stray_asterisks
from newsletter.articles.checks.traditional import find_traditional, is_traditional
from newsletter.articles.checks.unpaired import find_unpaired


@pytest.mark.parametrize(
    ("text", "positions"),
    [
        ("?F如今的村庄", [0]),
        ("过去?如今", [2]),
        ("群众\ufffd\ufffd满意", [2]),
        ("一?二?F三", [1, 3]),
        ("真的吗?", []),
        ("Really? 是的", []),
        ("真的吗?是的", []),  # a question: its mark's width is punctuation's to say
        ("https://example.cn/?a=1", []),
        ("党\u200b员", [1]),
        ("党\ue000员", [1]),
        ("党\x07员", [1]),
        ("", []),
    ],
)
def test_lost_and_invisible_characters_are_found(text: str, positions: list[int]) -> None:
    findings = find_broken_characters("body", text)
    assert [found.position for found in findings] == positions
    assert {found.severity for found in findings} <= {Severity.WARNING}


def test_a_lost_character_is_told_with_what_stands_around_it() -> None:
    (found,) = find_broken_characters("body", "一二三四五?六七八九十")
    assert (found.quote, found.code) == ("?", "typo")
    assert "二三四五?六七八九" in found.message


@pytest.mark.parametrize(("character", "expected"), [("發", True), ("发", False), ("中", False), ("a", False)])
def test_traditional_means_big5_but_not_gb2312(character: str, expected: bool) -> None:
    assert is_traditional(character) is expected


def test_a_few_traditional_characters_are_found_where_they_stand() -> None:
    assert [(one.position, one.quote) for one in find_traditional("body", "中國的發展，学習")] == [
        (1, "國"),
        (3, "發"),
        (7, "習"),
    ]
    assert find_traditional("body", "中国发展") == []


def test_a_text_full_of_them_is_one_finding() -> None:
    (found,) = find_traditional("body", "國的發的展的設的會的開的關的門的問的題")
    assert (found.position, found.quote, found.code) == (0, "國", "typo")
    assert found.message.startswith("9 Traditional characters")


@pytest.mark.parametrize(
    ("text", "position", "quote"),
    [("好😀", 1, "😀"), ("🈶", 0, "🈶"), ("𝔸", 0, "𝔸"), ("完成✅", 2, "✅"), ("❤️", 0, "❤️")],
)
def test_what_no_font_has_stops_an_edition(text: str, position: int, quote: str) -> None:
    (found,) = find_unprintable_glyphs("title", text)
    assert (found.position, found.quote, found.severity) == (position, quote, Severity.BLOCKING)
    assert "U+" in found.message


@pytest.mark.parametrize("text", ["𠮷野家", "㐀", "①②", "℃", "—— “引”", "★☆●", "→", "㎡", "©", "✓"])
def test_rare_characters_of_names_and_old_signs_pass(text: str) -> None:
    assert find_unprintable_glyphs("body", text) == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("他们的的工作", "的的"),
        ("完成了了任务", "了了"),
        ("一分钱钱也不少", "钱钱"),
        ("余下的靠靠菜园", "靠靠"),
        ("党员在在村里", "在在"),
        ("会议会议开了一天", "会议会议"),
        ("落实落实到位", "落实落实"),
        ("领导小组领导小组成员", "领导小组领导小组"),
        ("我们我们要", "我们我们"),
        ("开开开会", "开开开"),
    ],
)
def test_what_stands_twice_is_found(text: str, quote: str) -> None:
    (found,) = find_doubled("body", text)
    assert (found.quote, found.code) == (quote, "typo")


@pytest.mark.parametrize(
    "text",
    [
        "常常、渐渐、人人、家家户户、高高兴兴、实实在在、地地道道、的的确确",
        "一步一步走，一个一个看，很多很多人",
        "大家讨论讨论、研究研究、商量商量",
        "为了了解情况，大会会议室里，派出所所长，如皋市市长，中国国家队",
        "周芳芳、李丽丽、妈妈、看看、天天",
        "2020年、11月11日",
        "哈哈哈，剪刀声咔嚓咔嚓",
        "现在在家门口，达到目的的人，参与与会各方讨论，认为为民办事",
        "一个镇一个镇地走，一家企业一家企业地看，一锹一锹夯实",
    ],
)
def test_what_chinese_doubles_on_purpose_passes(text: str) -> None:
    assert [one.quote for one in find_doubled("body", text)] == []


@pytest.mark.parametrize(
    ("text", "positions"),
    [
        ("他说：“好的。", [3]),
        ("好的”，他说。", [2]),
        ("他说：“好的。“", [3, 7]),
        ("《如皋日报报道", [0]),
        ("（如图所示", [0]),
        ("如图所示）", [4]),
        ("“一段没有完\n\n另一段。", [0]),
        ("（“一”）“《二》”【三】", []),
        ("1）第一条；2）第二条", []),
        ("（1）第一条", []),
        ("“第一段。\n\n“第二段。”", []),  # a quotation of two paragraphs
        ("他说：“第一段。\n\n“第二段。”", []),
        ("don’t", []),
    ],
)
def test_marks_without_partner_are_found(text: str, positions: list[int]) -> None:
    assert [one.position for one in find_unpaired("body", text)] == positions


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("今天开会,大家都来了，很好。", [","]),
        ("今天开会。大家都来了.很好。", ["."]),
        ('他说"好的"就走了。', ['"好的"']),
        ("来了(三人)，（两人）走了。", ["(", ")"]),
        ("来了（三人)。", [")"]),
        ("来了。。走了，，", ["。。", "，，"]),
        ("２０２６年11月", ["２０２６"]),
        ("修了路;又修了桥，大家高兴。", [";"]),
        ("停到哪里?大家商量，定下来。", ["?"]),
        ("**重点。**接着说", ["**", "**"]),
    ],
)
def test_odd_punctuation_is_found(text: str, quotes: list[str]) -> None:
    found = find_odd_punctuation("body", text, text)
    assert [one.quote for one in found] == quotes
    assert {one.code for one in found} == {"style"}


@pytest.mark.parametrize(
    "text",
    [
        "今天开会,大家都来了,很好。",  # one width throughout
        "1,200人，8:30开会，95.5%，3:2。",
        "网址www.rugao.cn，邮箱a@b.cn，版本2.0。",
        "**重点**接着说，**重点：** 说",
        "真的吗？！……——",
        "Party (CPC), 2026.",
    ],
)
def test_ordinary_punctuation_passes(text: str) -> None:
    assert [one.quote for one in find_odd_punctuation("body", text, text)] == []


def test_the_other_fields_show_which_width_is_usual() -> None:
    assert [one.quote for one in find_odd_punctuation("lead", "开会,来了", "标题\n开会,来了\n正文，一句。")] == [","]


@pytest.mark.parametrize(
    ("text", "places"), [("**好**", []), ("**好", [0]), ("好**。", [1]), ("一**“二”**三", [1, 6]), ("* * *", [])]
)
def test_asterisks_that_make_no_bold_are_found(text: str, places: list[int]) -> None:
    assert find_stray_asterisks(text) == places
