"""How an audience is counted and broken down, through indexes, and what of it people of one town are told."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from newsletter.newsroom import Newsroom
from newsletter.organisation.enrolment import add_staff
from newsletter.organisation.papers import add_paper
from newsletter.organisation.roles import Role
from newsletter.subscribers.audience.audiences import AudienceDefinition, make_definition
from newsletter.subscribers.audience.breakdown import GroupCount, Trait, UnknownTraitError, count_groups, parse_traits
from newsletter.subscribers.audience.discretion import tell_reachable, tell_some
from newsletter.subscribers.audience.exclusion import Exclusion
from newsletter.subscribers.audience.reach import AudienceCount, counting_query, streaming_query
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


def test_a_towns_own_are_not_told_of_few_who_left(shell: CommandLine, newsroom: Newsroom) -> None:
    add_staff(newsroom, "bai", role=Role.EDITOR, unit="banjing", passphrase=None, may_lack_passphrase=True)
    fill(newsroom)
    shell.ask("audience", "save", "ours", by="bai")
    found = shell.ask("audience", "count", "ours", "--by", "mobile", by="bai")
    assert (found["people"], found["numbers"], found["suppressed"], found["reachable"]) == (6, 6, None, None)
    assert set(found["excluded"].values()) == {None}
    assert [(row["mobile"], row["people"], row["reachable"]) for row in found["rows"]] == [
        ("no", 4, None),
        ("yes", 2, None),
    ]
    said = shell.type("audience", "count", "ours", "--by", "mobile", by="bai").out
    assert "fewer than 5 of them left" in said
    assert "can be reached" not in said.splitlines()[0]
    with newsroom.writing() as session:
        leave(session, newsroom, 1, 2, 3, 4)
        session.commit()
    found = shell.ask("audience", "count", "ours", "--by", "mobile", by="bai")
    assert (found["suppressed"], found["reachable"], found["excluded"]["invalid"]) == (5, 1, 0)
    assert [row["reachable"] for row in found["rows"]] == [None, None]


GROUPS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 12)).map(
        lambda pair: GroupCount(key=(), people=sum(pair), numbers=sum(pair), suppressed=pair[0], reachable=pair[1])
    ),
    max_size=6,
)


@given(groups=GROUPS, small_count=st.integers(1, 6))
def test_no_small_number_can_be_computed_from_what_is_told(groups: list[GroupCount], small_count: int) -> None:
    left = sum(group.suppressed for group in groups)
    total = AudienceCount(
        people=sum(group.people for group in groups),
        numbers=sum(group.numbers for group in groups),
        suppressed=left,
        reachable=sum(group.reachable for group in groups),
    )
    told = tell_some(total, small_count)
    shown = tell_reachable(groups, total, small_count)
    if left < small_count:
        assert told.reachable is None
        assert told.excluded == dict.fromkeys(Exclusion)
        assert shown == [None] * len(groups)
        return
    known = [group for group, reachable in zip(groups, shown, strict=True) if reachable is not None]
    hidden = [group for group, reachable in zip(groups, shown, strict=True) if reachable is None]
    assert all(group.suppressed >= small_count for group in known)
    rest = left - sum(group.suppressed for group in known)
    assert not hidden or rest >= small_count
    assert len(hidden) != 1 or rest >= small_count


def explain(session: Session, query: Any) -> list[str]:
    compiled = query.compile(session.connection(), compile_kwargs={"literal_binds": True})
    return [row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")]


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
def test_a_towns_audience_is_counted_and_streamed_by_index(newsroom: Newsroom, kinds: dict[str, Any]) -> None:
    with newsroom.writing() as session:
        paper = add_paper(session, code="bj", name="搬经手机报", unit="banjing", signature="搬经党建").id or 0
        definition = make_definition(session, **kinds)
        plain = counting_query(session, definition, 1, require_consent=False)
        strict = counting_query(session, definition, paper, require_consent=True)
        for query in (plain, strict, streaming_query(session, definition)):
            plan = explain(session, query)
            assert any(line.startswith("SEARCH subscriber USING") for line in plan)
            tables = ("SCAN subscriber", "SCAN suppression", "SCAN unusable_number")
            assert not [line for line in plan if line.startswith(tables)]


def test_counting_a_place_never_looks_at_the_people_themselves(newsroom: Newsroom) -> None:
    with newsroom.reading() as session:
        for definition in (AudienceDefinition(regions=("320682116",)), AudienceDefinition(units=("banjing",))):
            query = counting_query(session, definition, 1, require_consent=False)
            assert any("subscriber USING COVERING INDEX" in line for line in explain(session, query))
