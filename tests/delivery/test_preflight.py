"""What a sending would do, before it does it."""

from dataclasses import replace
from decimal import Decimal

from newsletter.delivery.checking import check_sending
from newsletter.delivery.preflight import Preflight
from newsletter.delivery.sending import send_edition
from newsletter.newsroom import Newsroom
from newsletter.organisation.enrolment import add_staff
from newsletter.organisation.roles import Role
from newsletter.settings import validate_settings
from newsletter.subscribers.leaving.optouts import record_opt_out
from tests.command_line import CommandLine
from tests.delivery.conftest import EDITION, MEMBERS
from tests.delivery.editions import add_members, number_keys
from tests.delivery.gateways import NOON
from tests.delivery.ledgers import claimed_rows, plan
from tests.texts import an_article_file

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


def test_a_towns_issuer_is_not_told_who_of_their_own_left(shell: CommandLine, newsroom: Newsroom) -> None:
    for name, role in (("bai", Role.EDITOR), ("zhou", Role.ISSUER)):
        add_staff(newsroom, name, role=role, unit="banjing", passphrase=None, may_lack_passphrase=True)
    shell.ask("papers", "add", "bj", "搬经手机报", "--unit", "banjing", "--signature", "搬经党建", by="sun")
    add_members(newsroom, 2)
    article = shell.ask("submit", an_article_file(shell.directory.parent), by="li")["articles"][0]["article"]
    line = ("draft", article, "--paper", "bj", "--unit", "banjing", "--kind", "special", "--submit")
    edition = shell.ask(*line, by="li")["edition"]
    shell.ask("approve", edition, by="wang")
    told = shell.ask("send", edition, "--dry-run", by="zhou")
    leave(newsroom, number_keys(newsroom)[0])
    assert shell.ask("send", edition, "--dry-run", by="zhou") == told
    assert set(told["excluded"].values()) == {told["reachable"], told["full_text"]["numbers"]} == {None}
    assert (told["people"], told["audience"], told["parts"]) == (2, 2, 2 * told["full_text"]["parts_each"])
    said = shell.type("send", edition, "--dry-run", by="zhou").out
    assert "opted out" not in said
    assert "will be written to, at most" in said
    assert shell.ask("send", edition, "--dry-run", by="zhao")["excluded"]["opted_out"] == 1
    leave(newsroom, number_keys(newsroom)[1])
    refused = shell.ask("send", edition, "--dry-run", by="zhou", code=4)["error"]
    assert refused["code"] == "empty_audience"
    assert "opted out" not in str(refused)
    assert "2 opted out" in str(shell.ask("send", edition, "--dry-run", by="zhao", code=4)["error"])
    assert "empty_audience" not in str(shell.ask("show", edition, by="bai"))
