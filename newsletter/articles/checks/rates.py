"""Rates that are not what their two figures make: 查出1320处，已整改1188处，整改率95%."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from newsletter.articles.checks.quantities import Quantity
from newsletter.articles.checks.verdicts import Verdict, plain
from newsletter.translation import gettext as _

#: A rate by its name; what is counted has it too: 整改率, 已整改.
_RATE: Final = re.compile(r"(?P<what>[㐀-鿿]{2})率(?:为|是|达到?)?$")
#: A part's share, told right behind the part.
_SHARE: Final = re.compile(r"^[^，。；、\d]{0,8}，?占(?:[^，。；、\d]{0,8}的|比)?(?:为|达到?)?$")
#: A part's share of a whole that is told behind it: 4.8万人，占学生总数6万人的80%.
_OF_WHOLE: Final = re.compile(
    r"^[^。；\d]{0,8}，?(?:占[^。；\d]{0,12}|(?:完成|达到?|为|相当于)[^。；\d]{0,6}(?:目标|任务|计划|指标|总数|总量)(?:任务|数)?)$"
)
_WINDOW: Final = 12
_PERSONS: Final = {"人", "名", "位"}
_LEAST: Final = Decimal("0.05")


def find_wrong_rates(text: str, quantities: Sequence[Quantity]) -> Iterator[Verdict]:
    """Percentages of one sentence that the two figures before them do not make."""
    for place, rate in enumerate(quantities):
        earlier = [one for one in quantities[:place] if one.unit not in ("%", "百分点", "倍", "")]
        if rate.unit != "%" or len(earlier) < 2:  # noqa: PLR2004 (a whole and a part)
            continue
        whole, part = earlier[-2:]
        if whole.unit != part.unit and not {whole.unit, part.unit} <= _PERSONS:
            continue
        if _OF_WHOLE.match(text[whole.end : part.start]) and text[part.end : rate.start] in ("的", "总数的"):
            yield from _compare(part, whole, rate)
        elif 0 < part.value <= whole.value and _belongs(text, whole, part, rate):
            yield from _compare(whole, part, rate)


def _belongs(text: str, whole: Quantity, part: Quantity, rate: Quantity) -> bool:
    named = _RATE.search(text, max(part.end, rate.start - _WINDOW), rate.start)
    if named:
        return bool(set(named["what"]) & set(text[whole.end : part.start]))
    return "其中" in text[whole.end : part.start] and bool(_SHARE.match(text[part.end : rate.start]))


def _compare(whole: Quantity, part: Quantity, rate: Quantity) -> Iterator[Verdict]:
    if rate.is_vague or whole.is_vague or part.is_vague or not whole.value:
        return
    right = part.value / whole.value * 100
    slack = max(rate.slack, Decimal("0.5") if not rate.has_decimals else _LEAST)
    noise = (part.noise / part.value + whole.noise / whole.value) * right
    if abs(right - rate.value) > slack + noise:
        rounded = plain(right.quantize(rate.slack * 2 if rate.has_decimals else Decimal(1)))
        message = _("{part} of {whole} is {right}%, not {said}%.").format(
            part=part.number(), whole=whole.number(), right=rounded, said=plain(rate.value)
        )
        yield Verdict(rate.start, rate.end, message, f"{rounded}%")
