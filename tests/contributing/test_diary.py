"""The story diary by command line."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.texts import an_article_file

TODAY = date.today()  # noqa: DTZ011 (days away from any edge)


def day(distance: int) -> str:
    return (TODAY + timedelta(days=distance)).isoformat()


def note(shell: CommandLine, title: str, *more: object) -> int:
    found: int = shell.ask("diary", "add", title, *more, by="li")["diary"]
    return found


def test_what_is_overdue_stands_first_and_what_has_no_day_last(shell: CommandLine) -> None:
    note(shell, "老党员的药箱", "--kind", "banked")
    note(shell, "冬至饺子宴", "--due", day(30), "--contributor", "陆小满")
    note(shell, "河道开工", "--due", day(-3), "--column", "要闻", "--unit", "banjing", "--note", "找村支书")
    finished = note(shell, "秋粮入库", "--due", day(-9))
    shell.ask("diary", "done", finished, by="li")
    entries = shell.ask("diary", "list", "--open", by="chen")["diary"]
    assert [(entry["title"], entry["overdue"]) for entry in entries] == [
        ("河道开工", True),
        ("冬至饺子宴", False),
        ("老党员的药箱", False),
    ]
    assert entries[0] | {"column": "要闻", "unit": "banjing", "note": "找村支书", "kind": "planned"} == entries[0]
    assert (entries[1]["unit"], entries[1]["contributor"]) == ("banjing", "陆小满")
    assert "OVERDUE" in shell.type("diary", "list", by="li").out
    assert len(shell.ask("diary", "list", by="li")["diary"]) == 4


def test_the_days_asked_for_bound_what_is_shown(shell: CommandLine) -> None:
    for distance in (1, 10, 20):
        note(shell, f"第{distance}天", "--due", day(distance))
    found = shell.ask("diary", "list", "--from", day(10), "--until", day(19), by="li")["diary"]
    assert [entry["title"] for entry in found] == ["第10天"]


def test_an_entry_is_closed_once_and_says_what_came_of_it(shell: CommandLine, tmp_path: Path) -> None:
    first, second = note(shell, "河道开工", "--due", day(1)), note(shell, "饺子宴", "--due", day(2))
    article = shell.ask("submit", an_article_file(tmp_path), by="li")["articles"][0]["article"]
    done = shell.ask("diary", "done", first, "--article", article, by="li")
    assert (done["state"], done["article"]) == ("done", article)
    dropped = shell.ask("diary", "drop", second, "--reason", "改到春节", by="li")
    assert (dropped["state"], dropped["reason"]) == ("dropped", "改到春节")
    for line in (("done", first), ("drop", second, "--reason", "再说")):
        assert shell.ask("diary", *line, by="li", code=4)["error"]["code"] == "diary_entry_closed"


@pytest.mark.parametrize(
    ("line", "code", "error"),
    [
        (("add", "无日期"), 2, "bad_input"),
        (("add", "下周", "--due", "下周三"), 2, "bad_period"),
        (("add", "  ", "--due", "2026-12-01"), 2, "bad_name"),
        (("add", "电话", "--due", "2026-12-01", "--note", "打13800005678"), 2, "number_in_remark"),
        (("add", "种类", "--kind", "备用"), 2, "bad_input"),
        (("add", "栏目", "--due", "2026-12-01", "--column", "没有"), 3, "unknown_column"),
        (("done", 99), 3, "unknown_diary_entry"),
        (("drop", 99, "--reason", " "), 2, "bad_input"),
    ],
)
def test_what_cannot_be_noted_is_refused(shell: CommandLine, line: tuple[object, ...], code: int, error: str) -> None:
    assert shell.ask("diary", *line, by="li", code=code)["error"]["code"] == error
    assert shell.ask("diary", "list", by="li") == {"diary": []}


def test_only_an_editor_writes_the_diary(shell: CommandLine) -> None:
    assert shell.ask("diary", "add", "x", "--kind", "banked", by="zhao", code=4)["error"]["code"] == "no_right"
