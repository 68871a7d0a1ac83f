"""How long members stay: spells, censoring, groups, cohorts, and what of it is too small to show."""

from datetime import timedelta
from typing import Any

import pytest

from newsletter.organisation.staff import Grant
from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.growth.retention import Retention, count_cohorts, estimate_retention
from tests.statistics.ledgers import BAIPU_ID, BRANCH_ID, Desk
from tests.statistics.registers import Register, day, period
from tests.statistics.test_survival import IN_REMISSION, PLACEBO, PUBLISHED_TREATED, RELAPSED

NOW = day(12, 31)


@pytest.fixture
def register(desk: Desk) -> Register:
    return Register(desk)


@pytest.fixture
def any_register(any_desk: Desk) -> Register:
    return Register(any_desk)


def estimate(register: Register, **more: Any) -> Retention:
    return estimate_retention(register.newsroom(NOW), period=more.pop("period", period()), **more)


def steps(register: Register, **more: Any) -> list[tuple[int, int, int]]:
    (group,) = estimate(register, **more).groups
    return [(step.time, step.events, step.censored) for step in group.curve.steps]


def test_freireichs_patients_on_the_register_have_the_published_curve(register: Register) -> None:
    start = day(1, 5)
    patients = [(weeks, "out") for weeks in RELAPSED] + [(weeks, "gone") for weeks in IN_REMISSION]
    for person, (weeks, end) in enumerate(patients, start=1):
        register.join(person, start)
        if end == "out":
            register.say(person, "out", start + timedelta(weeks=weeks))
        else:
            register.go(person, start + timedelta(weeks=weeks))
    for person, weeks in enumerate(PLACEBO, start=22):
        register.join(person, start, mobile=True)
        register.say(person, "out", start + timedelta(weeks=weeks))
    found = estimate(register, by=Dimension.MOBILE)
    assert [group.code for group in found.groups] == ["no", "yes"]
    treated = [step for step in found.groups[0].curve.steps if step.events]
    for step, (weeks, at_risk, events, survival, *_rest) in zip(treated, PUBLISHED_TREATED, strict=True):
        assert (step.time, step.at_risk, step.events) == (weeks * 7, at_risk, events)
        assert step.survival == pytest.approx(survival, abs=0.0005)
    assert found.log_rank is not None
    assert found.log_rank.chi_square == pytest.approx(16.793, abs=0.001)


def test_opting_out_is_the_event_and_everything_else_is_censored(any_register: Register) -> None:
    any_register.join(1, day(12, 1))
    any_register.say(1, "out", day(12, 4))
    any_register.join(2, day(12, 1))
    any_register.die(2, day(12, 6))
    any_register.join(3, day(12, 1))
    any_register.erase(3, day(12, 8))
    any_register.join(4, day(12, 21))
    assert steps(any_register) == [(3, 1, 0), (5, 0, 1), (7, 0, 1), (10, 0, 1)]


def test_coming_back_begins_a_new_spell(any_register: Register) -> None:
    any_register.join(1, day(12, 1))
    any_register.say(1, "out", day(12, 4))
    any_register.say(1, "in", day(12, 10))
    assert steps(any_register) == [(3, 1, 0), (21, 0, 1)]


def test_only_those_who_began_in_the_period_are_watched(register: Register) -> None:
    register.join(1, day(11, 30, 23))
    register.join(2, day(12, 1, 0))
    register.say(2, "out", day(12, 20, 0))
    assert steps(register, period=period("2026-12-01", "2026-12-02")) == [(19, 1, 0)]


def test_moving_does_not_end_a_spell_and_the_group_is_the_first(register: Register) -> None:
    register.join(1, day(12, 1))
    register.move(1, BAIPU_ID, day(12, 3))
    register.say(1, "out", day(12, 5))
    (group,) = estimate(register, by=Dimension.UNIT).groups
    assert (group.code, [(step.time, step.events) for step in group.curve.steps]) == ("bj-1", [(4, 1)])


