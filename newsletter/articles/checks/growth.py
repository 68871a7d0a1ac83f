"""Changes that are not what the figures before them make: 由100户增加到120户，增长30%."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from newsletter.articles.checks.quantities import Quantity
from newsletter.articles.checks.verdicts import Verdict, plain
from newsletter.translation import gettext as _

_UP: Final = "增长|增加|增幅|上升|提高|提升|上涨|升高|扩大|多出?|增"
_DOWN: Final = "下降|减少|降幅|降低|回落|下跌|缩短|压缩|压减|减|降|少"
#: Right before the figure of a change.
_CHANGE: Final = re.compile(rf"(?P<verb>{_UP}|{_DOWN})(?:幅度|率)?了?(?:达到?|为|近|约|超过?|逾)?$")
_MULTIPLE: Final = re.compile("是[^，。；\\d]{0,10}$")
_DOUBLED: Final = re.compile("翻了?(?P<times>一|两|二|三|1|2|3)番")
_TIMES: Final = {"一": 2, "1": 2, "两": 4, "二": 4, "2": 4, "三": 8, "3": 8}
_FROM: Final = re.compile("(?:由|从)[^，。；\\d]{0,14}$")
_TO: Final = re.compile("(?:到|至|为|达|达到)[^，。；\\d]{0,8}$")
_THAN: Final = re.compile("(?<![同环])(?:比|较|相比)[^，。；\\d]{0,10}$")
_PAST: Final = re.compile(
    "(?:去年|上年|前年|往年|年初|原来|原先|过去|以前|此前|之前|同期|上月|上季|改造前|实施前|\\d{4}年)[^。；\\d]{0,12}$"
)
_NOW: Final = re.compile("(?:今年|现在|目前|如今|本年|本月|改造后|实施后|今|\\d{4}年)[^。；\\d]{0,12}$")
_ROUGH: Final = Decimal("0.05")
_WINDOW: Final = 12
_HALF: Final = Decimal("0.5")


@dataclass(frozen=True)
class _Pair:
    """A figure before and after; what the change is said to be must follow from them."""

    before: Quantity
    after: Quantity

    def range_of(self, unit: str, *, falls: bool) -> tuple[Decimal, Decimal]:
        """Least and greatest change the two can make: in %, times, points, or their own unit."""
        low, high = self.before.value - self.before.noise, self.before.value + self.before.noise
        ends = [(self._change(base, now, unit)) for base in (low, high) for now in self._after()]
        signed = [-end for end in ends] if falls else ends
        return min(signed), max(signed)

    def _after(self) -> tuple[Decimal, Decimal]:
        return self.after.value - self.after.noise, self.after.value + self.after.noise

    @staticmethod
    def _change(base: Decimal, now: Decimal, unit: str) -> Decimal:
        if unit == "%":
            return (now - base) / base * 100
        return now / base - 1 if unit == "倍" else now - base


def find_wrong_growth(text: str, start: int, end: int, quantities: Sequence[Quantity]) -> Iterator[Verdict]:
    """Changes stated in one sentence (``start`` to ``end``) that its figures do not make."""
    verbs = [_CHANGE.search(text, max(start, one.start - _WINDOW), one.start) for one in quantities]
    levels: list[Quantity] = []
    for place, (change, verb) in enumerate(zip(quantities, verbs, strict=True)):
        is_times = change.unit == "倍" and bool(
            _MULTIPLE.search(text, max(start, change.start - _WINDOW), change.start)
        )
        if not verb and not is_times:
            levels.append(change)
            continue
        pair = _find_pair(text, start, levels)
        falls = bool(verb and re.fullmatch(_DOWN, verb["verb"]))
        if pair is None and change.unit == "%" and place and verbs[place - 1] and levels:
            pair = _from_difference(levels[-1], quantities[place - 1], falls=falls)
        if pair:
            yield from _compare(pair, change, falls=falls, is_times=is_times)
    for match in _DOUBLED.finditer(text, start, end):
        pair = _find_pair(text, start, [one for one in levels if one.end <= match.start()])
        if pair:
            yield from _compare_doubling(pair, match)


def _from_difference(now: Quantity, difference: Quantity, *, falls: bool) -> _Pair | None:
    """9起，同比减少3起: the figure before was 12."""
    before = now.value + difference.value if falls else now.value - difference.value
    if now.unit != difference.unit or now.is_vague or difference.is_vague or before <= 0:
        return None
    return _Pair(replace(now, value=before, slack=now.slack + difference.slack), now)


def _find_pair(text: str, start: int, earlier: Sequence[Quantity]) -> _Pair | None:
    """The two figures of one unit before a stated change, if it is plain which was first."""
    last_two = _without_parts(text, start, earlier)[-2:]
    if len({one.unit for one in last_two}) != 1 or any(one.is_vague or not one.value for one in last_two):
        return None
    if len(last_two) < 2:  # noqa: PLR2004 (a pair)
        return None
    first, second = last_two
    before, between = text[start : first.start], text[first.end : second.start]
    if (_FROM.search(before) and _TO.search(between)) or (_PAST.search(before) and _NOW.search(between)):
        return _Pair(first, second)
    if _THAN.search(between) or (_PAST.search(between) and _NOW.search(before)):
        return _Pair(second, first)
    return None


def _without_parts(text: str, start: int, earlier: Sequence[Quantity]) -> Sequence[Quantity]:
    """What is compared with something is the whole, not the parts that are told of in between."""
    parts = text.find("其中", start, earlier[-1].start) if earlier else -1
    if parts < 0 or not _THAN.search(text, parts, earlier[-1].start):
        return earlier
    return [*(one for one in earlier[:-1] if one.end <= parts), earlier[-1]]


def _compare(pair: _Pair, change: Quantity, *, falls: bool, is_times: bool) -> Iterator[Verdict]:
    unit = change.unit
    if unit == "%" and pair.before.unit == "%":
        return
    if unit == "百分点" and pair.before.unit != "%":
        return
    if unit not in ("%", "倍", "百分点", pair.before.unit):
        return
    low, high = pair.range_of("倍" if is_times else unit, falls=falls)
    said = change.value - (1 if is_times else 0)
    slack = change.slack or (_HALF if unit == "%" else Decimal(0))
    if change.is_vague:
        slack = max(slack, abs(said) * _ROUGH, Decimal(1) if unit == "%" else Decimal(0))
    if low - slack <= said <= high + slack:
        return
    right = ((low + high) / 2 + (1 if is_times else 0)).quantize(_step(change))
    message = _("From {before} to {after} makes {right}, not {said}.").format(
        before=pair.before.number(), after=pair.after.number(), right=change.number(right), said=change.number()
    )
    yield Verdict(change.start, change.end, message, change.write(right))


def _step(change: Quantity) -> Decimal:
    return change.slack * 2 if 0 < change.slack < 1 else Decimal(1)


def _compare_doubling(pair: _Pair, match: re.Match[str]) -> Iterator[Verdict]:
    times = pair.after.value / pair.before.value
    said = Decimal(_TIMES[match["times"]])
    if abs(times - said) > said * _ROUGH:
        message = _("From {before} to {after} is {times} times as much.").format(
            before=pair.before.number(), after=pair.after.number(), times=plain(times.quantize(Decimal("0.1")))
        )
        yield Verdict(match.start(), match.end(), message)
