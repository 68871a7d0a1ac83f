"""Where any of many words stands in a text: at each place the longest, the whole text read once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

#: Start, end, and the word that stands between.
Place = tuple[int, int, str]


class Lexicon:
    """A set of words, ready to be looked for."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(filter(None, words))
        by_first: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(self.words, key=lambda word: (-len(word), word)):
            by_first[word[0]].append(word)
        self._by_first = dict(by_first)
        self._longest = max(map(len, self.words), default=0)

    def find(self, text: str) -> Iterator[Place]:
        """Every word in ``text`` from left to right, none overlapping another."""
        end = 0
        for start, character in enumerate(text):
            if start < end or character not in self._by_first:
                continue
            word = self.word_at(text, start)
            if word:
                end = start + len(word)
                yield start, end, word

    def word_at(self, text: str, start: int) -> str:
        """The longest word that begins at ``start``; empty if none does."""
        candidates = self._by_first.get(text[start : start + 1], ())
        return next((word for word in candidates if text.startswith(word, start)), "")

    def word_before(self, text: str, end: int) -> str:
        """The longest word that ends at ``end``; empty if none does."""
        longest = min(self._longest, end)
        lengths = range(longest, 0, -1)
        return next((text[end - n : end] for n in lengths if text[end - n : end] in self.words), "")
