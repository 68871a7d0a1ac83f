"""Which two figures of a sentence are one thing before and after: 由100户增加到120户, 今年24台、去年16台."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from newsletter.articles.checks.quantities import Quantity

_FROM: Final = re.compile("(?:由|从)[^，。；\\d]{0,14}$")
_TO: Final = re.compile("(?:到|至|为|达|达到)[^，。；\\d]{0,8}$")
_THAN: Final = re.compile("(?<![同环])(?:比|较|相比)[^，。；\\d]{0,10}$")
_PAST: Final = re.compile(
    "(?:去年|上年|前年|往年|年初|原来|原先|过去|以前|此前|之前|同期|上月|上季|改造前|实施前|\\d{4}年)[^。；\\d]{0,12}$"
)
_NOW: Final = re.compile("(?:今年|现在|目前|如今|本年|本月|改造后|实施后|今|\\d{4}年)[^。；\\d]{0,12}$")
_TWO: Final = 2


@dataclass(frozen=True)
class Pair:
    """A figure before and after; what the change is said to be must follow from them."""

    before: Quantity
    after: Quantity

    @property
    def falls(self) -> bool:
        """Whether it got less."""
        return self.after.value < self.before.value

    def range_of(self, unit: str, *, falls: bool) -> tuple[Decimal, Decimal]:
        """Least and greatest change the two can make: in %, times, points, or their own unit."""
        ends = [
            self._change(base, now, unit)
            for base in (self.before.low, self.before.high)
            for now in (self.after.low, self.after.high)
        ]
        signed = [-end for end in ends] if falls else ends
        return min(signed), max(signed)

    @staticmethod
    def _change(base: Decimal, now: Decimal, unit: str) -> Decimal:
        if unit == "%":
            return (now - base) / base * 100
        return now / base - 1 if unit == "倍" else now - base


def find_pair(text: str, start: int, earlier: Sequence[Quantity]) -> Pair | None:
    """The two figures of one unit before a stated change, if it is plain which was first."""
    last_two = _without_parts(text, start, earlier)[-2:]
    if len(last_two) < _TWO or last_two[0].unit != last_two[1].unit or any(one.low <= 0 for one in last_two):
        return None
    first, second = last_two
    before, between = text[start : first.start], text[first.end : second.start]
    if (_FROM.search(before) and _TO.search(between)) or (_PAST.search(before) and _NOW.search(between)):
        return Pair(first, second)
    if _THAN.search(between) or (_PAST.search(between) and _NOW.search(before)):
        return Pair(second, first)
    return None


def _without_parts(text: str, start: int, earlier: Sequence[Quantity]) -> Sequence[Quantity]:
    """What is compared with something is the whole, not the parts that are told of in between."""
    parts = text.find("其中", start, earlier[-1].start) if earlier else -1
    if parts < 0 or not _THAN.search(text, parts, earlier[-1].start):
        return earlier
    return [*(one for one in earlier[:-1] if one.end <= parts), earlier[-1]]
