"""The copy checks as one: every field is checked, each finding once, with a key that survives edits elsewhere."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.articles.checks import check_copy
from newsletter.articles.checks.findings import Finding, Waiver, with_keys
from newsletter.articles.reference.codes import ErrorCode, Severity
from newsletter.articles.reference.loading import CheckContext
from tests.articles.checks.planted import PLANTED, read_reference

PLAIN = CheckContext(date(2026, 11, 21))
FULL = CheckContext(date(2026, 11, 21), *read_reference(PLANTED / "reference"))
#: Characters and pieces that checks look for, so that random texts hit them often.
PIECES = (
    *"的了，,。.!?()（）“”‘’\"'**《》—\n 　0123456789%年月日时分:：星期周六万亿共其中由到占比",
    *(
        "顾怀舟",
        "顾怀洲",
        "沈砚秋",
        "市长",
        "副市长",
        "市委书记",
        "、",
        "和",
        "白蒲镇",
        "白浦镇",
        "加力社区",
        "党支部",
        "2月30日",
    ),
    *(
        "共120人，其中",
        "增长30%",
        "翻一番",
        "11月21日（星期日）",
        "25时",
        "解放后",
        "村长",
        "學習",
        "😀",
        "❤️",
        "\ufffd",
        "\u200b",
        "?F",
    ),
    *("學", "\ud800", "\x00", "\ue000", "１２", "𠮷", "e\u0301"),
)


def check(body: str, *, title: str = "板凳会开到田头", lead: str = "", context: CheckContext = PLAIN) -> list[Finding]:
    return check_copy(title, lead, body, context)


def test_every_field_is_checked() -> None:
    found = check("正文😀", title="標題一", lead="導語?如")
    assert {(one.field, one.check, one.code) for one in found} == {
        ("title", "traditional", "typo"),
        ("lead", "broken_characters", "typo"),
        ("lead", "traditional", "typo"),
        ("body", "glyphs", "style"),
    }


def test_findings_follow_the_text() -> None:
    found = check("他们的的话，说了“一半。\n\n2026年2月30日，解放后。", context=FULL)
    assert [one.check for one in found] == ["doubled", "unpaired", "dates", "terms"]


def test_a_finding_as_a_document_has_all_of_it() -> None:
    (found,) = check("解放后，这里通了公路。", context=FULL)
    assert replace(found, article=7).as_document() == {
        "check": "terms",
        "code": "orientation",
        "severity": "blocking",
        "field": "body",
        "position": 0,
        "end": 3,
        "quote": "解放后",
        "message": "Write 新中国成立后, not 解放后.",
        "suggestion": "新中国成立后",
        "article": 7,
        "key": found.key,
        "waived": None,
    }


def test_a_key_survives_edits_elsewhere_in_the_text() -> None:
    (before,) = check("第一段。\n\n会议定在2026年2月30日召开，请大家准时参加。")
    (after,) = check(
        "第一段写得长了一些，加了两句话。\n\n会议定在2026年2月30日召开，请大家准时参加。\n\n又一段。", lead="新的导语。"
    )
    assert (before.key, len(before.key)) == (after.key, 8)
    assert before.position != after.position


def test_a_key_changes_with_what_stands_around_it() -> None:
    (before,) = check("会议定在2026年2月30日召开。")
    (after,) = check("会议改在2026年2月30日召开。")
    assert before.key != after.key


def test_the_same_words_twice_are_two_findings() -> None:
    sentence = "会议定在2026年2月30日召开，请大家准时参加。"
    first, second = check(f"{sentence}{sentence}{sentence}")[:2]
    assert first.key != second.key


def test_what_two_checks_say_of_one_place_is_kept_once_each() -> None:
    finding = Finding(
        check="terms", code=ErrorCode.STYLE, severity=Severity.WARNING, field="body", position=0, quote="一", message=""
    )
    kept = with_keys([finding, finding, replace(finding, check="doubled")], {"body": "一"})
    assert [one.check for one in kept] == ["terms", "doubled"]


def test_one_slip_is_told_by_the_check_that_says_most_of_it() -> None:
    found = check("市委書记顾怀舟，市长沈硯秋，市委組织部，市农业农业局。", context=FULL)
    assert [(one.check, one.quote) for one in found] == [
        ("traditional", "書"),
        ("leader_names", "沈硯秋"),
        ("traditional", "組"),
        ("places", "市农业农业局"),
    ]


def test_a_waived_finding_no_longer_blocks() -> None:
    (found,) = check("解放后，这里通了公路。", context=FULL)
    assert found.is_blocking
    waived = replace(found, waived=Waiver("wang", "人物原话"))
    assert not waived.is_blocking
    assert waived.as_document()["waived"] == {"by": "wang", "reason": "人物原话"}


@pytest.mark.parametrize("title", ["- 投稿邮箱:a@b.cn", "呂璐", "来源:", ""])
def test_a_title_that_is_none_is_warned_of(title: str) -> None:
    assert "titles" in [finding.check for finding in check("正文。", title=title)]


@pytest.mark.parametrize("title", ["板凳会开到田头", "种麦三问", "2026年秋收"])
def test_a_plain_title_is_left_alone(title: str) -> None:
    assert check("正文。", title=title) == []


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=30).map("".join), st.dates())
@settings(max_examples=250, deadline=None)
def test_no_text_breaks_a_check_and_every_quote_stands_where_it_says(text: str, day: date) -> None:
    fields = {"title": text[:20], "lead": text[5:40], "body": text}
    found = check_copy(fields["title"], fields["lead"], fields["body"], replace(FULL, date=day))
    for one in found:
        assert fields[one.field][one.position : one.end] == one.quote
        assert one.code in list(ErrorCode)
        assert one.check
    assert len({one.key for one in found}) == len(found)
