"""What coverage counts, how it is added up along the tree, and what of it is told to whom."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.newsroom import Newsroom
from newsletter.organisation.enrolment import add_staff
from newsletter.organisation.roles import Role
from newsletter.organisation.units import Unit, UnitKind, add_unit, get_unit, set_known_members
from newsletter.statistics.coverage.counts import count_coverage
from newsletter.statistics.coverage.privacy import hide_small_rests, merge_small
from newsletter.statistics.coverage.queries import UnitCounts, coverage_query
from newsletter.statistics.coverage.tree import Rolled, UnitTree, choose_figure, roll_up
from newsletter.subscribers.event_records import Census
from newsletter.subscribers.models import Subscriber
from tests.command_line import CommandLine
from tests.statistics.ledgers import Desk, utc
from tests.subscribers.people import add_person, make_unusable

NOW = datetime.now(UTC)


def fill(newsroom: Newsroom) -> None:
    """Branches of one town; the town's own two; nobody in the other."""
    with newsroom.writing() as session:
        for place in (1, 2):
            add_unit(session, code=f"b{place}", name=f"第{place}支部", kind=UnitKind.BRANCH, parent="banjing")
        set_known_members(session, get_unit(session, "b1"), 10, at=NOW)
        for place in range(4):
            add_person(session, newsroom, place, unit="b1", standing="full", retired=place < 2)
        add_person(session, newsroom, 4, unit="b1", standing="activist", large_type=True, channel="full-text")
        for place in range(5, 13):
            add_person(
                session, newsroom, place, unit="b2", mobile=place < 12, place_region="31" if place < 11 else "44"
            )
        make_unusable(session, newsroom, 12)
        add_person(session, newsroom, 13, standing="full", status="left")
        add_person(session, newsroom, 14, status="numberless", number=b"")
        session.commit()


def by_unit(newsroom: Newsroom, **asked: Any) -> dict[str, Any]:
    return {row.unit: row for row in count_coverage(newsroom, **asked).rows}


@pytest.fixture
def filled(any_newsroom: Newsroom) -> Newsroom:
    fill(any_newsroom)
    return any_newsroom


def test_a_unit_counts_with_all_under_it(filled: Newsroom) -> None:
    rows = by_unit(filled)
    assert list(rows) == ["root", "county", "banjing", "b1", "b2"]
    assert vars(rows["b1"].counts) == {
        "registered": 5,
        "members": 4,
        "without_number": 0,
        "invalid_number": 0,
        "mobile": 0,
        "retired": 2,
        "large_type": 1,
        "full_text": 1,
        "not_reached": 5,
    }
    town = rows["banjing"]
    assert (town.counts.registered, town.counts.without_number, town.counts.invalid_number) == (14, 1, 1)
    assert (town.counts.mobile, town.known_members, town.rate) == (7, 10, 0.4)
    assert rows["root"].counts == town.counts
    assert rows["b2"].rate is None


def test_reached_is_who_had_an_edition_delivered_lately(any_desk: Desk) -> None:
    desk = any_desk
    desk.plan(1)
    for person, state, days in (("1", "delivered", 5), ("2", "failed", 5), ("3", "delivered", 200)):
        desk.deliver(1, int(person), state=state)
        with desk.newsroom.writing() as session:
            moment = desk.newsroom.now() - timedelta(days=days)
            milliseconds = int(moment.timestamp() * 1000)
            session.connection().exec_driver_sql(
                f"UPDATE delivery SET changed_at = {milliseconds} WHERE subscriber_id = {person}"
            )
            session.commit()
    for person in ("1", "2", "3", "4"):
        moment = utc(2026, 1, 1)
        desk.add(
            Subscriber(number_key=f"p{person}", number=b"x", name=b"x", unit_id=4, created_at=moment, updated_at=moment)
        )
    assert by_unit(desk.newsroom)["bj-1"].not_reached == 3
    assert by_unit(desk.newsroom, days=300)["bj-1"].not_reached == 2


def test_reached_is_looked_up_by_index(desk: Desk) -> None:
    with desk.newsroom.reading() as session:
        query = coverage_query(frozenset({3, 4}), NOW)
        compiled = query.compile(session.connection(), compile_kwargs={"literal_binds": True})
        plan = [row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")]
    assert any("SEARCH delivery" in line and "ix_delivery_number" in line for line in plan)
    assert any("SEARCH subscriber USING INDEX ix_subscriber_unit" in line for line in plan)
    assert not [line for line in plan if line.startswith(("SCAN delivery", "SCAN subscriber"))]


def test_places_of_few_are_merged_for_everybody(filled: Newsroom) -> None:
    counted = count_coverage(filled, by_place=True)
    assert [(row.unit, row.place, row.people) for row in counted.places or ()] == [("b2", None, 7)]
    with filled.writing() as session:
        for place in range(20, 30):
            add_person(session, filled, place, unit="b2", mobile=True, place_region="32")
        session.commit()
    counted = count_coverage(filled, by_place=True)
    assert [(row.unit, row.place, row.people) for row in counted.places or ()] == [("b2", "32", 10), ("b2", None, 7)]


@given(st.dictionaries(st.sampled_from("abcdefg"), st.integers(1, 12)), st.integers(1, 6))
def test_no_small_group_is_shown_or_left_over(groups: dict[str, int], small_count: int) -> None:
    shown, merged = merge_small(groups, small_count)
    assert sum(shown.values()) + merged == sum(groups.values())
    assert all(people >= small_count for people in shown.values())
    hidden = len(groups) - len(shown)
    assert hidden != 1 or merged >= small_count or not shown
    assert not shown or not hidden or merged >= small_count


TREES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=14)


