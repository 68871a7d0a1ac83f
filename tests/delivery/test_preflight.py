"""What a sending would do, before it does it."""

from dataclasses import replace
from decimal import Decimal

from newsletter.delivery.checking import check_sending
from newsletter.delivery.preflight import Preflight
from newsletter.delivery.sending import send_edition
from newsletter.newsroom import Newsroom
from newsletter.settings import validate_settings
from newsletter.subscribers.leaving.optouts import record_opt_out
from tests.delivery.conftest import EDITION, MEMBERS
from tests.delivery.editions import add_members, number_keys
from tests.delivery.gateways import NOON
from tests.delivery.ledgers import claimed_rows, plan

#: Excluded numbers where there are none.
NOBODY = dict.fromkeys(("opted_out", "invalid_number", "no_consent", "outside_unit"), 0)


def checked(newsroom: Newsroom) -> Preflight:
    found = check_sending(newsroom, EDITION)
    assert found is not None
    return found


def leave(newsroom: Newsroom, *keys: str) -> None:
    with newsroom.writing() as session:
        for key in keys:
            record_opt_out(session, number_key=key, source="reply", at=NOON)
        session.commit()


def test_it_counts_and_costs_whom_it_would_reach(ready: Newsroom) -> None:
    leave(ready, *number_keys(ready)[:2])
    document = {**ready.settings.model_dump(exclude={"sending"}), "sending": {"price_per_part": 0.05}}
    found = checked(replace(ready, settings=validate_settings(document, ready.directory)))
    assert (found.people, found.audience, found.reachable) == (MEMBERS, MEMBERS, MEMBERS - 2)
    assert found.excluded == {**NOBODY, "opted_out": 2}
    assert found.parts == found.parts_each * (MEMBERS - 2)
    assert found.cost == found.parts * Decimal("0.05")


def test_a_sending_begun_counts_its_own_ledger_not_the_register(ready: Newsroom) -> None:
    with ready.writing() as session:
        session.connection().exec_driver_sql(f"UPDATE edition SET stage = 'sending' WHERE id = {EDITION}")
        session.commit()
    plan(ready, EDITION)
    leave(ready, number_keys(ready)[0])
    claimed_rows(ready, EDITION)
    add_members(ready, 5, first=500)
    found = checked(ready)
    assert (found.audience, found.reachable) == (MEMBERS, MEMBERS - 1)
    assert found.excluded == {**NOBODY, "opted_out": 1, "done": 0}


def test_a_finished_edition_has_nothing_to_check(ready: Newsroom) -> None:
    send_edition(ready, EDITION)
    assert check_sending(ready, EDITION) is None
