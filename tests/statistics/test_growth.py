"""How members come and go: every movement, the balance, groups, limits of units and papers, small rows."""

from typing import Any

import pytest

from newsletter.organisation.papers import Paper
from newsletter.organisation.staff import Grant
from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.growth.counts import count_growth
from newsletter.statistics.growth.retention import estimate_retention
from newsletter.statistics.unsubscribes import TooFewPeopleError
from newsletter.subscribers.event_records import EventKind
from newsletter.subscribers.models import Subscriber
from tests.statistics.ledgers import BAIPU_ID, BANJING_ID, BRANCH_ID, Desk
from tests.statistics.registers import Register, day, period

FIELDS = ("start", "joined", "came_back", "moved_in", "moved_out", "opted_out", "involuntary", "end")


@pytest.fixture
def register(desk: Desk) -> Register:
    return Register(desk)


@pytest.fixture
def any_register(any_desk: Desk) -> Register:
    return Register(any_desk)


def rows(register: Register, *, since: str | None = None, until: str | None = None, **more: Any) -> dict[Any, Any]:
    found = count_growth(register.newsroom(), period=period(since, until), **more)
    documents = {row.code: row.balance.as_document() for row in found.rows} | {"total": found.total.as_document()}
    return {code: tuple(document[name] for name in FIELDS) for code, document in documents.items()}


def test_each_month_begins_where_the_last_one_ended(any_register: Register) -> None:
    for person in (1, 2, 3, 4, 5):
        any_register.join(person, day(9, 10))
    any_register.say(1, "out", day(10, 5))
    any_register.die(2, day(10, 31, 23))
    any_register.go(3, day(11, 1, 0))
    any_register.say(1, "in", day(11, 20))
    assert rows(any_register, until="2026-12-10") == {
        "2026-09": (0, 5, 0, 0, 0, 0, 0, 5),
        "2026-10": (5, 0, 0, 0, 0, 1, 1, 3),
        "2026-11": (3, 0, 1, 0, 0, 0, 1, 3),
        "2026-12": (3, 0, 0, 0, 0, 0, 0, 3),
        "total": (0, 5, 1, 0, 0, 1, 2, 3),
    }


def test_a_period_begins_with_those_who_were_there(register: Register) -> None:
    for person in (1, 2):
        register.join(person, day(9, 10))
    register.say(1, "out", day(10, 14))
    register.join(3, day(10, 20))
    assert rows(register, since="2026-10-15", until="2026-10-31") == {
        "2026-10": (1, 1, 0, 0, 0, 0, 0, 2),
        "total": (1, 1, 0, 0, 0, 0, 0, 2),
    }


def test_nothing_after_the_present_is_known(register: Register) -> None:
    register.join(1, day(9, 10))
    register.die(1, day(11, 10))
    found = count_growth(register.newsroom(day(10, 5)), period=period(until="2027-03-31"))
    assert [(row.code, row.balance.end) for row in found.rows] == [("2026-09", 1), ("2026-10", 1)]


def test_nobody_at_all_is_no_rows_and_an_empty_total(register: Register) -> None:
    assert rows(register) == {"total": (0,) * 8}
    assert rows(register, by=Dimension.UNIT, since="2026-01-01") == {"total": (0,) * 8}


def test_a_shared_number_takes_both_people_along(register: Register) -> None:
    register.join(1, day(9, 10))
    register.join(2, day(9, 10), number=1)
    register.say(1, "out", day(9, 12))
    assert rows(register)["total"] == (0, 2, 0, 0, 0, 2, 0, 0)


def test_leaving_twice_or_after_death_is_no_second_loss(register: Register) -> None:
    register.join(1, day(9, 10))
    register.say(1, "out", day(9, 11))
    register.say(1, "out", day(9, 12), is_effective=False)
    register.die(1, day(9, 13))
    register.join(2, day(9, 10))
    register.die(2, day(9, 11))
    register.say(2, "out", day(9, 12))
    register.say(2, "in", day(9, 13))
    assert rows(register)["total"] == (0, 2, 0, 0, 0, 1, 1, 0)


def test_who_joins_on_a_number_that_left_is_no_member_until_it_comes_back(register: Register) -> None:
    register.say(1, "out", day(8, 1))
    register.join(1, day(9, 10))
    assert rows(register)["total"] == (0,) * 8
    register.say(1, "in", day(10, 1))
    assert rows(register)["total"] == (0, 0, 1, 0, 0, 0, 0, 1)


