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
_PARTS: Final = re.compile("其中|分别[为是有]?|包括|：|:")
#: Parts that do not claim to be all of it, or that may overlap.
_OPEN: Final = re.compile(
    "(?:其余|其他|剩余|余下)(?![^，。；、]{0,8}\\d)|另外|另有|等(?=[，。；、\\d]|$)|岁以[上下]|[不还]含"
)
#: Beyond this share of the total missing, the parts are taken for examples.
_EXAMPLES: Final = Decimal("0.2")
_FEWEST: Final = 2
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
        later = [other for other in quantities[place + 1 :] if other.unit == total.unit]
        if mark and not _contradicts_scope(text, total, later, end):
            yield from _compare(total, _up_to_semicolon(text, later), later, is_open=mark.group() in ("其中", "包括"))
        earlier = [other for other in reversed(quantities[:place]) if other.unit == total.unit]
        if _TOTAL.search(text, start, total.start):
            yield from _compare(total, earlier, earlier, is_open=False)


def _up_to_semicolon(text: str, parts: list[Quantity]) -> list[Quantity]:
    """The parts that stand together, before a semicolon leads on to something else."""
    together = [part for part in parts if "；" not in text[parts[0].start : part.start]]
    return together if len(together) >= _FEWEST else parts


def _contradicts_scope(text: str, total: Quantity, parts: Sequence[Quantity], end: int) -> bool:
    """Whether the parts say themselves that they are not all of it, or not its parts."""
    return bool(_OPEN.search(text, total.end, end)) or any(_TOTAL.search(text, total.end, part.start) for part in parts)


def _compare(
    total: Quantity, parts: Sequence[Quantity], possible: Sequence[Quantity], *, is_open: bool
) -> Iterator[Verdict]:
    """A verdict if neither the parts nor any first few of those that may be parts make the total."""
    if len(parts) < _FEWEST or total.is_vague or any(part.is_vague for part in parts):
        return
    if any(_is_sum(total, possible[:count]) for count in range(_FEWEST, len(possible) + 1)):
        return
    together = sum((part.value for part in parts), Decimal(0))
    if is_open and abs(together - total.value) > total.value * _EXAMPLES:
        return
    message = _("The parts make {sum}, not {total}.").format(sum=total.number(together), total=total.number())
    yield Verdict(total.start, total.end, message, total.write(together))


def _is_sum(total: Quantity, parts: Sequence[Quantity]) -> bool:
    slack = total.slack + sum((part.slack for part in parts), Decimal(0))
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
