"""How notices read: two parts at most, the signature first and alone in its brackets, the facts whole."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.editions.sms_parts import split_sms
from newsletter.workflow.contributing.models import NoticeKind
from newsletter.workflow.contributing.wording import write_notice
from newsletter.workflow.periods import parse_period, period_in_print

LONG = st.text(max_size=40) | st.builds(lambda piece, count: piece * count, st.text(max_size=4), st.integers(0, 300))
WORDS = ("title", "reason", "paper", "unit", "text")
VALUES = {
    "article": 2_147_483_647,
    "date": date(2026, 12, 31),
    "due": date(2026, 12, 31),
    "wanted": 10_000,
    "given": 9_999,
    "missing": 10_000,
    "days": 366,
}


@given(st.sampled_from(NoticeKind), st.fixed_dictionaries(dict.fromkeys(WORDS, LONG)))
def test_a_notice_is_never_longer_than_two_parts(kind: NoticeKind, words: dict[str, str]) -> None:
    notice = write_notice("如皋市党员手机", kind, **VALUES, **words)
    assert len(split_sms(notice).parts) <= 2
    assert notice.startswith("【如皋市党员手机】")
    assert (notice.count("【"), notice.count("】"), notice.count("\n")) == (1, 1, 0)


@pytest.mark.parametrize("kind", NoticeKind)
@pytest.mark.parametrize("length", [20, 60, 80, 200, 5_000])
def test_long_words_are_cut_and_facts_are_not(kind: NoticeKind, length: int) -> None:
    notice = write_notice("如皋手机报", kind, **VALUES, **dict.fromkeys(WORDS, "冬【】" * (length // 3)))
    assert len(split_sms(notice).parts) <= 2
    assert "2147483647" in notice or "10000篇" in notice


def test_what_was_declined_keeps_its_number_and_its_reason() -> None:
    text = write_notice("如皋手机报", NoticeKind.DECLINED, **VALUES, title="冬" * 120, reason="与上周重复")
    assert "编号2147483647" in text
    assert text.endswith("原因：与上周重复")


@pytest.mark.parametrize(
    ("kind", "beginning"),
    [
        (NoticeKind.HALF, "【如皋手机报】报送时间已过半：搬经镇2026年12月应报"),
        (NoticeKind.MOST, "【如皋手机报】报送仅剩366天：搬经镇2026年12月应报"),
        (NoticeKind.LAST_DAY, "【如皋手机报】今天截止：搬经镇2026年12月应报"),
    ],
)
def test_each_reminder_says_how_late_it_is(kind: NoticeKind, beginning: str) -> None:
    assert write_notice("如皋手机报", kind, **VALUES, title="2026年12月", unit="搬经镇").startswith(beginning)


@pytest.mark.parametrize(
    ("word", "printed"),
    [
        ("2026", "2026年度"),
        ("2026H2", "2026年下半年"),
        ("2026Q4", "2026年第四季度"),
        ("2026-11", "2026年11月"),
        ("2026-W53", "2026年第53周"),
        ("2026-11-21", "2026年11月21日"),
    ],
)
def test_a_period_is_called_as_readers_call_it(word: str, printed: str) -> None:
    assert period_in_print(parse_period(word)) == printed