def test_back_on_the_register_or_with_a_number_again_is_coming_back(register: Register) -> None:
    register.join(1, day(9, 1))
    register.go(1, day(9, 2))
    register.tell(1, EventKind.JOINED, day(9, 3), status="active")
    register.tell(1, EventKind.CORRECTED, day(9, 4), status="numberless")
    register.tell(1, EventKind.CORRECTED, day(9, 5), status="active")
    found = count_growth(register.newsroom(), period=period()).total
    assert (found.joined, found.came_back, found.left, found.number_lost, found.end) == (1, 2, 1, 1, 1)


def test_a_numberless_person_whose_number_is_found_joins(register: Register) -> None:
    register.join(1, day(9, 1), status="numberless")
    assert rows(register)["total"] == (0,) * 8
    register.tell(1, EventKind.CORRECTED, day(10, 1), status="active")
    assert rows(register)["total"] == (0, 1, 0, 0, 0, 0, 0, 1)


def test_the_erased_are_lost_and_keep_what_their_number_said_while_the_ledger_knows_it(any_register: Register) -> None:
    any_register.desk.plan(1)
    for person in (1, 2, 3):
        any_register.join(person, day(9, 1))
    for person in (1, 2):
        any_register.desk.deliver(1, person, number_key=f"n{person}")
        any_register.say(person, "out", day(9, 2))
    any_register.say(2, "in", day(9, 3))
    for person in (1, 2, 3):
        any_register.erase(person, day(10, 1))
    found = count_growth(any_register.newsroom(), period=period()).total
    assert (found.joined, found.opted_out, found.came_back, found.erased, found.end) == (3, 2, 1, 2, 0)


def test_who_changes_groups_moves_out_of_one_and_into_the_other(any_register: Register) -> None:
    any_register.join(1, day(9, 1))
    any_register.join(2, day(9, 1))
    any_register.join(3, day(9, 1), unit_id=BAIPU_ID, region_code="320682105")
    any_register.move(1, BAIPU_ID, day(10, 1), region_code="320682105")
    any_register.say(1, "out", day(10, 2))
    assert rows(any_register, by=Dimension.UNIT, since="2026-09-15") == {
        "bj-1": (2, 0, 0, 0, 1, 0, 0, 1),
        "baipu": (1, 0, 0, 1, 0, 1, 0, 1),
        "total": (3, 0, 0, 0, 0, 1, 0, 2),
    }
    by_region = rows(any_register, by=Dimension.REGION)
    assert by_region["320682116"] == (0, 2, 0, 0, 1, 0, 0, 1)
    assert by_region["total"] == (0, 3, 0, 0, 0, 1, 0, 2)


def test_standings_and_flags_are_groups_people_move_between(any_register: Register) -> None:
    any_register.join(1, day(9, 1), standing="probationary")
    any_register.tell(1, EventKind.BECAME_FULL, day(9, 2), standing="full")
    any_register.tell(1, EventKind.BECAME_MOBILE, day(9, 3), mobile=True)
    assert rows(any_register, by=Dimension.STANDING) == {
        "full": (0, 0, 0, 1, 0, 0, 0, 1),
        "probationary": (0, 1, 0, 0, 1, 0, 0, 0),
        "total": (0, 1, 0, 0, 0, 0, 0, 1),
    }
    assert rows(any_register, by=Dimension.MOBILE)["yes"] == (0, 0, 0, 1, 0, 0, 0, 1)


def test_who_moves_within_a_unit_stays_in_its_row(register: Register) -> None:
    register.join(1, day(9, 1))
    register.tell(1, EventKind.BECAME_FULL, day(9, 2), standing="probationary")
    assert rows(register, by=Dimension.UNIT)["bj-1"] == (0, 1, 0, 0, 0, 0, 0, 1)


def test_an_analyst_of_one_town_sees_its_members_move_in_and_out(any_register: Register) -> None:
    with any_register.desk.newsroom.writing() as session:
        grant = session.get_one(Grant, 1)
        grant.unit_id = BAIPU_ID
        session.commit()
    any_register.join(1, day(9, 1))
    any_register.join(2, day(9, 1), unit_id=BAIPU_ID)
    any_register.move(1, BAIPU_ID, day(9, 5))
    any_register.move(2, BRANCH_ID, day(9, 6))
    any_register.say(2, "out", day(9, 7))
    assert rows(any_register) == {
        code: (0, 1, 0, 1, 1, 0, 0, 1) if code in ("2026-09", "total") else (1, 0, 0, 0, 0, 0, 0, 1)
        for code in ("2026-09", "2026-10", "2026-11", "2026-12", "total")
    }
    assert set(rows(any_register, by=Dimension.UNIT)) == {"baipu", "total"}


