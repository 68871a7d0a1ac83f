"""Times of day that cannot be: 25时, 8时65分, 上午15时."""

import re
from collections.abc import Iterator
from typing import Final

from newsletter.articles.checks.findings import ErrorCode, Finding, Span
from newsletter.translation import gettext as _

#: Said before a time; only with one of these, or a range, is 25:10 a time and no score.
_PART: Final = "(?P<part>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|深夜|当晚|晚间|晚)"
_SPOKEN: Final = re.compile(
    rf"(?<![\d.:：]){_PART}?(?P<hour>\d{{1,2}})(?:时|点钟?)(?![间候期代长速尚段距事差多评赞击数])(?:(?P<minute>\d{{1,2}})分(?!之|钟后|贝))?"
)
_CLOCK: Final = re.compile(rf"(?<![\d:：]){_PART}?(?P<hour>\d{{1,2}})[:：](?P<minute>\d{{2}})(?![\d:：])")
_TIME_BEFORE: Final = re.compile(r"(?:[日号]|时间|至|到|—|-|–|~|～|自|从|于|[）)])\s?$")
_RANGE_AFTER: Final = re.compile(r"\s?(?:至|到|—+|-|–|~|～)\s?\d{1,2}[:：]\d{2}")
_HOURS: Final = 24
_MINUTES: Final = 60
_NOON: Final = 12
_WINDOW: Final = 4
_MORNINGS: Final = frozenset({"凌晨", "清晨", "早上", "早晨", "上午"})


def find_impossible_times(check: str, field: str, text: str) -> list[Finding]:
    """Times that no clock shows."""
    spans = [Span(field, text, match.start(), match.end()) for match in _times(text) if not _is_possible(match)]
    return [
        span.find(check, ErrorCode.FACT, _("There is no such time: {quote}").format(quote=span.quote)) for span in spans
    ]


def _times(text: str) -> Iterator[re.Match[str]]:
    for match in _SPOKEN.finditer(text):
        if match["part"] or match["minute"] or _TIME_BEFORE.search(text, *_before(match)):
            yield match
    for match in _CLOCK.finditer(text):
        if match["part"] or _TIME_BEFORE.search(text, *_before(match)) or _RANGE_AFTER.match(text, match.end()):
            yield match


def _before(match: re.Match[str]) -> tuple[int, int]:
    return max(0, match.start() - _WINDOW), match.start()


def _is_possible(match: re.Match[str]) -> bool:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["part"] in _MORNINGS and hour > _NOON:
        return False
    return minute < _MINUTES and (hour < _HOURS or (hour == _HOURS and minute == 0))
