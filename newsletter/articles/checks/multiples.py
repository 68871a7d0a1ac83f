"""Changes told in words that are not what the figures before them make: 翻了一番, 减少一半, 提高三成."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from newsletter.articles.checks.pairs import Pair
from newsletter.articles.checks.verdicts import Verdict, plain
from newsletter.translation import gettext as _

_DIGITS: Final = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}
_WORDS: Final = re.compile(
    "翻了?(?P<doublings>[一二两三123])番|(?P<verb>增[长加多产收]?|提[高升]|上升|扩大|多|减[少产]?|下降|降低?|缩短|少)了?(?P<vague>[近约超逾])?"
    "(?:(?P<half>一半)|(?P<tenths>[一二两三四五六七八九])成(?P<more>半)?|(?P<times>[一二两三四五])倍)"
)
_FALLS: Final = frozenset("减下降缩少")
#: How far, as a share of the earlier figure, what is told in words may lie off; twice that if it is told as not exact.
_ROUGH: Final = Decimal("0.06")


def find_multiples(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Where one sentence (``start`` to ``end``) tells such a change."""
    return _WORDS.finditer(text, start, end)


def compare_multiple(pair: Pair, match: re.Match[str]) -> Iterator[Verdict]:
    """A verdict if what is told is not what the two figures make."""
    said, times = _times(match), pair.after.value / pair.before.value
    is_rough = match["vague"] or pair.before.vague or pair.after.vague
    if abs(times - said) > _ROUGH * max(Decimal(1), said) * (2 if is_rough else 1):
        message = _("From {before} to {after} is {times} times as much.").format(
            before=pair.before.number(), after=pair.after.number(), times=plain(times.quantize(Decimal("0.1")))
        )
        yield Verdict(match.start(), match.end(), message)


def _times(match: re.Match[str]) -> Decimal:
    """How many times as much it is then, by what is said."""
    if match["doublings"]:
        return Decimal(2 ** (_DIGITS.get(match["doublings"]) or int(match["doublings"])))
    sign = -1 if match["verb"][0] in _FALLS else 1
    if match["half"]:
        return 1 + sign * Decimal("0.5")
    if match["times"]:
        return Decimal(1 + sign * _DIGITS[match["times"]])
    return 1 + sign * (Decimal(_DIGITS[match["tenths"]]) / 10 + (Decimal("0.05") if match["more"] else 0))
