"""How a Word document's content is written as an article: Markdown where it has headings, lists or bold, else plain.

Links and italics leave their words, and a table becomes paragraphs ``a；b；c``: print knows no tables.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final
from unicodedata import category

from newsletter.articles.word_blocks import Block, BlockKind, Span

#: Characters that mean something to CommonMark wherever they stand: an underscore only beside other than letters.
_ANYWHERE: Final = re.compile(
    r"[\\`*]|(?<![^\W_])_|_(?![^\W_])|\[(?=[^\]]*\][(\[:])|<(?=[A-Za-z][\w+.-]*:|[^\s<>]+@)|&(?=#?\w+;)"
)
#: What makes of a line a heading, a list, a quotation, a rule or a fence.
_LINE_START: Final = re.compile(r"#{1,6}(?=\s|$)|[-+](?=\s|$)|>|=+\s*$|-+\s*$|~{3}|(?P<number>\d{1,9})(?=[.)](?:\s|$))")
#: What a heading's end would lose.
_HEADING_END: Final = re.compile(r"#+$")
_HARD_BREAK: Final = "  \n"


def is_plain(blocks: Iterable[Block]) -> bool:
    """Whether nothing is lost when these blocks are written as plain text."""
    return not any(
        block.kind in (BlockKind.HEADING, BlockKind.ITEM) or any(span.is_bold for span in block.spans)
        for block in blocks
    )


def write_plain(blocks: Iterable[Block]) -> str:
    """A paragraph a line."""
    return "\n".join(block.text for block in blocks)


def write_markdown(blocks: Sequence[Block]) -> str:
    """CommonMark that reads back to the same paragraphs."""
    pieces: list[str] = []
    for is_list, group in groupby(blocks, key=lambda block: block.kind is BlockKind.ITEM):
        written = [_write_block(block) for block in group]
        pieces += ["\n".join(written)] if is_list else written
    return "\n\n".join(pieces)


def _write_block(block: Block) -> str:
    if block.kind is BlockKind.HEADING:
        # One level down: the page's own heading is the article's title.
        text = _HEADING_END.sub(r"\\\g<0>", " ".join(_escape(block.text).split()))
        return f"{'#' * min(block.level + 1, 6)} {text}"
    text = "".join(map(_write_span, block.spans))
    lines = [_escape_start(line.strip()) for line in text.split("\n") if line.strip()]
    if block.kind is BlockKind.ITEM:
        indent = "    " * block.level
        return f"{indent}{block.marker} {f'{_HARD_BREAK}{indent}    '.join(lines)}"
    return _HARD_BREAK.join(lines)


def _write_span(span: Span) -> str:
    if not span.is_bold:
        return _escape(span.text)
    # Beside punctuation the two stars would not be read as emphasis: “**重点**”, never **“重点”**.
    start = next((place for place, c in enumerate(span.text) if _is_inner(c)), None)
    if start is None or "\n" in span.text.strip():
        return _escape(span.text)
    end = max(place for place, c in enumerate(span.text) if _is_inner(c)) + 1
    before, inner, after = span.text[:start], span.text[start:end], span.text[end:]
    return f"{_escape(before)}**{_escape(inner)}**{_escape(after)}"


def _is_inner(character: str) -> bool:
    return category(character)[0] not in "PSZC"


def _escape(text: str) -> str:
    return _ANYWHERE.sub(r"\\\g<0>", text)


def _escape_start(line: str) -> str:
    match = _LINE_START.match(line)
    if match is None:
        return line
    place = match.end("number") if match["number"] else 0
    return f"{line[:place]}\\{line[place:]}"
