"""What a Chinese user sees: help, errors and tables in Chinese, laid out by columns, with exit codes unchanged."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from newsletter.cli import build, main
from newsletter.commands.wide_help import display_width, widen_help, wrap_wide
from newsletter.translation import detect_language, gettext, use_language
from tests.command_line import CommandLine

HAN = re.compile("[\u3400-\u9fff]")


@pytest.fixture
def tree() -> Any:
    use_language("zh-CN")
    root = build()
    widen_help(root)
    return root


def commands(command: Any, path: str = "newsletter") -> Iterator[tuple[str, Any]]:
    yield path, command
    for name, subcommand in getattr(command, "commands", {}).items():
        yield from commands(subcommand, f"{path} {name}")


def test_every_command_and_option_explains_itself_in_chinese(tree: Any) -> None:
    english = [path for path, command in commands(tree) if not HAN.search(command.help or "")]
    for path, command in commands(tree):
        parameters = command.get_params(typer.Context(command, info_name=path))
        english += [f"{path} {each.name}" for each in parameters if not HAN.search(each.help or "")]
    assert not english


def test_help_stays_within_its_width(tree: Any) -> None:
    """Only a list of choices, which nobody could read broken up, may be longer."""
    too_long = [
        line
        for path, command in commands(tree)
        for line in command.get_help(command.context_class(command, info_name=path, terminal_width=70)).splitlines()
        if display_width(line) > 70 and HAN.search(line)
    ]
    assert not too_long


def test_descriptions_stand_in_one_column(tree: Any) -> None:
    draft = tree.commands["draft"]
    text = draft.get_help(draft.context_class(draft, info_name="draft", terminal_width=60))
    options = text.partition("选项：\n")[2].splitlines()
    starts = {display_width(line[: match.start()]) for line in options if (match := HAN.search(line))}
    assert min(starts) == display_width("  --text headlines|full  ")
    assert [line for line in options if line.startswith(" " * 20)], "nothing was wrapped"


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("手机报编发", 10, ["手机报编发"]),
        ("手机报编发", 9, ["手机报编", "发"]),
        ("送审，签发。", 10, ["送审，签", "发。"]),
        ("见“送审”", 4, ["见", "“送", "审”"]),
        ("用 --out FILE 写入", 12, ["用 --out", "FILE 写入"]),
        ("one two", 5, ["one", "two"]),
        ("newsletter", 5, ["newsletter"]),
        ("", 5, [""]),
    ],
)
def test_lines_break_between_characters_but_not_before_a_full_stop(text: str, width: int, lines: list[str]) -> None:
    assert wrap_wide(text, width) == lines


@pytest.mark.parametrize(
    ("words", "sentence", "code"),
    [
        (("show", 99), "没有 99 号稿件。", 3),
        (("articles", "--stage", "x"), "没有 x 这个阶段；", 2),
        (("units", "add", "x", "某镇", "--kind", "town"), "li 无权进行此操作", 4),
        (("frobnicate",), "没有 'frobnicate' 这个命令。", 2),
        (("show",), "缺少 ARTICLE。", 2),
        (("decline", 1), "缺少选项 --reason。", 2),
        (("show", 1, "--nope"), "没有 --nope 这个选项。", 2),
        (("articles", "--stage"), "选项 --stage 需要一个值。", 2),
        (("articles", "much"), "此处多余：much", 2),
    ],
)
def test_errors_are_chinese_and_end_as_in_english(
    shell: CommandLine, words: tuple[object, ...], sentence: str, code: int
) -> None:
    assert shell.type(*words, by="li", code=None).code == code
    answer = shell.type(*words, by="li", code=code, language="zh-CN")
    assert answer.err.startswith(f"错误：{sentence}")
    assert answer.out == ""


def test_an_error_for_scripts_keeps_its_code(shell: CommandLine) -> None:
    answer = shell.type("show", 99, "--json", by="li", code=3, language="zh-CN").json["error"]
    assert answer["message"] == "没有 99 号稿件。"
    assert answer["hint"].startswith("查看列表：")
    assert answer["code"] == shell.ask("show", 99, by="li", code=3)["error"]["code"]


def test_tables_are_headed_in_chinese(shell: CommandLine) -> None:
    headings = shell.type("contributors", "list", by="li", language="zh-CN").out.split("─")[0].split()
    assert headings == ["编号", "姓名", "单位", "手机号"]
    assert shell.type("editions", by="li", language="zh-CN").out == "没有内容\n"


def test_an_article_is_taken_in_in_chinese(shell: CommandLine, tmp_path: Path) -> None:
    manuscript = tmp_path / "qiushou.txt"
    manuscript.write_text("秋收\n\n党员服务队帮缺劳力的人家收稻。\n", encoding="utf-8")
    words = ("submit", manuscript, "--contributor", "陆小满", "--column", "yaowen")
    assert shell.type(*words, by="li", language="zh-CN").out.startswith("1 号稿件：秋收\n")
    assert "新投稿" in shell.type("articles", by="li", language="zh-CN").out


def test_help_asked_in_chinese_says_how_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", "zh-CN", "send", "--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("用法：newsletter send [选项] ")
    for word in ("参数", "选项", "必填"):
        assert word in text
    for word in ("Usage", "Arguments", "Options", "required", "default"):
        assert word not in text


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        (["--language", "zh-CN"], {"NEWSLETTER_LANGUAGE": "en", "LANG": "en_US.UTF-8"}, "zh-CN"),
        (["--language=en"], {"NEWSLETTER_LANGUAGE": "zh-CN", "LANG": "zh_CN.UTF-8"}, "en"),
        ([], {"NEWSLETTER_LANGUAGE": "zh-CN", "LC_ALL": "C", "LANG": "en_US.UTF-8"}, "zh-CN"),
        ([], {"NEWSLETTER_LANGUAGE": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ([], {"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh-CN"),
        ([], {"LANG": "fr_FR.UTF-8"}, "en"),
        (["sms", "--", "--language", "zh-CN"], {}, "en"),
        ([], {}, "en"),
    ],
)
def test_the_option_beats_the_environment_beats_the_locale(
    arguments: list[str], environment: dict[str, str], language: str
) -> None:
    assert detect_language(arguments, environment) == language


@pytest.mark.parametrize(("arguments", "begins"), [([], "用法："), (["--language", "en"], "Usage: ")])
def test_the_language_found_is_the_one_spoken(
    arguments: list[str], begins: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NEWSLETTER_LANGUAGE", "zh-CN")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert main([*arguments, "--help"]) == 0
    assert capsys.readouterr().out.startswith(begins)


def test_a_sentence_missing_from_the_catalogue_stays_english() -> None:
    use_language("zh-CN")
    assert gettext("Nobody has translated this.") == "Nobody has translated this."
