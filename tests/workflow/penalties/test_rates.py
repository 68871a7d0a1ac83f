"""Errors in 10,000 characters published: whose characters, which errors, and when there are too many."""

from decimal import Decimal

import pytest

from newsletter.workflow.penalties.people import Person
from newsletter.workflow.penalties.quoting import count_characters
from newsletter.workflow.penalties.rates import Rate, Rates
from tests.command_line import CommandLine
from tests.texts import BODY
from tests.workflow.penalties.conftest import EDITED

#: Characters of articles 1 and 2, white space left out; BODY has two line ends.
FIRST, SECOND = len("座坛会开到田头" + EDITED), len("河道清淤" + BODY) - 2


def rates(shell: CommandLine, by: str = "paper", period: str = "2026", who: str = "chen") -> dict[str, tuple[int, int]]:
    found = shell.ask("penalties", "rates", "--period", period, "--by", by, by=who)
    total = ("in all", found["total"])
    return {name: (row["characters"], row["errors"]) for name, row in [*((r["name"], r) for r in found["rows"]), total]}


@pytest.fixture
def desk(shell: CommandLine, this_year: str) -> CommandLine:
    """A contributor's error, one of the editor's, one reversed, and one found before sending."""
    for code, quote in (("place", "三段何道"), ("leader", "王建囯"), ("typo", "板橙会")):
        words = ("penalties", "record", "--edition", 1, "--article", 1, "--code", code, "--quote", quote)
        shell.ask(*words, by="ma")
    shell.ask("penalties", "record", "--article", 3, "--code", "typo", "--quote", "板凳会", by="ma")
    shell.ask("penalties", "appeal", 3, "--reason", "原件如此", "--for", "陆小满", by="li")
    shell.ask("penalties", "reverse", 3, "--reason", "核实", by="sun")
    return shell


@pytest.fixture
def this_year(shell: CommandLine) -> str:
    return str(shell.ask("editions", by="li")["editions"][0]["date"])[:4]


def test_rates_are_of_whoever_wrote_the_text(desk: CommandLine, this_year: str) -> None:
    total = {"in all": (FIRST + SECOND, 2)}
    assert rates(desk, "paper", this_year) == {"如皋党员手机报": (FIRST + SECOND, 2)} | total
    assert rates(desk, "unit", this_year) == {
        "搬经镇": (FIRST, 1), "农业农村局": (SECOND, 0), "the desk": (0, 1),
    } | total  # fmt: skip
    assert rates(desk, "person", this_year) == {"陆小满": (FIRST, 1), "顾春禾": (SECOND, 0), "li": (FIRST, 1)} | total


def test_a_town_s_desk_is_shown_its_own(desk: CommandLine, this_year: str) -> None:
    desk.ask("staff", "add", "qian", "--role", "editor", "--unit", "banjing", by="sun")
    assert rates(desk, "unit", this_year, who="qian") == {
        "搬经镇": (FIRST, 1), "the desk": (0, 1), "in all": (FIRST, 2),
    }  # fmt: skip


@pytest.mark.parametrize("by", ["unit", "paper"])
def test_rows_add_up_to_the_whole(desk: CommandLine, this_year: str, by: str) -> None:
    found = rates(desk, by, this_year)
    total = found.pop("in all")
    assert tuple(map(sum, zip(*found.values(), strict=True))) == total


def test_over_no_characters_there_is_no_limit() -> None:
    rate = Rate(Person("staff", 1), 0, 2)
    assert rate.per_characters is None
    assert not Rates(Decimal(3), [rate], rate).is_over(rate)


def test_another_year_has_none(desk: CommandLine) -> None:
    found = desk.ask("penalties", "rates", "--period", "2020", by="chen")
    assert (found["rows"], found["total"]["rate"], found["total"]["over_limit"]) == ([], None, False)
    assert (
        "known are person, unit, paper"
        in desk.ask("penalties", "rates", "--period", "2020", "--by", "town", by="chen", code=2)["error"]["message"]
    )


@pytest.mark.parametrize(("errors", "is_over"), [(3, False), (4, True)])
def test_the_limit_itself_is_not_over(errors: int, is_over: bool) -> None:
    rate = Rate(Person("staff", 1), 10_000, errors)
    assert Rates(Decimal(3), [rate], rate).is_over(rate) is is_over
    assert rate.per_characters == errors


def test_the_exact_rate_counts_and_not_the_rounded_one() -> None:
    rate = Rate(None, 99_999, 30)
    assert rate.per_characters == Decimal("3.00")
    assert Rates(Decimal(3), [], rate).is_over(rate)


def test_characters_are_counted_without_white_space() -> None:
    assert count_characters(("标 题", " 导语\n", "第一段。\n\n A B")) == 2 + 2 + 6
