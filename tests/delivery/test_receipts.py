"""Receipts: twice, late and out of order, they come to the same."""

import itertools

import pytest

from newsletter.delivery.feeds import Feed, feed_position, has_moved
from newsletter.delivery.models import DeliveryState
from newsletter.delivery.receipts import take_receipts
from newsletter.delivery.recording import record_outcomes
from newsletter.delivery.takeover import settle_unclear_rows
from newsletter.newsroom import Newsroom
from tests.delivery.conftest import EDITION, MEMBERS
from tests.delivery.gateways import ObedientGateway, accepted
from tests.delivery.ledgers import claimed_rows, plan, references, rows, set_state, totals

ACCEPTED, SENT, DELIVERED = DeliveryState.ACCEPTED, DeliveryState.SENT, DeliveryState.DELIVERED


def say(newsroom: Newsroom, *states: DeliveryState, code: str = "") -> str:
    """Take in receipts for the first row, one page each; return where it stands."""
    gateway = ObedientGateway()
    reference = references(newsroom, EDITION)[0]
    position = feed_position(newsroom, gateway.name, Feed.RECEIPTS)
    for _ in range(position):
        gateway.say("0-0-0", SENT)
    for state in states:
        gateway.say(reference, state, code=code)
        take_receipts(newsroom, gateway)
    return rows(newsroom, EDITION)[0].state


@pytest.fixture
def planned(ready: Newsroom) -> Newsroom:
    assert plan(ready, EDITION) == MEMBERS
    claimed_rows(ready, EDITION)
    return ready


@pytest.mark.parametrize("order", list(itertools.permutations([ACCEPTED, SENT, DELIVERED])))
def test_the_order_makes_no_difference(planned: Newsroom, order: tuple[DeliveryState, ...]) -> None:
    assert say(planned, *order, *order) == DELIVERED


@pytest.mark.parametrize("order", list(itertools.permutations([ACCEPTED, SENT, DELIVERED])))
def test_nor_does_one_page(planned: Newsroom, order: tuple[DeliveryState, ...]) -> None:
    gateway = ObedientGateway()
    for state in (*order, *order):
        gateway.say(references(planned, EDITION)[0], state)
    assert take_receipts(planned, gateway) == 6
    assert rows(planned, EDITION)[0].state == DELIVERED


def test_the_first_end_stays(planned: Newsroom) -> None:
    assert say(planned, DeliveryState.FAILED, code="30005") == DeliveryState.FAILED
    assert say(planned, DELIVERED) == DeliveryState.FAILED
    assert rows(planned, EDITION)[0].reason == "30005"


def test_what_was_sent_is_not_only_accepted_again(planned: Newsroom) -> None:
    assert say(planned, SENT, ACCEPTED) == SENT


@pytest.mark.parametrize("state", [DeliveryState.QUEUED, DeliveryState.CLAIMED, DeliveryState.UNKNOWN])
def test_no_receipt_makes_a_message_go_out_again(planned: Newsroom, state: DeliveryState) -> None:
    assert say(planned, ACCEPTED, state) == ACCEPTED


def test_receipts_of_what_we_never_sent_change_nothing(planned: Newsroom) -> None:
    gateway = ObedientGateway()
    gateway.say("9-9-9", DELIVERED)
    assert take_receipts(planned, gateway) == 1
    assert totals(planned, EDITION) == {"claimed": MEMBERS}


def test_a_page_that_somebody_else_took_is_not_written(planned: Newsroom) -> None:
    with planned.writing() as session:
        assert has_moved(session, "sandbox", Feed.REPLIES, from_position=0, to_position=5)
        assert not has_moved(session, "sandbox", Feed.REPLIES, from_position=0, to_position=3)
        session.commit()
    assert feed_position(planned, "sandbox", Feed.REPLIES) == 5
    assert feed_position(planned, "sandbox", Feed.RECEIPTS) == 0


def test_receipts_for_all_that_was_claimed_do_not_strand_the_rest_of_the_batch(ready: Newsroom) -> None:
    plan(ready, EDITION)
    gateway = ObedientGateway()
    claimed = claimed_rows(ready, EDITION, limit=5)
    for row in claimed.rows:
        gateway.say(f"{EDITION}-{claimed.batch}-{row.subscriber_id}", DELIVERED)
    take_receipts(ready, gateway)
    settle_unclear_rows(ready, gateway, EDITION)
    assert len(claimed_rows(ready, EDITION).rows) == MEMBERS - 5


def test_an_answer_that_a_receipt_overtook_changes_nothing(planned: Newsroom) -> None:
    assert say(planned, DELIVERED) == DELIVERED
    first = rows(planned, EDITION)[0]
    with planned.writing() as session:
        outcomes = [(first.subscriber_id, accepted("late"))]
        record_outcomes(session, edition_id=EDITION, batch=first.batch, outcomes=outcomes, at=planned.now())
        session.commit()
    assert rows(planned, EDITION)[0].state == DELIVERED


def test_a_suppressed_row_stays_suppressed(planned: Newsroom) -> None:
    with planned.writing() as session:
        set_state(session, EDITION, DeliveryState.SUPPRESSED, at=planned.now())
    assert say(planned, DELIVERED) == DeliveryState.SUPPRESSED
