"""Who is not written to, and why: counted, foretold and found in the ledger alike."""

from collections import Counter
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from newsletter.delivery.claiming import claim_rows
from newsletter.delivery.models import Delivery, DeliveryState
from newsletter.delivery.planning import plan_sending
from newsletter.delivery.receipts import take_receipts
from newsletter.delivery.receivers import count_receivers
from newsletter.journal.canonical import canonical_json
from newsletter.newsroom import Newsroom
from newsletter.organisation.papers import add_paper
from newsletter.organisation.staff import get_staff
from newsletter.subscribers.audience.audiences import AudienceDefinition, count_audience
from newsletter.subscribers.audience.exclusion import LEDGER_REASONS
from newsletter.subscribers.audience.unusable import UNUSABLE_CODES, clear_unusable
from newsletter.subscribers.event_records import UnusableNumber
from newsletter.subscribers.leaving.optouts import record_opt_out
from newsletter.subscribers.models import ALL_PAPERS
from tests.command_line import CommandLine, settings_changed
from tests.delivery.gateways import NOON, ObedientGateway
from tests.statistics.ledgers import an_edition
from tests.subscribers.people import add_person, make_unusable, number
from tests.texts import an_article_file

CONSENT = "[privacy]\nrequire_consent = true\n"


class Someone(NamedTuple):
    """A person, and what is said of their number."""

    place: int
    unit: str
    is_express: bool
    is_active: bool
    left: int | None
    is_unusable: bool


SOMEONE = st.builds(
    Someone,
    place=st.integers(0, 6),
    unit=st.sampled_from(["banjing", "baipu", "nyj"]),
    is_express=st.booleans(),
    is_active=st.sampled_from([True, True, False]),
    left=st.sampled_from([None, None, ALL_PAPERS, 1, 2]),
    is_unusable=st.sampled_from([False, False, True]),
)


def expected(people: list[Someone], paper: int, *, require_consent: bool) -> Counter[str]:
    """The rule in plain words: first reason → numbers of active people."""
    found: Counter[str] = Counter()
    for place in {person.place for person in people if person.is_active}:
        same = [person for person in people if person.place == place]
        if any(person.left in (ALL_PAPERS, paper) for person in same):
            found["opted_out"] += 1
        elif any(person.is_unusable for person in same):
            found["invalid_number"] += 1
        elif require_consent and not any(person.is_express for person in same):
            found["no_consent"] += 1
        elif paper == 2 and not any(person.unit == "banjing" and person.is_active for person in same):
            found["outside_unit"] += 1
        else:
            found[""] += 1
    return found


def set_up(session: Session, newsroom: Newsroom, people: list[Someone]) -> None:
    add_paper(session, code="bj", name="搬经手机报", unit="banjing", signature="搬经党建")
    for order, person in enumerate(people):
        basis, status = "express" if person.is_express else "membership", "active" if person.is_active else "left"
        add_person(session, newsroom, person.place, name=f"成员{order}", unit=person.unit, basis=basis, status=status)
        key = newsroom.data_keys.number_key(number(person.place))
        if person.left is not None:
            record_opt_out(session, number_key=key, source="desk", at=NOON, paper_id=person.left)
        if person.is_unusable and session.get(UnusableNumber, key) is None:
            make_unusable(session, newsroom, person.place)


def plan_for(session: Session, newsroom: Newsroom, paper: int) -> int:
    everyone = canonical_json(AudienceDefinition().document())
    edition = an_edition(paper_id=paper, audience_definition=everyone, stage="sending", number=1)
    session.add(edition)
    session.flush()
    staff = get_staff(session, "zhao").id or 0
    plan_sending(session, newsroom, edition, part_count=1, staff_id=staff)
    return edition.id or 0


