"""What an error costs whom: shares, factors, limits; and a ledger that can be worked out anew."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.workflow.penalties.charging import Charge, Facts, History, charge_error, replay
from newsletter.workflow.penalties.models import Found, PersonKind, PersonRole
from newsletter.workflow.penalties.people import Person
from newsletter.workflow.rule_book.codes import ErrorCode
from newsletter.workflow.rule_book.model import Rules
from newsletter.workflow.rule_book.reading import default_text, parse_rules

RULES = parse_rules(default_text())
LU, GU = Person(PersonKind.CONTRIBUTOR, 1), Person(PersonKind.CONTRIBUTOR, 2)
LI, WANG, ZHAO = (Person(PersonKind.STAFF, number) for number in (2, 3, 4))
GATES = ((PersonRole.SUBMIT, LI), (PersonRole.APPROVE, WANG), (PersonRole.SIGN, ZHAO))


def an_error(number: int = 1, code: ErrorCode = ErrorCode.TYPO, **changes: Any) -> Facts:
    values: dict[str, Any] = {
        "record": number,
        "edition": 1,
        "article": 1,
        "code": code,
        "quote": f"错{number}",
        "found": Found.AFTER,
        "in_title": False,
        "month": "2026-11",
        "introducer": LU,
        "gates": GATES,
    }
    return Facts(**(values | changes))


def book(*errors: Facts, rules: Rules = RULES) -> list[Charge]:
    history, booked = History(), []
    for facts in errors:
        charges = charge_error(facts, rules, history)
        history.add(charges)
        booked += charges
    return booked


def paid(charges: Sequence[Charge]) -> dict[Person, int]:
    totals = Counter[Person]()
    for charge in charges:
        totals[charge.person] += charge.hundredths
    return dict(totals)


def changed(line: str, instead: str) -> Rules:
    assert line in default_text()
    return parse_rules(default_text().replace(line, instead, 1))


def test_whoever_introduced_it_pays_all_and_each_gate_half() -> None:
    assert paid(book(an_error(code=ErrorCode.FACT))) == {LU: 2000, LI: 1000, WANG: 1000, ZHAO: 1000}


def test_an_editor_who_introduced_it_pays_once_the_higher_share() -> None:
    charges = book(an_error(code=ErrorCode.LEADER, introducer=LI))
    assert paid(charges) == {LI: 1500, WANG: 750, ZHAO: 750}
    assert [charge.role for charge in charges] == [PersonRole.INTRODUCER, PersonRole.APPROVE, PersonRole.SIGN]


def test_a_suggester_pays_as_who_introduced_it_and_not_again_as_a_gate() -> None:
    assert paid(book(an_error(code=ErrorCode.PLACE, introducer=WANG))) == {WANG: 800, LI: 400, ZHAO: 400}


def test_a_title_doubles() -> None:
    charges = book(an_error(in_title=True, code=ErrorCode.GRAMMAR))
    assert paid(charges) == {LU: 200, LI: 100, WANG: 100, ZHAO: 100}
    assert json.loads(charges[0].rule) == {
        "as": "grammar", "code": "grammar", "percent": 100, "price": "1", "title": "2",
    }  # fmt: skip


@pytest.mark.parametrize(("minutes", "points"), [(0, 1000), (60, 1000), (61, 2000)])
def test_a_report_of_their_own_halves_what_they_pay_within_the_hour(minutes: int, points: int) -> None:
    charges = book(an_error(code=ErrorCode.DATA, reporter=LU, reported_after=timedelta(minutes=minutes)))
    assert paid(charges) == {LU: points, LI: 1000, WANG: 1000, ZHAO: 1000}


def test_a_gate_that_reports_pays_half_and_whoever_made_it_all() -> None:
    charges = book(an_error(code=ErrorCode.DATA, reporter=LI, reported_after=timedelta(0)))
    assert paid(charges) == {LU: 2000, LI: 500, WANG: 1000, ZHAO: 1000}
    assert [charge.person for charge in charges if "self_report" in charge.rule] == [LI]


def test_the_same_error_counts_three_times_and_the_fourth_is_on_record_with_nothing() -> None:
    charges = book(*(an_error(number, ErrorCode.PLACE, quote="白浦镇", gates=()) for number in range(1, 6)))
    assert [charge.hundredths for charge in charges] == [800, 800, 800, 0, 0]
    assert json.loads(charges[3].rule)["same_error_limit"] == 3


def test_in_another_edition_it_is_another_error() -> None:
    errors = [an_error(number, ErrorCode.PLACE, quote="白浦镇", edition=number) for number in range(1, 6)]
    assert paid(book(*errors))[LU] == 5 * 800


def test_style_costs_nobody_more_than_one_point_an_edition() -> None:
    first = [an_error(number, ErrorCode.STYLE) for number in range(1, 13)]
    charges = book(*first, an_error(13, ErrorCode.STYLE, edition=2), an_error(14, ErrorCode.STYLE, introducer=GU))
    assert paid(charges) == {LU: 110, GU: 10, LI: 70, WANG: 70, ZHAO: 70}
    assert json.loads(charges[4 * 11].rule)["most"] == "1"


def test_the_third_wrong_character_of_a_person_in_a_month_is_grammar() -> None:
    errors = [an_error(number, edition=number) for number in (1, 2, 3, 4)]
    other = [an_error(5, edition=5, introducer=GU), an_error(6, edition=6, month="2026-12")]
    charges = [charge for charge in book(*errors, *other) if charge.role is PersonRole.INTRODUCER]
    assert [charge.hundredths for charge in charges] == [50, 50, 100, 100, 50, 50]
    assert json.loads(charges[2].rule)["as"] == "grammar"


def test_a_gate_does_not_pay_for_somebody_s_repeating() -> None:
    charges = book(*(an_error(number, edition=number) for number in (1, 2, 3)))
    assert [charge.hundredths for charge in charges if charge.person == WANG] == [25, 25, 25]


def test_the_same_slip_three_times_in_one_text_is_no_repeating() -> None:
    charges = book(*(an_error(number, quote="板橙", gates=()) for number in (1, 2, 3)))
    assert [charge.hundredths for charge in charges] == [50, 50, 50]
    once_more = book(*(an_error(number, quote=quote, gates=()) for number, quote in enumerate("板橙橙", start=1)))
    assert [charge.hundredths for charge in once_more] == [50, 50, 50]


def test_found_before_sending_it_costs_nothing_unless_the_rule_book_says_so() -> None:
    error = an_error(found=Found.BEFORE, code=ErrorCode.LEADER, gates=())
    assert book(error) == []
    assert paid(book(error, rules=changed("charge_before = false", "charge_before = true"))) == {LU: 150}


def test_what_may_not_be_published_is_no_matter_of_points() -> None:
    assert book(an_error(code=ErrorCode.SECRECY)) == []


def test_half_a_hundredth_goes_upward() -> None:
    error = an_error(code=ErrorCode.STYLE, reporter=LI, reported_after=timedelta(0))
    assert paid(book(error)) == {LU: 10, LI: 3, WANG: 5, ZHAO: 5}


PEOPLE = st.sampled_from([LU, GU, LI, WANG])
ERRORS = st.lists(
    st.builds(
        lambda code, edition, quote, title, introducer, month, reporter, minutes: an_error(
            code=code,
            edition=edition,
            quote=quote,
            in_title=title,
            introducer=introducer,
            month=month,
            reporter=reporter,
            reported_after=timedelta(minutes=minutes),
        ),
        code=st.sampled_from([ErrorCode.TYPO, ErrorCode.STYLE, ErrorCode.PLACE]),
        edition=st.integers(1, 2),
        quote=st.sampled_from(["错", "漏", "别"]),
        title=st.booleans(),
        introducer=PEOPLE,
        month=st.sampled_from(["2026-11", "2026-12"]),
        reporter=st.sampled_from([None, LU, GU, LI, WANG]),
        minutes=st.integers(0, 90),
    ),
    max_size=40,
).map(lambda errors: [replace(facts, record=n) for n, facts in enumerate(errors, start=1)])


@given(ERRORS)
def test_a_report_of_their_own_makes_it_cheaper_for_nobody_else(errors: list[Facts]) -> None:
    for facts in errors:
        reported, silent = paid(book(facts)), paid(book(replace(facts, reporter=None)))
        assert {who: points for who, points in reported.items() if who != facts.reporter} == {
            who: points for who, points in silent.items() if who != facts.reporter
        }
        if facts.reporter in silent:
            is_in_time = facts.reported_after is not None and facts.reported_after <= timedelta(hours=1)
            assert reported[facts.reporter] <= silent[facts.reporter]
            assert (reported[facts.reporter] < silent[facts.reporter]) is (is_in_time and silent[facts.reporter] > 1)


@given(ERRORS)
def test_limits_hold_whatever_is_recorded(errors: list[Facts]) -> None:
    charges = book(*errors)
    by_record = Counter((charge.facts.record, charge.person) for charge in charges)
    assert all(charge.hundredths >= 0 for charge in charges)
    assert all(count == 1 for count in by_record.values()), "nobody pays twice for one error"
    styles = Counter[tuple[Person, int | None]]()
    for charge in charges:
        if charge.facts.code is ErrorCode.STYLE:
            styles[charge.person, charge.facts.edition] += charge.hundredths
    assert all(total <= 100 for total in styles.values())
    for key, count in Counter(charge.facts.sameness for charge in charges if charge.hundredths).items():
        records = {charge.facts.record for charge in charges if charge.facts.sameness == key and charge.hundredths}
        assert len(records) <= 3, (key, count)


@given(st.lists(st.sampled_from([ErrorCode.TYPO, ErrorCode.STYLE, ErrorCode.FACT]), max_size=4), PEOPLE)
def test_the_order_of_different_errors_changes_no_total(codes: list[ErrorCode], introducer: Person) -> None:
    errors = [an_error(number, code, introducer=introducer) for number, code in enumerate(codes)]
    totals = {tuple(sorted(paid(book(*order)).items())) for order in permutations(errors)}
    assert len(totals) <= 1


@given(ERRORS, st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), max_size=8, unique_by=lambda pair: pair[0]))
def test_what_is_booked_back_is_what_was_booked(errors: list[Facts], wanted: list[tuple[int, int]]) -> None:
    reversals = sorted(
        ((record, max(record, newest)) for record, newest in wanted if max(record, newest) <= len(errors)),
        key=lambda pair: pair[1],
    )
    bookings, history = replay([(facts, RULES) for facts in errors], reversals)
    struck = {record for record, _newest in reversals}
    for record in struck:
        assert sum(line.hundredths for line in bookings if line.charge.facts.record == record) == 0
    kept = Counter[Person]()
    for line in bookings:
        kept[line.charge.person] += line.hundredths
    assert all(total >= 0 for total in kept.values())
    for facts in errors:
        assert bool(history.same_errors(facts)) == any(
            other.sameness == facts.sameness and other.record not in struck for other in errors
        )


def test_a_reversed_error_does_not_count_towards_later_ones() -> None:
    errors = [an_error(number, edition=number, gates=()) for number in (1, 2, 3)]
    bookings, _history = replay([(facts, RULES) for facts in errors], [(1, 2)])
    assert [line.hundredths for line in bookings] == [50, 50, -50, 50]
