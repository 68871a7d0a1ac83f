"""Long names in which one word of the middle stands for another: 高新技术产业园区 for 高新技术产业开发区."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

#: Characters of the shortest name that is looked for.
_SHORTEST: Final = 7
#: Characters of the beginning by which it is found, and of the word that is changed.
_HEAD: Final = 3
_LONGEST_WORD: Final = 3
#: Percent of the name that must stand as it should; behind the word one character may do if enough stand before it.
_KEPT: Final = 60
_LONG_HEAD: Final = 5
#: A word of the name's own kind: no mark, no particle, no number or direction.
_WORD: Final = re.compile("[㐀-鿿]+")
_TELLING: Final = frozenset(
    "的了和与及在是有等为对向把被从到一二三四五六七八九十第东西南北中上下前后左右大小新老内外各本该"
)
#: Stands in names that a place in their middle tells apart: 白蒲镇驻上海流动党支部.
_PLACED: Final = "驻"


class RewordedNames:
    """Names, ready to be looked for where a word of theirs was taken for another."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_head: defaultdict[str, list[str]] = defaultdict(list)
        for name in sorted(set(names)):
            if len(name) >= _SHORTEST and _PLACED not in name:
                self._by_head[name[:_HEAD]].append(name)

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Where such a name begins and ends, and the name; what stands there as it should is none."""
        for start in range(len(text) - _HEAD):
            for name in self._by_head.get(text[start : start + _HEAD], ()):
                if not text.startswith(name, start):
                    end = _end_of(text, start, name)
                    if end:
                        yield start, end, name


def _end_of(text: str, start: int, name: str) -> int:
    """Where the name ends that begins at ``start``, one word of it another; 0 if it is not that name."""
    same = _HEAD
    while same < len(name) and text[start + same : start + same + 1] == name[same]:
        same += 1
    for left_out in range(1, _LONGEST_WORD + 1):
        tail, left = name[same + left_out :], set(name[same : same + left_out])
        if not tail or (same + len(tail)) * 100 < len(name) * _KEPT or (len(tail) == 1 and same < _LONG_HEAD):
            continue
        for length in range(1, _LONGEST_WORD + 1):
            word = text[start + same : start + same + length]
            stop = start + same + length
            if text.startswith(tail, stop) and _WORD.fullmatch(word) and not (_TELLING | left) & set(word):
                return stop + len(tail)
    return 0
