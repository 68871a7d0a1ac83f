"""How an audience is counted and broken down, through indexes, and what of it people of one town are told."""

from typing import Any

import pytest
from sqlmodel import Session

from newsletter.delivery.models import Dispatch
from newsletter.delivery.planning import insert_deliveries
from newsletter.editions.models import Edition
from newsletter.newsroom import Newsroom
from newsletter.organisation.enrolment import add_staff
from newsletter.organisation.papers import add_paper
from newsletter.organisation.roles import Role
from newsletter.subscribers.audience.audiences import AudienceDefinition, make_definition
from newsletter.subscribers.audience.breakdown import Trait, UnknownTraitError, count_groups, parse_traits
from newsletter.subscribers.audience.discretion import tell_register
from newsletter.subscribers.audience.reach import AudienceCount, counting_query
from newsletter.subscribers.leaving.optouts import record_opt_out
from tests.command_line import CommandLine
from tests.delivery.gateways import NOON
from tests.subscribers.people import add_person, make_unusable, number

BOTH_TOWNS = ["320682116", "320682105"]


def leave(session: Session, newsroom: Newsroom, *places: int) -> None:
    for place in places:
        key = newsroom.data_keys.number_key(number(place))
        record_opt_out(session, number_key=key, source="desk", at=NOON)


def fill(newsroom: Newsroom) -> None:
    """Six in one town, three in the other; two share a number across the towns."""
    with newsroom.writing() as session:
        for place in range(6):
            add_person(session, newsroom, place, mobile=place > 3, place_region="31" if place == 5 else "")
        for place in (5, 6, 7):
            add_person(session, newsroom, place, name="李四", unit="baipu", channel="mms")
        leave(session, newsroom, 0, 6)
        make_unusable(session, newsroom, 1)
        session.commit()


def grouped(newsroom: Newsroom, *by: Trait) -> dict[tuple[Any, ...], tuple[int, int, int, int]]:
    with newsroom.reading() as session:
        groups = count_groups(session, AudienceDefinition(), 1, by)
    return {group.key: (group.people, group.numbers, group.suppressed, group.reachable) for group in groups}


def test_groups_are_people_alike_and_a_shared_number_is_in_both(any_newsroom: Newsroom) -> None:
    fill(any_newsroom)
    towns = grouped(any_newsroom, Trait.REGION)
    assert towns == {("320682116",): (6, 6, 1, 4), ("320682105",): (3, 3, 1, 2)}
    assert grouped(any_newsroom, Trait.CHANNEL) == {("",): (6, 6, 1, 4), ("mms",): (3, 3, 1, 2)}
    assert grouped(any_newsroom, Trait.MOBILE, Trait.PLACE) == {
        (False, "home"): (7, 7, 2, 4),
        (True, ""): (1, 1, 0, 1),
        (True, "31"): (1, 1, 0, 1),
    }
    assert list(grouped(any_newsroom, Trait.UNIT).values()) == [(6, 6, 1, 4), (3, 3, 1, 2)]
    assert grouped(any_newsroom, Trait.PROFESSION, Trait.STANDING, Trait.RETIRED) == {("", "", False): (9, 8, 2, 5)}


def test_a_trait_nobody_knows_names_the_choices() -> None:
    assert parse_traits(["UNIT", "unit", "place"]) == (Trait.UNIT, Trait.PLACE)
    with pytest.raises(UnknownTraitError) as caught:
        parse_traits(["年龄"])
    assert "channel, place" in caught.value.hint


def test_the_whole_newsroom_is_told_exactly(shell: CommandLine, newsroom: Newsroom) -> None:
    fill(newsroom)
    shell.ask("audience", "save", "all", by="li")
    found = shell.ask("audience", "count", "all", "--by", "unit", by="li")
    assert (found["people"], found["numbers"], found["suppressed"], found["reachable"]) == (9, 8, 2, 5)
    assert found["excluded"] == {"suppressed": 2, "invalid": 1, "no_consent": 0, "outside_unit": 0}
    assert found["rows"] == [
        {"unit": "banjing", "unit_label": "搬经镇", "people": 6, "numbers": 6, "reachable": 4},
        {"unit": "baipu", "unit_label": "白蒲镇", "people": 3, "numbers": 3, "reachable": 2},
    ]
    said = shell.type("audience", "count", "all", "--by", "place", by="li").out
    assert "2 opted out, 5 can be reached" in said
    assert "Not written to besides: unusable number 1" in said
    assert "at home" in said


