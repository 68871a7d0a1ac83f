"""The figures of a text: each number with its unit, exact, and how far it may be rounded."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from newsletter.articles.checks.verdicts import plain
from newsletter.articles.reference.words import read_words

#: Units of count and measure, longest first.
UNITS: Final = read_words("measures.txt")
_SCALES: Final = {
    "": 1,
    "百": 10**2,
    "千": 10**3,
    "万": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "万亿": 10**12,
}
_SCALE: Final = "|".join(sorted(filter(None, _SCALES), key=len, reverse=True))
_QUANTITY: Final = re.compile(
    rf"(?<![\d.,a-zA-Z第])(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d{{1,12}}(?:\.\d{{1,6}})?)(?P<scale>{_SCALE})?余?多?"
    rf"(?P<unit>{'|'.join(UNITS)})?"
)
_SHOWN: Final = Decimal("0.4")
_DATES: Final = re.compile(r"[年月日号时点:：]")
#: What is said before or behind a figure that is not exact, and how far it may lie from it: less, more, of its value.
_VAGUE: Final[dict[str, tuple[Decimal, Decimal]]] = {
    "about": (Decimal("0.05"), Decimal("0.05")),
    "over": (Decimal(0), Decimal("0.1")),
    "under": (Decimal("0.1"), Decimal(0)),
    "odd": (Decimal(0), Decimal("0.5")),
}
_BEFORE: Final = {
    "about": ("约", "大约", "大概"),
    "over": ("超", "逾", "超过", "突破", "至少", "高于"),
    "under": ("近", "将近", "不到", "不足", "接近", "达到近"),
}
_BEHIND: Final = {"about": ("左右", "上下"), "over": ("以上",), "odd": ("多", "余")}


@dataclass(frozen=True)
class Quantity:
    """A figure.

    Attributes:
        start, end: where it stands, unit included.
        value: in ones of ``unit``.
        unit: empty if it has none that is known.
        scale: what its number was multiplied by, as it is written: 万.
        slack: how much it may have been rounded by; 0 for a plain count.
        has_decimals: whether it was written with any.
        vague: how it is not exact, if 约, 近, 余 and the like stand with it; empty for an exact one.
    """

    start: int
    end: int
    value: Decimal
    unit: str
    scale: str
    slack: Decimal
    has_decimals: bool
    vague: str

    @property
    def is_vague(self) -> bool:
        """Whether it is told as not exact."""
        return bool(self.vague)

    @property
    def low(self) -> Decimal:
        """The least it may stand for when it is reckoned with."""
        return self.value - max(self.noise, self.value * _VAGUE[self.vague][0] if self.vague else Decimal(0))

    @property
    def high(self) -> Decimal:
        """The most it may stand for."""
        return self.value + max(self.noise, self.value * _VAGUE[self.vague][1] if self.vague else Decimal(0))

    def write(self, value: Decimal) -> str:
        """Another value as this one is written, unit and all."""
        return f"{self.number(value)}{'个' if self.unit == '百分点' else ''}{self.unit}"

    def number(self, value: Decimal | None = None) -> str:
        """The same without the unit; this one's own value if there is no other."""
        return plain((self.value if value is None else value) / _SCALES[self.scale]) + self.scale

    @property
    def noise(self) -> Decimal:
        """How much rounding shows when it is reckoned with; figures in print are mostly reckoned from as they stand."""
        return self.slack * _SHOWN if self.has_decimals else Decimal(0)


def find_quantities(text: str) -> list[Quantity]:
    """The figures of a text from left to right; dates, times and numbers of things are none."""
    return list(_find(text))


def _find(text: str) -> Iterator[Quantity]:
    for match in _QUANTITY.finditer(text):
        if _DATES.match(text, match.end("scale") if match["scale"] else match.end("number")):
            continue
        scale = Decimal(_SCALES[match["scale"] or ""])
        number = match["number"].replace(",", "")
        decimals = len(number.partition(".")[2])
        is_rounded = bool(decimals or match["scale"])
        yield Quantity(
            start=match.start(),
            end=match.end(),
            value=Decimal(number) * scale,
            unit=(match["unit"] or "").replace("％", "%").replace("个百分点", "百分点"),
            scale=match["scale"] or "",
            slack=scale * Decimal(10) ** -decimals / 2 if is_rounded else Decimal(0),
            has_decimals=bool(decimals),
            vague=_how_vague(text, match),
        )


def _how_vague(text: str, match: re.Match[str]) -> str:
    if re.search("[余多]", match.group()):
        return "odd"
    before = next((how for how, words in _BEFORE.items() if text.endswith(words, 0, match.start())), "")
    return before or next((how for how, words in _BEHIND.items() if text.startswith(words, match.end())), "")
