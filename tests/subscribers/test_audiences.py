"""Who an audience is, and how it is kept."""

from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import text
from sqlmodel import Session, select

from newsletter.errors import InputError, RefusedError
from newsletter.newsroom import Newsroom
from newsletter.organisation.staff import NoRightError
from newsletter.organisation.units import get_unit
from newsletter.subscribers.audience.audiences import (
    AudienceCount,
    AudienceDefinition,
    UnknownAudienceError,
    audience_condition,
    count_audience,
    definition_everyone_in,
    get_audience,
    load_definition,
    make_definition,
    newest_definition,
    save_audience,
)
from newsletter.subscribers.leaving.optouts import record_opt_out
from newsletter.subscribers.lists.importing import import_subscribers
from newsletter.subscribers.models import ALL_PAPERS, AudienceVersion, Status, Subscriber
from tests.subscribers.conftest import MakeFile

#: Letter (the name) → unit, region, profession, standing, mobile, retired.
PEOPLE = {
    "a": "banjing,,farmer,full,no,no",
    "b": "banjing-1,,worker,full,yes,no",
    "c": "jiali,,farmer,activist,no,yes",
    "d": "baipu,,farmer,full,no,no",
    "e": "nyj,,official,full,no,no",
    "f": "nyj,320682116205,official,none,yes,yes",
    "g": "office,,,,,",
}


@pytest.fixture
def town(county: Newsroom, make_file: MakeFile) -> Newsroom:
    rows = [f"{13_900_000_000 + number},{name},{rest}" for number, (name, rest) in enumerate(PEOPLE.items())]
    assert import_subscribers(county, make_file(*rows)).rejected == 0
    return county


def names(newsroom: Newsroom, **kinds: Any) -> str:
    with newsroom.reading() as session:
        condition = audience_condition(session, make_definition(session, **kinds))
        people = session.exec(select(Subscriber).where(condition)).all()
    keys = newsroom.data_keys
    return "".join(sorted(keys.decrypt(person.name, f"name/{person.number_key}") for person in people))


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ({}, "abcdefg"),
        ({"regions": ["320682116000"]}, "abcf"),
        ({"regions": ["320682116", "320682105"]}, "abcdf"),
        ({"regions": ["320682116205"]}, "cf"),
        ({"regions": ["3206"]}, "abcdef"),
        ({"units": ["搬经镇"]}, "abc"),
        ({"units": ["nyj", "banjing-1"]}, "bef"),
        ({"units": ["root"]}, "abcdefg"),
        ({"professions": ["farmer", "工人"]}, "abcd"),
        ({"standings": ["正式党员"]}, "abde"),
        ({"mobile": True}, "bf"),
        ({"mobile": False}, "acdeg"),
        ({"retired": True}, "cf"),
        ({"regions": ["320682116"], "professions": ["farmer"], "retired": False}, "a"),
        ({"units": ["nyj"], "regions": ["320682116"]}, "f"),
    ],
)
def test_values_are_alternatives_and_kinds_must_all_hold(town: Newsroom, kinds: dict[str, Any], expected: str) -> None:
    assert names(town, **kinds) == expected


def test_excluded_people_are_left_out_and_nesting_holds(town: Newsroom) -> None:
    retired = AudienceDefinition(retired=True)
    farmers = AudienceDefinition(professions=("farmer",), excluded=(retired,), excluded_names=("old",))
    assert names(town, excluded={"farmers": farmers}) == "bcefg"
    assert names(town, excluded={"farmers": farmers, "old": retired}) == "beg"


def test_who_is_not_active_is_in_no_audience(town: Newsroom) -> None:
    with town.writing() as session:
        for person in session.exec(select(Subscriber).where(Subscriber.profession == "farmer")):
            person.status = Status.LEFT
            session.add(person)
        session.commit()
    assert names(town) == "befg"
    assert names(town, excluded={"x": AudienceDefinition(mobile=True)}) == "eg"


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ({"regions": ["110101"]}, "no region 110101"),
        ({"regions": ["12345"]}, "12345 is not a region code"),
        ({"units": ["nowhere"]}, "no unit nowhere"),
        ({"units": ["第一支部"]}, "2 units are named"),
        ({"professions": ["thief"]}, "no profession thief"),
        ({"professions": ["离退休人员"]}, "no profession"),
        ({"standings": ["骨干"]}, "no standing 骨干"),
    ],
)
def test_unknown_words_are_bad_input_that_names_them(county: Newsroom, kinds: dict[str, Any], words: str) -> None:
    with county.reading() as session, pytest.raises(InputError, match=words) as caught:
        make_definition(session, **kinds)
    assert caught.value.exit_code == 2


