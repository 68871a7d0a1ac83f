"""Totals that are not the sum of their parts, and shares of one whole that make more or less than 100%."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from newsletter.articles.checks.quantities import Quantity
from newsletter.articles.checks.verdicts import Verdict, plain
from newsletter.translation import gettext as _

#: Says that the figure behind it is the whole of those before.
_TOTAL: Final = re.compile(r"(?:共计?|合计|总计|总共|一共|累计|总数|合共|全部)[^，。；、\d其]{0,12}$")
#: Says that what follows are parts of the figure before.
_PARTS: Final = re.compile("其中|分别[为是有]?|包括|：|:|[\u3400-\u9fff]中，")
#: Parts that do not claim to be all of it, or that may overlap.
_OPEN: Final = re.compile(
    "(?:其余|其他|剩余|余下)(?![^，。；、]{0,8}\\d)|另外|另有|等(?=[，。；、\\d]|$)|岁以[上下]|[不还]含"
)
#: Kinds that need each other to make a whole; one alone overlaps with what else is told: 其中女党员30名、大专以上40名.
_COUNTERPARTS: Final = (("男", "女"), ("以上", "以下"))
#: Beyond this share of the total missing, the parts are taken for examples.
_EXAMPLES: Final = Decimal("0.2")
_FEWEST: Final = 2
#: No list in print has more parts.
_MOST: Final = 40
_PERSONS: Final = {"人", "名", "位"}
#: Units of things done, one of which is one of another: a show in every village.
_COUNTERS: Final = {"个", "场", "次", "期", "处", "站", "家", "所", "轮", "批"}
_DONE: Final = re.compile("已|先|前期|此前|目前")
_TO_COME: Final = re.compile("还[将要有]?|再|又|后续|接下来|随后")
_WHOLE: Final = Decimal(100)
#: Shares that make between this and 100% are taken for shares of one whole.
_NEARLY: Final = Decimal(90)
_ROUNDING: Final = Decimal("0.5")


def find_wrong_totals(text: str, start: int, end: int, quantities: Sequence[Quantity]) -> Iterator[Verdict]:
    """Totals of one sentence (``start`` to ``end``) that their parts do not make."""
    for place, total in enumerate(quantities):
        if total.unit in ("", "%", "倍", "百分点"):
            continue
        stop = quantities[place + 1].start if place + 1 < len(quantities) else end
        mark = _PARTS.search(text, total.end, stop)
        later = [other for other in quantities[place + 1 :] if _is_of_kind(other, total)]
        if mark and not _contradicts_scope(text, total, later, end):
            yield from _compare(
                total,
                _up_to_semicolon(text, later, mark.group()),
                later,
                is_open=mark.group() in ("其中", "包括") or mark.group().endswith("中，"),
            )
        earlier = [other for other in reversed(quantities[:place]) if _is_of_kind(other, total)]
        if _TOTAL.search(text, start, total.start):
            yield from _compare(total, earlier, earlier, is_open=False)
            yield from _compare_stages(text, start, total, quantities[:place])


def _is_of_kind(one: Quantity, other: Quantity) -> bool:
    return one.unit == other.unit or {one.unit, other.unit} <= _PERSONS


def _compare_stages(text: str, start: int, total: Quantity, earlier: Sequence[Quantity]) -> Iterator[Verdict]:
    """What was done and what is still to come, counted by places and by times: 已走过9个村，还将演出6场，一共15场."""
    parts = list(earlier[-_FEWEST:])
    if len(parts) < _FEWEST or {parts[0].unit, parts[1].unit} - _COUNTERS or parts[0].unit == parts[1].unit:
        return
    if _DONE.search(text, start, parts[0].start) and _TO_COME.search(text, parts[0].end, parts[1].start):
        yield from _compare(total, parts, parts, is_open=True)


def _up_to_semicolon(text: str, parts: list[Quantity], mark: str) -> list[Quantity]:
    """The parts that stand together, before a semicolon leads on to something else; one alone is an example."""
    together = [part for part in parts if "；" not in text[parts[0].start : part.start]]
    return together if len(together) >= _FEWEST or mark == "其中" else parts


def _contradicts_scope(text: str, total: Quantity, parts: Sequence[Quantity], end: int) -> bool:
    """Whether the parts say themselves that they are not all of it, or not its parts."""
    scope = text[total.end : end]
    is_half = any((one in scope) != (other in scope) for one, other in _COUNTERPARTS)
    return (
        is_half
        or bool(_OPEN.search(text, total.end, end))
        or any(_TOTAL.search(text, total.end, part.start) for part in parts)
    )


def _compare(
    total: Quantity, parts: Sequence[Quantity], possible: Sequence[Quantity], *, is_open: bool
) -> Iterator[Verdict]:
    """A verdict if neither the parts nor any first few of those that may be parts make the total."""
    if len(parts) < _FEWEST or total.is_vague or any(part.is_vague for part in parts):
        return
    if any(_is_sum(total, possible[:count]) for count in range(_FEWEST, min(len(possible), _MOST) + 1)):
        return
    together = sum((part.value for part in parts), Decimal(0))
    if is_open and abs(together - total.value) > total.value * _EXAMPLES:
        return
    message = _("The parts make {sum}, not {total}.").format(sum=total.number(together), total=total.number())
    yield Verdict(total.start, total.end, message, total.write(together))


def _is_sum(total: Quantity, parts: Sequence[Quantity]) -> bool:
    together = (total, *parts)
    slack = sum((one.slack for one in together), Decimal(0))
    if any(one.has_decimals for one in together):
        # 2亿元 beside 1.2亿元 is as exact.
        slack = len(together) * min(one.slack for one in together if one.has_decimals)
    return abs(sum((part.value for part in parts), Decimal(0)) - total.value) <= slack


def find_wrong_shares(text: str, quantities: Sequence[Quantity]) -> Iterator[Verdict]:
    """Shares (占…%) listed in one sentence that are more than a whole, or nearly one."""
    shares = [quantity for quantity in quantities if quantity.unit == "%" and _is_share(text, quantity)]
    if len(shares) < _FEWEST or any(share.is_vague for share in shares):
        return
    together = sum((share.value for share in shares), Decimal(0))
    slack = max(_ROUNDING, sum((share.slack for share in shares), Decimal(0)))
    is_wrong = together > _WHOLE + slack or (len(shares) > _FEWEST and _NEARLY <= together < _WHOLE - slack)
    if is_wrong and not _OPEN.search(text, shares[0].start, shares[-1].end):
        message = _("The shares make {sum}%, not 100%.").format(sum=plain(together))
        yield Verdict(shares[0].start, shares[-1].end, message)


def _is_share(text: str, quantity: Quantity) -> bool:
    return bool(
        re.search(
            "占(?:比|总数|全部|[^，。；、\\d]{0,6})?[为的达]?$", text[max(0, quantity.start - 12) : quantity.start]
        )
    )
