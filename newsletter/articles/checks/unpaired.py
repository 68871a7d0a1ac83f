"""Quotation marks and brackets without their partner."""

import re
from typing import Final

from newsletter.articles.checks.findings import ErrorCode, Finding, Span
from newsletter.translation import gettext as _

CHECK: Final = "unpaired"
_PAIRS: Final = {
    "“": "”",
    "‘": "’",
    "《": "》",
    "〈": "〉",
    "「": "」",
    "『": "』",
    "（": "）",
    "(": ")",
    "【": "】",
    "[": "]",
    "〔": "〕",
}
_OPENED_BY: Final = {closing: opening for opening, closing in _PAIRS.items()}
#: Brackets of either width close each other: that they differ is ``punctuation``'s to say.
_WIDTH: Final = str.maketrans("()", "（）")
#: 1) and a) number things; an apostrophe stands between letters or before the years.
_NUMBERING: Final = re.compile(r"(?:^|[\s。；;，,：:])[（(]?[0-9０-９一二三四五六七八九十a-zA-Z]{1,2}[)）]")
_APOSTROPHE: Final = re.compile(r"(?<=[A-Za-z])’(?=[A-Za-z ])|’(?=\d0s)")


def find_unpaired(field: str, text: str) -> list[Finding]:
    """Marks that open and never close within their paragraph, or close what was not opened."""
    findings = []
    position = 0
    paragraphs = text.split("\n")
    for number, paragraph in enumerate(paragraphs):
        following = next((later.strip() for later in paragraphs[number + 1 :] if later.strip()), "")
        for place in _lonely(paragraph, following):
            span = Span(field, text, position + place, position + place + 1)
            message = _("{mark} has no partner.").format(mark=span.quote)
            findings.append(span.find(CHECK, ErrorCode.STYLE, message))
        position += len(paragraph) + 1
    return findings


def _lonely(paragraph: str, following: str) -> list[int]:
    numbering = {match.end() - 1 for match in _NUMBERING.finditer(paragraph)}
    apostrophes = {match.start() for match in _APOSTROPHE.finditer(paragraph)}
    opened: list[int] = []
    lonely: list[int] = []
    for place, mark in enumerate(paragraph):
        if mark in _PAIRS:
            if opened and paragraph[opened[-1]] == mark and mark in "“‘":
                lonely.append(opened.pop())
            opened.append(place)
        elif mark in _OPENED_BY and place not in apostrophes:
            partner = _partner(paragraph, opened, mark)
            if partner is None:
                lonely += [] if place in numbering else [place]
                continue
            lonely += opened[partner + 1 :]
            del opened[partner:]
    # A quotation of several paragraphs is opened anew in each, and closed in the last.
    goes_on = opened[:1] and paragraph[opened[0]] == "“" and following.startswith("“")
    return sorted(lonely + (opened[1:] if goes_on else opened))


def _partner(paragraph: str, opened: list[int], closing: str) -> int | None:
    wanted = _OPENED_BY[closing].translate(_WIDTH)
    places = range(len(opened) - 1, -1, -1)
    return next((place for place in places if paragraph[opened[place]].translate(_WIDTH) == wanted), None)
