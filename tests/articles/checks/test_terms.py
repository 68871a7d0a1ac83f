"""Wordings the house forbids."""

import pytest

from newsletter.articles.checks.terms import find_terms
from tests.articles.checks.reference import CONTEXT, quotes


def test_a_wording_is_found_with_its_class_and_what_to_write() -> None:
    first, second = find_terms("body", "解放后，部队番号", CONTEXT)
    assert (first.code, first.severity, first.suggestion) == ("orientation", "blocking", "新中国成立后")
    assert first.message == "Write 新中国成立后, not 解放后."
    assert (second.code, second.suggestion) == ("secrecy", "")
    assert second.message == "部队番号 must not be used. 不得见报"


@pytest.mark.parametrize(
    "text",
    [
        "解放后街在修路。",  # a street
        "农村长期以来缺水。",  # two words
        "进城农民工回来了。",  # what should stand there
    ],
)
def test_what_only_looks_like_it_passes(text: str) -> None:
    assert quotes(find_terms, text) == []


@pytest.mark.parametrize("text", ["村长来了", "老村长说", "农民工子女"])
def test_it_is_found_anywhere_else(text: str) -> None:
    assert len(quotes(find_terms, text)) == 1
