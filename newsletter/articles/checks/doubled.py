"""Characters and words written twice by mistake: 的的, 进行进行; not those that Chinese doubles on purpose."""

import re
from collections.abc import Iterator
from typing import Final

from newsletter.articles.checks.findings import ErrorCode, Finding, Span
from newsletter.articles.reference.words import read_words
from newsletter.translation import gettext as _

CHECK: Final = "doubled"
#: Words of grammar, which never stand twice but by mistake.
_GRAMMAR: Final = (
    "的了是在和与及或而且但把被从对于以为其之这那该并将又很最没到由向让使给们着吗呢吧地得就也都还来去要会能可所因如"
    "我你他她它谁某靠钱跟比拿叫才便却则若虽已曾正未做用有无更再属达占获受均约共另凡皆亦系"
)
_TWICE: Final = re.compile(rf"(?P<one>[{_GRAMMAR}])(?P=one)+")
_THRICE: Final = re.compile(r"(?P<one>[㐀-鿿])(?P=one){2,}")
_WORD_TWICE: Final = re.compile(r"(?P<word>(?P<a>[㐀-鿿])(?!(?P=a))[㐀-鿿]{1,7}?)(?P=word)")
#: Two words that meet, the second beginning as the first ends (为了了解, 当地地块, 派出所所长); and set phrases.
_MEETING: Final = re.compile(
    "不了了之|一了了之|的的确确|的的士|为为[民何人]|了了[解结然]|地地[处力下方区铁面址形质块貌理头名租基]|所所[长在有属]|"
    "会会[议员长场同商见费址]|到到[位场岗访会]|得得失|来来[往自源访]|向向[东南西北阳]|和和[谐平睦]|并并[行入网]|把把[关手脉]|"
    "对对[方口象照标接策外内华联]|就就[业近地医餐诊学]|在在[建职校岗册场线]|以以[往人及]|使使[命用]|要要[求素闻]|是是[否非]|"
    "如如[皋何]|与与会|让让[利步路]|从从[业事严前]|因因地|能能否|没没收|将将[军领士]|还还[款贷原清]|给给[水排养付]|被被[子褥告]|都都市"
)
#: Verbs and such that are doubled to say "a little", and words of number.
_ON_PURPOSE: Final = frozenset(read_words("doubled_on_purpose.txt"))
_COUNTED: Final = re.compile("[一几每半][㐀-鿿]+")
#: Onomatopoeia.
_SOUNDS: Final = re.compile("[咔嚓叮当咚哗啦轰隆咕噜嘀嗒滴答吱呀噼啪扑通呼淅沥叽喳嘻哈哐铛嗡嘟]+")
#: Characters before one of these make a word with it, after which the same may begin the next: 目的的, 现在在, 参与与.
_WORD_ENDS: Final = {word[0]: word[1:] for word in read_words("word_ends.txt")}


def find_doubled(field: str, text: str) -> list[Finding]:
    """What stands twice in a row."""
    message = _("{quote} stands twice.")
    spans = sorted({*_characters(text), *_words(text)})
    kept: list[tuple[int, int]] = []
    for start, end in spans:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    found = [(Span(field, text, start, end), text[start : start + _unit(text[start:end])]) for start, end in kept]
    return [span.find(CHECK, ErrorCode.TYPO, message.format(quote=once), suggestion=once) for span, once in found]


def _unit(quote: str) -> int:
    """Characters of what is repeated."""
    return next(n for n in range(1, len(quote) + 1) if quote == (quote[:n] * len(quote))[: len(quote)])


def _characters(text: str) -> Iterator[tuple[int, int]]:
    for match in _TWICE.finditer(text):
        start, end = match.span()
        before, after = text[max(0, start - 2) : start], text[end : end + 2]
        is_pattern = any(len(pair) == 2 and pair[0] == pair[1] for pair in (before, after))  # noqa: PLR2004 (AABB)
        if before[-1:] and before[-1] in f"一{_WORD_ENDS.get(match['one'], '')}":
            continue
        if not is_pattern and not _MEETING.search(text, max(0, start - 1), end + 2):
            yield start, end
    for match in _THRICE.finditer(text):
        if match["one"] not in "哈呵嘻啊呀":
            yield match.span()


def _words(text: str) -> Iterator[tuple[int, int]]:
    for match in _WORD_TWICE.finditer(text):
        word = match["word"]
        if word not in _ON_PURPOSE and not _COUNTED.fullmatch(word) and not _SOUNDS.fullmatch(word):
            yield match.span()
