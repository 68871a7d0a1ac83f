"""What a town sees of the county's diary, briefs, quotas and notices, and what the county sees of a town's."""

from pathlib import Path

import pytest

from newsletter.newsroom import Newsroom
from newsletter.workflow.contributing.outbox import queue_notices
from tests.command_line import CommandLine
from tests.contributing.desks import GU, LU, submit, with_numbers
from tests.contributing.test_diary import day
from tests.texts import an_article_file

SECRET = "书记任免，保密至宣布"


@pytest.fixture
def desk(shell: CommandLine) -> CommandLine:
    """Besides the county's li, wu edits for 搬经镇 and bai for 白蒲镇, which each have a contributor."""
    shell.ask("contributors", "add", "白露", "--unit", "baipu", by="sun")
    for name, unit in (("wu", "banjing"), ("bai", "baipu")):
        shell.ask("staff", "add", name, "--role", "editor", "--unit", unit, by="sun")
    return shell


def titles(shell: CommandLine, noun: str, by: str) -> list[str]:
    return sorted(row["title"] for row in shell.ask(noun, "list", by=by)[noun])


def publish(shell: CommandLine, title: str, *units: str, by: str = "li") -> int:
    named = [word for unit in units for word in ("--unit", unit)]
    asked: int = shell.ask("briefs", "publish", title, "--due", day(9), "--body", "x", *named, by=by)["brief"]
    return asked


def test_a_town_sees_and_closes_its_own_diary_only(desk: CommandLine) -> None:
    for title, by in ((SECRET, "li"), ("镇里的事", "wu"), ("白蒲的事", "bai")):
        desk.ask("diary", "add", title, "--due", day(3), by=by)
    assert (titles(desk, "diary", "wu"), titles(desk, "diary", "bai")) == (["镇里的事"], ["白蒲的事"])
    assert len(titles(desk, "diary", "li")) == len(titles(desk, "diary", "chen")) == 3
    assert [row["unit"] for row in desk.ask("diary", "list", by="li")["diary"]] == ["root", "banjing", "baipu"]
    for line in (("drop", 1, "--reason", "不写了"), ("done", 1)):
        refused = desk.ask("diary", *line, by="wu", code=4)["error"]
        assert (refused["code"], SECRET in str(refused)) == ("no_right", False)
    assert desk.ask("diary", "drop", 2, "--reason", "县里写了", by="li")["state"] == "dropped"


def test_who_edits_for_two_towns_says_for_which(desk: CommandLine) -> None:
    desk.ask("staff", "grant", "wu", "--role", "editor", "--unit", "baipu", by="sun")
    line = ("diary", "add", "两镇联动", "--kind", "banked")
    assert desk.ask(*line, by="wu", code=2)["error"]["code"] == "several_desks"
    assert desk.ask(*line, "--unit", "baipu", by="wu")["unit"] == "baipu"
    desk.ask("staff", "grant", "wu", "--role", "editor", "--unit", "county", by="sun")
    assert desk.ask(*line, by="wu")["unit"] == "county"


def test_a_brief_is_seen_by_who_is_asked_and_by_who_asks(desk: CommandLine) -> None:
    both = publish(desk, "两镇要点", "banjing", "baipu")
    other = publish(desk, SECRET, "nyj")
    desk.ask("units", "add", "jiayuan", "加原村", "--kind", "village", "--parent", "banjing", by="sun")
    own = publish(desk, "镇里约稿", "jiayuan", by="wu")
    assert titles(desk, "briefs", "wu") == ["两镇要点", "镇里约稿"]
    assert titles(desk, "briefs", "bai") == ["两镇要点"]
    assert len(titles(desk, "briefs", "li")) == 3
    assert [row["unit"] for row in desk.ask("briefs", "show", both, by="wu")["answers"]] == ["banjing"]
    assert [row["unit"] for row in desk.ask("briefs", "show", both, by="li")["answers"]] == ["banjing", "baipu"]
    assert desk.ask("briefs", "show", own, by="li")["unit"] == "banjing"
    refused = desk.ask("briefs", "show", other, by="wu", code=4)["error"]
    assert (refused["code"], SECRET in str(refused)) == ("not_visible", False)
    assert desk.ask("briefs", "show", own, by="bai", code=4)["error"]["code"] == "not_visible"


