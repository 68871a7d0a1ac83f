"""How an article becomes plain text: paragraphs without markup, ready for a message."""

import re
from collections.abc import Iterable
from typing import Final

from markdown_it.token import Token

from newsletter.editions.layout import LayoutItem
from newsletter.editions.rendering.markdown import parse_markdown

#: Control characters and lone surrogates: no font and no gateway has them. Line feed stays.
_UNPRINTABLE: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
#: Scripts written without spaces: a line break inside a paragraph is no space there.
_HAN: Final = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”‘’…—]")
_BULLET: Final = "·"


def clean_text(text: str) -> str:
    """``text`` as it can be set: line ends are line feeds, tabs are spaces, control characters are gone.

    A lone surrogate becomes U+FFFD, so that the loss shows.
    """
    return _UNPRINTABLE.sub(_replace_unprintable, text.replace("\r\n", "\n").replace("\r", "\n"))


def clean_line(text: str) -> str:
    """``text`` on one line, without white space around it or doubled inside it."""
    return " ".join(clean_text(text).split())


def item_paragraphs(item: LayoutItem) -> list[str]:
    """The body's paragraphs as plain text: a heading, a list entry or a line of code is one each."""
    return markdown_paragraphs(clean_text(item.body)) if item.is_markdown else plain_paragraphs(item.body)


def plain_paragraphs(text: str) -> list[str]:
    """The paragraphs of a plain text, one a line; indents and empty lines are layout, not text."""
    return [line for line in map(clean_line, text.splitlines()) if line]


def markdown_paragraphs(source: str) -> list[str]:
    """The paragraphs of a Markdown text without its markup; list entries keep their number or a dot."""
    paragraphs: list[str] = []
    marker = ""
    for token in parse_markdown(source):
        if token.type == "list_item_open":
            # An ordered entry carries its own number, whatever number it was typed with.
            marker = f"{token.info}." if token.info else _BULLET
        elif token.type == "inline":
            lines = inline_text(token.children or []).split("\n")
            lines[0] = marker + lines[0]
            marker = ""
            paragraphs += lines
        elif token.type in ("code_block", "fence"):
            paragraphs += token.content.splitlines()
    return [line for line in map(clean_line, paragraphs) if line]


def inline_text(tokens: Iterable[Token]) -> str:
    """The text of inline tokens: links and emphasis leave their words, pictures leave nothing."""
    children = list(tokens)
    pieces: list[str] = []
    for position, token in enumerate(children):
        if token.type == "softbreak":
            pieces.append(join_lines(next_text(children[:position][::-1])[-1:], next_text(children[position:])[:1]))
        elif token.type == "hardbreak":
            pieces.append("\n")
        elif token.type in ("text", "code_inline"):
            pieces.append(token.content)
    return "".join(pieces)


def next_text(tokens: Iterable[Token]) -> str:
    """The first text among ``tokens``; empty when there is none."""
    return next((token.content for token in tokens if token.type in ("text", "code_inline") and token.content), "")


def join_lines(before: str, after: str) -> str:
    """What a line break between these two characters means: nothing beside a Han character, else a space."""
    return "" if _HAN.fullmatch(before) or _HAN.fullmatch(after) else " "


def _replace_unprintable(match: re.Match[str]) -> str:
    character = match[0]
    if character == "\t":
        return " "
    return "\N{REPLACEMENT CHARACTER}" if "\ud800" <= character <= "\udfff" else ""
