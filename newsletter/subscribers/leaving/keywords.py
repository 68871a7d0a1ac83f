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
        ReplyKind.OUT: ("R", "T", "TD", "N", "QX", "0000", "退订", "取消", "拒收", "取消订阅", "我要退订", "请退订"),
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
        "退订", "退定", "退丁", "退阅", "退掉", "退出", "退群", "退吧", "退了", "要退", "取消", "拒收", "拒绝", "拒接",
        "恢复", "停发", "停止", "停掉", "停订", "停了", "删除", "删了", "删掉", "把我删", "去掉", "注销", "拉黑",
        "屏蔽", "别发", "别再", "别烦", "勿发", "勿扰", "勿再", "不要发", "不要再", "不要了", "不再接收", "不再需要",
        "不想收", "不想要", "不收", "不用发", "不用再", "不用了", "不必发", "唔好", "唔要", "唔使", "烦我", "骚扰",
        "投诉", "举报", "垃圾", "订阅", "换人",
    ),
    "en": (
        "UNSUB", "REMOVE", "OPTMEOUT", "OPTOUT", "DONOTTEXT", "DONTTEXT", "DONOTSEND", "DONTSEND", "LEAVEMEALONE",
        "NOMORE", "TUIDING",
    ),
}  # fmt: skip
HINTS: Final = tuple(hint for hints in REPLY_HINTS.values() for hint in hints)
#: What may mean it where it is the whole message; within another, it is any word.
SHORT_HINTS: Final = frozenset(("停", "退", "不要", "不用", "不看", "不收", "滚", "NO", "NOPE"))
#: What may stand behind these.
_ENDINGS: Final = "了吧啊呀啦哦"
#: Keys held too long, or taken for one another: ``TT``, ``TDTD``, ``OOOO``, ``0``.
_STUTTER: Final = re.compile(r"(TD|QX|[TRN])\1+|[O0]+")
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
CLEAR_WORDS: Final = frozenset(
    ("TD", "QX", "退订", "拒收", "取消订阅", "我要退订", "请退订", "STOP", "STOPALL", "UNSUBSCRIBE", "OPTOUT")
)
#: Those behind which it may follow at once: Chinese has no spaces. Longest first.
_JOINED_WORDS: Final = sorted((word for word in CLEAR_WORDS if not word.isascii()), key=len, reverse=True)
#: Said at once behind a keyword, these may be what is to be unsubscribed, or what that costs.
_NOT_JOINED: Final = frozenset((ReasonCode.COST, ReasonCode.READ_ELSEWHERE, ReasonCode.OTHER))
#: Letters of the shortest keyword at which a slip of the finger is guessed.
_LONG_WORD: Final = 4
_LATIN: Final = re.compile(r"[A-Z0-9]+")


def interpret_reply(text: str) -> Interpretation:
    """Understand one reply.

    Only a whole message is a keyword; a clear one may be followed by a reason of ``reasons`` or by thanks. A question,
    what merely looks like a keyword, and a reason without one go to a person.
    """
    word = normalise_reply(text)
    if "?" not in fold_text(text):
        kind = KEYWORDS.get(word)
        if kind is not None:
            return Interpretation(kind, word)
        leaving = _leaving_with_reason(text)
        if leaving is not None:
            return leaving
    return Interpretation(ReplyKind.UNCLEAR if _is_near(text, word) else ReplyKind.NONE)


def normalise_reply(text: str) -> str:
    """``ｔ．ｄ。`` → ``TD``: full-width, case, traditional writing, spaces and punctuation make no difference."""
    return "".join(c for c in fold_text(text) if not category(c).startswith(NO_WORD))


def _leaving_with_reason(text: str) -> Interpretation | None:
    """``退订 太多``, ``TD，太多了``, ``退订谢谢``; None where anything else is said."""
    words = fold_words(text)
    keyword, _space, rest = words.partition(" ")
    if keyword in CLEAR_WORDS:
        return _with_reason(keyword, rest)
    joined = next((word for word in _JOINED_WORDS if words.startswith(word)), None)
    found = _with_reason(joined, words.removeprefix(joined)) if joined else None
    return None if found is None or found.reason in _NOT_JOINED else found


def _with_reason(keyword: str, rest: str) -> Interpretation | None:
    if rest in POLITE_WORDS:
        return Interpretation(ReplyKind.OUT, keyword)
    reason, unsaid = parse_reason(rest)
    return Interpretation(ReplyKind.OUT, keyword, reason) if reason is not None and not unsaid else None


def _is_near(text: str, word: str) -> bool:
    if any(hint in word for hint in HINTS) or word.rstrip(_ENDINGS) in SHORT_HINTS or _STUTTER.fullmatch(word):
        return True
    latin = [*_LATIN.findall(fold_text(text)), word]
    if any(part in KEYWORDS or _is_misspelt(part) for part in latin):
        return True
    return parse_reason(text)[0] is not None


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
