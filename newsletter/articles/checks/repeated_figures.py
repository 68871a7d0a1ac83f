"""One quantity given twice with two values: told by the words before and behind the figure."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import takewhile
from typing import Final

from newsletter.articles.checks.told import Told, find_told
from newsletter.articles.checks.verdicts import Verdict
from newsletter.translation import gettext as _

_CJK: Final = "㐀-鿿"
#: Speaks of all that were counted before: 这78起问题中, “41件议题件件有回音, 190场课没有一场冷场.
_ALL: Final = re.compile(
    rf"(?:这|以上|上述|[，。；：！？“\n])(?P<figure>)\d[^{_CJK}]*(?P<unit>[{_CJK}]{{1,2}}?)(?P<noun>[{_CJK}]{{1,4}}?)"
    rf"(?:(?P<each>[{_CJK}])(?P=each)|中(?=[，有])|没有一|无一|全部|都(?!是))"
)
#: Behind a figure that takes up one told before: 竣工的46个项目中.
_TAKEN_UP: Final = re.compile(rf"^[{_CJK}]{{0,6}}[中里]|^[{_CJK}]{{0,6}}(?=全部|都|均|已)")
_NOT_COUNTED: Final = ("", "%", "倍", "百分点")
#: Characters that two labels must share: anywhere; where the words are close; where nothing else is said.
_LONG: Final = 4
_MIDDLE: Final = 3
_SHORT: Final = 2
#: How near two values must be, if the words alone do not prove that they are of one thing.
_NEAR: Final = Decimal("0.3")
_NOUN_REACH: Final = 6


def find_contradictions(before: str, text: str) -> Iterator[Verdict]:
    """Figures of ``text`` that an earlier one, there or in ``before``, gives otherwise.

    A thing of which three values are told is told of several places or times: none of them is wrong.
    """
    told = [one for source in (before, text) for one in find_told(source) if one.quantity.unit not in _NOT_COUNTED]
    for place, later in enumerate(told):
        if later.source is not text or later.is_of_another_scope:
            continue
        earlier = [one for one in told[:place] if one.unit == later.unit and not one.quantity.is_vague]
        if any(one.quantity.value == later.quantity.value for one in earlier) or later.quantity.is_vague:
            continue
        same = [one for one in earlier if _is_same_thing(one, later) and not _has_twin(one, later, told)]
        if len({one.quantity.value for one in same}) == 1 and _differs(same[-1], later):
            yield _describe(same[-1], later)
    yield from _contradicted_wholes(text, told)


def _is_same_thing(one: Told, other: Told) -> bool:
    if one.is_of_another_scope or one.shares_sentence(other) or one.is_told_elsewhere(other):
        return False
    return _is_near(one, other) and (_is_told_alike(one, other) or _is_counted_alike(one, other))


def _is_told_alike(one: Told, other: Told) -> bool:
    """By the words before both: 全市现有养老机构42家, 全市养老机构43家中; 竣工48个, 竣工的46个项目中."""
    shared = _count_shared(one.before[::-1], other.before[::-1])
    rests = {one.before[: len(one.before) - shared], other.before[: len(other.before) - shared]}
    if "" not in rests:
        return False
    is_taken_up = other.clause.endswith("的") and _TAKEN_UP.match(other.behind)
    return shared >= _LONG or (shared >= _SHORT and (bool(is_taken_up) or (rests == {""} and shared >= _MIDDLE)))


def _is_counted_alike(one: Told, other: Told) -> bool:
    """By what is counted: 42家爱心企业, 爱心企业45家; 两千亩荠菜, 1800亩荠菜."""
    if any(_meets(first.behind, second.before) for first, second in ((one, other), (other, one))):
        return True
    shared = _count_shared(one.behind, other.behind)
    is_all_said = shared in (len(one.behind), len(other.behind)) and "" in (one.before, other.before)
    return shared >= _LONG or (shared >= _SHORT and is_all_said and one.unit != "人")


def _count_shared(one: str, other: str) -> int:
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _meets(behind: str, before: str) -> bool:
    """Whether what is counted behind one figure is what the words before the other end in."""
    return any(before.endswith(behind[:length]) for length in range(_MIDDLE, len(behind) + 1))


def _has_twin(one: Told, later: Told, told: Sequence[Told]) -> bool:
    """Whether the earlier figure stands again with another value before the later one: then both are of many."""
    return any(
        other is not one
        and other is not later
        and other.unit == one.unit
        and other.before == one.before != ""
        and other.quantity.value not in (one.quantity.value, later.quantity.value)
        for other in told
    )


def _contradicted_wholes(text: str, told: Sequence[Told]) -> Iterator[Verdict]:
    """Figures said of all that was counted before, of which another number was."""
    for match in _ALL.finditer(text):
        later = next((one for one in told if one.source is text and one.quantity.start == match.start("figure")), None)
        if later is None or later.quantity.unit != match["unit"]:
            continue
        earlier = [one for one in told[: told.index(later)] if one.quantity.unit == later.quantity.unit]
        about = [one for one in earlier if set(match["noun"]) & set(one.clause[-_NOUN_REACH:])]
        if any(one.quantity.value == later.quantity.value for one in earlier):
            continue
        yield from (_describe(one, later) for one in about[-1:] if _is_near(one, later))


def _is_near(one: Told, other: Told) -> bool:
    """Whether two values are so close that one is likelier a slip for the other than a part of it."""
    first, second = one.quantity.value, other.quantity.value
    return abs(first - second) <= max(first, second) * _NEAR


def _differs(one: Told, other: Told) -> bool:
    slack = max(one.quantity.slack, other.quantity.slack)
    return abs(one.quantity.value - other.quantity.value) > slack


def _describe(earlier: Told, later: Told) -> Verdict:
    said, here = (one.source[one.quantity.start : one.quantity.end] for one in (earlier, later))
    message = _("{here} here, {said} before, of the same thing.").format(here=here, said=said)
    return Verdict(later.quantity.start, later.quantity.end, message, said)
