"""What a reply means: leaving, coming back, something a person has to read, or nothing of the kind. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from unicodedata import category

from newsletter.subscribers.leaving.folding import NO_WORD, fold_text, fold_words
from newsletter.subscribers.leaving.reasons import ReasonCode, parse_reason


class ReplyKind(StrEnum):
    """What is to be done about a reply."""

    OUT = "out"
    IN = "in"
    UNCLEAR = "unclear"
    NONE = "none"


@dataclass(frozen=True)
class Interpretation:
    """A reply understood.

    Attributes:
        keyword: the normalised word it was; empty unless ``OUT`` or ``IN``.
        reason: why they leave, where they said so behind the word.
    """

    kind: ReplyKind
    keyword: str = ""
    reason: ReasonCode | None = None


#: Language -> what is meant -> the words for it, folded: Chinese practice, and the words Twilio stops at by default.
REPLY_WORDS: Final[dict[str, dict[ReplyKind, tuple[str, ...]]]] = {
    "zh": {
        ReplyKind.OUT: ("R", "T", "TD", "N", "QX", "0000", "退订", "取消", "拒收", "取消订阅"),
        ReplyKind.IN: ("恢复", "恢复订阅", "重新订阅"),
    },
    "en": {
        ReplyKind.OUT: ("STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"),
        ReplyKind.IN: ("START", "UNSTOP"),
    },
}
#: The whole message, normalised -> what it means.
KEYWORDS: Final[dict[str, ReplyKind]] = {
    word: kind for kinds in REPLY_WORDS.values() for kind, words in kinds.items() for word in words
}
#: Language -> what, said anywhere, may mean that somebody wants to leave or to come back; a person reads it. A letter
#: or a Latin keyword is near something wherever it stands as a word of its own.
REPLY_HINTS: Final[dict[str, tuple[str, ...]]] = {
    "zh": (
        "退订", "退定", "退阅", "退掉", "退出", "取消", "拒收", "拒绝", "恢复", "停发", "停止", "删除", "别发", "别再",
        "不要发", "不要再", "不再接收", "不想收", "不收", "骚扰", "订阅",
    ),
    "en": (),
}  # fmt: skip
HINTS: Final = tuple(hint for hints in REPLY_HINTS.values() for hint in hints)
#: What may stand behind a keyword besides a reason; it changes nothing.
POLITE_WORDS: Final = frozenset(
    (
        "谢谢",
        "谢谢了",
        "谢谢你们",
        "多谢",
        "感谢",
        "谢",
        "请",
        "了",
        "麻烦了",
        "辛苦了",
        "THANKS",
        "THANK YOU",
        "PLEASE",
    )
)
#: Keywords that mean nothing else, so that a reason may follow; ``取消 流量`` may speak of a tariff, ``R 收到`` of
#: anything.
CLEAR_WORDS: Final = frozenset(("TD", "QX", "退订", "拒收", "取消订阅", "STOP", "STOPALL", "UNSUBSCRIBE", "OPTOUT"))
#: Letters of the shortest keyword at which a slip of the finger is guessed.
_LONG_WORD: Final = 4
_LATIN: Final = re.compile(r"[A-Z0-9]+")


def interpret_reply(text: str) -> Interpretation:
    """Understand one reply.

    Only a whole message is a keyword; a clear one may be followed, after a space or a comma, by a reason of ``reasons``
    or by thanks. What merely looks like a keyword goes to a person.
    """
    word = normalise_reply(text)
    kind = KEYWORDS.get(word)
    if kind is not None:
        return Interpretation(kind, word)
    return _leaving_with_reason(text) or Interpretation(ReplyKind.UNCLEAR if _is_near(text, word) else ReplyKind.NONE)


def normalise_reply(text: str) -> str:
    """``ｔ．ｄ。`` → ``TD``: full-width, case, traditional writing, spaces and punctuation make no difference."""
    return "".join(c for c in fold_text(text) if not category(c).startswith(NO_WORD))


def _leaving_with_reason(text: str) -> Interpretation | None:
    """``退订 太多``, ``TD，太多了``, ``退订，谢谢``; None where anything else is said, or asked."""
    keyword, _space, rest = fold_words(text).partition(" ")
    if keyword not in CLEAR_WORDS or "?" in fold_text(text):
        return None
    if rest in POLITE_WORDS:
        return Interpretation(ReplyKind.OUT, keyword)
    reason, unsaid = parse_reason(rest)
    return Interpretation(ReplyKind.OUT, keyword, reason) if reason is not None and not unsaid else None


def _is_near(text: str, word: str) -> bool:
    if any(hint in word for hint in HINTS):
        return True
    latin = [*_LATIN.findall(fold_text(text)), word]
    return any(part in KEYWORDS or _is_misspelt(part) for part in latin)


def _is_misspelt(part: str) -> bool:
    # Latin words only: of four Chinese characters, any three would be a slip away.
    meant = (keyword for keyword in KEYWORDS if len(keyword) >= _LONG_WORD and keyword.isascii())
    return any(is_one_slip(part, keyword) for keyword in meant)


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
