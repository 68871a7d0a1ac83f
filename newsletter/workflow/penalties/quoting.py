"""Where quoted words stand in a text: title, lead or body, counted in characters from 0. Pure.

The quote is the text as printed, wrong as it is. Where the error is something lacking, one quotes the words between
which it is lacking.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize

from newsletter.articles.records import Copy

#: Characters of the longest quote: a sentence.
QUOTE_LENGTH: Final = 200
#: Between the fields of a text that is looked through as a whole; stands in none of them.
SEPARATOR: Final = "\0"
TITLE: Final = "title"
_FIELDS: Final = (TITLE, "lead", "body")


@dataclass(frozen=True)
class Place:
    """Where a quote stands."""

    field: str
    position: int


def clean_quote(quote: str) -> str:
    """A quote as texts are stored: composed characters, without space around."""
    return normalize("NFC", quote).strip()


def whole_text(copy: Copy) -> str:
    """Title, lead and body in one, a separator between."""
    return SEPARATOR.join((copy.title, copy.lead, copy.body))


def positions_of(quote: str, text: str) -> list[int]:
    """Every place of ``quote`` in ``text``, overlapping ones too."""
    return list(_positions(quote, text))


def _positions(quote: str, text: str) -> Iterator[int]:
    found = text.find(quote)
    while found >= 0:
        yield found
        found = text.find(quote, found + 1)


def place_of(copy: Copy, position: int) -> Place:
    """Which field a position in the whole text lies in, and where in it."""
    for field, text in zip(_FIELDS, (copy.title, copy.lead, copy.body), strict=True):
        if position < len(text):
            return Place(field, position)
        position -= len(text) + 1
    raise ValueError(f"no such position: {position} beyond the end")


def count_characters(texts: Iterable[str]) -> int:
    """Characters of texts that are no white space: what error rates are counted over."""
    return sum(len("".join(text.split())) for text in texts)
