"""How small numbers and years are read from a date: 21, 二十一, 二〇二六."""

from typing import Final

#: A number up to 99, in digits or Chinese.
NUMERAL: Final = r"(?:\d{1,2}|[一二三四五六七八九十廿卅]{1,4})"
_DIGITS: Final = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "两": 2,
}
_TENS: Final = {"廿": "二十", "卅": "三十"}


def read_numeral(text: str) -> int:
    """The number a text stands for; 0 for Chinese that is none."""
    if text.isdecimal():
        return int(text)
    for short, long in _TENS.items():
        text = text.replace(short, long)
    if "十" not in text:
        return int("".join(str(_DIGITS.get(character, 0)) for character in text) or "0")
    tens, _, ones = text.partition("十")
    return (_DIGITS.get(tens, 0) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)
