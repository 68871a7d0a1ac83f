"""What replies mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.subscribers.keywords import KEYWORDS, ReplyKind, interpret_reply, is_one_slip

OUT_WORDS = (
    "R T TD N QX 0000 退订 取消 拒收 STOP UNSUBSCRIBE END QUIT STOPALL REVOKE OPTOUT CANCEL".split()  # noqa: SIM905
)


@pytest.mark.parametrize("word", OUT_WORDS)
def test_each_word_unsubscribes(word: str) -> None:
    assert interpret_reply(word).kind is ReplyKind.OUT


def test_the_table_has_no_other_words() -> None:
    assert {word for word, kind in KEYWORDS.items() if kind is ReplyKind.OUT} == set(OUT_WORDS)
    assert {word for word, kind in KEYWORDS.items() if kind is ReplyKind.IN} == {"START", "恢复"}


@pytest.mark.parametrize("text", ["td", "ＴＤ", " T D ", "t.d。", "【TD】", "TD~", "\u200bTd\n", "“td”！"])
def test_width_case_spaces_and_punctuation_make_no_difference(text: str) -> None:
    found = interpret_reply(text)
    assert (found.kind, found.keyword) == (ReplyKind.OUT, "TD")


@pytest.mark.parametrize("text", ["start", "恢复。"])
def test_coming_back(text: str) -> None:
    assert interpret_reply(text).kind is ReplyKind.IN


@pytest.mark.parametrize(
    "text",
    [
        "回复TD退订", "我要退订", "不退订", "退订了吗?", "R谢谢", "回 T", "STOPP", "SOTP", "stop it", "00000", "退定",
        "别发了", "TD TD", "R👍", "UNSUBSCRIB", "CANCLE",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_goes_to_a_person(text: str) -> None:
    found = interpret_reply(text)
    assert (found.kind, found.keyword) == (ReplyKind.UNCLEAR, "")


@pytest.mark.parametrize("text", ["", "收到,谢谢", "好的", "今年小麦种子什么时候发?", "TDX班车几点", "👍", "2026"])
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
