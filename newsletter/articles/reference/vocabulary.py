"""Which characters make a word: a list of common ones that ships with the checks, and pypinyin's phrases."""

from functools import cache
from typing import Any, Final

from newsletter.articles.reference.words import read_words

#: Characters of the longest phrase that is looked for.
LONGEST_PHRASE: Final = 6
_SHORTEST_PHRASE: Final = 3


@cache
def common_words() -> frozenset[str]:
    """Words of two characters that newspapers use every day."""
    return frozenset(read_words("compounds.txt"))


@cache
def _phrases() -> dict[str, Any]:
    # 47,000 words and set phrases; loaded (0.1 s) only when a text has something in it that looks wrong.
    from pypinyin.phrases_dict import phrases_dict

    return phrases_dict


@cache
def _set_phrases() -> frozenset[str]:
    return frozenset(read_words("doubled_phrases.txt"))


def is_word(word: str) -> bool:
    """Whether two characters make a word, a rare one included."""
    return word in common_words() or word in _phrases()


def has_phrase(text: str, start: int, end: int) -> bool:
    """Whether ``start`` to ``end`` stands within a phrase of three characters or more: 硕果|累累."""
    return any(
        text[first : first + length] in _set_phrases() or text[first : first + length] in _phrases()
        for length in range(max(_SHORTEST_PHRASE, end - start), LONGEST_PHRASE + 1)
        for first in range(max(0, end - length), start + 1)
    )
