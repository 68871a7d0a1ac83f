"""One quantity given twice with two values: told by the words before and behind the figure."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from newsletter.articles.checks.quantities import Quantity, find_quantities
from newsletter.articles.checks.verdicts import Verdict
from newsletter.translation import gettext as _

_CJK: Final = "㐀-鿿"
#: The words right before a figure that say what is counted: 总投资, 参训党员; and right behind it: 青年教师.
_BEFORE: Final = re.compile(rf"(?P<noun>[{_CJK}]{{4,}}?)(?:共计?|总计|合计|一共|约|达到?|为|有|是|近|超过?|已)*$")
_BEHIND: Final = re.compile(rf"[{_CJK}]{{4}}")
_CLAUSE: Final = re.compile(r"[，。；、：！？\n“”（）《》\s]")
#: Speaks of all that were counted before: 这78起问题中, “41件议题件件有回音, 190场课没有一场冷场.
_ALL: Final = re.compile(
    rf"(?:这|以上|上述|[，。；：！？“\n])(?P<figure>)\d[^{_CJK}]*(?P<unit>[{_CJK}]{{1,2}}?)(?P<noun>[{_CJK}]{{1,4}}?)"
    rf"(?:(?P<each>[{_CJK}])(?P=each)|中(?=[，有])|没有一|无一|全部|都(?!是))"
)
_TIMES: Final = re.compile("[今去上前明往]年|同期|目标|计划|原[来先定]|以前|[上下本]月|季度|人均")
_WORDS: Final = 4
_TWO: Final = 2
_WINDOW: Final = 24
_NEAR: Final = Decimal("0.3")
_NOUN_REACH: Final = 6


@dataclass(frozen=True)
class _Told:
    """A figure, and the text it stands in."""

    source: str
    quantity: Quantity

    @property
    def clause(self) -> str:
        """What stands before it in its clause."""
        text = self.source[max(0, self.quantity.start - _WINDOW) : self.quantity.start]
        return _CLAUSE.split(text)[-1]


def find_contradictions(before: str, text: str, quantities: Sequence[Quantity]) -> Iterator[Verdict]:
    """Figures of ``text`` that an earlier one, there or in ``before``, gives otherwise.

    A thing of which three figures or more are told is told of several places or times: none of them is wrong.
    """
    told = [_Told(before, quantity) for quantity in find_quantities(before)]
    told += [_Told(text, quantity) for quantity in quantities]
    things: defaultdict[tuple[str, str, str], list[_Told]] = defaultdict(list)
    for one in told:
        for thing in _things(one):
            things[thing].append(one)
    for (kind, _noun, _unit), alike in things.items():
        first, *others = alike
        if len({one.quantity.value for one in alike}) == _TWO:
            yield from (_describe(first, other) for other in others if _contradicts(kind, first, other, text))
    yield from _contradicted_wholes(text, told)


def _things(told: _Told) -> Iterator[tuple[str, str, str]]:
    """What a figure counts, by the words before it and by those behind."""
    quantity = told.quantity
    if not quantity.unit or quantity.unit in ("%", "倍", "百分点") or _TIMES.search(told.clause):
        return
    if match := _BEFORE.search(told.clause):
        yield "before", match["noun"], quantity.unit
    if match := _BEHIND.match(told.source, quantity.end):
        yield "behind", match.group(), quantity.unit


def _contradicts(kind: str, first: _Told, other: _Told, text: str) -> bool:
    if other.source is not text or not _differs(first.quantity, other.quantity):
        return False
    return kind == "before" or _is_near(first.quantity, other.quantity)


def _contradicted_wholes(text: str, told: Sequence[_Told]) -> Iterator[Verdict]:
    """Figures said of all that was counted before, of which another number was."""
    for match in _ALL.finditer(text):
        later = next((one for one in told if one.source is text and one.quantity.start == match.start("figure")), None)
        if later is None or later.quantity.unit != match["unit"]:
            continue
        earlier = [one for one in told[: told.index(later)] if one.quantity.unit == later.quantity.unit]
        about = [one for one in earlier if set(match["noun"]) & set(one.clause[-_NOUN_REACH:])]
        if any(one.quantity.value == later.quantity.value for one in earlier):
            continue
        yield from (_describe(one, later) for one in about[-1:] if _is_near(one.quantity, later.quantity))


def _is_near(one: Quantity, other: Quantity) -> bool:
    """Whether two values are so close that one is likelier a slip for the other than a part of it."""
    return abs(one.value - other.value) <= max(one.value, other.value) * _NEAR


def _differs(one: Quantity, other: Quantity) -> bool:
    slack = max(one.slack, other.slack)
    if one.is_vague or other.is_vague:
        slack = max(slack, max(one.value, other.value) / 10)
    return abs(one.value - other.value) > slack


def _describe(earlier: _Told, later: _Told) -> Verdict:
    said, here = (one.source[one.quantity.start : one.quantity.end] for one in (earlier, later))
    message = _("{here} here, {said} before, of the same thing.").format(here=here, said=said)
    return Verdict(later.quantity.start, later.quantity.end, message, said)
