"""What a reply means: leaving, coming back, something a person has to read, or nothing of the kind. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from unicodedata import category, normalize


class ReplyKind(StrEnum):
    """What is to be done about a reply."""

    OUT = "out"
    IN = "in"
    UNCLEAR = "unclear"
    NONE = "none"


@dataclass(frozen=True)
class Interpretation:
    """A reply understood; ``keyword`` is the normalised word it was, empty unless ``OUT`` or ``IN``."""

    kind: ReplyKind
    keyword: str = ""


#: The whole message, normalised -> what it means. Chinese practice, and the words Twilio stops at by default.
KEYWORDS: Final[dict[str, ReplyKind]] = {
    **dict.fromkeys(("R", "T", "TD", "N", "QX", "0000", "退订", "取消", "拒收"), ReplyKind.OUT),
    **dict.fromkeys(
        ("STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"),
        ReplyKind.OUT,
    ),
    **dict.fromkeys(("START", "恢复"), ReplyKind.IN),
}
#: Said anywhere, these may mean somebody wants to leave or to come back; a person reads it.
HINTS: Final = (
    "退订", "退定", "退阅", "退掉", "退出", "退訂", "取消", "拒收", "拒绝", "恢复", "恢復", "停发", "停止", "删除",
    "别发", "别再", "不要发", "不要再", "不再接收", "不想收", "不收", "骚扰",
)  # fmt: skip
#: Keywords shorter than this are only near something when they stand as a word of their own.
_LONG_WORD: Final = 4
#: Kinds of characters that carry no word: punctuation, separators, controls, and the signs among ``~ + ^ |``.
_NO_WORD: Final = ("P", "Z", "C", "Sm", "Sk")
_LATIN: Final = re.compile(r"[A-Z0-9]+")


def interpret_reply(text: str) -> Interpretation:
    """Understand one reply: only a whole message is a keyword; what merely looks like one goes to a person."""
    word = normalise_reply(text)
    kind = KEYWORDS.get(word)
    if kind is not None:
        return Interpretation(kind, word)
    return Interpretation(ReplyKind.UNCLEAR if _is_near(text, word) else ReplyKind.NONE)


def normalise_reply(text: str) -> str:
    """``ｔ．ｄ。`` → ``TD``: full-width, case, spaces and punctuation make no difference."""
    return "".join(_word_characters(text))


def _word_characters(text: str) -> list[str]:
    folded = normalize("NFKC", text).upper()
    return [c for c in folded if not category(c).startswith(_NO_WORD)]


def _is_near(text: str, word: str) -> bool:
    if any(hint in word for hint in HINTS):
        return True
    spaced = normalize("NFKC", text).upper()
    latin = [*_LATIN.findall(spaced), word]
    return any(part in KEYWORDS or _is_misspelt(part) for part in latin)


def _is_misspelt(part: str) -> bool:
    return any(len(keyword) >= _LONG_WORD and is_one_slip(part, keyword) for keyword in KEYWORDS)


def is_one_slip(typed: str, meant: str) -> bool:
    """Whether one character was added, left out or mistaken, or two neighbours swapped."""
    if abs(len(typed) - len(meant)) > 1 or typed == meant:
        return False
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    left, right = typed[start:], meant[start:]
    if len(left) == len(right):
        return left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])
    return left[1:] == right if len(left) > len(right) else left == right[1:]