@given(TREES, st.integers(2, 6))
def test_what_is_told_of_a_tree_leaves_no_small_number_over(
    nodes: list[tuple[int, int, int]], small_count: int
) -> None:
    units = [
        Unit(id=place + 1, code=str(place), name="x", kind="branch", parent_id=parent % place + 1 if place else None)
        for place, (parent, _missed, _had) in enumerate(nodes)
    ]
    tree = UnitTree.of(units, None)
    own = {
        place + 1: UnitCounts(registered=missed + had, not_reached=missed)
        for place, (_parent, missed, had) in enumerate(nodes)
    }
    rows = roll_up(tree, own, {})
    hidden = hide_small_rests(tree, rows, small_count)
    for unit_id in set(tree.order) - hidden:
        assert rows[unit_id].counts.not_reached >= small_count
        told = [child for child in tree.children[unit_id] if child not in hidden]
        rest = rows[unit_id].counts.not_reached - sum(rows[child].counts.not_reached for child in told)
        others = rows[unit_id].counts.registered - sum(rows[child].counts.registered for child in told)
        assert not told or rest >= small_count or not others
    for unit_id in hidden:
        assert all(child in hidden for child in tree.children[unit_id])


def rolled(figures: dict[int, int]) -> dict[int, Rolled]:
    """A town (1) with branches (2, 3), of 4, 10 and 20 members."""
    units = [
        Unit(id=place, code=str(place), name="x", kind="town", parent_id=1 if place > 1 else None)
        for place in (1, 2, 3)
    ]
    counts = {place: UnitCounts(registered=people, members=people) for place, people in ((1, 4), (2, 10), (3, 20))}
    return roll_up(UnitTree.of(units, None), counts, figures)


@pytest.mark.parametrize(
    ("figures", "known", "covered"),
    [
        ({}, None, 0),
        ({2: 12}, 12, 10),
        ({2: 12, 3: 25}, 37, 30),
        ({1: 40}, 40, 34),
        ({1: 5, 2: 12}, 12, 34),
        ({1: 37, 2: 12, 3: 25}, 37, 34),
        ({1: 38, 2: 12, 3: 25}, 38, 34),
        ({1: 36, 2: 12, 3: 25}, 37, 34),
        ({1: 0, 2: 0}, 0, 34),
    ],
)
def test_only_members_under_a_figure_are_held_against_it(
    figures: dict[int, int], known: int | None, covered: int
) -> None:
    town = rolled(figures)[1]
    assert (town.known, town.covered) == (known, covered)


def test_the_newer_of_what_was_said_and_what_was_counted_holds() -> None:
    early, late = utc(2026, 1, 1), utc(2026, 6, 1)
    assert choose_figure(None, None, None) is None
    assert choose_figure(40, late, (early, 50)) == 40
    assert choose_figure(40, early, (late, 50)) == 50
    assert choose_figure(None, None, (early, 50)) == 50


def test_a_census_is_the_figure_of_its_whole_unit(filled: Newsroom) -> None:
    with filled.writing() as session:
        town = get_unit(session, "banjing").id or 0
        session.add(Census(unit_id=town, listed=25, members=20, without_number=0, invalid_number=0, staff_id=1, at=NOW))
        session.commit()
    row = by_unit(filled, unit="banjing")["banjing"]
    assert (row.known_members, row.counts.members, row.rate) == (20, 13, 0.65)


def test_the_tables_are_the_same_on_screen_in_csv_and_json(
    newsroom: Newsroom, shell: CommandLine, tmp_path: Path
) -> None:
    fill(newsroom)
    found = shell.ask("subscribers", "coverage", "--by-place", by="chen")
    assert [unit["unit"] for unit in found["units"]] == ["root", "county", "banjing", "b1", "b2"]
    assert found["places"] == [{"unit": "b2", "name": "第2支部", "place": None, "place_label": None, "people": 7}]
    path = tmp_path / "coverage.csv"
    shell.type("subscribers", "coverage", "--unit", "b1", "--out", path, by="chen")
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    assert [(row["unit"], row["registered"], row["rate"]) for row in rows] == [("b1", "5", "0.4000")]
    assert "40.0%" in shell.type("subscribers", "coverage", by="chen").out
    book = tmp_path / "coverage.xlsx"
    shell.type("subscribers", "coverage", "--out", book, by="chen", language="zh-CN")
    assert book.read_bytes().startswith(b"PK")
    assert shell.ask("subscribers", "coverage", "--out", tmp_path / "x.pdf", by="chen", code=2)["error"]


def test_a_town_sees_itself_alone_and_few_missed_are_not_told(newsroom: Newsroom, shell: CommandLine) -> None:
    fill(newsroom)
    add_staff(newsroom, "bai", role=Role.EDITOR, unit="banjing", passphrase=None, may_lack_passphrase=True)
    found = {row["unit"]: row["not_reached"] for row in shell.ask("subscribers", "coverage", by="bai")["units"]}
    # One of the town's own, numberless: with both branches told, it would be left over.
    assert found == {"banjing": 14, "b1": None, "b2": 8}
    assert shell.ask("subscribers", "coverage", "--unit", "baipu", by="bai", code=4)["error"]["code"] == "not_visible"
