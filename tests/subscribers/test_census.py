"""A census from the command line: proposed, confirmed, applied once; and what a wrong file cannot do."""

import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from newsletter.newsroom import Newsroom
from newsletter.organisation.enrolment import add_staff
from newsletter.organisation.roles import Role
from newsletter.subscribers.census import taking as census
from newsletter.subscribers.event_records import Census, MemberEvent
from newsletter.subscribers.models import Status, Subscriber
from tests.command_line import CommandLine
from tests.subscribers.conftest import MakeFile

LIST = "手机号,姓名,身份,流动"
FIRST = ("13900000001,张三,正式党员,否", "13900000002,李四,正式党员,否", ",赵无号,正式党员,否")


@pytest.fixture
def listed(county: Newsroom, shell: CommandLine, make_file: MakeFile) -> Newsroom:
    """The first branch of Banjing has the three people of ``FIRST``, the one of Baipu has 王五."""
    count(shell, make_file(*FIRST, header=LIST))
    count(shell, make_file("13900000003,王五,正式党员,否", header=LIST), unit="baipu-1")
    return county


def count(shell: CommandLine, file: Path, *more: object, unit: str = "banjing-1", by: str = "li", code: int = 0) -> Any:
    return shell.ask("subscribers", "census", file, "--unit", unit, "--yes", *more, by=by, code=code)


def look(shell: CommandLine, file: Path, *more: object, unit: str = "banjing-1", by: str = "li") -> Any:
    return shell.ask("subscribers", "census", file, "--unit", unit, *more, by=by)


def register(newsroom: Newsroom) -> dict[str, Subscriber]:
    """Everybody, by name."""
    keys = newsroom.data_keys
    with newsroom.reading() as session:
        people = session.exec(select(Subscriber).order_by(col(Subscriber.id))).all()
    return {keys.decrypt(person.name, f"name/{person.number_key}"): person for person in people}


def number_of(newsroom: Newsroom, person: Subscriber) -> str:
    return newsroom.data_keys.decrypt(person.number, f"number/{person.number_key}") if person.number else ""


def test_nothing_is_changed_until_somebody_confirms_it(
    county: Newsroom, shell: CommandLine, make_file: MakeFile
) -> None:
    answer = look(shell, make_file(*FIRST, header=LIST))
    assert (answer["applied"], answer["counts"]["joins"], answer["without_number"]) == (False, 3, 1)
    assert not register(county)
    with county.reading() as session:
        assert session.exec(select(Census)).first() is None


def test_what_the_list_says_is_proposed_and_applied(listed: Newsroom, shell: CommandLine, make_file: MakeFile) -> None:
    lines = ("13900000001,张三,正式党员,是", "13900000003,王五,正式党员,否", "13900000004,钱六,预备党员,否")
    proposed = look(shell, make_file(*lines, header=LIST))
    assert proposed["counts"] == {"joins": 1, "moves_in": 1, "moves_within": 0, "changes": 1, "vanished": 2}
    assert proposed["moves_in"][0]["from_unit"] == "baipu-1"
    assert proposed["changes"][0]["changes"] == {"mobile": [False, True]}
    answer = count(shell, make_file(*lines, header=LIST))
    assert (answer["applied"], answer["taken"]) == (True, 5)
    people = register(listed)
    assert [people[name].status for name in ("李四", "赵无号")] == [Status.LEFT, Status.LEFT]
    assert people["王五"].unit_id == people["张三"].unit_id
    assert (people["张三"].mobile, people["钱六"].standing) == (True, "probationary")
    with listed.reading() as session:
        told = session.exec(select(MemberEvent.subscriber_id, MemberEvent.kind).order_by(col(MemberEvent.id))).all()
        sources = set(session.exec(select(MemberEvent.source)))
        taken = session.exec(select(Census).order_by(col(Census.id).desc())).first()
    expected = {("王五", "moved-out"), ("王五", "moved-in"), ("张三", "became-mobile"), ("钱六", "joined")}
    expected |= {("李四", "moved-out"), ("赵无号", "moved-out")}
    assert {(people[name].id, kind) for name, kind in expected} <= set(told)
    assert sources == {"census"}
    assert taken is not None
    assert (taken.listed, taken.without_number, taken.invalid_number) == (3, 0, 0)


def test_the_same_list_again_proposes_nothing(listed: Newsroom, shell: CommandLine, make_file: MakeFile) -> None:
    before = register(listed)
    answer = count(shell, make_file(*FIRST, header=LIST))
    assert set(answer["counts"].values()) == {0}
    assert register(listed) == before


