"""Every import tells what happened, so that the register can be told from the events alone; on either database."""

from collections.abc import Sequence
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, delete, select

from newsletter.newsroom import Newsroom
from newsletter.organisation.enrolment import add_staff
from newsletter.organisation.roles import Role
from newsletter.organisation.staff import require_staff
from newsletter.organisation.units import get_unit
from newsletter.subscribers.desk_words import DeskWords
from newsletter.subscribers.enrolling import add_person, update_person
from newsletter.subscribers.event_records import MemberEvent
from newsletter.subscribers.events import Snapshot
from newsletter.subscribers.leaving.consent import Consent, record_consents
from newsletter.subscribers.leaving.optouts import record_opt_out
from newsletter.subscribers.lists import importing
from newsletter.subscribers.lists.importing import import_subscribers
from newsletter.subscribers.models import Status, Subscriber
from tests.command_line import CommandLine
from tests.subscribers.conftest import MakeFile, member


def people(newsroom: Newsroom) -> list[Subscriber]:
    with newsroom.reading() as session:
        return list(session.exec(select(Subscriber).order_by(col(Subscriber.id))))


def events(newsroom: Newsroom) -> list[MemberEvent]:
    with newsroom.reading() as session:
        return list(session.exec(select(MemberEvent).order_by(col(MemberEvent.id))))


def kinds(newsroom: Newsroom) -> list[str]:
    return [event.kind for event in events(newsroom)]


def projection(newsroom: Newsroom) -> dict[int, Snapshot]:
    """What the events alone say of each person: the last one's snapshot."""
    return {e.subscriber_id: Snapshot(*(getattr(e, name) for name in Snapshot._fields)) for e in events(newsroom)}


def register(newsroom: Newsroom) -> dict[int, Snapshot]:
    return {p.id or 0: Snapshot(*(getattr(p, name) for name in Snapshot._fields)) for p in people(newsroom)}


def a_list(directory: Path, *rows: str, header: str = "phone,name,unit,standing,mobile,retired") -> Path:
    path = directory / "list.csv"
    path.write_text("\n".join((header, *rows)), encoding="utf-8")
    return path


def test_who_is_new_joined_and_who_changed_is_told_by_what_changed(any_newsroom: Newsroom, tmp_path: Path) -> None:
    desk = any_newsroom.acting_as("li")
    import_subscribers(desk, a_list(tmp_path, "13900000001,张三,banjing,预备党员,否,否", "13900000002,李四,banjing,,,"))
    assert kinds(desk) == ["joined", "joined"]
    result = import_subscribers(
        desk,
        a_list(tmp_path, "13900000001,张三,baipu,正式党员,是,是", "13900000002,李四,banjing,,,", "13900000003,,nyj,,,"),
    )
    assert (result.added, result.updated, result.unchanged) == (1, 1, 1)
    told = events(desk)[2:]
    assert [event.kind for event in told] == [
        "moved-out", "moved-in", "became-full", "became-mobile", "retired", "joined",
    ]  # fmt: skip
    with desk.reading() as session:
        staff_id = require_staff(session, desk).id
        homes = [get_unit(session, code).id for code in ("banjing", "baipu")]
    assert [(told[0].unit_id, told[0].other_unit_id), (told[1].unit_id, told[1].other_unit_id)] == [
        (homes[0], homes[1]), (homes[1], homes[0]),
    ]  # fmt: skip
    assert {(event.source, event.staff_id) for event in told} == {("import", staff_id)}
    assert projection(desk) == register(desk)


def test_nothing_is_told_of_what_is_the_same_or_of_a_dry_run(county: Newsroom, make_file: MakeFile) -> None:
    path = make_file(member(1), member(2))
    import_subscribers(county, path, is_dry=True)
    assert kinds(county) == []
    import_subscribers(county, path)
    import_subscribers(county, path)
    assert kinds(county) == ["joined", "joined"]


