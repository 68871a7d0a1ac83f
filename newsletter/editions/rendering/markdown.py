"""How an article's Markdown is read: CommonMark, without raw HTML. The one parser for print and for messages."""

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token


@cache
def markdown_parser() -> MarkdownIt:
    """CommonMark; tags typed into an article are text like any other."""
    return MarkdownIt("commonmark", {"html": False})


def parse_markdown(source: str) -> list[Token]:
    """The block tokens of ``source``; inline ones are their children."""
    return markdown_parser().parse(source)


def find_images(source: str) -> list[str]:
    """The addresses of pictures set inside the text, which no rendering shows: an article lists its pictures apart."""
    inlines = [token.children or [] for token in parse_markdown(source) if token.type == "inline"]
    return [str(child.attrs["src"]) for children in inlines for child in children if child.type == "image"]
