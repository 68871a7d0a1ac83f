"""Two admins at the same moment: the second one sees what the first has done, and is judged by it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from newsletter.database import SimultaneousChangeError
from newsletter.journal.chain import read_journal
from newsletter.journal.staff_keys import new_private_key, public_half
from newsletter.newsroom import Newsroom
from newsletter.organisation.enrolment import add_staff_with_key, give_role, retire, take_role
from newsletter.organisation.granting import LastAdminError, enrol_staff, retire_staff, revoke_role
from newsletter.organisation.key_changes import replace_key
from newsletter.organisation.roles import Role
from newsletter.organisation.staff import NoRightError, Staff, get_staff, list_grants
from newsletter.organisation.taken import KeyInUseError, RetiredError, StaffExistsError

#: Seconds that one of two is given to go ahead of the other, if nothing holds it.
HEAD_START = 0.3


@pytest.fixture
def desk(any_newsroom: Newsroom) -> Newsroom:
    """Two admins of the whole newsroom: sun and li."""
    give_role(any_newsroom, "li", role=Role.ADMIN)
    return any_newsroom


@pytest.fixture
def beside() -> Iterator[ThreadPoolExecutor]:
    """Somebody else, at work at the same time."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield pool


def at_once(
    newsroom: Newsroom,
    beside: ThreadPoolExecutor,
    first: Callable[[Session, Newsroom], object],
    second: Callable[[Newsroom], object],
) -> BaseException | None:
    """Have ``second`` begin while ``first`` is done and not committed yet; how ``second`` ends."""
    with newsroom.writing() as session:
        first(session, newsroom)
        other = beside.submit(second, newsroom)
        wait([other], timeout=HEAD_START)
        session.commit()
    return other.exception(timeout=20)


def admins(newsroom: Newsroom) -> set[str]:
    with newsroom.reading() as session:
        read_journal(session, newsroom)
        everybody = session.exec(select(Staff)).all()
        held = {person.name: list_grants(session, newsroom, person.id or 0) for person in everybody}
    return {name for name, grants in held.items() if any(grant.role == Role.ADMIN for grant in grants)}


def take_from_li(session: Session, newsroom: Newsroom) -> None:
    revoke_role(session, newsroom, name="li", role=Role.ADMIN)


def have_li_retire(session: Session, newsroom: Newsroom) -> None:
    retire_staff(session, newsroom, "li")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (take_from_li, lambda newsroom: take_role(newsroom.acting_as("li"), "sun", role=Role.ADMIN)),
        (have_li_retire, lambda newsroom: retire(newsroom.acting_as("li"), "sun")),
        (take_from_li, lambda newsroom: give_role(newsroom.acting_as("li"), "ma", role=Role.ADMIN)),
    ],
    ids=["revokes", "retires", "grants"],
)
def test_who_is_just_losing_the_role_can_do_nothing_with_it(
    desk: Newsroom,
    beside: ThreadPoolExecutor,
    first: Callable[[Session, Newsroom], None],
    second: Callable[[Newsroom], object],
) -> None:
    assert isinstance(at_once(desk, beside, first, second), NoRightError)
    assert admins(desk) == {"sun"}


@pytest.mark.parametrize(
    "leave",
    [lambda newsroom: take_role(newsroom, "sun", role=Role.ADMIN), lambda newsroom: retire(newsroom, "sun")],
    ids=["revokes", "retires"],
)
def test_the_last_admin_stays_though_there_were_two_a_moment_ago(
    desk: Newsroom, beside: ThreadPoolExecutor, leave: Callable[[Newsroom], object]
) -> None:
    assert isinstance(at_once(desk, beside, take_from_li, leave), LastAdminError)
    assert admins(desk) == {"sun"}


def test_who_is_just_leaving_is_given_no_role(desk: Newsroom, beside: ThreadPoolExecutor) -> None:
    def leave(session: Session, newsroom: Newsroom) -> None:
        retire_staff(session, newsroom, "ma")

    refused = at_once(desk, beside, leave, lambda newsroom: give_role(newsroom, "ma", role=Role.EDITOR))
    assert isinstance(refused, RetiredError)


def enrolment(name: str, public_key: str) -> Callable[[Session, Newsroom], object]:
    def enrol(session: Session, newsroom: Newsroom) -> None:
        enrol_staff(
            session,
            newsroom,
            name=name,
            public_key=public_key,
            role=Role.EDITOR,
            unit="root",
            has_passphrase=None,
        )

    return enrol


def test_one_key_is_one_persons_though_two_are_enrolled_at_once(desk: Newsroom, beside: ThreadPoolExecutor) -> None:
    key = public_half(new_private_key())
    refused = at_once(
        desk,
        beside,
        enrolment("qian", key),
        lambda newsroom: add_staff_with_key(newsroom.acting_as("li"), "zhou", public_key=key, role=Role.REVIEWER),
    )
    assert isinstance(refused, KeyInUseError)


def test_a_key_just_enrolled_replaces_nobodys(desk: Newsroom, beside: ThreadPoolExecutor) -> None:
    key = public_half(new_private_key())
    refused = at_once(desk, beside, enrolment("qian", key), lambda newsroom: replace_key(newsroom, "wang", key))
    assert isinstance(refused, KeyInUseError)


def test_one_name_is_one_persons_though_two_are_enrolled_at_once(desk: Newsroom, beside: ThreadPoolExecutor) -> None:
    key, other = public_half(new_private_key()), public_half(new_private_key())
    refused = at_once(
        desk,
        beside,
        enrolment("qian", key),
        lambda newsroom: add_staff_with_key(newsroom.acting_as("li"), "qian", public_key=other, role=Role.EDITOR),
    )
    assert isinstance(refused, StaffExistsError)
    with desk.reading() as session:
        assert get_staff(session, "qian").public_key == key


def test_the_database_itself_holds_a_key_of_one_person_only(desk: Newsroom) -> None:
    with desk.reading() as session:
        key = get_staff(session, "wang").public_key
    with pytest.raises((IntegrityError, SimultaneousChangeError)), desk.writing() as session:
        session.execute(insert(Staff).values(name="zhou", public_key=key))