def test_who_had_left_joins_again_and_who_died_is_not_brought_back(county: Newsroom, make_file: MakeFile) -> None:
    path = make_file(member(1), member(2), member(3))
    import_subscribers(county, path)
    for person, fate in zip(people(county), (Status.LEFT, Status.DIED), strict=False):
        update_person(county, person.id or 0, DeskWords(), fate=fate)
    result = import_subscribers(county, path)
    assert (result.updated, result.unchanged, result.rejected) == (1, 1, 1)
    assert [(reject.line, reject.code) for reject in result.rejects] == [(3, "recorded_dead")]
    assert [person.status for person in people(county)] == ["active", "died", "active"]
    assert kinds(county)[-1] == "joined"
    assert projection(county) == register(county)


def test_an_erased_persons_id_is_nobody_elses(county: Newsroom, make_file: MakeFile) -> None:
    import_subscribers(county, make_file(member(1), member(2)))
    last = people(county)[-1].id or 0
    with county.writing() as session:
        session.execute(delete(Subscriber).where(col(Subscriber.id) == last))
        session.commit()
    import_subscribers(county, make_file(member(3), member(4)))
    assert [person.id for person in people(county)] == [last - 1, last + 1, last + 2]
    assert kinds(county) == ["joined"] * 4


def test_whoever_has_no_number_gets_the_rows_and_is_not_doubled(any_newsroom: Newsroom, tmp_path: Path) -> None:
    desk = any_newsroom.acting_as("li")
    first = _numberless(desk, "张三", place="上海市浦东新区")
    _numberless(desk, "张三", unit="baipu")
    header = "phone,name,unit,standing"
    rows = ("13900000001,张三,banjing,正式党员", "13900000002,张三,banjing,", "13900000003,,banjing,")
    result = import_subscribers(desk, a_list(tmp_path, *rows, header=header))
    assert (result.added, result.updated) == (2, 1)
    person = next(person for person in people(desk) if person.id == first)
    keys = desk.data_keys
    assert person.number_key == keys.number_key("+8613900000001")
    assert keys.decrypt(person.number, f"number/{person.number_key}") == "+8613900000001"
    assert keys.decrypt(person.name, f"name/{person.number_key}") == "张三"
    assert keys.decrypt(person.place or b"", f"place/{person.number_key}") == "上海市浦东新区"
    assert (person.status, person.standing) == ("active", "full")
    assert sorted(person.status for person in people(desk)) == ["active"] * 3 + ["numberless"]
    assert projection(desk) == register(desk)
    again = import_subscribers(desk, a_list(tmp_path, *rows, header=header))
    assert (again.added, again.updated, again.unchanged) == (0, 0, 3)


def test_the_row_that_brings_a_number_may_bring_a_place_too(county: Newsroom, make_file: MakeFile) -> None:
    _numberless(county, "张三", place="上海")
    import_subscribers(county, make_file("13900000001,张三,banjing,苏州工业园区", header="phone,name,unit,现居住地"))
    (person,) = people(county)
    assert county.data_keys.decrypt(person.place or b"", f"place/{person.number_key}") == "苏州工业园区"
    assert person.place_region == "32"


def _numberless(newsroom: Newsroom, name: str, *, unit: str = "banjing", place: str | None = None) -> int:
    return add_person(newsroom, DeskWords(number="", name=name, unit=unit, place=place)).id or 0


def test_consent_given_before_holds_for_who_comes_by_a_list(county: Newsroom, make_file: MakeFile) -> None:
    key = county.data_keys.number_key("+8613900000001")
    with county.writing() as session:
        record_consents(session, [Consent(number_key=key, channel="form", at=county.now())], recorded_at=county.now())
        session.commit()
    import_subscribers(county, make_file(member(1), member(2)))
    assert [person.basis for person in people(county)] == ["express", "membership"]


def test_a_branch_is_not_told_who_left(county: Newsroom, make_file: MakeFile) -> None:
    add_staff(
        county.acting_as("sun"), "qian", role=Role.EDITOR, unit="banjing", passphrase=None, may_lack_passphrase=True
    )
    with county.writing() as session:
        key = county.data_keys.number_key("+8613900000001")
        record_opt_out(session, number_key=key, source="reply", at=county.now())
        session.commit()
    path = make_file(member(1), member(2))
    assert import_subscribers(county, path).suppressed == 1
    assert import_subscribers(county.acting_as("qian"), path).suppressed is None


