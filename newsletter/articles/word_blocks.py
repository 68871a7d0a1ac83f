"""What a Word document is made of, as far as an article goes: paragraphs, headings, list items, rows of tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from html.parser import HTMLParser
from itertools import groupby
from typing import Final

_CELLS: Final = "；"
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}


class BlockKind(StrEnum):
    """What a piece of a document is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True)
class Span:
    """A stretch of text, bold or not."""

    text: str
    is_bold: bool = False


@dataclass(frozen=True, kw_only=True)
class Block:
    """A piece of a document.

    Attributes:
        kind: what it is.
        spans: its text.
        level: of a heading from 1; of a list item's nesting from 0.
        marker: ``-`` or ``3.`` of a list item.
    """

    kind: BlockKind
    spans: tuple[Span, ...]
    level: int = 0
    marker: str = ""

    @property
    def text(self) -> str:
        """Without any markup."""
        return "".join(span.text for span in self.spans)


def read_blocks(html: str) -> list[Block]:
    """The blocks of what mammoth writes, empty ones left out."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.flush()
    return reader.blocks


class _Reader(HTMLParser):
    """Reads mammoth's HTML, which is well-formed and small in its vocabulary."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._spans: list[Span] = []
        self._bold = self._skipped = 0
        self._heading = 0
        self._lists: list[int | None] = []
        self._marker = ""
        #: Tables inside each other, each with the cells of its row so far; only the outermost has rows of its own.
        self._tables: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("p", "ul", "ol", "table", *_HEADINGS):
            self.flush()
        self._heading = _HEADINGS.get(tag, self._heading)
        if tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._begin_item()
        elif tag == "table":
            self._tables.append([])
        elif tag in ("td", "th") and len(self._tables) == 1:
            self.flush()
            self._tables[0].append("")
        elif tag == "strong":
            self._bold += 1
        else:
            self._read_inline(tag, dict(attrs))

    def _read_inline(self, tag: str, attributes: dict[str, str | None]) -> None:
        # The arrow by which a footnote leads back is no text.
        if tag == "a" and "note-ref-" in (attributes.get("href") or "")[:14]:
            self._skipped = 1
        elif tag == "br":
            self.handle_data("\n")
        elif tag == "input":
            self.handle_data("☑" if "checked" in attributes else "□")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "li", "td", "th", *_HEADINGS):
            self.flush()
        if tag in _HEADINGS:
            self._heading = 0
        elif tag in ("ul", "ol"):
            self.flush()
            self._lists.pop()
        elif tag == "tr" and len(self._tables) == 1:
            self._end_row()
        elif tag == "table":
            self._tables.pop()
        elif tag == "strong":
            self._bold -= 1
        elif tag == "a":
            self._skipped = 0

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self._spans.append(Span(data, bool(self._bold)))

    def flush(self) -> None:
        """End the paragraph begun, if there is any text in it."""
        spans, self._spans = _merge(self._spans), []
        text = "".join(span.text for span in spans)
        if not text.strip():
            return
        if self._tables:
            self._fill_cell(text)
        elif self._lists and self._marker:
            level = len(self._lists) - 1
            self.blocks.append(Block(kind=BlockKind.ITEM, spans=spans, level=level, marker=self._marker))
            self._marker = ""
        elif self._heading:
            self.blocks.append(Block(kind=BlockKind.HEADING, spans=spans, level=self._heading))
        else:
            self.blocks.append(Block(kind=BlockKind.PARAGRAPH, spans=spans))

    def _begin_item(self) -> None:
        self.flush()
        number = self._lists[-1] if self._lists else None
        if number is None:
            self._marker = "-"
        else:
            self._lists[-1] = number + 1
            self._marker = f"{number + 1}."

    def _fill_cell(self, text: str) -> None:
        cells = self._tables[0]
        if cells:
            cells[-1] = " ".join(f"{cells[-1]} {text}".split())

    def _end_row(self) -> None:
        cells = self._tables[0]
        if any(cells):
            self.blocks.append(Block(kind=BlockKind.ROW, spans=(Span(_CELLS.join(cells)),)))
        cells.clear()


def _merge(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Neighbours of one weight joined, blank at the ends cut off: offices indent by spaces."""
    joined = [
        Span("".join(span.text for span in group), is_bold)
        for is_bold, group in groupby(spans, key=lambda s: s.is_bold)
    ]
    while joined and not joined[0].text.lstrip():
        joined.pop(0)
    while joined and not joined[-1].text.rstrip():
        joined.pop()
    if joined:
        joined[0] = Span(joined[0].text.lstrip(), joined[0].is_bold)
        joined[-1] = Span(joined[-1].text.rstrip(), joined[-1].is_bold)
    return tuple(joined)
