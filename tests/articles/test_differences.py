"""What changed between two versions, and that nothing of either is lost in showing it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.articles.differences import mark_differences

TEXT = st.text("党员群众在田里\n。", max_size=30)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("会后定下三段河道", "会后定下四段河道", "会后定下[-三-]{+四+}段河道"),
        ("一二", "一二", "一二"),
        ("", "新", "{+新+}"),
        ("旧", "", "[-旧-]"),
        ("", "", ""),
    ],
)
def test_changes_stand_in_their_place(before: str, after: str, shown: str) -> None:
    assert mark_differences(before, after) == shown


@given(TEXT, TEXT)
def test_both_versions_can_be_read_out_of_it(before: str, after: str) -> None:
    shown = mark_differences(before, after)
    assert re.sub(r"\[-.*?-\]|\{\+(.*?)\+\}", lambda match: match[1] or "", shown, flags=re.DOTALL) == after
    assert re.sub(r"\{\+.*?\+\}|\[-(.*?)-\]", lambda match: match[1] or "", shown, flags=re.DOTALL) == before
