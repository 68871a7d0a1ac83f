"""Editions beside each other."""

import math

import pytest

from newsletter.editions.records import UnknownEditionError
from newsletter.organisation.scope import NotVisibleError
from newsletter.organisation.staff import Grant, NoRightError
from newsletter.statistics.comparing import (
    MOST_EDITIONS,
    NothingToCompareError,
    TooSmallToCompareError,
    compare_editions,
)
from newsletter.translation import use_language
from tests.statistics.ledgers import BANJING_ID, NOON, Desk


def fill(desk: Desk, **sizes: tuple[int, int]) -> None:
    """``e3=(40, 2)``: edition 3 was delivered to 40 people, of whom 2 left."""
    for name, (delivered, left) in sizes.items():
        edition = int(name.removeprefix("e"))
        desk.plan(edition)
        for person in range(delivered):
            desk.deliver(edition, person)
        for person in range(left):
            desk.leave(person, edition)


def by_counting(left: int, whole: int, other_left: int, other_whole: int) -> float:
    """Fisher's probability from its definition: all tables with these margins that are no likelier than this one."""
    total = left + other_left
    ways = [math.comb(whole, part) * math.comb(other_whole, total - part) for part in range(total + 1)]
    return sum(way for way in ways if way <= ways[left]) / sum(ways)


def test_one_pair_by_fishers_test(any_desk: Desk) -> None:
    fill(any_desk, e1=(40, 1), e2=(40, 12))
    document = compare_editions(any_desk.newsroom, [2, 1]).as_document()
    assert [(row["edition"], row["delivered"], row["unsubscribed"], row["rate"]) for row in document["editions"]] == [
        (2, 40, 12, 0.3),
        (1, 40, 1, 0.025),
    ]
    (pair,) = document["pairs"]
    assert (pair["higher"], pair["lower"], pair["verdict"]) == (2, 1, "clear")
    assert pair["p_value"] == pair["p_corrected"] == pytest.approx(by_counting(12, 40, 1, 40), abs=1e-6)


def test_what_is_clear_alone_may_be_chance_among_many(desk: Desk) -> None:
    fill(desk, e1=(40, 1), e2=(40, 8), e3=(40, 3), e4=(40, 4))
    assert [pair.is_clear for pair in compare_editions(desk.newsroom, [1, 2]).pairs] == [True]
    pairs = compare_editions(desk.newsroom, [1, 2, 3, 4]).pairs
    assert (len(pairs), [pair.is_clear for pair in pairs]) == (6, [False] * 6)


def test_the_sentence_says_it_plainly(desk: Desk) -> None:
    fill(desk, e1=(40, 1), e2=(40, 12), e3=(40, 11))
    clear, _other, chance = (pair.sentence() for pair in compare_editions(desk.newsroom, [1, 2, 3]).pairs)
    assert clear == "More people left after edition 2 than after edition 1: the difference is clear."
    assert chance == "Editions 2 and 3: the difference is within what chance does."
    use_language("zh-CN")
    assert "2" in compare_editions(desk.newsroom, [1, 2]).pairs[0].sentence()


def test_an_edition_named_twice_is_one(desk: Desk) -> None:
    fill(desk, e1=(9, 1), e2=(9, 1))
    assert len(compare_editions(desk.newsroom, [1, 2, 1]).rows) == 2
    with pytest.raises(NothingToCompareError):
        compare_editions(desk.newsroom, [1, 1])
    with pytest.raises(NothingToCompareError, match="too many"):
        compare_editions(desk.newsroom, range(1, MOST_EDITIONS + 2))


def test_a_small_edition_is_not_compared(desk: Desk) -> None:
    fill(desk, e1=(9, 1), e2=(4, 1), e3=(0, 0))
    for edition in (2, 3):
        with pytest.raises(TooSmallToCompareError, match=f"Edition {edition} was delivered to fewer than 5"):
            compare_editions(desk.hiding(5).newsroom, [1, edition])
    assert compare_editions(desk.hiding(4).newsroom, [1, 2]).rows


def test_whose_editions(desk: Desk) -> None:
    fill(desk, e1=(9, 1), e2=(9, 1))
    with pytest.raises(UnknownEditionError):
        compare_editions(desk.newsroom, [1, 99])
    with pytest.raises(NoRightError):
        compare_editions(desk.newsroom.acting_as("ed"), [1, 2])
    desk.add(Grant(staff_id=2, role="analyst", unit_id=BANJING_ID, granted_at=NOON, statement_id=1))
    with pytest.raises(NotVisibleError):
        compare_editions(desk.newsroom.acting_as("ed"), [1, 2])
