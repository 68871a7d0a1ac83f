"""Which language the interface speaks: the option, the variable, the locale, else English."""

import pytest

from newsletter.cli import build
from newsletter.translation import LANGUAGES, active_language, detect_language, match_language, use_language


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("zh-CN", "zh-CN"),
        ("zh_CN.UTF-8", "zh-CN"),
        ("ZH-cn", "zh-CN"),
        ("zh_TW.Big5", "zh-CN"),
        ("zh", "zh-CN"),
        ("en", "en"),
        ("en_US.UTF-8", "en"),
        ("C", "en"),
        ("C.UTF-8", "en"),
        ("POSIX", "en"),
        ("fr_FR.UTF-8", None),
        ("zhx", None),
        ("english", None),
        ("", None),
    ],
)
def test_a_locale_asks_for_a_language(name: str, language: str | None) -> None:
    assert match_language(name) == language


@pytest.mark.parametrize(
    ("words", "environment", "language"),
    [
        ([], {}, "en"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ([], {"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ([], {"LANG": "en_US", "LC_MESSAGES": "zh_CN"}, "zh-CN"),
        ([], {"LC_ALL": "", "LANG": "zh_CN"}, "zh-CN"),
        ([], {"LANG": "en_US", "NEWSLETTER_LANGUAGE": "zh-CN"}, "zh-CN"),
        (["--language", "en"], {"NEWSLETTER_LANGUAGE": "zh-CN"}, "en"),
        (["--language=zh-CN", "status"], {"NEWSLETTER_LANGUAGE": "en"}, "zh-CN"),
        (["--as", "li", "--quiet", "--language", "zh-CN", "status"], {}, "zh-CN"),
        (["--as", "--language", "status"], {"LANG": "zh_CN"}, "zh-CN"),
        (["audience", "save", "x", "--language", "zh-CN"], {}, "en"),
        (["--language"], {"LANG": "zh_CN"}, "zh-CN"),
        (["sms", "--", "--language", "zh-CN"], {}, "en"),
        (["--language", "fr"], {"LANG": "zh_CN"}, "en"),
        ([], {"LANG": "fr_FR"}, "en"),
    ],
)
def test_the_nearest_word_decides(words: list[str], environment: dict[str, str], language: str) -> None:
    assert detect_language(words, environment) == language


def test_every_language_can_be_spoken() -> None:
    for language in LANGUAGES:
        use_language(language)
        assert active_language() == language
        assert build().get_help_option is not None


def test_an_unknown_language_is_a_bug_of_the_caller() -> None:
    with pytest.raises(KeyError):
        use_language("fr")
