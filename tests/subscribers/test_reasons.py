"""Why people leave, found in what they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.subscribers.leaving.reasons import REASON_LABELS, REASON_WORDS, ReasonCode, parse_reason, reason_label
from newsletter.translation import use_language


@pytest.mark.parametrize("code", list(ReasonCode))
def test_a_code_and_its_label_say_all(code: ReasonCode) -> None:
    assert parse_reason(code) == (code, "")
    assert parse_reason(code.replace("-", "_").upper()) == (code, "")
    assert parse_reason(REASON_LABELS[code]) == (code, "")


@pytest.mark.parametrize("code", list(ReasonCode))
def test_a_label_as_it_is_shown_in_chinese_is_understood(code: ReasonCode) -> None:
    use_language("zh-CN")
    assert parse_reason(reason_label(code)) == (code, "")


@pytest.mark.parametrize("language", sorted(REASON_WORDS))
def test_every_word_of_the_list_says_all_and_means_one_code(language: str) -> None:
    for code, words in REASON_WORDS[language].items():
        for word in words:
            assert parse_reason(word) == (code, ""), word
            assert parse_reason(f" {word}。") == (code, ""), word


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("太多了", ReasonCode.TOO_MANY),
        ("消息太多,谢谢", ReasonCode.TOO_MANY),
        ("我没有订过", ReasonCode.NEVER_ASKED),
        ("內容無關", ReasonCode.NOT_RELEVANT),
        ("太頻繁了", ReasonCode.TOO_MANY),
        ("已遷出", ReasonCode.MOVED_AWAY),
        ("ｔｏｏ ｍａｎｙ", ReasonCode.TOO_MANY),
        ("Sorry, not interested", ReasonCode.NOT_RELEVANT),
        ("半夜,太吵", ReasonCode.BAD_HOURS),
    ],
)
def test_what_a_code_says_leaves_no_note(text: str, code: ReasonCode) -> None:
    assert parse_reason(text) == (code, "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("张三已去世,家属来电", ReasonCode.DECEASED),
        ("消息太多,一天收到五条", ReasonCode.TOO_MANY),
        ("李四说换号了,新号还没办", ReasonCode.NUMBER_CHANGED),
        ("不想收了", None),
        ("", None),
        ("x", None),
        ("moved on to better things, moving", ReasonCode.MOVED_AWAY),
        ("removed by mistake", None),
    ],
)
def test_more_than_a_code_says_is_kept_whole(text: str, code: ReasonCode | None) -> None:
    assert parse_reason(text) == (code, text)


@pytest.mark.parametrize("text", ["不是太多", "没有太吵", "not too many", "并非内容无关"])
def test_a_reason_denied_is_none(text: str) -> None:
    assert parse_reason(text) == (None, text)


@given(st.text(max_size=60))
def test_nothing_that_was_said_is_lost(text: str) -> None:
    code, note = parse_reason(text)
    assert note in ("", " ".join(text.split()))
    assert code is not None or note == " ".join(text.split())


def test_reasons_of_earlier_days_are_another_reason() -> None:
    assert reason_label("太多") == reason_label("other") == "another reason"
