"""Leaders listed out of order: among those of one unit, who ranks lower must not stand before who ranks higher."""

import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import Final

from newsletter.articles.checks.findings import ErrorCode, Finding, Span
from newsletter.articles.reference.lexicon import Place
from newsletter.articles.reference.loading import CheckContext
from newsletter.articles.reference.posts import HEADS
from newsletter.translation import gettext as _

CHECK: Final = "leader_ranks"
_HEAD: Final = "|".join(HEADS)
#: A post, or several: 市委常委、组织部部长. Words that say what somebody does break a list.
_POSTS: Final = rf"(?:[^，。；：、！？\s向对陪请听由会见]{{0,18}}?(?:{_HEAD})(?:同志)?)"
_NAME: Final = r"[㐀-鿿]{2,4}"
_SEPARATOR: Final = r"(?:[、，,;；]|\s+|和|与|及|以及|暨)"
#: From the end of one leader's name to the next one's beginning, if both stand in one list.
_GAP: Final = re.compile(
    rf"(?:同志|{_POSTS}|[（(]{_POSTS}[）)])?{_SEPARATOR}(?:{_NAME}{_SEPARATOR})*(?:{_POSTS}{_SEPARATOR})*{_POSTS}?\s?"
)
_LONGEST_GAP: Final = 60


def find_wrong_order(field: str, text: str, context: CheckContext) -> list[Finding]:
    """Lists of leaders of which two stand the wrong way round; one finding a list."""
    findings = []
    for leaders in _lists(text, list(context.roster.lexicon.find(text))):
        span = Span(field, text, leaders[0][0], leaders[-1][1])
        wrong = _first_wrong(leaders, context)
        if wrong:
            message = _("{first} ranks before {second}.").format(first=wrong[1], second=wrong[0])
            findings.append(span.find(CHECK, ErrorCode.LEADER, message, suggestion=_in_order(leaders, context)))
    return findings


def _lists(text: str, places: list[Place]) -> Iterator[list[Place]]:
    current = places[:1]
    for before, after in pairwise(places):
        gap = text[before[1] : after[0]]
        if len(gap) > _LONGEST_GAP or not _GAP.fullmatch(gap):
            yield current
            current = []
        current.append(after)
    if current:
        yield current


def _first_wrong(leaders: list[Place], context: CheckContext) -> tuple[str, str] | None:
    ranks = {name: context.roster.ranks(name, context.date) for _start, _end, name in leaders}
    for (_s, _e, before), (_t, _f, after) in combinations(leaders, 2):
        if any(ranks[after].get(unit, rank) < rank for unit, rank in ranks[before].items()):
            return before, after
    return None


def _in_order(leaders: list[Place], context: CheckContext) -> str:
    """The names in their order, if all are ranked in one unit."""
    ranks = {name: context.roster.ranks(name, context.date) for _start, _end, name in leaders}
    shared = set.intersection(*(set(units) for units in ranks.values()))
    for unit in sorted(shared):
        return "、".join(sorted(ranks, key=lambda name: ranks[name][unit]))
    return ""
