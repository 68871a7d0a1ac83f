"""What an article's uses earn: its best once, bonuses beside it, shares to the last hundredth."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.workflow.points.kinds import RECORDED, Source, UnknownPointKindError, parse_kind, worth
from newsletter.workflow.points.rules import ArticleFacts, Author, Award, Use, award_article, award_quota, split_points
from newsletter.workflow.rule_book.points_table import PointsTable

TABLE = PointsTable()
NOVEMBER, DECEMBER = date(2026, 11, 16), date(2026, 12, 1)


def a_use(source: Source = Source.ITEM, day: date = NOVEMBER, ref: str = "edition:1", *, is_lead: bool = False) -> Use:
    price = worth(TABLE, source, is_lead=is_lead)
    return Use(article=1, ref=ref, day=day, source=source, worth=price, is_lead=is_lead)


def award(*uses: Use, authors: int = 1, is_retracted: bool = False) -> list[Award]:
    people = tuple(Author(number, 1) for number in range(1, authors + 1))
    return list(award_article(ArticleFacts(article=1, authors=people, is_retracted=is_retracted), uses))


@pytest.mark.parametrize(
    ("source", "points"),
    [
        (Source.ITEM, 500),
        (Source.BRIEF, 300),
        (Source.FEATURE, 1000),
        (Source.PAPER, 500),
        (Source.PREFECTURE, 2000),
        (Source.PROVINCE, 3000),
        (Source.COMMISSIONED, 200),
        (Source.LEADER_COMMENT, 1000),
    ],
)
def test_every_use_has_its_price(source: Source, points: int) -> None:
    assert [one.points for one in award(a_use(source))] == [points]


def test_the_best_of_a_period_is_worth_its_place() -> None:
    assert [worth(TABLE, Source.BEST, rank=place) for place in (1, 2, 3)] == [1500, 1000, 500]


def test_a_lead_item_counts_double() -> None:
    assert [one.points for one in award(a_use(is_lead=True))] == [1000]


def test_the_same_article_in_several_editions_counts_once_at_the_highest() -> None:
    uses = [a_use(), a_use(ref="edition:2"), a_use(Source.FEATURE, ref="edition:3"), a_use(Source.PAPER, ref="event:1")]
    assert sum(one.points for one in award(*uses)) == 1000


def test_a_later_better_use_adds_the_difference_on_its_own_day() -> None:
    found = award(a_use(Source.FEATURE, day=DECEMBER, ref="edition:2"), a_use())
    assert [(one.day, one.points, one.rule) for one in found] == [
        (NOVEMBER, 500, "item"),
        (DECEMBER, 500, "feature difference"),
    ]


def test_bonuses_come_on_top_each_kind_once() -> None:
    uses = [a_use(), a_use(Source.PREFECTURE, ref="event:1"), a_use(Source.PREFECTURE, ref="event:2")]
    assert [one.points for one in award(*uses, a_use(Source.PROVINCE, ref="event:3"))] == [3000, 2000, 0, 500]


def test_reprints_and_retracted_articles_earn_nothing() -> None:
    reprint = Use(article=1, ref="edition:1", day=NOVEMBER, source=Source.ITEM, worth=500, is_reprint=True)
    assert [(one.points, one.rule) for one in award(reprint)] == [(0, "item reprint")]
    assert [(one.points, one.rule) for one in award(a_use(), is_retracted=True)] == [(0, "item retracted")]


def test_an_original_after_its_reprint_earns_all() -> None:
    reprint = Use(article=1, ref="edition:1", day=NOVEMBER, source=Source.FEATURE, worth=1000, is_reprint=True)
    assert sum(one.points for one in award(reprint, a_use(day=DECEMBER, ref="edition:2"))) == 500


def test_joint_bylines_split_equally_and_the_rest_is_the_firsts() -> None:
    found = award(a_use(), authors=3)
    assert [(one.contributor, one.points) for one in found] == [(1, 168), (2, 166), (3, 166)]
    assert {one.rule for one in found} == {"item 1/3"}


@given(st.integers(0, 100_000), st.integers(1, 20))
def test_shares_add_up_exactly(points: int, count: int) -> None:
    shares = split_points(points, count)
    assert sum(shares) == points
    assert len(set(shares[1:])) <= 1
    assert 0 <= shares[0] - min(shares) < count


@given(st.permutations([a_use(), a_use(Source.FEATURE, ref="edition:2"), a_use(Source.BRIEF, ref="event:10")]))
def test_the_order_of_telling_changes_nothing(uses: list[Use]) -> None:
    assert award(*uses) == award(*sorted(uses, key=lambda use: use.ref))


def test_a_missed_quota_costs_at_most_so_much() -> None:
    def lose(missed: int) -> int:
        return award_quota(unit=1, ref="quota:1", day=NOVEMBER, missed=missed, each=100, most=1000).points

    assert [lose(missed) for missed in (1, 10, 11)] == [-100, -1000, -1000]


def test_kinds_are_read_with_hyphens_too_and_others_are_refused() -> None:
    assert parse_kind(" Taken-Up-Province ") is Source.PROVINCE
    assert {parse_kind(kind) for kind in RECORDED} == set(RECORDED)
    names = ["简讯", "报纸采用", "网站", "广播电视", "地市级采用", "省级采用", "约稿", "领导批示", "好稿"]
    assert [parse_kind(name) for name in names] == list(RECORDED)
    for word in ("item", "quota", "prize", ""):
        with pytest.raises(UnknownPointKindError):
            parse_kind(word)
