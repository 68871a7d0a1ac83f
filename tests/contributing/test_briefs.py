"""Briefs by command line: who is asked, who has answered, and the digest of it all."""

import csv
from pathlib import Path

import pytest

from newsletter.newsroom import Newsroom
from newsletter.organisation.desks import desk_of
from newsletter.organisation.units import get_unit
from tests.command_line import CommandLine
from tests.contributing.test_diary import day
from tests.texts import an_article_file

ASK = ("briefs", "publish", "冬种进度", "--due", day(9), "--body", "面积、示范户和一个具体的人。")


def submit(shell: CommandLine, directory: Path, *, contributor: str = "陆小满") -> int:
    path = an_article_file(directory, contributor=contributor)
    found: int = shell.ask("submit", path, by="li")["articles"][0]["article"]
    return found


def test_without_units_all_with_a_contributor_are_asked_but_no_desk(shell: CommandLine, newsroom: Newsroom) -> None:
    with newsroom.writing() as session:
        desk_of(session, get_unit(session, "county").id or 0)
        session.commit()
    assert shell.ask(*ASK, by="li")["units"] == ["banjing", "nyj"]


def test_an_editor_of_one_town_asks_that_town_only(shell: CommandLine) -> None:
    shell.ask("staff", "add", "wu", "--role", "editor", "--unit", "banjing", by="sun")
    assert shell.ask(*ASK, by="wu")["units"] == ["banjing"]
    assert shell.ask(*ASK, "--unit", "nyj", by="wu", code=4)["error"]["code"] == "no_right"


def test_an_article_counts_for_the_nearest_unit_that_was_asked(shell: CommandLine, tmp_path: Path) -> None:
    shell.ask("units", "add", "jiayuan", "加原村", "--kind", "village", "--parent", "banjing", by="sun")
    shell.ask("contributors", "add", "丁一", "--unit", "jiayuan", by="sun")
    shell.ask(*ASK, "--unit", "banjing", "--unit", "baipu", "--wanted", "2", by="li")
    first, second = submit(shell, tmp_path, contributor="丁一"), submit(shell, tmp_path)
    other = submit(shell, tmp_path, contributor="顾春禾")
    assert shell.ask("briefs", "answer", 1, first, by="li") == {"brief": 1, "article": first, "unit": "banjing"}
    shell.ask("briefs", "answer", 1, second, by="li")
    assert shell.ask("briefs", "answer", 1, other, by="li")["unit"] == "nyj"
    shown = shell.ask("briefs", "show", 1, by="chen")
    assert {row["unit"]: (row["articles"], row["asked"]) for row in shown["answers"]} == {
        "banjing": ([first, second], True),
        "baipu": ([], True),
        "nyj": ([other], False),
    }
    assert (shown["asked"], shown["answered"]) == (2, 1)
    shell.ask("withdraw", second, "--reason", "撤稿", by="li")
    assert shell.ask("briefs", "show", 1, by="li")["answered"] == 0
    table = shell.type("briefs", "show", 1, by="li").out
    assert "1 missing" in table
    assert "was not asked" in table


def test_an_article_answers_once_and_a_closed_brief_takes_none(shell: CommandLine, tmp_path: Path) -> None:
    shell.ask(*ASK, by="li")
    article = submit(shell, tmp_path)
    shell.ask("briefs", "answer", 1, article, by="li")
    assert shell.ask("briefs", "answer", 1, article, by="li", code=4)["error"]["code"] == "answered_already"
    assert shell.ask("briefs", "close", 1, "--reason", "已够用", by="li")["state"] == "closed"
    for line in (("answer", 1, submit(shell, tmp_path)), ("close", 1, "--reason", "再关")):
        assert shell.ask("briefs", *line, by="li", code=4)["error"]["code"] == "brief_closed"
    assert shell.ask("briefs", "list", "--open", by="li") == {"briefs": []}
    assert shell.ask("briefs", "list", by="li")["briefs"][0]["state"] == "closed"


@pytest.mark.parametrize(
    ("more", "code", "error"),
    [
        (("--due", "2020-01-01"), 2, "bad_input"),
        (("--wanted", "0"), 2, "bad_input"),
        (("--unit", "没有镇"), 3, "unknown_unit"),
        (("--column", "没有"), 3, "unknown_column"),
        (("--text", "x.txt"), 2, "bad_input"),
    ],
)
def test_what_cannot_be_asked_is_refused(shell: CommandLine, more: tuple[str, ...], code: int, error: str) -> None:
    assert shell.ask(*ASK, *more, by="li", code=code)["error"]["code"] == error
    assert shell.ask("briefs", "list", by="li") == {"briefs": []}


def test_the_text_may_come_from_an_offices_file(shell: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "要点.txt"
    path.write_bytes("本月报送:冬种面积、党员示范户。".encode("gb18030"))
    shell.ask("briefs", "publish", "十一月要点", "--due", day(9), "--text", path, by="li")
    assert shell.ask("briefs", "show", 1, by="li")["text"] == "本月报送:冬种面积、党员示范户。"


def test_the_digest_sets_units_against_briefs_and_adds_the_diary(shell: CommandLine, tmp_path: Path) -> None:
    shell.ask(*ASK, "--column", "要闻", by="li")
    shell.ask(
        "briefs", "publish", "=老典型", "--due", day(20), "--body", "x", "--unit", "nyj", "--wanted", "2", by="li"
    )
    shell.ask("diary", "add", "冬至饺子宴", "--due", day(5), "--unit", "baipu", by="li")
    shell.ask("diary", "add", "太远", "--due", day(50), "--unit", "baipu", by="li")
    shell.ask("diary", "add", "药箱", "--kind", "banked", by="li")
    for _again in range(2):
        shell.ask("briefs", "answer", 1, submit(shell, tmp_path), by="li")
    shell.ask("briefs", "answer", 2, submit(shell, tmp_path, contributor="顾春禾"), by="li")
    out = tmp_path / "要点.csv"
    digest = shell.ask("briefs", "digest", "--out", out, by="chen")
    rows = {row["unit"]: (row["answers"], row["planned"]) for row in digest["rows"]}
    assert rows == {
        "baipu": ({"1": None, "2": None}, [f"{day(5)[5:]} 冬至饺子宴"]),
        "banjing": ({"1": 2, "2": None}, []),
        "nyj": ({"1": 0, "2": 1}, []),
        "root": ({"1": None, "2": None}, ["药箱"]),
    }
    lines = list(csv.reader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert lines[0][1] == f"1 [要闻] 冬种进度 ({day(9)[5:]})"
    assert [line[:3] for line in lines[1:]] == [
        ["白蒲镇", "", ""],
        ["搬经镇", "✓", ""],
        ["农业农村局", "○", "1/2"],
        ["如皋党员手机报", "", ""],
    ]
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_cell_that_looks_like_a_formula_is_defused(shell: CommandLine, tmp_path: Path) -> None:
    shell.ask("units", "add", "odd", "=1+1", "--kind", "department", by="sun")
    shell.ask(*ASK, "--unit", "odd", by="li")
    shell.ask("briefs", "digest", "--out", tmp_path / "d.csv", by="li")
    assert "\n'=1+1," in (tmp_path / "d.csv").read_text(encoding="utf-8-sig")
