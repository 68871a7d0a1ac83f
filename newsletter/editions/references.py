"""How a correction names what it corrects: its heading, and the sentence with the original's date and titles. Pure.

What is written here is read by readers: it is Chinese whatever the interface's language.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from newsletter.editions.rendering.dates import format_day

#: Titles named, and characters of each: the sentence stands in an SMS, whose parts are paid for.
MOST_TITLES: Final = 3
LONGEST_TITLE: Final = 30
#: Within 《》 a title's own brackets are single ones (GB/T 15834-2011, 4.14.3.4).
_INNER_BRACKETS: Final = str.maketrans("《》", "〈〉")


class CorrectionKind(StrEnum):
    """What is said about an edition that was sent; the value is what commands and the manifest say."""

    NOTICE = "notice"
    CORRECTION = "correction"
    RETRACTION = "retraction"

    @property
    def label(self) -> str:
        """What readers see, in Chinese."""
        match self:
            case CorrectionKind.NOTICE:
                return "说明"
            case CorrectionKind.CORRECTION:
                return "更正"
            case CorrectionKind.RETRACTION:
                return "撤稿声明"


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What a correction is about.

    Attributes:
        kind: which says how it is headed.
        heading: of the original, as in 搬经镇专刊; empty for a main edition.
        number, day: of the original.
        titles: of the articles meant, as they were printed.
        today: the correction's own date; an original of another year is named with its year.
    """

    kind: CorrectionKind
    heading: str
    number: int
    day: date
    titles: tuple[str, ...]
    today: date

    @property
    def sentence(self) -> str:
        """As in 关于11月20日第3期《板凳会开到田头》的更正."""
        year = "" if self.day.year == self.today.year else f"{self.day.year}年"
        issue = f"{year}{format_day(self.day)}{self.heading}第{self.number}期"
        named = "".join(f"《{_shorten(title)}》" for title in self.titles[:MOST_TITLES])
        others = f"等{len(self.titles)}篇" if len(self.titles) > MOST_TITLES else ""
        return f"关于{issue}{named}{others}的{self.kind.label}"


def _shorten(title: str) -> str:
    title = title.translate(_INNER_BRACKETS)
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"
