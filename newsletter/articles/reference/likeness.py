"""Which characters are taken for each other: those that sound alike, and those that look alike."""

import os
import re
import unicodedata
from functools import cache
from typing import Final

from newsletter.articles.reference.words import read_words

#: Characters that differ by a stroke or a radical; each group's are all taken for each other.
_LOOKALIKES: Final = read_words("lookalikes.txt")
#: Sounds that are often not told apart in speech: zh/z, ch/c, sh/s, ang/an, eng/en, ing/in.
_NEAR: Final = ((re.compile("^([zcs])h"), r"\1"), (re.compile("ng$"), "n"))
_MEDIAL_TONES: Final = ("\u0300", "\u0301", "\u0304", "\u030c")


@cache
def _groups() -> dict[str, frozenset[int]]:
    groups: dict[str, frozenset[int]] = {}
    for number, characters in enumerate(_LOOKALIKES):
        for character in characters:
            groups[character] = groups.get(character, frozenset()) | {number}
    return groups


def looks_like(one: str, other: str) -> bool:
    """Whether two characters are easily taken for each other by eye."""
    groups = _groups()
    return bool(groups.get(one, frozenset()) & groups.get(other, frozenset()))


@cache
def sounds_of(character: str) -> tuple[str, ...]:
    """A character's readings without tones, the most usual first; none for what is no Chinese character."""
    # Its dictionary of phrases is not asked here, and takes five times as long to load.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin.constants import PINYIN_DICT

    return tuple(dict.fromkeys(map(_without_tone, PINYIN_DICT.get(ord(character), "").split(","))) if character else ())


def _without_tone(reading: str) -> str:
    letters = unicodedata.normalize("NFD", reading)
    return unicodedata.normalize("NFC", "".join(c for c in letters if c not in _MEDIAL_TONES))


@cache
def near_sounds_of(character: str) -> frozenset[str]:
    """The readings, those that are often not told apart taken as one."""
    return frozenset(map(_blur, sounds_of(character))) - {""}


def _blur(sound: str) -> str:
    for pattern, replacement in _NEAR:
        sound = pattern.sub(replacement, sound)
    return sound


def sounds_like(one: str, other: str) -> bool:
    """Whether two characters have a reading in common, or nearly."""
    return bool(near_sounds_of(one) & near_sounds_of(other))


def same_sound(one: str, other: str) -> bool:
    """Whether two characters have a reading in common, tones aside."""
    return bool((set(sounds_of(one)) & set(sounds_of(other))) - {""})


def is_alike(one: str, other: str) -> bool:
    """Whether one is easily written for the other."""
    return sounds_like(one, other) or looks_like(one, other)