def test_a_papers_opt_outs_count_for_that_paper_only(any_register: Register) -> None:
    for person in (1, 2, 3):
        any_register.join(person, day(9, 1))
    any_register.say(1, "out", day(9, 2), paper=2)
    any_register.say(2, "out", day(9, 2))
    any_register.say(1, "out", day(9, 3))
    any_register.say(1, "in", day(9, 4))
    assert rows(any_register)["total"] == (0, 3, 1, 0, 0, 2, 0, 2)
    assert rows(any_register, paper="bj")["total"] == (0, 3, 1, 0, 0, 2, 0, 2)
    any_register.say(3, "out", day(9, 5), paper=2)
    assert rows(any_register)["total"][5] == 2
    assert rows(any_register, paper="bj")["total"][5] == 3


def test_small_months_become_one_and_small_groups_are_merged(register: Register) -> None:
    hiding = Register(register.desk.hiding(5))
    for person in range(1, 4):
        hiding.join(person, day(9, 1))
    for person in range(4, 12):
        hiding.join(person, day(10, 1), unit_id=BAIPU_ID)
    assert list(rows(hiding, until="2026-11-30")) == ["2026-09/2026-10", "2026-11", "total"]
    assert rows(hiding, until="2026-11-30")["2026-09/2026-10"] == (0, 11, 0, 0, 0, 0, 0, 11)
    assert set(rows(hiding, by=Dimension.UNIT)) == {"suppressed", "total"}


def test_a_closed_month_stays_as_it_was_when_a_member_gets_a_new_number(any_register: Register) -> None:
    any_register.desk.plan(1, day(9, 2))
    for person in (1, 2, 3):
        any_register.join(person, day(9, 1))
        any_register.desk.deliver(1, person, number_key=f"n{person}")
    any_register.say(1, "out", day(9, 3))
    before = rows(any_register, until="2026-10-31")
    with any_register.desk.newsroom.writing() as session:
        member = session.get_one(Subscriber, 1)
        member.number_key, member.updated_at = "n9", day(11, 10)
        session.commit()
    assert rows(any_register, until="2026-10-31") == before
    assert rows(any_register, until="2026-11-30")["2026-11"] == (2, 0, 1, 0, 0, 0, 0, 3)
    any_register.say(1, "in", day(11, 20))
    any_register.say(9, "out", day(12, 1))
    assert rows(any_register)["total"] == (0, 3, 1, 0, 0, 2, 0, 2)


def test_a_papers_few_members_are_told_to_nobody(register: Register) -> None:
    hiding = Register(register.desk.hiding(5))
    with hiding.desk.newsroom.writing() as session:
        session.get_one(Paper, 2).unit_id = BAIPU_ID
        session.commit()
    for person in range(1, 11):
        hiding.join(person, day(9, 1), unit_id=BRANCH_ID if person > 2 else BAIPU_ID)
    for by in (Dimension.MONTH, Dimension.UNIT):
        with pytest.raises(TooFewPeopleError):
            rows(hiding, paper="bj", by=by)
    with pytest.raises(TooFewPeopleError):
        estimate_retention(hiding.newsroom(), period=period(), paper="bj")
    found = estimate_retention(hiding.newsroom(), period=period(), by=Dimension.PAPER)
    assert ([group.code for group in found.groups], found.left_out) == (["main"], 1)
    for person in range(11, 14):
        hiding.join(person, day(9, 1), unit_id=BAIPU_ID)
    found = estimate_retention(hiding.newsroom(), period=period(), by=Dimension.PAPER)
    assert ([group.code for group in found.groups], found.left_out) == (["bj", "main"], 0)


def test_merged_units_are_many_at_the_beginning_too(register: Register) -> None:
    hiding = Register(register.desk.hiding(5))
    for person in range(1, 31):
        hiding.join(person, day(9, 1), unit_id=BANJING_ID if person > 2 else BRANCH_ID)
    for person in range(31, 37):
        hiding.join(person, day(10, 5), unit_id=BAIPU_ID)
    for person in (1, 2):
        hiding.say(person, "out", day(10, 20))
    assert set(rows(hiding, by=Dimension.UNIT, since="2026-10-01")) == {"suppressed", "total"}


def test_a_beginning_long_before_the_register_is_its_beginning(register: Register) -> None:
    register.join(1, day(9, 10))
    assert list(rows(register, since="0001-01-01", until="2026-10-31")) == ["2026-09", "2026-10", "total"]
    assert list(rows(register, since="2099-01-01")) == ["total"]
