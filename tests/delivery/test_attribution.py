"""Which edition somebody left after."""

from datetime import timedelta

import pytest

from newsletter.delivery.attribution import Attribution, attribute_opt_out
from newsletter.delivery.models import DeliveryState, Dispatch
from newsletter.newsroom import Newsroom
from tests.delivery.conftest import EDITION
from tests.delivery.editions import a_signed_edition, number_keys
from tests.delivery.gateways import NOON
from tests.delivery.ledgers import plan, set_state


def a_sent_edition(newsroom: Newsroom, edition: int, *, days_ago: float, state: DeliveryState) -> int:
    """An edition planned, and its rows settled, so many days before ``NOON``."""
    plan(newsroom, edition)
    moment = NOON - timedelta(days=days_ago)
    with newsroom.writing() as session:
        session.get_one(Dispatch, edition).planned_at = moment
        set_state(session, edition, state, at=moment)
    return edition


def attribute(newsroom: Newsroom, *, days_ago: float = 0) -> Attribution:
    with newsroom.reading() as session:
        return attribute_opt_out(session, newsroom, number_keys(newsroom)[0], NOON - timedelta(days=days_ago))


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        (DeliveryState.DELIVERED, True),
        (DeliveryState.SENT, True),
        (DeliveryState.ACCEPTED, True),
        (DeliveryState.UNDELIVERED, False),
        (DeliveryState.FAILED, False),
        (DeliveryState.SUPPRESSED, False),
        (DeliveryState.QUEUED, False),
    ],
)
def test_only_what_reached_them_counts(ready: Newsroom, state: DeliveryState, counts: bool) -> None:
    a_sent_edition(ready, EDITION, days_ago=1, state=state)
    found = attribute(ready)
    assert found.edition_id == (EDITION if counts else None)
    assert found.method == ("last_delivered" if counts else "")


@pytest.mark.parametrize(("days", "counts"), [(0, True), (29.9, True), (30, True), (30.1, False)])
def test_only_within_the_days_of_the_settings(ready: Newsroom, days: float, counts: bool) -> None:
    a_sent_edition(ready, EDITION, days_ago=days, state=DeliveryState.DELIVERED)
    assert attribute(ready).edition_id == (EDITION if counts else None)


def test_the_last_one_before_the_reply_counts(ready: Newsroom) -> None:
    a_sent_edition(ready, EDITION, days_ago=9, state=DeliveryState.DELIVERED)
    second = a_sent_edition(ready, a_signed_edition(ready), days_ago=2, state=DeliveryState.DELIVERED)
    assert attribute(ready).edition_id == second
    assert attribute(ready, days_ago=3).edition_id == EDITION, "the later one had not gone out yet"
    assert attribute(ready, days_ago=10).edition_id is None


def test_the_cell_is_that_of_the_planning(ready: Newsroom) -> None:
    a_sent_edition(ready, EDITION, days_ago=1, state=DeliveryState.DELIVERED)
    cell = attribute(ready).cell
    assert cell is not None
    assert (cell.region_code, cell.profession, cell.standing) == ("320682116", "worker", "full")
