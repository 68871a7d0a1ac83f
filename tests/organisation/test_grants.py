"""Who held which role at a place in the journal, and whose grants count."""

import pytest

from newsletter.journal.statements import Verb
from newsletter.organisation.grants import is_held
from tests.workflow.journals import CHAIN, a_desk, a_grant


@pytest.mark.parametrize(("place", "held"), [(3, False), (4, True), (5, True), (6, False)])
def test_a_role_holds_from_behind_its_grant_to_behind_its_end(place: int, held: bool) -> None:
    journal = [*a_desk()[:4], a_grant(5, "wang", "reviewer", verb=Verb.REVOKE)]
    assert is_held(journal, person="wang", role="reviewer", units=CHAIN, place=place) is held


@pytest.mark.parametrize(
    ("unit", "held"), [("root", True), ("county", True), ("banjing", True), ("baipu", False), ("cun", False)]
)
def test_a_role_is_for_a_unit_and_what_is_under_it(unit: str, held: bool) -> None:
    journal = [*a_desk(), a_grant(5, "qian", "editor", unit=unit)]
    assert is_held(journal, person="qian", role="editor", units=CHAIN, place=6) is held


def test_only_the_same_role_of_the_same_unit_is_taken() -> None:
    journal = [*a_desk(), a_grant(5, "wang", "reviewer", unit="banjing", verb=Verb.REVOKE)]
    assert is_held(journal, person="wang", role="reviewer", units=CHAIN, place=6)


def test_nobody_but_an_admin_gives_or_takes_a_role() -> None:
    given = [*a_desk(), a_grant(5, "li", "reviewer", by="li")]
    assert not is_held(given, person="li", role="reviewer", units=CHAIN, place=6)
    taken = [*a_desk(), a_grant(5, "wang", "reviewer", by="li", verb=Verb.REVOKE)]
    assert is_held(taken, person="wang", role="reviewer", units=CHAIN, place=6)


def test_a_towns_admin_gives_roles_in_the_town_only() -> None:
    journal = [*a_desk(), a_grant(5, "qian", "admin", unit="banjing"), a_grant(6, "li", "issuer", by="qian")]
    assert not is_held(journal, person="li", role="issuer", units=CHAIN, place=7)
    journal.append(a_grant(7, "li", "issuer", by="qian", unit="banjing"))
    assert is_held(journal, person="li", role="issuer", units=CHAIN, place=8)


def test_a_former_admins_grants_stay_but_new_ones_do_not_count() -> None:
    journal = [*a_desk(("qian", "admin")), a_grant(6, "li", "issuer", by="qian")]
    journal += [a_grant(7, "qian", "admin", verb=Verb.REVOKE), a_grant(8, "li", "reviewer", by="qian")]
    assert is_held(journal, person="li", role="issuer", units=CHAIN, place=9)
    assert not is_held(journal, person="li", role="reviewer", units=CHAIN, place=9)
