"""What a person sees follows from their roles: the units these are for, and everything under them."""

import pytest
from sqlmodel import Session, select

from newsletter.newsroom import Newsroom
from newsletter.organisation.enrolment import add_staff, give_role, take_role
from newsletter.organisation.roles import Right, Role
from newsletter.organisation.scope import (
    NotVisibleError,
    is_in,
    raise_if_not_visible,
    unit_ids_with_right,
    visible_unit_ids,
)
from newsletter.organisation.staff import NoRightError
from newsletter.organisation.units import Unit, UnitKind, add_unit, ancestor_codes, get_unit


def enrol(newsroom: Newsroom, name: str, role: Role, unit: str) -> Newsroom:
    """Put somebody on staff for one unit; the newsroom with them at the desk."""
    add_staff(newsroom, name, role=role, unit=unit, passphrase=None, may_lack_passphrase=True)
    return newsroom.acting_as(name)


def codes(session: Session, newsroom: Newsroom) -> set[str] | None:
    found = visible_unit_ids(session, newsroom)
    return None if found is None else {session.get_one(Unit, unit_id).code for unit_id in found}


def test_a_role_at_the_root_shows_everything(newsroom: Newsroom) -> None:
    for name in ("sun", "li", "chen"):
        with newsroom.reading() as session:
            assert codes(session, newsroom.acting_as(name)) is None


def test_a_role_below_shows_its_unit_and_all_under_it(newsroom: Newsroom) -> None:
    with newsroom.writing() as session:
        add_unit(session, code="banjing-1", name="夏堡村", kind=UnitKind.VILLAGE, parent="banjing")
        session.commit()
    town = enrol(newsroom, "ben", Role.EDITOR, "banjing")
    county = enrol(newsroom, "xian", Role.ANALYST, "county")
    with newsroom.reading() as session:
        assert codes(session, town) == {"banjing", "banjing-1"}
        assert codes(session, county) == {"county", "banjing", "banjing-1", "baipu", "nyj"}


def test_roles_add_up_and_end(newsroom: Newsroom) -> None:
    town = enrol(newsroom, "ben", Role.EDITOR, "banjing")
    give_role(newsroom, "ben", role=Role.REVIEWER, unit="baipu")
    with newsroom.reading() as session:
        assert codes(session, town) == {"banjing", "baipu"}
    take_role(newsroom, "ben", role=Role.EDITOR, unit="banjing")
    with newsroom.reading() as session:
        assert codes(session, town) == {"baipu"}
    take_role(newsroom, "ben", role=Role.REVIEWER, unit="baipu")
    with newsroom.reading() as session:
        assert codes(session, town) == set(), "on staff without a role: nothing"


def test_a_right_is_held_where_a_role_gives_it(newsroom: Newsroom) -> None:
    town = enrol(newsroom, "ben", Role.ANALYST, "root")
    give_role(newsroom, "ben", role=Role.EDITOR, unit="banjing")
    with newsroom.reading() as session:
        banjing = get_unit(session, "banjing").id or 0
        assert visible_unit_ids(session, town) is None
        assert unit_ids_with_right(session, town, Right.STATISTICS) is None
        assert unit_ids_with_right(session, town, Right.IMPORT) == frozenset({banjing})
        with pytest.raises(NoRightError):
            unit_ids_with_right(session, town, Right.SIGN)


def test_who_is_not_on_staff_sees_nothing(newsroom: Newsroom) -> None:
    with newsroom.reading() as session, pytest.raises(NoRightError):
        visible_unit_ids(session, newsroom.acting_as("nobody"))


def test_the_refusal_names_the_unit_and_the_person(newsroom: Newsroom) -> None:
    town = enrol(newsroom, "ben", Role.EDITOR, "banjing")
    with newsroom.reading() as session:
        raise_if_not_visible(session, town, get_unit(session, "banjing").id or 0)
        with pytest.raises(NotVisibleError, match=r"白蒲镇.*ben"):
            raise_if_not_visible(session, town, get_unit(session, "baipu").id or 0)


@pytest.mark.parametrize("granted", [("banjing",), ("banjing", "nyj"), ("county",), ("baipu", "county")])
def test_a_unit_is_seen_if_and_only_if_a_role_is_for_it_or_one_above(
    newsroom: Newsroom, granted: tuple[str, ...]
) -> None:
    person = enrol(newsroom, "ben", Role.EDITOR, granted[0])
    for unit in granted[1:]:
        give_role(newsroom, "ben", role=Role.ISSUER, unit=unit)
    with newsroom.reading() as session:
        scope = visible_unit_ids(session, person)
        for found in session.exec(select(Unit)):
            is_covered = not set(granted).isdisjoint(ancestor_codes(session, found.id or 0))
            assert is_in(found.id or 0, scope) is is_covered, found.code
