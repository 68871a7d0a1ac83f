"""What replies mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.subscribers.leaving.folding import _SIMPLIFIED, _TRADITIONAL
from newsletter.subscribers.leaving.keywords import (
    CLEAR_WORDS,
    HINTS,
    KEYWORDS,
    POLITE_WORDS,
    SHORT_HINTS,
    ReplyKind,
    interpret_reply,
    is_one_slip,
    normalise_reply,
)
from newsletter.subscribers.leaving.reasons import REASON_WORDS, SMALL_WORDS, ReasonCode

OUT_WORDS = (
    "R T TD N QX 0000 退订 取消 拒收 取消订阅 我要退订 请退订 "  # noqa: SIM905
    "STOP UNSUBSCRIBE END QUIT STOPALL REVOKE OPTOUT CANCEL".split()
)


@pytest.mark.parametrize("word", OUT_WORDS)
def test_each_word_unsubscribes(word: str) -> None:
    assert interpret_reply(word).kind is ReplyKind.OUT


def test_the_table_has_no_other_words() -> None:
    assert {word for word, kind in KEYWORDS.items() if kind is ReplyKind.OUT} == set(OUT_WORDS)
    assert {word for word, kind in KEYWORDS.items() if kind is ReplyKind.IN} == {
        "START", "UNSTOP", "恢复", "恢复订阅", "重新订阅",
    }  # fmt: skip
    assert set(OUT_WORDS) >= CLEAR_WORDS
    assert not any(len(word) == 1 for word in CLEAR_WORDS)


@pytest.mark.parametrize(
    "text", ["td", "ＴＤ", " T D ", "t.d。", "【TD】", "TD~", "\u200bTd\n", "“td”！", "TD👍", "TD❤️", "👨‍👩‍👧TD"]
)
def test_width_case_spaces_and_punctuation_make_no_difference(text: str) -> None:
    found = interpret_reply(text)
    assert (found.kind, found.keyword) == (ReplyKind.OUT, "TD")


@pytest.mark.parametrize("text", ["start", "恢复。", "恢復", "重新訂閱", "恢复 订阅", "UNSTOP!"])
def test_coming_back(text: str) -> None:
    assert interpret_reply(text).kind is ReplyKind.IN


@pytest.mark.parametrize(
    "text",
    [
        "回复TD退订", "不退订", "退订了吗?", "退订?", "TD？", "恢复？", "R谢谢", "回 T", "STOPP", "SOTP", "stop it",
        "00000", "退定", "别发了", "TD TD", "UNSUBSCRIB", "CANCLE", "不用发了", "不用再发", "请勿打扰", "勿扰",
        "别烦我", "停", "停掉", "停订", "停了吧", "不要", "不要！", "不需要", "不看", "不看了", "我要退", "退吧",
        "退了", "退群", "注销", "拉黑", "屏蔽", "去掉我", "从名单里去掉", "把我删了", "拒接", "投诉", "举报",
        "垃圾短信", "我不是党员", "不是本人", "打错了", "号码换人了", "换人了", "机主已去世", "迁出了", "退丁",
        "tuiding", "TT", "RR", "TDTD", "OOOO", "oo", "0", "00", "unsub", "remove", "remove me", "opt me out",
        "do not text me", "don't text me", "leave me alone", "no more", "no", "太多了", "刪除我", "停訂吧", "唔好再發",
        "打擾", "學習強國看", "投訴", "舉報", "註銷",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_goes_to_a_person(text: str) -> None:
    found = interpret_reply(text)
    assert (found.kind, found.keyword) == (ReplyKind.UNCLEAR, "")


@pytest.mark.parametrize("text", ["退訂", "取消訂閱", "取消訂閲", "取消 订阅。", "【退訂】", "我要退訂"])
def test_traditional_characters_make_no_difference(text: str) -> None:
    assert interpret_reply(text).kind is ReplyKind.OUT


@pytest.mark.parametrize(
    ("text", "keyword", "reason"),
    [
        ("退订 太多", "退订", ReasonCode.TOO_MANY),
        ("TD，太多了", "TD", ReasonCode.TOO_MANY),
        ("退订：内容无关", "退订", ReasonCode.NOT_RELEVANT),
        ("退訂,太頻繁", "退订", ReasonCode.TOO_MANY),
        ("td\n不是本人", "TD", ReasonCode.NOT_ME),
        ("退订。半夜,谢谢", "退订", ReasonCode.BAD_HOURS),
        ("Stop - too many messages", "STOP", ReasonCode.TOO_MANY),
        ("退订 其他", "退订", ReasonCode.OTHER),
        ("拒收,谢谢", "拒收", None),
        ("退订 了", "退订", None),
        ("退订🙏", "退订", None),
        ("R👍", "R", None),
        ("退订谢谢", "退订", None),
        ("退訂謝謝🙏", "退订", None),
        ("退订太多", "退订", ReasonCode.TOO_MANY),
        ("取消订阅不是本人", "取消订阅", ReasonCode.NOT_ME),
        ("我要退订，太吵", "我要退订", ReasonCode.BAD_HOURS),
        ("请退订。谢谢", "请退订", None),
    ],
)
def test_a_reason_or_thanks_may_follow(text: str, keyword: str, reason: ReasonCode | None) -> None:
    found = interpret_reply(text)
    assert (found.kind, found.keyword, found.reason) == (ReplyKind.OUT, keyword, reason)


@pytest.mark.parametrize(
    "text",
    [
        "不退订", "别退订我", "退订是什么", "取消会议的通知收到", "R 收到", "R 太多", "T，太多了", "N 谢谢", "退订 吗",
        "退订？太多了", "退订 太多了吗?", "退订：不是太多", "退订 不", "取消 流量", "取消 打扰", "END traffic",
        "退订 别", "太多 退订", "退订 太多 怎么恢复", "退订流量", "退订学习强国", "退订其他", "退订太多?", "TD太多",
        "退订 张三已去世", "我要订阅", "0000 太多",
    ],
)  # fmt: skip
def test_near_misses_leave_nobody_out(text: str) -> None:
    assert interpret_reply(text).kind is ReplyKind.UNCLEAR


@pytest.mark.parametrize(
    "text",
    [
        "",
        "收到",
        "收到,谢谢",
        "谢谢",
        "好的",
        "明天几点开会?",
        "没问题",
        "no problem",
        "OK",
        "今年小麦种子什么时候发?",
        "TDX班车几点",
        "👍",
        "2026",
    ],
)
def test_the_rest_asks_for_nothing(text: str) -> None:
    assert interpret_reply(text).kind is ReplyKind.NONE


@given(st.text(max_size=40))
def test_any_text_has_a_meaning_and_a_keyword_only_when_clear(text: str) -> None:
    found = interpret_reply(text)
    assert bool(found.keyword) == (found.kind in (ReplyKind.OUT, ReplyKind.IN))


@given(st.sampled_from(sorted(KEYWORDS)), st.sampled_from([" ", "\u3000", "。", "!", "~", "-", ""]))
def test_wrapping_changes_nothing(word: str, wrap: str) -> None:
    assert interpret_reply(wrap + wrap.join(word.lower()) + wrap).keyword == word


def test_one_slip_is_one_slip() -> None:
    assert is_one_slip("SOTP", "STOP")
    assert is_one_slip("STP", "STOP")
    assert is_one_slip("STOPX", "STOP")
    assert is_one_slip("SXOP", "STOP")
    assert not is_one_slip("STOP", "STOP")
    assert not is_one_slip("SPTO", "STOP")
    assert not is_one_slip("SHOPS", "STOP")


DENIALS = ("不", "别", "没", "不要", "怎么", "谁", "别给我", "don't ")
TAILS = ("吗", "怎么办", "是什么", "的通知收到", "会议", "不", "我错了", "别", "号码多少", "几点")


@given(st.sampled_from(sorted(CLEAR_WORDS)), st.sampled_from(["，", " ", "：", "\n", ", ", "。"]), st.data())
def test_clear_word_separator_reason_always_leaves(word: str, separator: str, data: st.DataObject) -> None:
    zh = [word for words in REASON_WORDS["zh"].values() for word in words]
    behind = data.draw(st.sampled_from([*zh, *sorted(POLITE_WORDS)]))
    assert interpret_reply(f"{word.lower()}{separator}{behind}").kind is ReplyKind.OUT


@given(st.sampled_from(DENIALS), st.sampled_from(sorted(KEYWORDS)), st.sampled_from(["", " ", "，"]))
def test_what_stands_before_a_keyword_never_leaves(before: str, word: str, separator: str) -> None:
    assert interpret_reply(f"{before}{separator}{word}").kind in (ReplyKind.UNCLEAR, ReplyKind.NONE)


@given(st.sampled_from(sorted(KEYWORDS)), st.sampled_from(["", " ", "，"]), st.sampled_from(TAILS))
def test_what_is_not_understood_behind_a_keyword_never_leaves(word: str, separator: str, tail: str) -> None:
    assert interpret_reply(f"{word}{separator}{tail}").kind in (ReplyKind.UNCLEAR, ReplyKind.NONE)


@given(st.text(st.sampled_from("退订取消收到的是不太多了谢请我RTDN ，？"), max_size=9))
def test_only_a_keyword_in_front_leaves(text: str) -> None:
    if interpret_reply(text).kind is ReplyKind.OUT:
        folded = normalise_reply(text)
        assert folded in KEYWORDS or any(folded.startswith(word) for word in CLEAR_WORDS)
        assert "?" not in text
        assert "？" not in text


@given(st.sampled_from(HINTS), st.text(max_size=10), st.text(max_size=10))
def test_a_hint_anywhere_is_never_passed_over(hint: str, before: str, behind: str) -> None:
    assert interpret_reply(before + hint + behind).kind is not ReplyKind.NONE


def test_every_character_of_our_words_is_reached_from_traditional_writing() -> None:
    """Big5 has no simplified characters: what it lacks must be what some traditional one is folded to."""
    ours = {*HINTS, *SHORT_HINTS, *KEYWORDS, *POLITE_WORDS, *SMALL_WORDS}
    ours |= {word for words in REASON_WORDS["zh"].values() for word in words}
    simplified = {character for word in ours for character in word if not encodable(character)}
    assert simplified - set(_SIMPLIFIED) == set()
    assert len(_TRADITIONAL) == len(_SIMPLIFIED) == len(set(_TRADITIONAL))
    assert not set(_TRADITIONAL) & {character for word in ours for character in word}


def encodable(character: str) -> bool:
    try:
        character.encode("big5")
    except UnicodeEncodeError:
        return False
    return True
