"""Which edition somebody left after."""

from datetime import timedelta

import pytest

from newsletter.delivery.attribution import Attribution, attribute_opt_out
from newsletter.delivery.models import DeliveryState, Dispatch
from newsletter.editions.models import Edition
from newsletter.newsroom import Newsroom
from newsletter.organisation.papers import add_paper
from newsletter.subscribers.models import ALL_PAPERS
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


def attribute(
    newsroom: Newsroom, *, days_ago: float = 0, paper: int = ALL_PAPERS, link: int | None = None
) -> Attribution:
    key, at = number_keys(newsroom)[0], NOON - timedelta(days=days_ago)
    with newsroom.reading() as session:
        return attribute_opt_out(session, newsroom, key, at, paper_id=paper, link_edition_id=link)


def a_correction(newsroom: Newsroom, *, days_ago: float, state: DeliveryState) -> int:
    """A second edition that corrects the first."""
    edition = a_sent_edition(newsroom, a_signed_edition(newsroom), days_ago=days_ago, state=state)
    with newsroom.writing() as session:
        session.get_one(Edition, edition).corrects_id = EDITION
        session.commit()
    return edition


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


def test_a_link_is_certain_however_long_ago(ready: Newsroom) -> None:
    a_sent_edition(ready, EDITION, days_ago=90, state=DeliveryState.DELIVERED)
    a_sent_edition(ready, a_signed_edition(ready), days_ago=1, state=DeliveryState.DELIVERED)
    found = attribute(ready, link=EDITION)
    assert (found.edition_id, found.method) == (EDITION, "link")
    assert found.cell is not None
    assert found.cell.region_code == "320682116"


def test_one_paper_is_left_after_its_own_edition(ready: Newsroom) -> None:
    a_sent_edition(ready, EDITION, days_ago=3, state=DeliveryState.DELIVERED)
    second = a_sent_edition(ready, a_signed_edition(ready), days_ago=1, state=DeliveryState.DELIVERED)
    with ready.writing() as session:
        other = add_paper(session, code="bjb", name="搬经手机报", unit="banjing", signature="搬经手机报").id or 0
        main = session.get_one(Edition, EDITION).paper_id
        session.get_one(Edition, second).paper_id = other
        session.commit()
    assert attribute(ready, paper=main).edition_id == EDITION
    assert attribute(ready, paper=other).edition_id == second
    assert attribute(ready).edition_id == second
    assert attribute(ready, paper=other + 1).edition_id is None


@pytest.mark.parametrize(
    ("state", "days_ago", "takes_it"),
    [
        (DeliveryState.DELIVERED, 1, True),
        (DeliveryState.DELIVERED, 3, False),
        (DeliveryState.ACCEPTED, 1, False),
        (DeliveryState.SENT, 1, False),
    ],
)
def test_a_correction_counts_only_if_it_was_the_last_delivered(
    ready: Newsroom, state: DeliveryState, days_ago: float, takes_it: bool
) -> None:
    a_sent_edition(ready, EDITION, days_ago=2, state=DeliveryState.DELIVERED)
    correction = a_correction(ready, days_ago=days_ago, state=state)
    assert attribute(ready).edition_id == (correction if takes_it else EDITION)