def test_a_towns_own_are_told_people_and_numbers_only(shell: CommandLine, newsroom: Newsroom) -> None:
    add_staff(newsroom, "bai", role=Role.EDITOR, unit="banjing", passphrase=None, may_lack_passphrase=True)
    fill(newsroom)
    with newsroom.writing() as session:
        leave(session, newsroom, 1, 2, 3, 4)
        session.commit()
    shell.ask("audience", "save", "ours", by="bai")
    shell.ask("audience", "save", "mobile", "--mobile", by="bai")
    shell.ask("audience", "save", "butthem", "--except", "mobile", by="bai")
    for name, people in (("ours", 6), ("butthem", 4)):
        found = shell.ask("audience", "count", name, "--by", "mobile", by="bai")
        assert (found["people"], found["numbers"], found["suppressed"], found["reachable"]) == (
            people, people, None, None,
        )  # fmt: skip
        assert set(found["excluded"].values()) == {None}
        assert not [row for row in found["rows"] if "reachable" in row]
    said = shell.type("audience", "count", "ours", "--by", "mobile", by="bai").out
    assert said.splitlines()[0] == "ours: 6 people on 6 numbers."
    assert "reach" not in said
    assert "left" not in said


def test_more_or_fewer_who_left_make_no_difference_to_what_a_town_is_told() -> None:
    few, many = (AudienceCount(people=9, numbers=8, suppressed=left, reachable=8 - left, invalid=0) for left in (1, 8))
    assert tell_register(few) == tell_register(many)
    assert set(tell_register(many).excluded.values()) == {None}


def explain(session: Session, query: Any) -> list[str]:
    compiled = query.compile(session.connection(), compile_kwargs={"literal_binds": True})
    return [row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")]


def planning(session: Session, definition: AudienceDefinition, paper_id: int) -> Any:
    """What sending an edition to this audience runs: the people become rows of the ledger within the database."""
    edition: dict[str, Any] = {"id": 1, "paper_id": paper_id, "audience_definition": definition.model_dump_json()}
    dispatch: dict[str, Any] = {"edition_id": 1, "full_part_count": 3, "planned_at": NOON}
    return insert_deliveries(session, Edition(**edition), Dispatch(**dispatch))


RETIRED = AudienceDefinition(retired=True)
FARMERS = AudienceDefinition(professions=("farmer",), excluded=(RETIRED,), excluded_names=("retired",))
SUBURBS = AudienceDefinition(regions=("320682105",), excluded=(FARMERS,), excluded_names=("farmers",))


@pytest.mark.parametrize(
    "kinds",
    [
        {"regions": ["320682116"]},
        {"regions": BOTH_TOWNS},
        {"units": ["banjing"]},
        {"units": ["county"]},
        {"regions": ["320682116"], "excluded": {"farmers": FARMERS, "suburbs": SUBURBS}},
        {"units": ["banjing"], "large_type": True, "places": ["31"], "excluded": {"suburbs": SUBURBS}},
        {"professions": ["farmer"], "regions": ["320682116"]},
    ],
)
def test_a_towns_audience_is_counted_and_planned_by_index(newsroom: Newsroom, kinds: dict[str, Any]) -> None:
    with newsroom.writing() as session:
        paper = add_paper(session, code="bj", name="搬经手机报", unit="banjing", signature="搬经党建").id or 0
        definition = make_definition(session, **kinds)
        plain = counting_query(session, definition, 1, require_consent=False)
        strict = counting_query(session, definition, paper, require_consent=True)
        for query in (plain, strict, planning(session, definition, paper)):
            plan = explain(session, query)
            assert any(line.startswith("SEARCH subscriber USING") for line in plan)
            tables = ("SCAN subscriber", "SCAN suppression", "SCAN unusable_number")
            assert not [line for line in plan if line.startswith(tables)]


def test_counting_a_place_never_looks_at_the_people_themselves(newsroom: Newsroom) -> None:
    with newsroom.reading() as session:
        for definition in (AudienceDefinition(regions=("320682116",)), AudienceDefinition(units=("banjing",))):
            query = counting_query(session, definition, 1, require_consent=False)
            assert any("subscriber USING COVERING INDEX" in line for line in explain(session, query))
