"""Whatever register and list: a census applied proposes nothing more, and the register then has whom the list has."""

import csv
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from newsletter.newsroom import Newsroom
from newsletter.subscribers.census.matching import Matching, Member, Row, match_rows
from newsletter.subscribers.census.proposals import Accept, Kind, Proposals, propose, want
from newsletter.subscribers.census.taking import apply_census, plan_census
from newsletter.subscribers.event_records import MemberEvent
from newsletter.subscribers.events import Snapshot
from newsletter.subscribers.lists.entries import Columns, Known
from newsletter.subscribers.lists.rows import Particulars, Person
from newsletter.subscribers.models import Status, Subscriber
from newsletter.subscribers.registering import unseal

#: The census unit and one under it; a third is another's.
UNIT, BRANCH, OTHER = 1, 2, 3
INSIDE = frozenset({UNIT, BRANCH})
NUMBERS = st.sampled_from(["", "1", "2", "3", "4"])
NAMES = st.sampled_from(["", "a", "b", "c"])


@st.composite
def lists(draw: st.DrawFn) -> list[Row]:
    cells = draw(st.lists(st.tuples(NUMBERS, NAMES, st.sampled_from([None, UNIT, BRANCH]), st.booleans()), max_size=8))
    rows: list[Row] = []
    taken: set[tuple[str, object]] = set()
    for line, (number, name, unit_id, mobile) in enumerate(cells, start=2):
        particulars = Particulars(unit_id or UNIT, "", None, None, mobile, None)
        clashes: set[tuple[str, object]] = {(number, name)} if number else {(name, unit_id), (name, None)}
        if not number and unit_id is None:
            clashes |= {(name, UNIT), (name, BRANCH)}
        if (number or name) and not clashes & taken:
            taken.add((number, name) if number else (name, unit_id))
            rows.append(Row(line, number, name, unit_id, Person(number, name, particulars)))
    return rows


@st.composite
def registers(draw: st.DrawFn) -> list[Member]:
    statuses = st.sampled_from([Status.ACTIVE, Status.ACTIVE, Status.LEFT])
    cells = draw(
        st.lists(st.tuples(NUMBERS, NAMES, st.sampled_from([UNIT, BRANCH, OTHER]), st.booleans(), statuses), max_size=8)
    )
    members: dict[object, Member] = {}
    for number, (phone, name, unit_id, mobile, status) in enumerate(cells, start=1):
        if phone or name:
            key = (phone, name) if phone else number
            found = Status.NUMBERLESS if not phone and status == Status.ACTIVE else status
            known = Known(number, unit_id, "", "", "", mobile, False, found.value)
            members.setdefault(key, Member(phone or f"none{number}", name, bool(phone), known))
    return list(members.values())


def compare(rows: Sequence[Row], members: Sequence[Member]) -> tuple[Matching, Proposals]:
    inside = [member for member in members if member.known.unit_id in INSIDE]
    elsewhere = {
        (member.number_key, member.name_key): member for member in members if member.known.unit_id not in INSIDE
    }
    found = match_rows(rows, inside, elsewhere)
    nearest = {UNIT: "", BRANCH: "", OTHER: ""}
    columns = Columns(has_unit=True, has_region=False)
    wanted = partial(want, columns=columns, unit_id=UNIT, inside_ids=INSIDE, nearest=nearest)
    proposals = propose(
        rows, inside, found, wanted=wanted, wishes={}, may_move=lambda _unit: True, vanished_as=Status.LEFT
    )
    return found, proposals


def applied(members: Iterable[Member], proposals: Proposals) -> list[Member]:
    """The register afterwards, as the writer would have it."""
    after = {member.known.id: member for member in members}
    for one in proposals.each:
        row, member = one.row, one.member
        number = member.known.id if member else 1 + max(after, default=0)
        key = member.number_key if member else f"none{number}"
        has_number = bool(member and member.has_number)
        if row is not None and row.number_key:
            key, has_number = row.number_key, True
        name = row.name_key if row is not None and (member is None or one.has_new_name) else ""
        name = name or (member.name_key if member else "")
        after[number] = Member(key, name, has_number, one.after._replace(id=number))
    return list(after.values())


