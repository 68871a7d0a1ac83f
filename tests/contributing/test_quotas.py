"""Quotas: who sets them, and what counts against them."""

import pytest

from newsletter.articles.models import Article, ArticleStage
from newsletter.newsroom import Newsroom
from newsletter.workflow.contributing.quotas import quota_standing, set_quota
from newsletter.workflow.periods import parse_period
from tests.command_line import CommandLine
from tests.contributing.desks import at, submit

MONTH = parse_period("2026-11")


def test_the_newest_number_counts(shell: CommandLine) -> None:
    for count in (6, 4):
        shell.ask("quotas", "set", "--unit", "banjing", "--period", "2026q4", "--count", count, by="li")
    shell.ask("quotas", "set", "--unit", "搬经镇", "--period", "2026-11", "--count", 1, by="li")
    quarter = shell.ask("quotas", "list", "--period", "2026Q4", by="chen")
    assert quarter["period"] == "2026Q4"
    assert quarter["quotas"] == [
        {"unit": "banjing", "name": "搬经镇", "wanted": 4, "submitted": 0, "adopted": 0, "missing": 4}
    ]


@pytest.mark.parametrize(
    ("more", "code", "error"),
    [
        (("--unit", "banjing", "--period", "下季度", "--count", "1"), 2, "bad_period"),
        (("--unit", "没有镇", "--period", "2026Q4", "--count", "1"), 3, "unknown_unit"),
        (("--unit", "banjing", "--period", "2026Q4", "--count", "-1"), 2, "bad_input"),
    ],
)
def test_what_is_no_quota_is_refused(shell: CommandLine, more: tuple[str, ...], code: int, error: str) -> None:
    assert shell.ask("quotas", "set", *more, by="li", code=code)["error"]["code"] == error


def test_nobody_sets_their_own_quota(shell: CommandLine) -> None:
    shell.ask("staff", "add", "wu", "--role", "editor", "--unit", "banjing", by="sun")
    line = ("quotas", "set", "--unit", "banjing", "--period", "2026Q4", "--count", 0)
    assert shell.ask(*line, by="wu", code=4)["error"]["code"] == "no_right"


def test_what_counts_is_what_came_in_within_the_newsrooms_days(any_newsroom: Newsroom) -> None:
    edges = {
        "2026-10-31T23:59:59+08:00": False,
        "2026-11-01T00:00:00+08:00": True,
        "2026-11-30T23:59:59+08:00": True,
        "2026-12-01T00:00:00+08:00": False,
    }
    desk = at(any_newsroom)
    set_quota(desk, "banjing", MONTH, 5)
    set_quota(desk, "county", MONTH, 9)
    set_quota(desk, "nyj", MONTH, 0)
    for moment in edges:
        submit(at(any_newsroom, moment))
    stages = [ArticleStage.WITHDRAWN, ArticleStage.PUBLISHED, ArticleStage.RETRACTED]
    for stage in stages:
        article = submit(desk)
        with desk.writing() as session:
            session.get_one(Article, article).stage = stage
            session.commit()
    with desk.reading() as session:
        rows = {
            row.wanted: (row.submitted, row.adopted, row.missing)
            for row in quota_standing(session, MONTH, desk.timezone)
        }
    assert rows == {5: (4, 1, 1), 9: (4, 1, 5), 0: (0, 0, 0)}


def test_a_submitted_file_counts_at_once(shell: CommandLine, newsroom: Newsroom) -> None:
    submit(at(newsroom))
    shell.ask("quotas", "set", "--unit", "banjing", "--period", "2026-11-21", "--count", 2, by="li")
    assert "搬经镇" in shell.type("quotas", "list", "--period", "2026-11-21", by="li").out
    assert shell.ask("quotas", "list", "--period", "2026-11-21", by="li")["quotas"][0]["missing"] == 1