def ledger(session: Session, edition: int) -> Counter[str]:
    """Reason → rows that ended so; the empty one: those claimed."""
    return Counter(row.reason for row in session.exec(select(Delivery).where(Delivery.edition_id == edition)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(SOMEONE, max_size=9), paper=st.sampled_from([1, 2]), require_consent=st.booleans())
def test_counting_and_claiming_follow_one_rule(
    newsroom: Newsroom, people: list[Someone], paper: int, require_consent: bool
) -> None:
    with newsroom.writing() as session:
        set_up(session, newsroom, people)
        counted = count_audience(session, AudienceDefinition(), paper, require_consent=require_consent)
        edition = plan_for(session, newsroom, paper)
        claim_rows(session, edition_id=edition, paper_id=paper, limit=99, at=NOON, require_consent=require_consent)
        found = ledger(session, edition)
        session.rollback()
    rule = expected(people, paper, require_consent=require_consent)
    told = {LEDGER_REASONS[reason]: numbers for reason, numbers in counted.excluded.items() if numbers}
    assert told == {reason: numbers for reason, numbers in rule.items() if reason}
    assert found == rule
    assert counted.reachable == rule[""]
    assert counted.people == sum(person.is_active for person in people)


def test_count_preflight_and_ledger_agree_on_all_four_reasons(
    any_shell: CommandLine, any_newsroom: Newsroom, tmp_path: pytest.TempPathFactory
) -> None:
    shell, newsroom = any_shell, any_newsroom
    shell.ask("papers", "add", "bj", "搬经手机报", "--unit", "banjing", "--signature", "搬经党建", by="sun")
    shell.ask("audience", "save", "大家", by="li")
    with newsroom.writing() as session:
        for place in range(5):
            add_person(session, newsroom, place, basis="express")
        add_person(session, newsroom, 0, name="李四", unit="baipu")
        add_person(session, newsroom, 5)
        add_person(session, newsroom, 6, unit="baipu", basis="express")
        add_person(session, newsroom, 7, unit="baipu")
        make_unusable(session, newsroom, 3)
        make_unusable(session, newsroom, 4)
        for place in (2, 3):
            key = newsroom.data_keys.number_key(number(place))
            record_opt_out(session, number_key=key, source="desk", at=NOON, paper_id=2)
        session.commit()
    with settings_changed(shell.directory, CONSENT):
        counted = shell.ask("audience", "count", "大家", "--paper", "bj", by="li")
        article = shell.ask("submit", an_article_file(shell.directory.parent), by="li")["articles"][0]["article"]
        line = ("draft", article, "--paper", "bj", "--kind", "special", "--audience", "大家", "--submit")
        edition = shell.ask(*line, by="li")["edition"]
        shell.ask("approve", edition, by="wang")
        foretold = shell.ask("send", edition, "--dry-run", by="zhao")
        report = shell.ask("send", edition, "--yes", by="zhao")
    assert (counted["people"], counted["numbers"], counted["reachable"]) == (9, 8, 2)
    assert counted["excluded"] == {"suppressed": 2, "invalid": 1, "no_consent": 2, "outside_unit": 1}
    reasons = {"opted_out": 2, "invalid_number": 1, "no_consent": 2, "outside_unit": 1}
    assert (foretold["excluded"], foretold["reachable"]) == (reasons, 2)
    with newsroom.reading() as session:
        rows = session.exec(select(Delivery).where(Delivery.edition_id == edition)).all()
    assert Counter(row.reason for row in rows if row.state == DeliveryState.SUPPRESSED) == reasons
    assert report["ledger"]["suppressed"] == 6
    assert report["ledger"]["suppressed"] + report["ledger"]["delivered"] == report["audience"] == 8


@pytest.mark.parametrize("code", [*sorted(UNUSABLE_CODES), "30003", "21610"])
def test_a_number_the_gateway_refuses_is_not_written_to_again(any_newsroom: Newsroom, code: str) -> None:
    newsroom, gateway = any_newsroom, ObedientGateway()
    with newsroom.writing() as session:
        person = add_person(session, newsroom, 0)
        key, edition = person.number_key, plan_for(session, newsroom, 1)
        claim_rows(session, edition_id=edition, paper_id=1, limit=9, at=NOON)
        session.commit()
    gateway.say(f"{edition}-1-{person.id}", DeliveryState.FAILED, code=code)
    take_receipts(newsroom, gateway)
    with newsroom.writing() as session:
        known = session.get(UnusableNumber, key)
        assert (known is not None) is (code in UNUSABLE_CODES)
        assert count_audience(session, AudienceDefinition(), 1).reachable == (0 if known else 1)
        if known is None:
            return
        assert (known.reason, known.edition_id, known.since) == (code, edition, NOON)
        assert clear_unusable(session, key)
        assert not clear_unusable(session, key)
        session.commit()
    # The same receipt once more, from a gateway that repeats itself: the desk's word stands.
    gateway.say(f"{edition}-1-{person.id}", DeliveryState.FAILED, code=code)
    take_receipts(newsroom, gateway)
    with newsroom.reading() as session:
        assert count_audience(session, AudienceDefinition(), 1).reachable == 1


@pytest.mark.parametrize("day", [1, 30])
def test_only_what_the_gateway_says_after_the_desk_holds_against_it(newsroom: Newsroom, day: int) -> None:
    said, gateway = datetime(2026, 11, day, tzinfo=UTC), ObedientGateway()
    with newsroom.writing() as session:
        key = add_person(session, newsroom, 0).number_key
        make_unusable(session, newsroom, 0)
        clear_unusable(session, key, at=NOON, reason="换了卡", staff_id=1)
        edition = plan_for(session, newsroom, 1)
        claim_rows(session, edition_id=edition, paper_id=1, limit=9, at=NOON)
        session.commit()
    gateway.say(f"{edition}-1-1", DeliveryState.FAILED, code="30006", at=said)
    take_receipts(newsroom, gateway)
    with newsroom.reading() as session:
        known = session.get_one(UnusableNumber, key)
        if said > NOON:
            assert (known.reason, known.since, known.lifted_at, known.lifted_reason) == ("30006", said, None, "")
        else:
            assert (known.reason, known.lifted_at, known.lifted_reason) == ("21614", NOON, "换了卡")


def test_a_correction_leaves_out_unusable_numbers_but_not_those_who_moved_away(any_newsroom: Newsroom) -> None:
    newsroom = any_newsroom
    with newsroom.writing() as session:
        set_up(session, newsroom, [])
        people = [add_person(session, newsroom, place, basis="express") for place in range(3)]
        add_person(session, newsroom, 3)
        original = plan_for(session, newsroom, 2)
        for row in session.exec(select(Delivery)):
            row.state = DeliveryState.DELIVERED
            session.add(row)
        people[1].unit_id = 3
        session.add(people[1])
        make_unusable(session, newsroom, 2)
        session.flush()
        told = count_receivers(session, original, 2, require_consent=True)
        correction = an_edition(
            paper_id=2, kind="correction", number=1, corrects_id=original, corrects_number=1, stage="sending"
        )
        session.add(correction)
        session.flush()
        zhao = get_staff(session, "zhao").id or 0
        plan_sending(session, newsroom, correction, part_count=1, staff_id=zhao)
        number_id = correction.id or 0
        claim_rows(session, edition_id=number_id, paper_id=2, limit=9, at=NOON, require_consent=True)
        found = ledger(session, number_id)
        session.rollback()
    assert (told.received, told.invalid_number, told.no_consent, told.reachable) == (4, 1, 1, 2)
    assert found == {"": 2, "invalid_number": 1, "no_consent": 1}
