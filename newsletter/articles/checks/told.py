"""What a figure is told of: the words before and behind it, the places and times named with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from newsletter.articles.checks.quantities import UNITS, Quantity, find_quantities

_CJK: Final = "㐀-鿿"
_CLAUSE: Final = re.compile(r"[，。；、：！？\n“”（）《》\s]")
_SENTENCE: Final = re.compile(r"[。！？\n]")
#: Words of counting right before a figure, and those that say nothing of what is counted.
_COUNTING: Final = re.compile("(?:共计?|总计|合计|一共|总共|约|达到?|为|有|是|近|超过?|已|了|仅|的)*$")
_NEUTRAL: Final = re.compile(
    r"全[市县区镇村乡校体部]|[我本该][市县区镇村乡]|[镇村市]里|目前|现有|现已|现在|今年|\d+(?:至\d+)?月份?|以来|累计|总共|一共|各类|各种|"
    "先后|据统计|据悉|据介绍|当[天日]|活动|现场|[此本这]次|会上|共|已|了|也|靠"
)
#: Of a part, another time, an average or one end of a change: not the same thing, whatever the words are.
_OTHER_SCOPE: Final = re.compile(
    r"其中|其余|每|平均|[人户场亩均]均|另|新增|新建|再|还|首批|第[一二三四五六七八九十\d]|[去上前明往后]年|\d{4}年|同期|原[来先定]|以前|过去|"
    "年初|计划|目标|力争|预计|争取|至少|增加|减少|增长|下降|[比较][^，]*$|(?:由|从)[^，]*$|[大加高升少降增扩缩][到至为][^，]*$"
)
_PERIOD: Final = re.compile(
    r"\d+(?:至\d+)?月(?:\d+日)?|[一二三四前两]季度|[上下]半年|当[天日]|昨[天日]|[一二三]期|[上下]午"
)
_PLACE: Final = re.compile(f"[{_CJK}][{_CJK}](?<![全各该本我每两农乡山新里])(?=[村镇乡县区]|社区|街道)")
_NUMBER: Final = "一二两三四五六七八九十百千万"
_IN_WORDS: Final = re.compile(
    rf"(?<![{_NUMBER}几数第])(?P<number>(?=[{_NUMBER}]*[十百千])[{_NUMBER}]{{2,7}})(?P<unit>{'|'.join(UNITS)})"
)
_DIGITS: Final = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}
_POWERS: Final = {"十": 10, "百": 100, "千": 1000}
_WINDOW: Final = 28
_PERSONS: Final = frozenset("人名位")


@dataclass(frozen=True)
class Told:
    """A figure, and the text it stands in."""

    source: str
    quantity: Quantity

    @property
    def unit(self) -> str:
        """Its unit; people are people, however they are counted."""
        return "人" if self.quantity.unit in _PERSONS else self.quantity.unit

    @cached_property
    def clause(self) -> str:
        """What stands before it in its clause."""
        text = self.source[max(0, self.quantity.start - _WINDOW) : self.quantity.start]
        return _CLAUSE.split(text)[-1]

    @cached_property
    def before(self) -> str:
        """What it is told of, by the words before it; may be empty."""
        return _NEUTRAL.sub("", _COUNTING.sub("", self.clause))

    @cached_property
    def behind(self) -> str:
        """The same by the words behind it."""
        match = re.compile(f"[{_CJK}]{{0,8}}").match(self.source, self.quantity.end)
        return match.group() if match else ""

    @property
    def is_of_another_scope(self) -> bool:
        """Whether it is a part, of another time, or one end of a change."""
        return bool(_OTHER_SCOPE.search(self.clause))

    @cached_property
    def _sentence(self) -> str:
        return _SENTENCE.split(self.source[: self.quantity.start])[-1]

    def is_told_elsewhere(self, other: "Told") -> bool:
        """Whether the sentences name different places or times."""
        for pattern in (_PERIOD, _PLACE):
            mine, theirs = set(pattern.findall(self._sentence)), set(pattern.findall(other._sentence))
            if mine and theirs and not mine & theirs:
                return True
        return False

    def shares_sentence(self, other: "Told") -> bool:
        """Whether both stand in one sentence, whatever its semicolons."""
        return self.source is other.source and not _SENTENCE.search(
            self.source, min(self.quantity.end, other.quantity.end), max(self.quantity.start, other.quantity.start)
        )


def find_told(text: str) -> list[Told]:
    """The figures of a text from left to right, those of ten and more in words (两千亩) included."""
    quantities = [*find_quantities(text), *_in_words(text)]
    return [Told(text, quantity) for quantity in sorted(quantities, key=lambda one: one.start) if quantity.unit]


def _in_words(text: str) -> Iterator[Quantity]:
    for match in _IN_WORDS.finditer(text):
        value = Decimal(_read(match["number"]))
        if value and match["unit"] not in ("分", "度", "层"):
            yield Quantity(
                start=match.start(),
                end=match.end(),
                value=value,
                unit=match["unit"],
                scale="",
                slack=Decimal(0),
                has_decimals=False,
                vague="",
            )


def _read(number: str) -> int:
    """A number in words; 0 for what is none: 千百."""
    above, low = number.split("万", 1) if "万" in number else ("", number)
    total, digit = 0, 0
    for character in low:
        if character in _POWERS:
            total += (digit or (1 if character == "十" else 0)) * _POWERS[character]
            digit = 0
        else:
            digit = _DIGITS.get(character, 0)
    return _read(above) * 10_000 + total + digit if above else total + digit
