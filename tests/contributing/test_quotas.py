"""Quotas: who sets them, and what counts against them."""

from collections.abc import Sequence

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from newsletter.articles.models import Article, ArticleStage
from newsletter.newsroom import Newsroom
from newsletter.organisation.contributors import add_contributor
from newsletter.organisation.units import Unit, UnitKind, add_unit
from newsletter.workflow.contributing.models import Quota
from newsletter.workflow.contributing.quotas import PeriodOverError, quota_standing, set_quota
from newsletter.workflow.periods import parse_period
from tests.command_line import CommandLine
from tests.contributing.desks import GU, LU, at, submit

MONTH = parse_period("2026-11")


def rows(newsroom: Newsroom) -> Sequence[Quota]:
    with newsroom.reading() as session:
        return session.exec(select(Quota).order_by(col(Quota.id))).all()


def test_the_newest_number_counts(shell: CommandLine) -> None:
    for count in (6, 4):
        shell.ask("quotas", "set", "--unit", "banjing", "--period", "2999q4", "--count", count, by="li")
    shell.ask("quotas", "set", "--unit", "搬经镇", "--period", "2999-11", "--count", 1, by="li")
    quarter = shell.ask("quotas", "list", "--period", "2999Q4", by="chen")
    assert quarter["period"] == "2999Q4"
    assert quarter["quotas"] == [
        {"unit": "banjing", "name": "搬经镇", "wanted": 4, "submitted": 0, "adopted": 0, "missing": 4}
    ]


@pytest.mark.parametrize(
    ("more", "code", "error"),
    [
        (("--unit", "banjing", "--period", "下季度", "--count", "1"), 2, "bad_period"),
        (("--unit", "没有镇", "--period", "2999Q4", "--count", "1"), 3, "unknown_unit"),
        (("--unit", "banjing", "--period", "2999Q4", "--count", "-1"), 2, "bad_input"),
        (("--unit", "banjing", "--period", "2025-12", "--count", "50"), 2, "period_over"),
    ],
)
def test_what_is_no_quota_is_refused(shell: CommandLine, more: tuple[str, ...], code: int, error: str) -> None:
    assert shell.ask("quotas", "set", *more, by="li", code=code)["error"]["code"] == error


def test_nobody_sets_their_own_quota(shell: CommandLine) -> None:
    shell.ask("staff", "add", "wu", "--role", "editor", "--unit", "banjing", by="sun")
    line = ("quotas", "set", "--unit", "banjing", "--period", "2999Q4", "--count", 0)
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


def test_what_was_handed_in_stands_against_the_quota(shell: CommandLine, newsroom: Newsroom) -> None:
    submit(at(newsroom))
    set_quota(at(newsroom), "banjing", parse_period("2026-11-21"), 2)
    assert "搬经镇" in shell.type("quotas", "list", "--period", "2026-11-21", by="li").out
    assert shell.ask("quotas", "list", "--period", "2026-11-21", by="li")["quotas"][0]["missing"] == 1


@pytest.mark.parametrize(("moment", "may_be_set"), [("11-30T23:59:59+08:00", True), ("12-01T00:00:00+08:00", False)])
def test_a_quota_is_set_until_its_last_day_is_over(newsroom: Newsroom, moment: str, may_be_set: bool) -> None:
    desk = at(newsroom, f"2026-{moment}")
    if may_be_set:
        assert set_quota(desk, "banjing", MONTH, 3).wanted == 3
        return
    with pytest.raises(PeriodOverError, match="2026-11 is over already"):
        set_quota(desk, "banjing", MONTH, 3)
    assert rows(desk) == []


def test_of_what_was_asked_the_last_word_before_the_end_counts(any_newsroom: Newsroom) -> None:
    for day, count in ((1, 6), (5, 6), (20, 4), (25, 9)):
        set_quota(at(any_newsroom, f"2026-11-{day:02}T09:00:00+08:00"), "banjing", MONTH, count)
    late = at(any_newsroom, "2026-12-01T00:00:00+08:00")
    with late.writing() as session:
        session.add(Quota(unit_id=rows(late)[0].unit_id, period="2026-11", wanted=50, staff_id=1, set_at=late.now()))
        session.commit()
    assert [quota.wanted for quota in rows(late)] == [6, 4, 9, 50]
    with late.reading() as session:
        (standing,) = quota_standing(session, MONTH, late.timezone)
    assert (standing.quota_id, standing.wanted) == (3, 9)


@pytest.mark.parametrize("change", ["UPDATE quota SET wanted = 0", "DELETE FROM quota"])
def test_what_was_asked_cannot_be_asked_otherwise(any_newsroom: Newsroom, change: str) -> None:
    desk = at(any_newsroom)
    set_quota(desk, "banjing", MONTH, 5)
    with pytest.raises(DBAPIError, match="append-only"), desk.engine.begin() as connection:
        connection.execute(text(change))
    assert [quota.wanted for quota in rows(desk)] == [5]


def test_a_units_articles_count_for_every_unit_above_it(newsroom: Newsroom) -> None:
    with newsroom.writing() as session:
        add_unit(session, code="jiayuan", name="加原村", kind=UnitKind.VILLAGE, parent="banjing")
        add_contributor(session, name="丁一", unit="jiayuan")
        session.commit()
    desk = at(newsroom)
    for unit in ("jiayuan", "banjing", "baipu", "county", "root"):
        set_quota(desk, unit, MONTH, 9)
    for name in ("丁一", "丁一", LU, GU):
        submit(desk, contributor=name)
    with desk.reading() as session:
        found = quota_standing(session, MONTH, desk.timezone)
        submitted = {session.get_one(Unit, row.unit_id).code: row.submitted for row in found}
    assert submitted == {"jiayuan": 2, "banjing": 3, "baipu": 0, "county": 4, "root": 4}
