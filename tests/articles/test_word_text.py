"""How a document's blocks are written: what is read back out of the Markdown is what the document says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from newsletter.articles.word_blocks import Block, BlockKind, Span, read_blocks
from newsletter.articles.word_text import is_plain, write_markdown, write_plain
from newsletter.editions.rendering.text import markdown_paragraphs

#: What CommonMark might take for its own, among what offices type.
SIGNS = "党员，。“”（）*_`#-+>[]()<&;1.2)~=\\| a"
SPANS = st.lists(st.builds(Span, st.text(SIGNS, min_size=1, max_size=8), st.booleans()), min_size=1, max_size=4)


def squeezed(text: str) -> str:
    return "".join(text.split())


def bold_in(markdown: str) -> str:
    """All that CommonMark would set in bold."""
    pieces, depth = "", 0
    for block in MarkdownIt("commonmark", {"html": False}).parse(markdown):
        for token in block.children or []:
            depth += {"strong_open": 1, "strong_close": -1}.get(token.type, 0)
            pieces += token.content if depth else ""
    return pieces


@settings(max_examples=400)
@given(st.lists(SPANS, min_size=1, max_size=4))
def test_paragraphs_read_back_to_what_they_say(paragraphs: list[list[Span]]) -> None:
    html = "".join(
        f"<p>{''.join(f'<strong>{escape(s.text)}</strong>' if s.is_bold else escape(s.text) for s in spans)}</p>"
        for spans in paragraphs
    )
    blocks = read_blocks(html)
    markdown = write_markdown(blocks)
    assert [squeezed(line) for line in markdown_paragraphs(markdown)] == [
        squeezed(text) for spans in paragraphs if (text := "".join(span.text for span in spans)).strip()
    ]
    wanted = "".join(span.text for block in blocks for span in block.spans if span.is_bold)
    assert [c for c in bold_in(markdown) if c.isalnum()] == [c for c in wanted if c.isalnum()]


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


@settings(max_examples=200)
@given(st.text(SIGNS, min_size=1, max_size=10).filter(lambda text: text.strip()), st.sampled_from(BlockKind))
def test_headings_items_and_rows_read_back_too(text: str, kind: BlockKind) -> None:
    block = Block(kind=kind, spans=(Span(text.strip()),), level=1 if kind is BlockKind.HEADING else 0, marker="-")
    (line,) = markdown_paragraphs(write_markdown([block]))
    assert squeezed(line.removeprefix("·") if kind is BlockKind.ITEM else line) == squeezed(text)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<ul><li>一<ul><li>甲</li><li>乙</li></ul></li><li>二</li></ul>", "- 一\n    - 甲\n    - 乙\n- 二"),
        ("<ol><li>一</li><li>二</li></ol><p>文</p><ol><li>三</li></ol>", "1. 一\n2. 二\n\n文\n\n1. 三"),
        ("<ol><li>一<br />下</li></ol>", "1. 一  \n    下"),
        ("<p><a href='http://x.cn'>看这里</a>和<em>那里</em></p>", "看这里和那里"),
        ("<p><s>划去</s>留下<sup>2</sup></p>", "划去留下2"),
        ("<p><input type='checkbox' checked='checked' />是<input type='checkbox' />否</p>", "☑是□否"),
        ("<table><tr><td><p>甲</p><p>乙</p></td><td>丙</td></tr><tr><td></td><td></td></tr></table>", "甲 乙；丙"),
        (
            "<table><tr><td>外<table><tr><td>里一</td><td>里二</td></tr></table></td><td>右</td></tr></table>",
            "外 里一 里二；右",
        ),
        ("<table><tr><td>a</td></tr></table><table><tr><td>b</td></tr></table>", "a\n\nb"),
        ("<p><strong>，</strong>文</p>", "，文"),
        ("<p>见<strong>（一）2026年</strong>止</p>", "见（**一）2026年**止"),
        ("<p> \u3000</p><p></p>", ""),
    ],
)
def test_a_piece_is_written_so(html: str, markdown: str) -> None:
    assert write_markdown(read_blocks(html)) == markdown


def test_nested_items_are_read_back_as_nested() -> None:
    html = "<ol><li>一<ul><li>甲<ol><li>子</li></ol></li></ul></li><li>二</li></ol>"
    tokens = MarkdownIt("commonmark").parse(write_markdown(read_blocks(html)))
    depths = [token.level for token in tokens if token.type == "list_item_open"]
    assert depths == [1, 3, 5, 1]


def test_plain_stays_plain() -> None:
    blocks = read_blocks("<p>1. 手打的号</p><p>- 破折</p><table><tr><td>甲</td><td>乙</td></tr></table>")
    assert is_plain(blocks)
    assert write_plain(blocks) == "1. 手打的号\n- 破折\n甲；乙"
    assert not is_plain(read_blocks("<h2>节</h2>"))
