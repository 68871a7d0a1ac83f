"""What is told to whom: a projection over articles, briefs, quotas and the clock, written down once."""

from datetime import timedelta

import pytest

from newsletter.articles.models import Article, ArticleStage
from newsletter.articles.stages import ArticleVerb
from newsletter.newsroom import Newsroom
from newsletter.organisation.contributors import add_contributor
from newsletter.workflow.contributing.answers import take_answer
from newsletter.workflow.contributing.briefs import publish_brief
from newsletter.workflow.contributing.outbox import queue_notices
from newsletter.workflow.contributing.quotas import set_quota
from newsletter.workflow.contributing.telephones import give_number
from newsletter.workflow.desk import put_aside_article
from newsletter.workflow.periods import parse_day, parse_period
from tests.command_line import CommandLine
from tests.contributing.desks import GU, LU, NUMBERS, TODAY, at, notices, queued, submit, with_numbers
from tests.delivery.editions import a_signed_edition


def give_back(newsroom: Newsroom, article_id: int, reason: str, *, revision: int = 1) -> None:
    with newsroom.writing() as session:
        article = session.get_one(Article, article_id)
        article.stage, article.reason, article.revision = ArticleStage.RETURNED, reason, revision
        session.commit()


def test_a_receipt_is_written_once(any_newsroom: Newsroom) -> None:
    desk = with_numbers(any_newsroom)
    submit(desk)
    assert queued(desk) == [(LU, "received", "article:1")]
    assert queue_notices(desk).queued == 0
    text = notices(desk)[0][1].text
    assert text == "【如皋手机报】《板凳会开到田头》已收到，稿件编号1，感谢供稿。"


def test_a_verdict_takes_the_place_of_a_receipt_that_was_not_sent(newsroom: Newsroom) -> None:
    desk = with_numbers(newsroom)
    submit(desk)
    queued(desk)
    put_aside_article(desk, 1, ArticleVerb.DECLINE, "与上周的重复【参见三版】")
    assert queued(desk) == [(LU, "declined", "article:1")]
    first, second = (notice for _name, notice in notices(desk))
    assert (first.state, first.reason) == ("suppressed", "outdated")
    assert second.text.endswith("未予采用。原因：与上周的重复〔参见三版〕")


def test_an_article_given_back_twice_is_told_twice(newsroom: Newsroom) -> None:
    desk = with_numbers(newsroom)
    submit(desk)
    give_back(desk, 1, "请补上时间")
    assert queued(desk) == [(LU, "returned", "article:1/1")]
    give_back(desk, 1, "请补上地点", revision=2)
    assert queued(desk) == [(LU, "returned", "article:1/2")]


def test_adoption_names_the_paper_and_publication_only_if_wanted(newsroom: Newsroom) -> None:
    desk = with_numbers(newsroom)
    a_signed_edition(newsroom)
    assert queued(desk) == [(LU, "adopted", "article:1")]
    assert "《如皋党员手机报》采用。" in notices(desk)[0][1].text
    queue_notices(desk, with_published=True)
    assert len(notices(desk)) == 1


def test_what_was_before_the_number_was_known_is_not_told(newsroom: Newsroom) -> None:
    desk = at(newsroom)
    submit(desk)
    give_number(at(newsroom, TODAY + timedelta(hours=1)), LU, NUMBERS[LU])
    later = at(newsroom, TODAY + timedelta(hours=2))
    assert queued(later) == []
    submit(later)
    assert queued(later) == [(LU, "received", "article:2")]


@pytest.mark.parametrize(("days", "is_told"), [(6, True), (8, False)])
def test_a_receipt_is_news_for_a_week(newsroom: Newsroom, days: int, is_told: bool) -> None:
    desk = with_numbers(newsroom)
    submit(desk)
    assert bool(queued(at(newsroom, TODAY + timedelta(days=days)))) is is_told


