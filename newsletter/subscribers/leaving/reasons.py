"""Why somebody leaves: the coded list, and which words stand for which code. Pure."""

import re
from enum import StrEnum
from functools import cache
from typing import Final

from newsletter.subscribers.leaving.folding import fold_words
from newsletter.translation import gettext as _
from newsletter.translation import mark


class ReasonCode(StrEnum):
    """What a departure is counted under."""

    TOO_MANY = "too-many"
    NOT_RELEVANT = "not-relevant"
    NOT_ME = "not-me"
    NUMBER_CHANGED = "number-changed"
    MOVED_AWAY = "moved-away"
    READ_ELSEWHERE = "read-elsewhere"
    BAD_HOURS = "bad-hours"
    COST = "cost"
    NEVER_ASKED = "never-asked"
    DECEASED = "deceased"
    OTHER = "other"


REASON_LABELS: Final[dict[ReasonCode, str]] = {
    ReasonCode.TOO_MANY: mark("too many messages"),
    ReasonCode.NOT_RELEVANT: mark("not relevant to me"),
    ReasonCode.NOT_ME: mark("wrong person or no member"),
    ReasonCode.NUMBER_CHANGED: mark("number changed or reassigned"),
    ReasonCode.MOVED_AWAY: mark("moved away"),
    ReasonCode.READ_ELSEWHERE: mark("reads it elsewhere"),
    ReasonCode.BAD_HOURS: mark("disturbed at bad hours"),
    ReasonCode.COST: mark("cost or data traffic"),
    ReasonCode.NEVER_ASKED: mark("never asked for it"),
    ReasonCode.DECEASED: mark("deceased"),
    ReasonCode.OTHER: mark("another reason"),
}
#: Language → code → what people write for it; a code and its English label need not stand here.
REASON_WORDS: Final[dict[str, dict[ReasonCode, tuple[str, ...]]]] = {
    "zh": {
        ReasonCode.TOO_MANY: (
            "消息太多", "太多", "太频繁", "频繁", "太密", "过多", "过于频繁", "发得多", "天天发", "每天都发", "太勤",
            "重复", "老是发",
        ),
        ReasonCode.NOT_RELEVANT: (
            "内容与我无关", "内容无关", "与我无关", "跟我无关", "和我无关", "无关", "不感兴趣", "没兴趣", "没有兴趣",
            "不想看", "不爱看", "看不懂", "没用", "没有用", "没意思", "用不上", "不需要",
        ),
        ReasonCode.NOT_ME: (
            "不是本人或不是党员", "不是本人", "非本人", "打错了", "打错", "发错了", "发错", "弄错了", "认错人",
            "不认识", "不是党员", "非党员", "不是会员", "不是我",
        ),
        ReasonCode.NUMBER_CHANGED: (
            "换号或号码换人", "号码换人", "换号码", "换号", "改号", "换手机号", "号码变更", "号码不用", "机主已换",
            "新机主", "换机主", "号码停用", "停机", "销号",
        ),
        ReasonCode.MOVED_AWAY: (
            "迁出", "迁走", "搬走", "搬家", "转出", "调走", "调离", "转走", "组织关系转出", "不在本地", "不在当地",
        ),
        ReasonCode.READ_ELSEWHERE: (
            "在别处看", "别处看", "已在别处看", "用微信看", "微信上看", "公众号看", "看公众号", "网上看", "学习强国",
            "已有别的渠道", "重复订阅",
        ),
        ReasonCode.BAD_HOURS: (
            "时间不合适", "太吵", "吵", "半夜", "深夜", "太早", "太晚", "睡觉", "休息时间", "影响休息", "打扰休息",
            "打扰", "骚扰",
        ),
        ReasonCode.COST: ("费用或流量", "流量", "费流量", "话费", "太贵", "收费", "扣费", "要钱", "花钱", "费用"),
        ReasonCode.NEVER_ASKED: (
            "没订过", "没有订过", "未订过", "没订", "没有订", "未订阅", "没订阅", "没有订阅", "没订阅过", "没有订阅过",
            "没同意", "没有同意", "没同意过",
        ),
        ReasonCode.DECEASED: ("去世", "病故", "已故", "过世", "逝世", "离世", "死亡"),
        ReasonCode.OTHER: ("其他原因", "其他", "其它"),
    },
    "en": {
        ReasonCode.TOO_MANY: ("too many", "too much", "too often", "too frequent"),
        ReasonCode.NOT_RELEVANT: ("not relevant", "irrelevant", "not interested", "no interest", "not useful"),
        ReasonCode.NOT_ME: ("wrong person", "wrong number", "not a member", "no member", "not me"),
        ReasonCode.NUMBER_CHANGED: ("number changed", "changed number", "new number", "number reassigned", "new owner"),
        ReasonCode.MOVED_AWAY: ("moved", "moved out"),
        ReasonCode.READ_ELSEWHERE: ("read elsewhere", "read it elsewhere", "reads elsewhere"),
        ReasonCode.BAD_HOURS: ("bad hours", "too early", "too late", "at night", "disturbing"),
        ReasonCode.COST: ("data traffic", "traffic", "too expensive", "costs money"),
        ReasonCode.NEVER_ASKED: ("never subscribed", "did not subscribe", "not subscribed", "never signed up"),
        ReasonCode.DECEASED: ("passed away", "died", "dead"),
        ReasonCode.OTHER: (),
    },
}  # fmt: skip
#: Said besides a reason, these say no more than the reason does: politeness, and what joins the words.
SMALL_WORDS: Final = (
    "谢谢你们", "谢谢", "多谢", "感谢", "麻烦了", "辛苦了", "不好意思", "你好", "您好", "请", "了", "啊", "呀", "啦",
    "哦", "吧", "因为", "由于", "实在", "真的", "真", "有点", "有些", "感觉", "觉得", "你们", "我", "本人", "已经",
    "已", "发的", "发得", "发来的", "的", "得", "都", "就是", "是", "短信", "信息", "消息", "内容", "手机报", "每天",
    "天天", "老", "总", "人", "也", "从来",
    "THANK YOU", "THANKS", "PLEASE", "SORRY", "MESSAGES", "TEXTS", "I", "AM", "IT", "IS", "THE", "TO", "ME", "MY",
)  # fmt: skip
#: Right before a reason, these say that it is not the reason.
_DENIALS: Final = ("不", "没", "没有", "未", "非", "不是", "并非", "不算", "NOT", "NO", "NEVER", "ISN T")