def test_a_census_on_either_database(any_newsroom: Newsroom, any_shell: CommandLine, make_file: MakeFile) -> None:
    first = make_file("13900000001,张三", "13900000002,李四", ",赵无号", header="手机号,姓名")
    assert count(any_shell, first, unit="banjing")["taken"] == 3
    second = make_file("13900000009,张三", ",李四", "13900000005,孙七", header="手机号,姓名")
    answer = count(any_shell, second, unit="banjing")
    assert answer["counts"] == {"joins": 1, "moves_in": 0, "moves_within": 0, "changes": 1, "vanished": 1}
    assert set(look(any_shell, second, unit="banjing")["counts"].values()) == {0}
    people = register(any_newsroom)
    assert [number_of(any_newsroom, people[name])[-2:] for name in ("张三", "李四", "孙七")] == ["09", "02", "05"]


def test_who_has_no_number_is_kept_by_name_and_gets_one_later(
    listed: Newsroom, shell: CommandLine, make_file: MakeFile
) -> None:
    before = register(listed)["赵无号"]
    assert (before.status, before.number) == (Status.NUMBERLESS, b"")
    answer = count(shell, make_file(*FIRST[:2], "13900000007,赵无号,正式党员,否", header=LIST))
    assert answer["changes"][0]["changes"]["number"] == ["", "139****0007"]
    after = register(listed)["赵无号"]
    assert (after.id, after.status, number_of(listed, after)) == (before.id, Status.ACTIVE, "+8613900000007")


def test_a_missing_number_takes_no_known_one_away(listed: Newsroom, shell: CommandLine, make_file: MakeFile) -> None:
    answer = count(shell, make_file(",张三,正式党员,否", *FIRST[1:], header=LIST))
    assert set(answer["counts"].values()) == {0}
    assert number_of(listed, register(listed)["张三"]) == "+8613900000001"


@pytest.mark.parametrize(
    "row",
    ["12345,张三,正式党员,否", "0513-87000000,张三,正式党员,否", "13900000001,张三,骨干,否", "139****0001,张三,,"],
)
def test_who_stands_on_a_bad_row_does_not_vanish(
    listed: Newsroom, shell: CommandLine, make_file: MakeFile, row: str
) -> None:
    answer = count(shell, make_file(row, *FIRST[1:], header=LIST), code=6)
    assert (answer["counts"]["vanished"], answer["rejected"], answer["taken"]) == (0, 1, 0)
    assert register(listed)["张三"].status == Status.ACTIVE


def test_rejected_rows_are_written_to_a_file_for_the_owner_alone(
    listed: Newsroom, shell: CommandLine, make_file: MakeFile, tmp_path: Path
) -> None:
    rejects = tmp_path / "bad.csv"
    answer = look(shell, make_file("12345,孙七,正式党员,否", *FIRST, header=LIST), "--rejects", rejects)
    assert (answer["invalid_number"], answer["rejects"][0]["code"]) == (1, "invalid_number")
    assert "12345,孙七" in rejects.read_text(encoding="utf-8-sig")
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o600


def test_a_former_member_on_the_list_comes_back(listed: Newsroom, shell: CommandLine, make_file: MakeFile) -> None:
    count(shell, make_file(FIRST[0], FIRST[2], header=LIST))
    before = register(listed)["李四"]
    assert before.status == Status.LEFT
    answer = count(shell, make_file(*FIRST, header=LIST))
    assert answer["joins"][0]["back"] is True
    assert (register(listed)["李四"].id, register(listed)["李四"].status) == (before.id, Status.ACTIVE)


def test_those_who_are_not_on_the_list_may_have_died(listed: Newsroom, shell: CommandLine, make_file: MakeFile) -> None:
    count(shell, make_file(*FIRST[1:], header=LIST), "--vanished-as", "died")
    assert register(listed)["张三"].status == Status.DIED
    again = count(shell, make_file(*FIRST, header=LIST))
    assert (again["recorded_dead"], again["taken"]) == ([2], 0)
    assert register(listed)["张三"].status == Status.DIED
    error = shell.ask("subscribers", "census", "x.csv", "--unit", "banjing", "--vanished-as", "moved", code=2, by="li")
    assert "--vanished-as moved" in error["error"]["message"]


def test_a_town_cannot_take_people_of_another_nor_learn_where_they_are(
    listed: Newsroom, shell: CommandLine, make_file: MakeFile
) -> None:
    add_staff(
        listed.acting_as("sun"), "lu", role=Role.EDITOR, unit="banjing", passphrase=None, may_lack_passphrase=True
    )
    file = make_file(*FIRST, "13900000003,王五,正式党员,否", header=LIST)
    answer = count(shell, file, by="lu", code=6)
    (moving,) = answer["moves_in"]
    assert (answer["not_yours"], answer["taken"]) == (1, 0)
    assert (moving["yours"], moving["from_unit"], moving["subscriber"], moving["changes"]) == (False, None, None, {})
    people = register(listed)
    assert people["王五"].unit_id != people["张三"].unit_id
    shell.ask("subscribers", "census", file, "--unit", "baipu-1", "--yes", by="lu", code=4)


