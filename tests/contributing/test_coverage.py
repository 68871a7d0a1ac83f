"""The unit tree as counted: rolled up once, it tells what looking at every pair of units would."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from newsletter.newsroom import Newsroom
from newsletter.workflow.contributing.brief_lists import list_visible_briefs
from newsletter.workflow.contributing.briefs import publish_brief
from newsletter.workflow.contributing.coverage import line_above, roll_up
from newsletter.workflow.contributing.diary import add_entry
from newsletter.workflow.contributing.diary_lists import list_visible_entries
from newsletter.workflow.contributing.outbox import queue_notices
from newsletter.workflow.periods import parse_day
from tests.contributing.desks import at

DUE = parse_day("2026-12-10")


@st.composite
def trees(draw: st.DrawFn) -> dict[int, int | None]:
    """Units from 1 on, each under one of those before it."""
    size = draw(st.integers(1, 20))
    return {1: None} | {unit: draw(st.integers(1, unit - 1)) for unit in range(2, size + 1)}


@given(trees(), st.lists(st.integers(1, 20)))
def test_rolling_up_counts_everything_below_a_unit(parents: dict[int, int | None], homes: list[int]) -> None:
    articles = [home for home in homes if home in parents]
    totals = roll_up(parents, {home: articles.count(home) for home in set(articles)})
    assert {unit: totals[unit] for unit in parents} == {
        unit: sum(unit in line_above(parents, home) for home in articles) for unit in parents
    }


def read_briefs(newsroom: Newsroom) -> object:
    return [line.document() for line in list_visible_briefs(newsroom)]


def read_diary(newsroom: Newsroom) -> object:
    return [line.document() for line in list_visible_entries(newsroom)]


@pytest.mark.parametrize("read", [read_briefs, read_diary, queue_notices])
def test_as_many_questions_are_put_to_the_database_for_many_as_for_one(
    newsroom: Newsroom, read: Callable[[Newsroom], object]
) -> None:
    desk, counts = at(newsroom), []
    for number in (1, 8):
        for _again in range(number):
            publish_brief(desk, "冬种进度", due=DUE)
            add_entry(desk, "河道开工", due=DUE, contributor="陆小满", column="要闻")
        asked: list[str] = []
        hear = _listener(asked)
        event.listen(newsroom.engine, "before_cursor_execute", hear)
        read(desk)
        event.remove(newsroom.engine, "before_cursor_execute", hear)
        counts.append(len(asked))
    assert counts[0] == counts[1] > 0


def _listener(asked: list[str]) -> Callable[..., None]:
    return lambda _connection, _cursor, statement, *_more: asked.append(statement)