def test_unknown_professions_tell_the_choices(county: Newsroom) -> None:
    with county.reading() as session, pytest.raises(InputError) as caught:
        make_definition(session, professions=["thief"])
    assert "farmer 农牧渔民" in caught.value.hint


def test_saving_without_a_change_makes_no_version(county: Newsroom) -> None:
    with county.writing() as session:
        first = make_definition(session, regions=["320682116", "320682105000"], professions=["farmer", "farmer"])
        same = make_definition(session, regions=["320682105", "320682116"], professions=["农牧渔民"])
        other = make_definition(session, regions=["320682105"])
        assert save_audience(session, county, "towns", first).version == 1
        assert save_audience(session, county, "towns", same).version == 1
        audience = save_audience(session, county, "towns", other)
        session.commit()
    with county.reading() as session:
        assert audience.version == 2
        assert load_definition(session, audience.id or 0, 1) == first
        assert newest_definition(session, get_audience(session, "towns")) == other
        saved = session.exec(select(AudienceVersion).order_by(text("version"))).all()
        assert [row.definition[:40] for row in saved][1].startswith('{"excluded":[],"excluded_names":[]')
        with pytest.raises(UnknownAudienceError):
            load_definition(session, audience.id or 0, 3)
        with pytest.raises(UnknownAudienceError, match="no audience nobody"):
            get_audience(session, "nobody")


def test_an_excluded_audience_is_taken_as_it_was(county: Newsroom) -> None:
    with county.writing() as session:
        old = AudienceDefinition(retired=True)
        save_audience(session, county, "old", old)
        young = make_definition(session, excluded={"old": old})
        save_audience(session, county, "young", young)
        save_audience(session, county, "old", AudienceDefinition(retired=True, mobile=True))
        assert newest_definition(session, get_audience(session, "young")).excluded == (old,)
        with pytest.raises(RefusedError, match="leave out itself"):
            save_audience(session, county, "young", AudienceDefinition(excluded=(young,), excluded_names=("young",)))


def test_only_editors_save_audiences(county: Newsroom) -> None:
    with county.writing() as session, pytest.raises(NoRightError):
        save_audience(session, county.acting_as("chen"), "towns", AudienceDefinition())


def test_definitions_are_frozen_and_know_their_fields() -> None:
    with pytest.raises(ValidationError):
        AudienceDefinition.model_validate({"region": ["320682"]})
    with pytest.raises(ValidationError):
        AudienceDefinition().mobile = True  # type: ignore[misc]


def test_several_people_on_one_number_are_one_message(town: Newsroom, make_file: MakeFile) -> None:
    import_subscribers(town, make_file("13900000000,z,banjing,,farmer,,,", "13900000001,y,baipu,,,,,"))
    keys = town.data_keys
    with town.writing() as session:
        everyone = definition_everyone_in(session, get_unit(session, "banjing").id or 0)
        assert count_audience(session, everyone, 1) == AudienceCount(people=4, numbers=3, suppressed=0, reachable=3)
        record_opt_out(session, number_key=keys.number_key("+8613900000000"), source="reply", at=town.now(), paper_id=1)
        record_opt_out(session, number_key=keys.number_key("+8613900000001"), source="reply", at=town.now())
        assert count_audience(session, everyone, 1) == AudienceCount(people=4, numbers=3, suppressed=2, reachable=1)
        assert count_audience(session, everyone, 2).suppressed == 1
        assert count_audience(session, everyone, ALL_PAPERS).suppressed == 1


def query_plan(session: Session, definition: AudienceDefinition) -> str:
    query = select(Subscriber.id).where(audience_condition(session, definition))
    compiled = query.compile(session.connection(), compile_kwargs={"literal_binds": True})
    rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")
    return "\n".join(row[3] for row in rows)


@pytest.mark.parametrize(
    "kinds",
    [
        {"regions": ["320682116"]},
        {"regions": ["320682116", "320682105"]},
        {"regions": ["320682116"], "professions": ["farmer"], "retired": False},
        {"units": ["banjing"]},
        {"professions": ["farmer", "worker"]},
    ],
)
def test_a_part_of_the_register_is_found_by_index(town: Newsroom, kinds: dict[str, Any]) -> None:
    with town.reading() as session:
        plan = query_plan(session, make_definition(session, **kinds))
    assert "SEARCH subscriber USING" in plan
    assert "SCAN" not in plan