def test_who_has_no_number_is_named_and_told_later_what_is_still_true(newsroom: Newsroom) -> None:
    desk = with_numbers(newsroom, LU)
    publish_brief(desk, "冬种进度", due=parse_day("2026-12-10"))
    result = queue_notices(desk)
    assert ([person.name for person in result.skipped], result.waiting) == ([GU], 1)
    give_number(desk, GU, NUMBERS[GU])
    assert queued(desk)[-1] == (GU, "brief", "brief:1")
    give_number(desk, GU, None)
    assert queued(desk) == [(LU, "brief", "brief:1")]
    give_number(desk, GU, NUMBERS[GU])
    assert queued(desk)[-1] == (GU, "brief", "brief:1")
    assert len(notices(desk)) == 2


def test_a_number_shared_by_two_hears_of_a_brief_once(newsroom: Newsroom) -> None:
    desk = with_numbers(newsroom, LU)
    with desk.writing() as session:
        add_contributor(session, name="同号", unit="banjing")
        session.commit()
    give_number(desk, "同号", NUMBERS[LU])
    publish_brief(desk, "冬种进度", due=parse_day("2026-12-10"))
    assert queued(desk) == [(LU, "brief", "brief:1")]


def test_a_brief_is_told_and_reminded_of_until_it_is_answered(newsroom: Newsroom) -> None:
    desk = with_numbers(newsroom, LU)
    publish_brief(desk, "冬种进度", due=parse_day("2026-12-01"), units=["banjing"], wanted=2, text="面积和示范户。")
    assert queued(desk) == [(LU, "brief", "brief:1")]
    middle = at(newsroom, "2026-11-27T09:00:00+08:00")
    article = submit(middle)
    take_answer(middle, 1, article)
    assert (LU, "reminder-50", "brief:1") in queued(middle)
    text = next(notice.text for _name, notice in notices(middle) if notice.kind == "reminder-50")
    assert text == "【如皋手机报】报送时间已过半：搬经镇“冬种进度”应报2篇，已报1篇，还差1篇，12月1日截止。"
    later = at(newsroom, "2026-11-29T09:00:00+08:00")
    assert [kind for _name, kind, subject in queued(later) if subject == "brief:1"] == ["brief", "reminder-80"]
    assert notices(later)[-1][1].text.startswith("【如皋手机报】报送仅剩2天：搬经镇“冬种进度”")
    last = at(newsroom, "2026-12-01T08:00:00+08:00")
    assert [kind for _name, kind, subject in queued(last) if subject == "brief:1"] == ["brief", "last-day"]
    take_answer(last, 1, submit(last))
    assert [kind for _name, kind, subject in queued(last) if subject == "brief:1"] == []


def test_a_reminder_that_waits_says_what_is_true_when_it_leaves(newsroom: Newsroom) -> None:
    with_numbers(newsroom, LU)
    set_quota(at(newsroom, "2026-11-01T09:00:00+08:00"), "banjing", parse_period("2026-11"), 3)
    desk = at(newsroom, "2026-11-16T09:00:00+08:00")
    assert queued(desk) == [(LU, "reminder-50", "quota:1")]
    assert "2026年11月应报3篇，已报0篇，还差3篇，11月30日截止" in notices(desk)[0][1].text
    submit(desk)
    queued(desk)
    assert "已报1篇，还差2篇" in notices(desk)[0][1].text
    later = at(newsroom, "2026-11-30T09:00:00+08:00")
    assert (LU, "last-day", "quota:1") in queued(later)
    assert "今天截止" in notices(later)[-1][1].text
    assert notices(later)[0][1].reason == "outdated"


@pytest.mark.parametrize("person", ["wang", "chen", "sun"])
def test_who_may_not_send_notices_is_refused(shell: CommandLine, person: str) -> None:
    for verb in ("queue", "send"):
        assert shell.ask("notices", verb, "--yes" if verb == "send" else "--json", by=person, code=4)
    assert shell.ask("notices", "list", by=person) == {"notices": [], "next": None}


def test_an_editor_of_one_town_may_not_send_for_the_whole_newsroom(shell: CommandLine) -> None:
    shell.ask("staff", "add", "wu", "--role", "editor", "--unit", "banjing", by="sun")
    assert shell.ask("notices", "queue", by="wu", code=4)["error"]["code"] == "no_right"