def test_for_an_analyst_of_one_town_moving_out_is_censored_and_moving_in_is_not_watched(any_register: Register) -> None:
    with any_register.desk.newsroom.writing() as session:
        session.get_one(Grant, 1).unit_id = BAIPU_ID
        session.commit()
    any_register.join(1, day(12, 1), unit_id=BAIPU_ID)
    any_register.move(1, BRANCH_ID, day(12, 3))
    any_register.say(1, "out", day(12, 5))
    any_register.join(2, day(12, 1))
    any_register.move(2, BAIPU_ID, day(12, 3))
    any_register.say(2, "out", day(12, 5))
    assert steps(any_register) == [(2, 0, 1)]


def test_each_paper_has_a_curve_of_its_members(any_register: Register) -> None:
    for person in (1, 2, 3):
        any_register.join(person, day(12, 1))
    any_register.say(1, "out", day(12, 4), paper=2)
    found = estimate(any_register, by=Dimension.PAPER)
    assert [(group.code, sum(step.events for step in group.curve.steps)) for group in found.groups] == [
        ("bj", 1), ("main", 0),
    ]  # fmt: skip
    assert found.log_rank is None


def test_nobody_is_no_curve(register: Register) -> None:
    assert list(estimate(register).groups) == []
    assert count_cohorts(register.newsroom(NOW), period=period()) == []


def test_months_of_a_curve_stop_where_few_are_at_risk(register: Register) -> None:
    hiding = Register(register.desk.hiding(5))
    for person in range(1, 9):
        hiding.join(person, day(1, 5))
    for person in range(1, 5):
        hiding.say(person, "out", day(4, 20))
    (group,) = estimate(hiding).groups
    assert [(point.month, point.at_risk, point.opted_out) for point in group.months] == [
        (0, 8, 0), (1, 8, 0), (2, 8, 0), (3, 8, 0),
    ]  # fmt: skip
    document = estimate(hiding).as_document()
    assert document["by"] is None
    assert document["groups"][0]["months"][3]["retention"] == 1.0


def test_small_groups_are_merged_with_the_next_smallest(register: Register) -> None:
    hiding = Register(register.desk.hiding(5))
    for person, standing in enumerate(["full"] * 9 + ["probationary"] * 6 + ["none"] * 2, start=1):
        hiding.join(person, day(12, 1), standing=standing)
    found = estimate(hiding, by=Dimension.STANDING)
    assert [(group.code, group.people) for group in found.groups] == [("full", 9), ("suppressed", 8)]


def test_cohorts_stand_by_calendar_months(any_register: Register) -> None:
    for person in (1, 2, 3, 4):
        any_register.join(person, day(9, 30))
    any_register.say(1, "out", day(9, 30, 20))
    any_register.say(2, "out", day(11, 1, 0))
    any_register.die(3, day(11, 30))
    any_register.join(5, day(11, 1, 0))
    found = count_cohorts(any_register.newsroom(NOW), period=period())
    assert [(cohort.code, cohort.people, list(cohort.retention)) for cohort in found] == [
        ("2026-09", 4, pytest.approx([0.75, 0.75, 0.5, 0.5])),
        ("2026-11", 1, [1.0, 1.0]),
    ]


def test_small_cohorts_are_joined_and_end_where_few_are_at_risk(register: Register) -> None:
    hiding = Register(register.desk.hiding(5))
    for person in range(1, 4):
        hiding.join(person, day(9, 5))
    for person in range(4, 12):
        hiding.join(person, day(10, 5))
    hiding.join(12, day(12, 5))
    for person in range(1, 9):
        hiding.say(person, "out", day(11, 5))
    found = count_cohorts(hiding.newsroom(NOW), period=period())
    assert [(cohort.code, cohort.people, len(cohort.retention)) for cohort in found] == [("2026-09/2026-12", 12, 3)]
