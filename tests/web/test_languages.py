"""Which language a reader's page speaks."""

import pytest

from newsletter.web.languages import choose_language


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("", "zh-CN"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("en-US,en;q=0.9", "en"),
        ("en-US,en;q=0.9,zh-CN;q=0.8", "en"),
        ("fr-FR,zh;q=0.2,en;q=0.7", "en"),
        ("fr-FR,de", "zh-CN"),
        ("*", "zh-CN"),
        ("en;q=0", "zh-CN"),
        ("en;q=表", "zh-CN"),
        (";;;,,,=", "zh-CN"),
        ("ZH-hans-CN", "zh-CN"),
    ],
)
def test_the_telephone_is_asked_first_and_the_newsroom_next(accepted: str, expected: str) -> None:
    assert choose_language(accepted, "zh-CN") == expected


def test_a_newsroom_that_writes_english_answers_in_english() -> None:
    assert choose_language("fr", "en") == "en"
