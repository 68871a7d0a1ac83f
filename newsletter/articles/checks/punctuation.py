"""Punctuation of two widths in one text, straight quotes in Chinese, doubled marks, asterisks that print."""

import re
from typing import Final

from newsletter.articles.checks.findings import ErrorCode, Finding, Span
from newsletter.translation import gettext as _

CHECK: Final = "punctuation"
_CJK: Final = "㐀-鿿"
#: Half-width marks and their full-width partners.
_FULL: Final = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）", ".": "。"}
#: A half-width mark that belongs to Chinese text: behind a character, quotation mark or bracket, not within a number.
_HALF: Final = re.compile(
    rf"(?<=[{_CJK}”’》）\d%])[,;:?!](?=[{_CJK}“‘《（\s]|$)|(?<=[{_CJK}”’》）])[,;:?!.](?![.A-Za-z0-9/])"
)
_BRACKETS: Final = re.compile(rf"\((?=[{_CJK}])[^()（）\n]*[)）]|[（(][^()（）\n]*(?<=[{_CJK}])\)")
_STRAIGHT: Final = re.compile(rf"\"[^\"\n]*[{_CJK}][^\"\n]*\"|(?<![A-Za-z\d])'[^'\n]*[{_CJK}][^'\n]*'")
_DOUBLED: Final = re.compile("[，。；：、][，。；：、]+|！[，。；：、]+|？[，。；：、]+|[，；：、][！？]+")
_DOTS: Final = re.compile(rf"(?<=[{_CJK}，。”])(?P<mark>\.{{2,}}|。{{3,}}|--+)")
_WIDE: Final = re.compile("[０-９Ａ-Ｚａ-ｚ]+")
_NARROW: Final = re.compile("[0-9A-Za-z]")


def find_odd_punctuation(field: str, text: str, article: str) -> list[Finding]:
    """Marks that do not fit the rest; ``article`` is the whole text, which shows what its marks are otherwise."""
    spans = [*_other_width(text, article), *_brackets(text, article), *_straight(text)]
    spans += [(match.start(), match.end(), match.group()[:1]) for match in _DOUBLED.finditer(text)]
    spans += [(*match.span(), "——" if match["mark"][0] == "-" else "……") for match in _DOTS.finditer(text)]
    spans += [(place, place + 2, "") for place in find_stray_asterisks(text)]
    message = _("Odd punctuation: {quote}")
    found = [(Span(field, text, start, end), suggestion) for start, end, suggestion in sorted(set(spans))]
    return [
        span.find(CHECK, ErrorCode.STYLE, message.format(quote=span.quote), suggestion=suggestion)
        for span, suggestion in found
    ]


def _other_width(text: str, article: str) -> list[tuple[int, int, str]]:
    places = [(match.start(), match.end(), _FULL[match.group()]) for match in _HALF.finditer(text)]
    # Commas and full stops are judged by their like: who types them narrow does so throughout.
    mixed = [place for place in places if place[2] in article or (place[2] not in "，。" and "，" in article)]
    if _NARROW.search(article):
        wide = _WIDE.finditer(text)
        mixed += [(match.start(), match.end(), _narrowed(match.group())) for match in wide]
    return mixed


def _narrowed(text: str) -> str:
    return "".join(chr(ord(character) - 0xFEE0) for character in text)


def _brackets(text: str, article: str) -> list[tuple[int, int, str]]:
    """Half-width brackets around Chinese where others are full-width; single marks."""
    places: list[tuple[int, int, str]] = []
    for match in _BRACKETS.finditer(text):
        ends = (match.start(), match.end() - 1)
        half = [place for place in ends if text[place] in "()"]
        if len(half) == 1 or "（" in article.replace(match.group(), ""):
            places += [(place, place + 1, _FULL[text[place]]) for place in half]
    return places


def _straight(text: str) -> list[tuple[int, int, str]]:
    found = []
    for match in _STRAIGHT.finditer(text):
        opening, closing = "“”" if match.group()[0] == '"' else "‘’"
        found.append((match.start(), match.end(), f"{opening}{match.group()[1:-1]}{closing}"))
    return found


def find_stray_asterisks(text: str) -> list[int]:
    """Where ``**`` makes no bold and is printed as it stands, as in ``**重点。**接着``; CommonMark's rule."""
    stray: list[int] = []
    for paragraph in re.finditer(r"(?:[^\n]|\n(?!\s*\n))+", text):
        opened: list[int] = []
        for match in re.finditer(r"(?<!\*)\*\*(?!\*)", paragraph.group()):
            can_open, can_close = _flanks(paragraph.group(), match.start())
            if can_close and opened:
                opened.pop()
            elif can_open:
                opened.append(paragraph.start() + match.start())
            else:
                stray.append(paragraph.start() + match.start())
        stray += opened
    return sorted(stray)


def _flanks(text: str, place: int) -> tuple[bool, bool]:
    """Whether ``**`` at a place may open, and may close."""
    before, after = text[place - 1 : place] if place else " ", text[place + 2 : place + 3] or " "
    space_before, space_after = before.isspace(), after.isspace()
    mark_before, mark_after = _is_mark(before), _is_mark(after)
    can_open = not space_after and (not mark_after or space_before or mark_before)
    can_close = not space_before and (not mark_before or space_after or mark_after)
    return can_open, can_close


def _is_mark(character: str) -> bool:
    return not character.isalnum() and not character.isspace()