def parse_reason(text: str) -> tuple[ReasonCode | None, str]:
    """Find the reason in what somebody wrote.

    Returns:
        The code, None where no word of it is known; and the whole text as it was written, for a note, unless the code
        says all of it. Two reasons: the first.
    """
    written = " ".join(text.split())
    word = fold_words(written)
    exact = _codes().get(word)
    if exact is not None:
        return exact, ""
    found = [match for match in _reason_pattern().finditer(word) if not _is_denied(word[: match.start()])]
    if not found:
        return None, written
    rest = _reason_pattern().sub(" ", word)
    is_all_said = len(found) == len(_reason_pattern().findall(word)) and not _small_pattern().sub("", rest).strip()
    return _codes()[found[0].group()], "" if is_all_said else written


def reason_label(code: str) -> str:
    """The reason in the user's language; what is no code, of earlier days, is another reason."""
    known = code in frozenset(ReasonCode)
    return _(REASON_LABELS[ReasonCode(code) if known else ReasonCode.OTHER])


@cache
def _codes() -> dict[str, ReasonCode]:
    """Folded word, label or code → its code."""
    words = {fold_words(word): code for codes in REASON_WORDS.values() for code in codes for word in codes[code]}
    words |= {fold_words(label): code for code, label in REASON_LABELS.items()}
    return words | {fold_words(code): code for code in ReasonCode} | {code.upper(): code for code in ReasonCode}


@cache
def _reason_pattern() -> re.Pattern[str]:
    # A whole answer may be "other"; within a sentence it says nothing.
    return _any_of([word for word, code in _codes().items() if code is not ReasonCode.OTHER])


@cache
def _small_pattern() -> re.Pattern[str]:
    return _any_of(SMALL_WORDS)


def _any_of(words: list[str] | tuple[str, ...]) -> re.Pattern[str]:
    """The longest of these first; Latin words only where they stand by themselves."""
    longest_first = sorted(words, key=len, reverse=True)
    escaped = (rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word) for word in longest_first)
    return re.compile("|".join(escaped), re.ASCII)


def _is_denied(before: str) -> bool:
    return before.rstrip().endswith(_DENIALS)