def test_a_branch_does_not_learn_of_a_death_elsewhere(county: Newsroom, make_file: MakeFile) -> None:
    add_staff(
        county.acting_as("sun"), "qian", role=Role.EDITOR, unit="banjing", passphrase=None, may_lack_passphrase=True
    )
    import_subscribers(county, make_file(member(1, unit="baipu"), member(2)))
    for person in people(county):
        update_person(county, person.id or 0, DeskWords(), fate=Status.DIED)
    result = import_subscribers(county.acting_as("qian"), make_file(member(1), member(2)))
    assert [reject.code for reject in result.rejects] == ["registered_elsewhere", "recorded_dead"]


_EXAMPLES = count()
STANDINGS = ("", "预备党员", "正式党员", "发展对象")
row = st.tuples(
    st.integers(1, 4),
    st.sampled_from(("", "张三", "李四")),
    st.sampled_from(("banjing", "baipu", "nyj", "nowhere")),
    st.sampled_from(STANDINGS),
    st.sampled_from(("是", "否", "?")),
    st.sampled_from(("是", "")),
)
header = st.sampled_from(("phone,name,unit,standing,mobile,retired", "phone,name,unit,standing", "phone,name,unit"))
step = st.one_of(
    st.tuples(header, st.lists(row, max_size=6)),
    st.tuples(st.sampled_from((Status.LEFT, Status.DIED)), st.integers(0, 9)),
    st.tuples(st.just("numberless"), st.sampled_from(("张三", "李四"))),
)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.lists(step, min_size=1, max_size=6))
def test_after_any_imports_the_register_is_the_projection_of_its_events(
    county: Newsroom, tmp_path: Path, steps: Sequence[tuple[object, object]]
) -> None:
    # Events are for good: each example has numbers of its own.
    first = 13_900_000_000 + 10 * next(_EXAMPLES)
    for what, more in steps:
        _take_step(county, tmp_path, what, more, first)
        assert projection(county) == register(county)
        number_keys = [(person.number_key, person.name_key) for person in people(county)]
        assert len(set(number_keys)) == len(number_keys)


def _take_step(newsroom: Newsroom, directory: Path, what: object, more: object, first: int) -> None:
    if isinstance(what, Status):
        there = [person for person in people(newsroom) if person.status in ("active", "numberless")]
        if there and isinstance(more, int):
            update_person(newsroom, there[more % len(there)].id or 0, DeskWords(), fate=what)
    elif what == "numberless":
        with newsroom.reading() as session:
            waiting = session.exec(select(Subscriber).where(Subscriber.status == Status.NUMBERLESS)).all()
        if not waiting:
            _numberless(newsroom, str(more))
    elif isinstance(more, list):
        width = len(str(what).split(","))
        rows = [",".join((str(first + number), *cells)[:width]) for number, *cells in more]
        before, told = register(newsroom), len(events(newsroom))
        result = import_subscribers(newsroom, a_list(directory, *rows, header=str(what)))
        assert result.read == result.added + result.updated + result.unchanged + result.rejected == len(rows)
        assert len(register(newsroom)) - len(before) == result.added
        if not result.added and not result.updated:
            assert (register(newsroom), len(events(newsroom))) == (before, told)


def test_a_dry_run_gives_one_waiting_person_one_number(
    county: Newsroom, shell: CommandLine, make_file: MakeFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.ask("subscribers", "add", "--no-number", "--name", "张三", "--unit", "banjing", by="li")
    monkeypatch.setattr(importing, "CHUNK_ROWS", 1)
    path = make_file(member(1), member(2))
    tried = import_subscribers(county, path, is_dry=True)
    done = import_subscribers(county, path)
    assert (tried.added, tried.updated) == (done.added, done.updated) == (1, 1)