def test_another_units_list_is_refused_unless_it_is_said_what_to_take_over(
    listed: Newsroom, shell: CommandLine, make_file: MakeFile
) -> None:
    file = make_file("13900000008,周八,正式党员,否", "13900000009,吴九,正式党员,否", header=LIST)
    assert "strange_list" in look(shell, file)["warnings"]
    error = count(shell, file, code=4)["error"]
    assert error["code"] == "strange_list"
    assert {person.status for person in register(listed).values()} == {Status.ACTIVE, Status.NUMBERLESS}
    assert count(shell, file, "--accept", "joins")["taken"] == 2
    assert register(listed)["张三"].status == Status.ACTIVE
    assert count(shell, file, "--accept", "vanished")["taken"] == 3


def test_an_empty_list_wipes_no_branch(listed: Newsroom, shell: CommandLine, make_file: MakeFile) -> None:
    assert count(shell, make_file(header=LIST), code=4)["error"]["code"] == "strange_list"


def test_the_question_says_how_many_would_vanish(
    county: Newsroom, shell: CommandLine, make_file: MakeFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"139{n:08d},成员{n},正式党员,否" for n in range(20)]
    count(shell, make_file(*rows, header=LIST))
    file = make_file(*rows[8:], header=LIST)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdin, "readline", lambda: "n\n", raising=False)
    refused = shell.type("subscribers", "census", file, "--unit", "banjing-1", by="li", code=4)
    assert "8 of 20 people of 第一支部 would be taken off the register." in refused.err
    assert {person.status for person in register(county).values()} == {Status.ACTIVE}
    monkeypatch.setattr(sys.stdin, "readline", lambda: "y\n", raising=False)
    shell.type("subscribers", "census", file, "--unit", "banjing-1", by="li")
    assert sum(person.status == Status.LEFT for person in register(county).values()) == 8


def test_only_what_was_shown_is_applied(listed: Newsroom, shell: CommandLine, make_file: MakeFile) -> None:
    plan = census.plan_census(listed, make_file(*FIRST[:2], header=LIST), "banjing-1")
    shell.ask("subscribers", "update", register(listed)["赵无号"].id, "--mobile", by="li")
    with pytest.raises(census.RegisterChangedError):
        census.apply_census(listed, plan)
    assert register(listed)["赵无号"].status == Status.NUMBERLESS


def test_two_of_one_name_without_numbers_cannot_be_told_apart_and_stay(
    listed: Newsroom, shell: CommandLine, make_file: MakeFile
) -> None:
    count(shell, make_file(*FIRST, "13900000005,张三,正式党员,否", header=LIST))
    answer = count(shell, make_file(",张三,正式党员,否", *FIRST[1:], header=LIST))
    assert (answer["unclear"], answer["counts"]["vanished"], answer["taken"]) == (2, 0, 0)


def test_a_list_with_units_moves_people_within_the_town(
    listed: Newsroom, shell: CommandLine, make_file: MakeFile
) -> None:
    header = f"{LIST},单位"
    rows = (f"{FIRST[0]},加力村", f"{FIRST[1]},banjing-1", f"{FIRST[2]},加力村", "13900000005,孙七,正式党员,否,白蒲镇")
    answer = count(shell, make_file(*rows, header=header), unit="banjing", code=6)
    assert [one["from_unit"] for one in answer["moves_within"]] == ["banjing-1", "banjing-1"]
    assert (answer["rejects"][0]["code"], answer["counts"]["joins"]) == ("not_in_unit", 0)
    people = register(listed)
    assert people["张三"].region_code == "320682116205"
    assert (people["张三"].unit_id, people["赵无号"].unit_id) != (people["李四"].unit_id, people["李四"].unit_id)


def test_no_full_number_or_name_is_shown(listed: Newsroom, shell: CommandLine, make_file: MakeFile) -> None:
    file = make_file("13900000009,张三,正式党员,否", "13900000003,王五,正式党员,是", "12,孙七七,,", header=LIST)
    for more in ((), ("--json",)):
        answer = shell.type("subscribers", "census", file, "--unit", "banjing-1", *more, by="li")
        for secret in ("13900000", "张三", "王五", "孙七七", "李四"):
            assert secret not in answer.out + answer.err
        assert "139****0009" in answer.out


def test_the_proposals_are_a_table_for_people(listed: Newsroom, shell: CommandLine, make_file: MakeFile) -> None:
    answer = shell.type("subscribers", "census", make_file(*FIRST[:2], header=LIST), "--unit", "banjing-1", by="li")
    assert "On the register, not on the list: 1" in answer.out
    assert "2 people on the list, 3 on the register; 2 are on both" in answer.out
    assert "Nothing was changed." in answer.err
