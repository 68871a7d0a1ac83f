"""How an article's body becomes HTML for print: no tags of its own, no pictures inside the text, links as words."""

from markdown_it.token import Token
from markupsafe import Markup, escape

from newsletter.editions.layout import LayoutItem
from newsletter.editions.rendering.markdown import markdown_parser, parse_markdown
from newsletter.editions.rendering.spacing import stretch
from newsletter.editions.rendering.text import clean_text, join_lines, next_text, plain_paragraphs

#: Titles are the page's business: a heading inside an article stands below them, whatever its level.
_SUBHEADING = "h4"


def body_html(item: LayoutItem) -> Markup:
    """The body's paragraphs, safe to set into a page."""
    if not item.is_markdown:
        return Markup("\n").join(
            Markup("<p>{}</p>").format(escape(stretch(line))) for line in plain_paragraphs(item.body)
        )
    tokens = parse_markdown(clean_text(item.body))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = _SUBHEADING
        elif token.type == "inline":
            token.children = _print_inline(token.children or [])
    parser = markdown_parser()
    return Markup(parser.renderer.render(tokens, parser.options, {}))  # noqa: S704 (raw HTML is off, text is escaped)


def _print_inline(children: list[Token]) -> list[Token]:
    kept = [token for token in children if token.type not in ("link_open", "link_close", "image")]
    return [_print_token(token, kept[:position], kept[position + 1 :]) for position, token in enumerate(kept)]


def _print_token(token: Token, before: list[Token], after: list[Token]) -> Token:
    if token.type == "softbreak":
        return Token("text", "", 0, content=join_lines(next_text(before[::-1])[-1:], next_text(after)[:1]))
    if token.type == "text":
        return token.copy(content=stretch(_trim_indent(token.content, is_first=not before), following=next_text(after)))
    return token


def _trim_indent(text: str, *, is_first: bool) -> str:
    # Offices indent with ideographic spaces; the style sheet indents already.
    return text.lstrip("\u3000 ") if is_first else text
