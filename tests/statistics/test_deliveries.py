"""Two editions: one with a row in every state, one that has only just been planned."""

import pytest

from newsletter.delivery.models import DeliveryState, Dispatch
from newsletter.delivery.state_words import STATES
from newsletter.editions.records import UnknownEditionError
from newsletter.organisation.staff import Grant, NoRightError
from newsletter.statistics.deliveries import count_deliveries
from newsletter.statistics.unsubscribes import TooFewPeopleError
from tests.statistics.ledgers import BAIPU_ID, NOON, SHANGHAI, Desk, an_edition


def fill(desk: Desk) -> None:
    desk.plan(1)
    states = [DeliveryState.DELIVERED] * 5 + list(DeliveryState)
    for person, state in enumerate(states, 1):
        tried = state in (DeliveryState.FAILED, DeliveryState.UNDELIVERED)
        desk.deliver(1, person, state, reason="30003" if tried else "opted_out" if state == "suppressed" else "")
    desk.deliver(1, 90, DeliveryState.FAILED, reason="30005")
    desk.plan(2, paper=2, kind="town")
    desk.deliver(2, 1, DeliveryState.QUEUED)


def test_every_state_is_counted(any_desk: Desk) -> None:
    fill(any_desk)
    first, second = count_deliveries(any_desk.newsroom)
    expected = dict.fromkeys((str(state) for state in DeliveryState), 1) | {"delivered": 6, "failed": 2}
    assert (first.ledger, first.audience) == (expected, 17)
    assert first.parts == 12 * 22, "all but queued, claimed, suppressed, expired, cancelled"
    assert first.delivered_rate == 0.352941
    assert first.failures == {"": 1, "30003": 2, "30005": 1}
    assert (second.ledger["queued"], second.audience, second.delivered_rate, second.failures) == (1, 1, 0.0, {})


def test_one_edition_alone(any_desk: Desk) -> None:
    fill(any_desk)
    (only,) = count_deliveries(any_desk.newsroom, 2)
    assert only.as_document(SHANGHAI) == {
        "edition": 2,
        "label": "搬经手机报, town edition no. 2, 2026-11-05",
        "stage": "sent",
        "audience": 1,
        "ledger": dict.fromkeys((str(state) for state in DeliveryState), 0) | {"queued": 1},
        "delivered_rate": 0.0,
        "parts": 0,
        "planned_at": "2026-11-05T12:00:00+08:00",
        "finished_at": None,
        "failures": {},
    }


def test_an_edition_never_planned_is_shown_only_when_asked_for(desk: Desk) -> None:
    desk.plan(1)
    desk.add(an_edition(id=7, number=7, stage="drafted"))
    assert [edition.edition for edition in count_deliveries(desk.newsroom)] == [1]
    (only,) = count_deliveries(desk.newsroom, 7)
    assert (only.audience, only.parts, only.planned_at) == (0, 0, None)


def test_an_unknown_edition_is_not_found(desk: Desk) -> None:
    with pytest.raises(UnknownEditionError) as caught:
        count_deliveries(desk.newsroom, 99)
    assert caught.value.exit_code == 3


def test_only_an_analyst_may_count(desk: Desk) -> None:
    with pytest.raises(NoRightError):
        count_deliveries(desk.newsroom.acting_as("ed"))


def test_every_state_has_a_name() -> None:
    assert set(STATES) == set(DeliveryState)


def test_finished_is_told(desk: Desk) -> None:
    desk.plan(1)
    with desk.newsroom.writing() as session:
        dispatch = session.get_one(Dispatch, 1)
        dispatch.finished_at = NOON
        session.add(dispatch)
        session.commit()
    assert count_deliveries(desk.newsroom)[0].finished_at == NOON


def test_of_few_people_nobody_learns_how_many_had_opted_out(desk: Desk) -> None:
    hiding = desk.hiding(5)
    hiding.plan(1, unit=BAIPU_ID)
    hiding.plan(2, unit=BAIPU_ID)
    for person in range(1, 8):
        hiding.deliver(2, person, unit_id=BAIPU_ID)
        if person < 4:
            state = DeliveryState.SUPPRESSED if person == 1 else DeliveryState.DELIVERED
            hiding.deliver(1, person, state, unit_id=BAIPU_ID)
    small, ordinary = count_deliveries(hiding.newsroom)
    document = small.as_document(SHANGHAI)
    assert (document["ledger"]["suppressed"], document["audience"], ordinary.ledger["suppressed"]) == (None, 2, 0)
    with hiding.newsroom.writing() as session:
        session.get_one(Grant, 1).unit_id = BAIPU_ID
        session.commit()
    assert [edition.edition for edition in count_deliveries(hiding.newsroom)] == [2]
    with pytest.raises(TooFewPeopleError):
        count_deliveries(hiding.newsroom, 1)
