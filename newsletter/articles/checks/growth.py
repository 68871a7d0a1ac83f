"""Changes that are not what the figures before them make: 由100户增加到120户，增长30%."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from newsletter.articles.checks.multiples import compare_multiple, find_multiples
from newsletter.articles.checks.pairs import Pair, find_pair
from newsletter.articles.checks.quantities import Quantity
from newsletter.articles.checks.verdicts import Verdict
from newsletter.translation import gettext as _

_UP: Final = (
    "增长|增加|增幅|增收|增产|猛增|激增|净增|递增|上升|"
    "提高|提升|提速|上涨|升高|攀升|扩大|扩容|拓宽|加宽|延长|加快|多出|多[收种打产卖]?|涨|增|升"
)
_DOWN: Final = (
    "下降|减少|减产|减收|降幅|降低|回落|下跌|下滑|锐减|"
    "缩短|缩减|缩小|压缩|压减|压降|削减|精简|收窄|节约|节省|减|降|跌|少[用花了]?"
)
#: Right before the figure of a change.
_CHANGE: Final = re.compile(
    rf"(?P<verb>{_UP}|{_DOWN})(?:(?:幅度?|率)?了?(?:将?[达近约超逾]|达到|超过)?|(?:(?<=幅)|幅度|率)[为是])$"
)
#: Right behind the two figures of a change: any verb, but nothing that makes it a share.
_ANY_VERB: Final = re.compile(r"，[^，。；、\d占率比其中完覆盖使用]{1,6}了$")
#: Behind the figure of a change, if the two it is made from follow.
_FOLLOWS: Final = re.compile(r"，?(?:由|从)[^，。；\d]{0,14}")
_MULTIPLE: Final = re.compile("是[^，。；\\d]{0,10}$")
_ROUGH: Final = Decimal("0.05")
_WINDOW: Final = 12
_HALF: Final = Decimal("0.5")
_TWO: Final = 2
_FALLS: Final = re.compile(_DOWN)


def find_wrong_growth(text: str, start: int, end: int, quantities: Sequence[Quantity]) -> Iterator[Verdict]:
    """Changes stated in one sentence (``start`` to ``end``) that its figures do not make."""
    verbs = [_CHANGE.search(text, max(start, one.start - _WINDOW), one.start) for one in quantities]
    levels: list[Quantity] = []
    for place, (change, verb) in enumerate(zip(quantities, verbs, strict=True)):
        times = change.unit == "倍" and _MULTIPLE.search(text, max(start, change.start - _WINDOW), change.start)
        pair = find_pair(text, start, levels)
        is_bare = not verb and change.unit == "%" and pair is not None and _is_told_by_any_verb(text, levels, change)
        if not verb and not times and not is_bare:
            levels.append(change)
            continue
        falls = bool(verb and _FALLS.match(verb["verb"])) or bool(is_bare and pair and pair.falls)
        if pair is None and verb and change.unit == "%":
            pair = _pair_behind(text, quantities[place:])
            if pair is None and place and verbs[place - 1] and levels:
                pair = _from_difference(levels[-1], quantities[place - 1], falls=falls)
        if pair:
            yield from _compare(pair, change, falls=falls, is_times=bool(times))
    for match in find_multiples(text, start, end):
        pair = find_pair(text, start, [one for one in levels if one.end <= match.start()])
        if pair:
            yield from compare_multiple(pair, match)


def _pair_behind(text: str, quantities: Sequence[Quantity]) -> Pair | None:
    """The two figures that follow the first, a change: 下降20%，由50起降至40起."""
    change, *following = quantities[: 1 + _TWO]
    if len(following) == _TWO and _FOLLOWS.fullmatch(text[change.end : following[0].start]):
        return find_pair(text, change.end, following)
    return None


def _is_told_by_any_verb(text: str, levels: Sequence[Quantity], change: Quantity) -> bool:
    between = text[levels[-1].end : change.start]
    return levels[-1].unit != "%" and bool(_ANY_VERB.match(between))


def _from_difference(now: Quantity, difference: Quantity, *, falls: bool) -> Pair | None:
    """9起，同比减少3起: the figure before was 12."""
    before = now.value + difference.value if falls else now.value - difference.value
    if now.unit != difference.unit or now.is_vague or difference.is_vague or before <= 0:
        return None
    return Pair(replace(now, value=before, slack=now.slack + difference.slack), now)


def _compare(pair: Pair, change: Quantity, *, falls: bool, is_times: bool) -> Iterator[Verdict]:
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
