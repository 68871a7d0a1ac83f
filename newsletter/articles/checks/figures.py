"""Figures that contradict each other: sums, shares of a whole, growth, and one quantity given twice."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from newsletter.articles.checks.findings import ErrorCode, Finding, Span
from newsletter.articles.checks.growth import find_wrong_growth
from newsletter.articles.checks.quantities import Quantity, find_quantities
from newsletter.articles.checks.rates import find_wrong_rates
from newsletter.articles.checks.repeated_figures import find_contradictions
from newsletter.articles.checks.sums import find_wrong_shares, find_wrong_totals
from newsletter.articles.checks.verdicts import Verdict

CHECK: Final = "figures"
_PARTS: Final = ("其中", "分别")
_SENTENCE: Final = re.compile(r"[^。！？\n]+")


def find_wrong_figures(field: str, text: str, before: str) -> list[Finding]:
    """What does not add up in a field; ``before`` is what the article says ahead of it, its title for instance."""
    quantities = find_quantities(text)
    verdicts = list(find_contradictions(before, text))
    for start, end in _sentences(text):
        inside = [quantity for quantity in quantities if start <= quantity.start and quantity.end <= end]
        verdicts += _judge(text, start, end, inside)
    for start, end in _continued(text):
        inside = [quantity for quantity in quantities if start <= quantity.start and quantity.end <= end]
        verdicts += find_wrong_totals(text, start, end, inside)
    spans = [(Span(field, text, verdict.start, verdict.end), verdict) for verdict in verdicts]
    return [span.find(CHECK, ErrorCode.DATA, verdict.message, suggestion=verdict.suggestion) for span, verdict in spans]


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    yield from (match.span() for match in _SENTENCE.finditer(text))


def _continued(text: str) -> Iterator[tuple[int, int]]:
    """Two sentences of one paragraph, the second of which names parts of what the first ends with: 共120人。其中."""
    for (start, middle), (begin, end) in pairwise(_sentences(text)):
        if text.startswith(_PARTS, begin) and "\n" not in text[middle:begin]:
            yield start, end


def _judge(text: str, start: int, end: int, quantities: list[Quantity]) -> Iterator[Verdict]:
    yield from find_wrong_totals(text, start, end, quantities)
    yield from find_wrong_shares(text, quantities)
    yield from find_wrong_growth(text, start, end, quantities)
    yield from find_wrong_rates(text, quantities)
