"""Characters and words written twice by mistake: 的的, 超出出, 进行进行; also where a line breaks between them."""

import re
from collections.abc import Iterator
from typing import Final

from newsletter.articles.checks.findings import ErrorCode, Finding, Span
from newsletter.articles.checks.reduplication import is_lawful_pair, is_lawful_run, is_lawful_word
from newsletter.translation import gettext as _

CHECK: Final = "doubled"
_CJK: Final = "[㐀-鿿]"
_CHARACTER: Final = re.compile(rf"(?P<one>{_CJK})(?P=one)+")
_WORD: Final = re.compile(rf"(?P<word>(?P<a>{_CJK})(?!(?P=a)){_CJK}{{1,15}}?)(?P=word)")
#: A line that was cut by hand; the last words before the break stand again behind it.
_BREAK: Final = re.compile(rf"(?P<word>{_CJK}{{1,8}})(?P<break>[ \t　]*\r?\n[ \t　]*)(?P=word)")
#: Characters of a line that is no heading and no entry of a list.
_FULL_LINE: Final = 16


def find_doubled(field: str, text: str) -> list[Finding]:
    """What stands twice in a row."""
    message = _("{quote} stands twice.")
    found: list[Finding] = []
    reached = 0
    for start, end, once in sorted({*_characters(text), *_words(text), *_across_lines(text)}):
        if start >= reached:
            span = Span(field, text, start, end)
            found.append(span.find(CHECK, ErrorCode.TYPO, message.format(quote=once), suggestion=once))
            reached = end
    return found


def _characters(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _CHARACTER.finditer(text):
        start, end = match.span()
        is_lawful = is_lawful_pair if end - start == 2 else is_lawful_run  # noqa: PLR2004 (twice)
        if not is_lawful(text, start, end):
            yield start, end, match["one"]


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _WORD.finditer(text):
        if not is_lawful_word(text, match.end(), match["word"]):
            yield *match.span(), match["word"]


def _across_lines(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _BREAK.finditer(text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.end("word")]
        if len(line) < _FULL_LINE or line.startswith(("#", ">", "|")):
            continue
        word, joined = match["word"], text[: match.end("word")] + text[match.start("break") :].lstrip()
        start, end = match.start(), match.end("word") + len(word)
        is_lawful = is_lawful_pair(joined, start, end) if len(word) == 1 else is_lawful_word(joined, end, word)
        if not is_lawful:
            yield *match.span(), word
