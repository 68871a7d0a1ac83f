"""What the newsroom's records earn: read from editions that were sent, records, bylines, quotas and rule books."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event

from newsletter.articles.models import ArticleStage
from newsletter.editions.arranging import arrange_edition
from newsletter.editions.models import Edition, EditionStage
from newsletter.errors import InputError
from newsletter.newsroom import system_clock
from newsletter.organisation.desks import desk_of
from newsletter.organisation.units import UnitKind, get_unit
from newsletter.workflow.periods import parse_period
from newsletter.workflow.points.kinds import Source
from newsletter.workflow.points.leads import load_leads
from newsletter.workflow.points.ranking import rank_period
from newsletter.workflow.points.recording import Happening, record_event, revoke_event
from newsletter.workflow.rule_book.adopting import adopt_rule_book
from newsletter.workflow.rule_book.reading import default_text
from tests.workflow.points.histories import DAY, GU, LU, NOW, History, add_revision

NOVEMBER, QUARTER = parse_period("2026-11"), parse_period("2026Q4")


def test_an_article_printed_and_sent_earns(history: History) -> None:
    history.print(history.article())
    assert history.earned() == {LU: 500}


@pytest.mark.parametrize("stage", [stage for stage in EditionStage if stage is not EditionStage.SENT])
def test_only_what_was_sent_counts(history: History, stage: EditionStage) -> None:
    history.print(history.article(), stage=stage)
    assert history.earned() == {}


@pytest.mark.parametrize(
    ("kind", "channel", "points"),
    [("main", "sms", 1000), ("town", "sms", 500), ("main", "mms", 2000), ("lesson", "mms", 1000)],
)
def test_kind_and_channel_tell_the_price(history: History, kind: str, channel: str, points: int) -> None:
    first, second = history.article(LU), history.article(GU)
    history.print(first, second, kind=kind, channel=channel)
    assert history.earned() == {LU: points, GU: 1000 if channel == "mms" else 500}


def test_the_lead_item_is_the_one_that_readers_see_first(any_history: History) -> None:
    listed_first, printed_first = any_history.article(LU), any_history.article(GU)
    any_history.print(listed_first, printed_first, kind="main", columns=["田间党课", "要闻"])
    assert any_history.earned() == {LU: 500, GU: 1000}


def test_what_stands_in_no_column_is_printed_first(any_history: History) -> None:
    listed_first, printed_first = any_history.article(LU), any_history.article(GU)
    any_history.print(listed_first, printed_first, kind="main", columns=["要闻", None])
    assert any_history.earned() == {LU: 500, GU: 1000}


def test_the_lead_is_the_first_item_of_the_layout(history: History) -> None:
    articles = [history.article(LU) for _column in range(4)]
    number = history.print(*articles, kind="main", columns=["田间党课", "要闻", "田间党课", "要闻"])
    history.contributor("吴桂兰", "baipu")
    with history.newsroom.reading() as session:
        layout = arrange_edition(session, history.newsroom, session.get_one(Edition, number))
        assert load_leads(session) == {(number, layout.columns[0].items[0].article)}


@pytest.mark.parametrize("kind", ["correction", "guide"])
def test_the_desks_own_editions_earn_nothing(history: History, kind: str) -> None:
    history.print(history.article(), kind=kind)
    assert history.awards() == []


def test_the_same_article_in_several_editions_counts_once_at_the_highest(any_history: History) -> None:
    article = any_history.article()
    any_history.print(article, day=date(2026, 11, 1))
    any_history.print(article, day=date(2026, 11, 8), kind="main")
    any_history.print(article, day=date(2026, 12, 1))
    assert any_history.earned() == {LU: 1000}
    assert any_history.earned(NOVEMBER) == {LU: 1000}
    assert any_history.earned(parse_period("2026-12")) == {}


def test_a_period_knows_what_was_counted_before_it(any_history: History) -> None:
    article = any_history.article()
    any_history.print(article, day=date(2026, 9, 30))
    any_history.print(article, day=date(2026, 11, 8), channel="mms")
    assert any_history.earned(QUARTER) == {LU: 500}
    assert any_history.earned(parse_period("2026Q3")) == {LU: 500}


def test_a_joint_byline_shares_over_two_units(history: History) -> None:
    history.print(history.article(LU, GU))
    assert history.earned() == {LU: 250, GU: 250}
    units = {(award.contributor, award.unit) for award in history.awards()}
    assert len({unit for _who, unit in units}) == 2


def test_a_reprint_earns_nothing_by_print_or_by_record(history: History) -> None:
    article = history.article(source="新华社")
    history.print(article)
    record_event(history.newsroom, article, Happening(kind=Source.PREFECTURE, day=DAY))
    assert history.earned() == {}
    assert {award.rule for award in history.awards()} == {"item reprint", "taken_up_prefecture reprint"}


def test_what_an_office_calls_its_own_is_no_reprint(history: History) -> None:
    history.print(history.article(source="本报讯"))
    assert history.earned() == {LU: 500}


def test_the_printed_revision_tells_whether_it_was_a_reprint(history: History) -> None:
    article = history.article()
    history.print(article)
    with history.newsroom.writing() as session:
        add_revision(session, article, source="新华社")
        session.commit()
    assert history.earned() == {LU: 500}


def test_a_retracted_article_loses_everything(any_history: History) -> None:
    article, other = any_history.article(), any_history.article(GU)
    any_history.print(article, other)
    record_event(any_history.newsroom, article, Happening(kind=Source.PROVINCE, day=DAY))
    assert any_history.earned() == {LU: 3500, GU: 500}
    any_history.retract(article)
    assert any_history.earned() == {GU: 500}


def test_a_retracted_edition_earns_nothing_but_another_one_still_does(history: History) -> None:
    article = history.article()
    lost = history.print(article, channel="mms")
    history.print(article)
    history.retract_edition(lost)
    assert history.earned() == {LU: 500}


def test_a_record_taken_back_earns_nothing(any_history: History) -> None:
    article = any_history.article(LU)
    event = record_event(any_history.newsroom, article, Happening(kind=Source.PREFECTURE, day=DAY)).event
    assert any_history.earned() == {LU: 2000}
    revoke_event(any_history.newsroom, event.id or 0, reason="登记重复")
    assert any_history.awards() == []


def test_an_article_of_the_desk_earns_nobody_anything(history: History) -> None:
    with history.newsroom.writing() as session:
        desk = desk_of(session, get_unit(session, "banjing").id or 0).id or 0
        session.commit()
    history.print(history.article(desk))
    assert history.awards() == []


def test_short_bodies_are_briefs_where_the_rule_book_says_so(history: History, tmp_path: Path) -> None:
    adopt(history, tmp_path, "brief_characters = 0", "brief_characters = 20")
    short, long = history.article(body="三段河道清淤完工。"), history.article(GU, body="河" * 21)
    history.change(Edition, history.print(short, long), rule_book_version=2)
    assert history.earned() == {LU: 300, GU: 500}


def test_an_edition_keeps_the_rule_book_it_was_made_under(history: History, tmp_path: Path) -> None:
    history.print(history.article())
    adopt(history, tmp_path, "\nitem = 5", "\nitem = 6")
    assert history.earned() == {LU: 500}
    history.change(Edition, history.print(history.article(GU)), rule_book_version=2)
    assert history.earned() == {LU: 500, GU: 600}


def adopt(history: History, directory: Path, old: str, new: str) -> None:
    text = default_text()
    assert old in text
    path = directory / "规则.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    adopt_rule_book(replace(history.newsroom, clock=system_clock, actor="sun"), path)


def test_a_missed_quota_costs_the_unit_once_its_period_is_over(any_history: History) -> None:
    any_history.quota("banjing", "2026-11", 3)
    any_history.quota("baipu", "2026-12", 12)
    any_history.quota("nyj", f"{NOW:%Y-%m}", 5)
    any_history.article(day=date(2026, 11, 30))
    lost = {(award.unit, award.day, award.points, award.contributor) for award in any_history.awards()}
    assert {(day, points, who) for _unit, day, points, who in lost} == {
        (date(2026, 11, 30), -200, None),
        (date(2026, 12, 31), -1000, None),
    }
    assert [award.points for award in any_history.awards(NOVEMBER)] == [-200]


def test_the_ranking_counts_and_ranks_everybody(any_history: History) -> None:
    history = any_history
    village = history.unit("jiali", "加力村", UnitKind.VILLAGE, parent="banjing")
    third = history.contributor("吴桂兰", "jiali")
    history.print(history.article(LU), history.article(third), history.article(GU, source="新华社"))
    history.article(LU, stage=ArticleStage.WITHDRAWN)
    history.article(GU, day=date(2026, 12, 2))
    joint = history.article(LU, third)
    history.print(joint, channel="mms")

    ranking = rank_period(history.newsroom, QUARTER).as_document()

    assert village
    assert [(one["rank"], one["name"], one["points"]) for one in ranking["contributors"]] == [
        (1, "吴桂兰", 10.0),
        (1, "陆小满", 10.0),
        (3, "顾春禾", 0.0),
    ]
    towns = [(one["rank"], one["unit"], one["points"], one["adopted"], one["submitted"]) for one in ranking["towns"]]
    assert towns == [(1, "banjing", 20.0, 3, 3), (2, "baipu", 0.0, 0, 0)]
    assert [(one["unit"], one["adopted"], one["submitted"]) for one in ranking["departments"]] == [("nyj", 1, 2)]
    assert [one["name"] for one in ranking["rewards"]] == ["吴桂兰", "陆小满"]
    assert ranking["others"] == []


def test_an_article_is_adopted_when_it_is_first_used(history: History) -> None:
    article = history.article(day=date(2026, 9, 28))
    history.print(article, day=date(2026, 11, 8), kind="main")
    happening = Happening(kind=Source.PAPER, outlet="如皋日报", day=date(2026, 9, 30))
    record_event(history.newsroom, article, happening)
    third, fourth = (rank_period(history.newsroom, parse_period(label)) for label in ("2026Q3", "2026Q4"))
    assert (third.adopted, fourth.adopted) == (1, 0)
    assert [one.standing.points for one in fourth.contributors] == [500]


def test_before_it_came_in_nothing_happened_to_an_article(history: History) -> None:
    article = history.article(day=date(2026, 11, 16))
    history.print(article, day=date(2026, 11, 18))
    early = Happening(kind=Source.PAPER, outlet="如皋日报", day=date(2026, 11, 15))
    with pytest.raises(InputError, match="submitted on 2026-11-16"):
        record_event(history.newsroom, article, early)
    record_event(history.newsroom, article, replace(early, day=date(2026, 11, 16)))
    assert {award.day: award.points for award in history.awards()} == {
        date(2026, 11, 16): 500,
        date(2026, 11, 18): 0,
    }


def test_days_at_the_edge_belong_to_the_newsrooms_own_day(history: History) -> None:
    history.print(history.article(day=date(2026, 10, 1)), day=date(2026, 10, 1))
    history.print(history.article(GU, day=date(2026, 12, 31)), day=date(2026, 12, 31))
    assert history.earned(QUARTER) == {LU: 500, GU: 500}
    assert history.earned(NOVEMBER) == {}


def test_more_articles_take_no_more_queries(history: History) -> None:
    def count() -> int:
        asked: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            asked.append(statement)

        event.listen(history.newsroom.engine, "before_cursor_execute", note)
        rank_period(history.newsroom, QUARTER)
        event.remove(history.newsroom.engine, "before_cursor_execute", note)
        return len(asked)

    history.print(history.article(LU, GU))
    before = count()
    for _round in range(5):
        history.print(history.article(LU), history.article(GU))
    assert count() == before