@settings(max_examples=200)
@given(lists(), registers())
def test_a_census_once_applied_proposes_nothing(rows: list[Row], members: list[Member]) -> None:
    _found, proposals = compare(rows, members)
    after = applied(members, proposals)
    keys = [(member.number_key, member.name_key) for member in after]
    assert len(keys) == len(set(keys))
    _again, nothing = compare(rows, after)
    assert not nothing.each


@settings(max_examples=200)
@given(lists(), registers())
def test_after_a_census_the_register_has_whom_the_list_has(rows: list[Row], members: list[Member]) -> None:
    found, proposals = compare(rows, members)
    ids = [member.known.id for member in found.pairs.values()]
    assert len(ids) == len(set(ids))
    after = applied(members, proposals)
    there = [member for member in after if member.is_there and member.known.unit_id in INSIDE]
    assert len(there) == len(rows) - len(found.unclear_lines) + len(found.unclear)
    numbers = {member.number_key for member in there}
    assert {row.number_key for row in rows if row.number_key} <= numbers
    names = {member.name_key for member in there}
    assert {row.name_key for row in rows if row.name_key} <= names


@settings(max_examples=200)
@given(lists(), registers(), st.integers(0, 7))
def test_a_row_gone_bad_makes_nobody_else_vanish(rows: list[Row], members: list[Member], place: int) -> None:
    """Who stands on a rejected row is there all the same: nobody vanishes who would not have without it."""
    good = compare(rows, members)[1]
    spoilt = [row._replace(person=None) if index == place else row for index, row in enumerate(rows)]
    bad = compare(spoilt, members)[1]
    gone = {one.member.known.id for one in bad.of(Kind.VANISHED) if one.member}
    assert gone <= {one.member.known.id for one in good.of(Kind.VANISHED) if one.member}


CELLS = st.tuples(
    st.sampled_from(["", *(f"1390000000{n}" for n in range(6))]),
    st.sampled_from(["张三", "李四", "王五", "阿卜杜拉·买买提"]),
    st.sampled_from(["", "正式党员", "预备党员", "群众"]),
    st.sampled_from(["", "是", "否"]),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["banjing-1", "baipu-1"]), st.lists(CELLS, max_size=6)), max_size=3))
def test_the_register_is_what_its_events_tell(
    county: Newsroom, tmp_path: Path, censuses: list[tuple[str, list[tuple[str, str, str, str]]]]
) -> None:
    path = tmp_path / "list.csv"
    for unit, rows in censuses:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("手机号", "姓名", "身份", "流动"), *rows])
        plan = plan_census(county, path, unit)
        apply_census(county, plan, frozenset(Accept))
        assert not plan_census(county, path, unit).proposals.each
        assert_projection(county)
        if not plan.proposals.unclear:
            assert {number for number, _name in people_of(county, plan.unit.id or 0) if number} >= {
                f"+86{row[0]}" for row in rows if row[0]
            }


def people_of(newsroom: Newsroom, unit_id: int) -> list[tuple[str, str]]:
    with newsroom.reading() as session:
        there = select(Subscriber).where(
            Subscriber.unit_id == unit_id, col(Subscriber.status).in_([Status.ACTIVE, Status.NUMBERLESS])
        )
        return [unseal(newsroom.data_keys, person)[:2] for person in session.exec(there)]


def assert_projection(newsroom: Newsroom) -> None:
    """The last event of everybody carries what the register says of them."""
    with newsroom.reading() as session:
        last = {event.subscriber_id: event for event in session.exec(select(MemberEvent).order_by(col(MemberEvent.id)))}
        for person in session.exec(select(Subscriber)):
            event = last[person.id or 0]
            told = [getattr(event, name) for name in Snapshot._fields]
            assert told == [getattr(person, name) for name in Snapshot._fields]