def test_a_village_sees_what_its_town_is_asked_and_nothing_of_the_town_itself(desk: CommandLine) -> None:
    desk.ask("units", "add", "jiayuan", "加原村", "--kind", "village", "--parent", "banjing", by="sun")
    desk.ask("staff", "add", "ding", "--role", "editor", "--unit", "jiayuan", by="sun")
    publish(desk, "全镇要点", "banjing", "baipu")
    desk.ask("diary", "add", "镇里的事", "--kind", "banked", by="wu")
    shown = desk.ask("briefs", "show", 1, by="ding")
    assert [row["unit"] for row in shown["answers"]] == ["banjing"]
    assert titles(desk, "diary", "ding") == []


def test_what_is_not_seen_is_not_answered(desk: CommandLine, tmp_path: Path) -> None:
    publish(desk, SECRET, "nyj")
    article = desk.ask("submit", an_article_file(tmp_path, contributor=LU), by="wu")["articles"][0]["article"]
    assert desk.ask("briefs", "answer", 1, article, by="wu", code=4)["error"]["code"] == "not_visible"
    assert desk.ask("briefs", "answer", 1, article, by="li")["unit"] == "banjing"


def test_the_digest_shows_a_town_itself(desk: CommandLine) -> None:
    publish(desk, "两镇要点", "banjing", "baipu")
    publish(desk, SECRET, "nyj")
    desk.ask("diary", "add", SECRET, "--due", day(3), by="li")
    desk.ask("diary", "add", "镇里的事", "--due", day(3), by="wu")
    digest = desk.ask("briefs", "digest", by="wu")
    assert [brief["title"] for brief in digest["briefs"]] == ["两镇要点"]
    assert [(row["unit"], row["planned"]) for row in digest["rows"]] == [("banjing", [f"{day(3)[5:]} 镇里的事"])]
    assert {row["unit"] for row in desk.ask("briefs", "digest", by="li")["rows"]} == {"banjing", "baipu", "nyj", "root"}


def test_a_town_sees_its_own_quota_only(desk: CommandLine) -> None:
    for unit in ("banjing", "baipu", "nyj"):
        desk.ask("quotas", "set", "--unit", unit, "--period", "2999-01", "--count", 2, by="li")

    def units(by: str) -> list[str]:
        return [row["unit"] for row in desk.ask("quotas", "list", "--period", "2999-01", by=by)["quotas"]]

    assert (units("wu"), units("li")) == (["banjing"], ["banjing", "baipu", "nyj"])


def test_a_town_sees_its_own_contributors_notices_only(desk: CommandLine, newsroom: Newsroom) -> None:
    told = with_numbers(newsroom)
    for name in (LU, GU):
        submit(told, contributor=name)
    queue_notices(told)

    def names(by: str, *more: object) -> list[str]:
        return [row["name"] for row in desk.ask("notices", "list", *more, by=by)["notices"]]

    assert (names("wu"), names("li")) == ([LU], [GU, LU])
    assert names("wu", "--contributor", GU) == []


def test_notices_are_read_page_by_page(desk: CommandLine, newsroom: Newsroom) -> None:
    told = with_numbers(newsroom, LU)
    for _article in range(5):
        submit(told)
    queue_notices(told)
    pages: list[list[int]] = []
    before = None
    while not pages or before is not None:
        more = ("--before", before) if before is not None else ()
        page = desk.ask("notices", "list", "--limit", 2, *more, by="li")
        pages.append([row["notice"] for row in page["notices"]])
        before = page["next"]
    assert pages == [[5, 4], [3, 2], [1]]
    assert "--before 4" in desk.type("notices", "list", "--limit", 2, by="li").err
