"""Who held which role at a place in the journal, and whose grants count."""

from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.journal.statements import Verb, Word
from newsletter.organisation.grants import is_held
from tests.workflow.journals import CHAIN, MOMENT, a_desk, a_grant, a_word


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


DATED = ("2026-11-20", "2026-11-22")


def a_dated_grant(place: int, person: str, role: str, *, by: str = "sun", unit: str = "root") -> Word:
    grant = a_grant(place, person, role, by=by, unit=unit)
    dates = {"from": DATED[0], "until": DATED[1], "timezone": "Asia/Shanghai"}
    return replace(grant, details={**grant.details, **dates})


@pytest.mark.parametrize(
    ("hours", "held"), [(-17, False), (-16, True), (0, True), (55, True), (56, False), (None, False)]
)
def test_a_dated_role_holds_on_its_days_only(hours: int | None, held: bool) -> None:
    """``MOMENT`` is 16:00 in the newsroom on the first day."""
    journal = [*a_desk(), a_dated_grant(5, "qian", "reviewer")]
    moment = None if hours is None else MOMENT + timedelta(hours=hours)
    assert is_held(journal, person="qian", role="reviewer", units=CHAIN, place=6, moment=moment) is held
    assert is_held(journal, person="wang", role="reviewer", units=CHAIN, place=6, moment=moment)


def test_a_word_is_judged_by_its_own_time() -> None:
    early, late = a_word(6, Verb.APPROVE, "qian"), a_word(7, Verb.APPROVE, "qian")
    journal = [*a_desk(), a_dated_grant(5, "qian", "reviewer"), early, replace(late, time=MOMENT + timedelta(days=3))]
    assert is_held(journal, person="qian", role="reviewer", units=CHAIN, place=6)
    assert not is_held(journal, person="qian", role="reviewer", units=CHAIN, place=7)


def test_a_deputy_admins_grants_count_on_their_days_and_stay() -> None:
    journal = [*a_desk(), a_dated_grant(5, "qian", "admin"), a_grant(6, "li", "issuer", by="qian")]
    journal.append(replace(a_grant(7, "li", "reviewer", by="qian"), time=MOMENT + timedelta(days=3)))
    later = MOMENT + timedelta(days=30)
    assert is_held(journal, person="li", role="issuer", units=CHAIN, place=8, moment=later)
    assert not is_held(journal, person="li", role="reviewer", units=CHAIN, place=8, moment=later)


def test_a_role_given_with_and_without_dates_ends_with_one_revocation() -> None:
    journal = [*a_desk(), a_dated_grant(5, "wang", "reviewer"), a_grant(6, "wang", "reviewer", verb=Verb.REVOKE)]
    assert not is_held(journal, person="wang", role="reviewer", units=CHAIN, place=7, moment=MOMENT)


def a_retirement(place: int, person: str, *, by: str = "sun") -> Word:
    return a_word(place, Verb.RETIRE, by, digest="", subject=f"staff:{person}", person=person)


def a_rotation(place: int, person: str, *, by: str) -> Word:
    return a_word(place, Verb.ROTATE, by, digest="", subject=f"staff:{person}", person=person, public_key="0" * 64)


def test_who_left_holds_nothing_and_gets_nothing_again() -> None:
    journal = [*a_desk(), a_grant(5, "wang", "editor", unit="banjing"), a_retirement(6, "wang")]
    journal.append(a_grant(7, "wang", "reviewer"))
    assert is_held(journal, person="wang", role="editor", units=CHAIN, place=6)
    for role in ("reviewer", "editor"):
        assert not is_held(journal, person="wang", role=role, units=CHAIN, place=8)
    assert is_held(journal, person="li", role="editor", units=CHAIN, place=8)


def test_nobody_but_an_admin_retires_anybody() -> None:
    journal = [*a_desk(), a_retirement(5, "wang", by="li"), a_retirement(6, "wang", by="wang")]
    assert is_held(journal, person="wang", role="reviewer", units=CHAIN, place=7)


def test_a_towns_admin_retires_in_the_town_only() -> None:
    journal = [*a_desk(), a_grant(5, "qian", "admin", unit="banjing"), a_grant(6, "wang", "editor", unit="banjing")]
    journal.append(a_retirement(7, "wang", by="qian"))
    assert is_held(journal, person="wang", role="reviewer", units=CHAIN, place=8)
    assert not is_held(journal, person="wang", role="editor", units=CHAIN, place=8)


@pytest.mark.parametrize("by", ["wang", "sun"])
def test_a_new_key_by_its_holder_or_their_admin_changes_no_role(by: str) -> None:
    journal = [*a_desk(), a_rotation(5, "wang", by=by)]
    assert is_held(journal, person="wang", role="reviewer", units=CHAIN, place=6)


def test_an_admin_who_retires_themselves_is_gone() -> None:
    journal = [*a_desk(("qian", "admin")), a_retirement(6, "sun"), a_grant(7, "li", "issuer")]
    assert not is_held(journal, person="li", role="issuer", units=CHAIN, place=8)
