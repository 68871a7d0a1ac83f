"""Names of places and units that are nearly right, and villages put under a town they do not lie in."""

import re
from itertools import pairwise
from typing import Final

from newsletter.articles.checks.findings import ErrorCode, Finding, Span
from newsletter.articles.reference.lexicon import Place
from newsletter.articles.reference.likeness import is_alike, same_sound
from newsletter.articles.reference.loading import CheckContext
from newsletter.articles.reference.near import NearMiss, Slip
from newsletter.articles.reference.places import TOWN_LEVEL
from newsletter.articles.reference.words import read_words
from newsletter.translation import gettext as _

CHECK: Final = "places"
#: What names of places and units end in, longest first; a change within it makes another kind of thing.
_ENDINGS: Final = read_words("place_endings.txt")
#: What stands before a unit's own name.
_OWNERS: Final = re.compile(r"^(?:[省市县区]委|[省市县区])(?=.{3})")
#: Two last characters of common words, which are no names: 城镇, 乡村, 布局.
_COMMON: Final = frozenset(read_words("common_endings.txt"))
#: Numbers and directions tell one unit from the next: 第一党支部 is no slip for 第二党支部.
_TELLING: Final = frozenset(
    "一二三四五六七八九十百千东西南北中上下前后左右大小新老内外甲乙丙丁0123456789０１２３４５６７８９"
)
_CJK: Final = re.compile("[㐀-鿿]+")
#: Characters of a name's own part from which one wrong character is a slip, whatever it sounds or looks like.
_LONG_STEM: Final = 3
#: Left out when a name is shortened.
_LEFT_OUT: Final = frozenset("和与及市县区镇")
#: Behind a name's ending, this makes another word of it: 城镇化, 村民, 村级.
_NEXT_WORD: Final = re.compile("[化民级]")


def find_misspelt_places(field: str, text: str, context: CheckContext) -> list[Finding]:
    """Near misses of places and units, and towns with somebody else's village behind them."""
    known = list(context.places.lexicon.find(text))
    taken = [*known, *context.roster.lexicon.find(text)]
    slips = [(miss.start, miss.end, miss.name) for miss in _slips(text, known, context)]
    slips += [(start, end, context.places.mistaken[wrong]) for start, end, wrong in _other_kinds(text, context)]
    slips += context.reworded_places.find(text)
    findings = _misplaced(field, text, known, context)
    for start, end, name in slips:
        if any(begin < end and start < stop and other not in name for begin, stop, other in taken):
            continue
        taken.append((start, end, text[start:end]))
        span = Span(field, text, start, end)
        message = _("{written} is nearly the name {name}.").format(written=span.quote, name=name)
        findings.append(span.find(CHECK, ErrorCode.PLACE, message, suggestion=name))
    return findings


def _slips(text: str, known: list[Place], context: CheckContext) -> list[NearMiss]:
    """The near misses that are slips, the surest first."""
    slips = [miss for miss in context.near_places.find(text) if _is_slip(text, miss, known, context)]
    return sorted(slips, key=lambda miss: (len(miss.changed), -len(miss.name), miss.start, miss.name))


def _other_kinds(text: str, context: CheckContext) -> list[Place]:
    """Names with another ending of the same level, which no place has: 如城镇 for 如城街道."""
    found = context.places.mistaken_lexicon.find(text)
    return [place for place in found if not _NEXT_WORD.match(text, place[1])]


def _is_slip(text: str, miss: NearMiss, known: list[Place], context: CheckContext) -> bool:
    written, name = text[miss.start : miss.end], miss.name
    if not _CJK.fullmatch(written) or (written[-2:] in _COMMON and written[-2:] != name[-2:]):
        return False
    start, end = _stem(name)
    if miss.slip in (Slip.MISSING, Slip.EXTRA):
        return _is_slip_of_length(written, miss, end - start)
    if len(miss.changed) == 1 and miss.changed[0] >= end:
        (place,) = miss.changed
        return same_sound(written[place], name[place]) and written[place] not in _ENDINGS
    if not all(start <= place < end for place in miss.changed) or _tells_apart(written, miss):
        return False
    return _is_slip_of_stem(written, miss, end - start) or _stands_in_its_town(miss, known, context)


def _is_slip_of_stem(written: str, miss: NearMiss, stem: int) -> bool:
    """Whether the name's own part is nearly right, however short; or long enough for any one change."""
    if miss.slip is Slip.SWAPPED:
        return stem >= _LONG_STEM
    if len(miss.changed) > 1:
        return all(same_sound(written[place], miss.name[place]) for place in miss.changed)
    has_ending = miss.name.endswith(_ENDINGS)
    return stem >= _LONG_STEM + (not has_ending) or all(is_alike(written[n], miss.name[n]) for n in miss.changed)


def _is_slip_of_length(written: str, miss: NearMiss, stem: int) -> bool:
    """Whether a character missing or too many is no usual way to shorten the name."""
    (place,) = miss.changed
    character = miss.name[place] if miss.slip is Slip.MISSING else written[place]
    return stem > _LONG_STEM and character not in _LEFT_OUT and place > 0


def _tells_apart(written: str, miss: NearMiss) -> bool:
    pairs = ((written[place], miss.name[place]) for place in miss.changed)
    return any(one in _TELLING and other in _TELLING for one, other in pairs)


def _stem(name: str) -> tuple[int, int]:
    """Where a name's own part begins and ends: without 市 before and 镇, 村, 局 behind."""
    owner = _OWNERS.match(name)
    start = owner.end() if owner else 0
    ending = next((ending for ending in _ENDINGS if name.endswith(ending) and len(name) - len(ending) > start + 1), "")
    return start, len(name) - len(ending)


def _stands_in_its_town(miss: NearMiss, known: list[Place], context: CheckContext) -> bool:
    """Whether the name of the town it lies in stands right before it, and one character only is wrong."""
    if len(miss.changed) > 1:
        return False
    towns = context.places.towns_of(miss.name)
    return any(end == miss.start and name in towns for _start, end, name in known)


def _misplaced(field: str, text: str, known: list[Place], context: CheckContext) -> list[Finding]:
    findings = []
    for (start, middle, town), (begin, end, name) in pairwise(known):
        towns = context.places.towns_of(name)
        is_town = context.places.kind_of(town) in TOWN_LEVEL
        if text[middle:begin] not in ("", "的") or not is_town or not towns or town in towns:
            continue
        message = _("{name} lies in {right}, not in {wrong}.")
        message = message.format(name=name, right="、".join(sorted(towns)), wrong=town)
        suggestion = f"{min(towns)}{name}"
        findings.append(Span(field, text, start, end).find(CHECK, ErrorCode.PLACE, message, suggestion=suggestion))
    return findings
