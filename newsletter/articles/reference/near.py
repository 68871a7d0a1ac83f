"""Names that stand in a text almost as they should: a character another, missing, too many, or two swapped."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Final

from newsletter.articles.reference.likeness import sounds_of

#: Characters of the shortest name of which one may be missing or too many: shorter ones become other names.
_LONG: Final = 6
#: Characters of the shortest name that is told by its characters in another order.
_SWAPPED: Final = 3
#: A half that more names share (党支部) would cost more to look at than it finds; their other halves are looked for.
_MOST_ALIKE: Final = 200


class Slip(StrEnum):
    """What makes it a near miss."""

    CHANGED = "changed"
    SWAPPED = "swapped"
    MISSING = "missing"
    EXTRA = "extra"


@dataclass(frozen=True)
class NearMiss:
    """A stretch of text that is nearly a name.

    Attributes:
        changed: of ``CHANGED`` and ``SWAPPED``: places in the name, counted from 0, where another character stands; of
            ``MISSING`` and ``EXTRA``: the first place from which name and text differ.
    """

    start: int
    end: int
    name: str
    changed: tuple[int, ...]
    slip: Slip = Slip.CHANGED


class NearMisses:
    """Names, ready to be looked for where they are not quite written.

    A name with one wrong character has one of its halves unharmed: the halves are what is looked for first. A name
    that only sounds right is looked for by its sounds; one in another order by the sum of its characters.
    """

    def __init__(self, names: Iterable[str], *, longest_by_sound: int = 6) -> None:
        self._halves: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        self._sounds: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        self._sums: defaultdict[int, defaultdict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for name in sorted(set(names)):
            middle = len(name) // 2
            self._halves[name[:middle]].append((name, 0))
            self._halves[name[middle:]].append((name, middle))
            if len(name) <= longest_by_sound:
                self._sounds[_sound(name)].append(name)
            if len(name) >= _SWAPPED:
                self._sums[len(name)][sum(map(ord, name))].append(name)
        for half in [half for half, alike in self._halves.items() if len(alike) > _MOST_ALIKE]:
            del self._halves[half]
        self._lengths = sorted({len(half) for half in self._halves})
        self._sound_lengths = sorted({len(sounds) for sounds in self._sounds})

    def find(self, text: str) -> Iterator[NearMiss]:
        """Every near miss in ``text``, in no order; one stretch may nearly be several names."""
        yield from self._by_halves(text)
        yield from self._by_sound(text)
        yield from self._by_sum(text)

    def _by_halves(self, text: str) -> Iterator[NearMiss]:
        for length in self._lengths:
            for position in range(len(text) - length + 1):
                for name, offset in self._halves.get(text[position : position + length], ()):
                    yield from _compare(text, position - offset, name, most=1)
                    if len(name) >= _LONG:
                        yield from _compare_lengths(text, position, name, offset)

    def _by_sound(self, text: str) -> Iterator[NearMiss]:
        sounds = _sound(text) if self._sound_lengths else ()
        for length in self._sound_lengths:
            for position in range(len(text) - length + 1):
                for name in self._sounds.get(sounds[position : position + length], ()):
                    yield from _compare(text, position, name, most=length, least=2)

    def _by_sum(self, text: str) -> Iterator[NearMiss]:
        sums = [0, *accumulate(map(ord, text))]
        for length, names_by_sum in self._sums.items():
            for end in range(length, len(sums)):
                for name in names_by_sum.get(sums[end] - sums[end - length], ()):
                    if sorted(text[end - length : end]) == sorted(name):
                        yield from _compare(text, end - length, name, most=length, least=2, slip=Slip.SWAPPED)


def _compare(
    text: str, start: int, name: str, *, most: int, least: int = 1, slip: Slip = Slip.CHANGED
) -> Iterator[NearMiss]:
    end = start + len(name)
    if start < 0 or end > len(text):
        return
    changed = tuple(offset for offset, character in enumerate(name) if text[start + offset] != character)
    if least <= len(changed) <= most:
        yield NearMiss(start, end, name, changed, slip)


def _compare_lengths(text: str, position: int, name: str, offset: int) -> Iterator[NearMiss]:
    """The name with a character missing or too many in the half that is not the one found at ``position``."""
    for more, slip in ((-1, Slip.MISSING), (1, Slip.EXTRA)):
        length = len(name) + more
        start = position if offset == 0 else position - offset - more
        written = text[start : start + length] if start >= 0 else ""
        longer, shorter = (name, written) if more < 0 else (written, name)
        if len(written) != length or written in name or name in written:
            continue
        place = next((n for n, (one, other) in enumerate(zip(longer, shorter, strict=False)) if one != other), None)
        if place is not None and longer[:place] + longer[place + 1 :] == shorter:
            yield NearMiss(start, start + length, name, (place,), slip)


def _sound(text: str) -> tuple[str, ...]:
    return tuple((sounds_of(character) or (character,))[0] or character for character in text)
