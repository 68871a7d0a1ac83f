"""What changed between two versions, as a person reads it, and that nothing of either is lost in showing it."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.articles.differences import (
    Kind,
    Run,
    compare_texts,
    find_differences,
    mark_runs,
    only_changed,
)

TEXT = st.text("党员群众在田里3a5. \n。", max_size=40)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("会后定下三段河道", "会后定下四段河道", "会后定下[-三-]{+四+}段河道"),
        ("一二", "一二", "一二"),
        ("", "新", "{+新+}"),
        ("旧", "", "[-旧-]"),
        ("", "", ""),
        # Latin words and numbers change as a whole, never by letter or digit.
        ("增收2360万元", "增收2380万元", "增收[-2360-]{+2380+}万元"),
        ("增长3.5%以上", "增长3.6%以上", "增长[-3.5%-]{+3.6%+}以上"),
        ("9:30开会", "9:50开会", "[-9:30-]{+9:50+}开会"),
        ("用App报名", "用APP报名", "用[-App-]{+APP+}报名"),
        ("COVID-19疫苗", "Covid-19疫苗", "[-COVID-19-]{+Covid-19+}疫苗"),
        # An island of a character or two between two changes is read as one passage.
        ("今天上午开会商量", "昨天下午开会商量", "[-今天上-]{+昨天下+}午开会商量"),
        ("甲一二三四五乙", "丙一二三四五丁", "[-甲-]{+丙+}一二三四五[-乙-]{+丁+}"),
        # What only comes or only goes stands alone.
        ("党员和群众", "党员群众", "党员[-和-]群众"),
        ("第一段。\n\n第二段。", "第一段。\n\n新的一段。\n\n第二段。", "第一段。\n\n{+新的一段。\n\n+}第二段。"),
    ],
)
def test_changes_stand_in_their_place(before: str, after: str, shown: str) -> None:
    assert mark_runs(find_differences(before, after)) == shown


def test_title_lead_and_body_are_each_compared() -> None:
    found = compare_texts(("题一", "", "文"), ("题二", "导语", "文"))
    assert [mark_runs(field) for field in (found.title, found.lead, found.body)] == ["题[-一-]{+二+}", "{+导语+}", "文"]


@given(TEXT, TEXT)
def test_both_versions_can_be_read_out_of_it(before: str, after: str) -> None:
    runs = find_differences(before, after)
    assert "".join(run.text for run in runs if run.kind is not Kind.GONE) == after
    assert "".join(run.text for run in runs if run.kind is not Kind.NEW) == before
    shown = mark_runs(find_differences(before, after))
    assert re.sub(r"\[-.*?-\]|\{\+(.*?)\+\}", lambda match: match[1] or "", shown, flags=re.DOTALL) == after
    assert re.sub(r"\{\+.*?\+\}|\[-(.*?)-\]", lambda match: match[1] or "", shown, flags=re.DOTALL) == before


@given(TEXT, TEXT)
def test_no_number_is_torn_apart(before: str, after: str) -> None:
    for left_out in (Kind.GONE, Kind.NEW):
        runs = [run.text for run in find_differences(before, after) if run.kind is not left_out]
        for left, right in pairwise(runs):
            assert not (left[-1].isascii() and left[-1].isalnum() and right[0].isascii() and right[0].isalnum())


def test_paragraphs_without_a_change_are_left_out() -> None:
    before, after = "一。\n\n二。\n\n三。\n\n四。", "一。\n\n二乙。\n\n三。\n\n四。"
    assert mark_runs(only_changed(find_differences(before, after))) == "…\n二{+乙+}。\n…\n"
    assert only_changed([Run(Kind.SAME, "一。\n\n二。")]) == [Run(Kind.SAME, "…\n")]
    assert only_changed([]) == []


def test_long_texts_are_compared_in_good_time() -> None:
    before, after = "的一是不了" * 4_000, "了不是一的" * 4_000
    runs = find_differences(before, after)
    assert "".join(run.text for run in runs if run.kind is not Kind.GONE) == after
