"""What a census counts as members, when it counts at all, and what a branch wrote beside its people."""

from typing import Any

from sqlalchemy import Engine, event
from sqlmodel import col, select

from newsletter.newsroom import Newsroom
from newsletter.statistics.coverage.counts import count_coverage
from newsletter.subscribers.event_records import Census
from newsletter.subscribers.lists.importing import import_subscribers
from newsletter.subscribers.models import Subscriber
from tests.command_line import CommandLine
from tests.subscribers.conftest import MakeFile

LIST = "手机号,姓名,身份"
ALL = ("13900000001,张三,正式党员", "13900000002,李四,预备党员", "13900000003,王五,积极分子", "13900000004,赵六,群众")


def count(shell: CommandLine, path: object, *more: object, unit: str = "banjing-1", code: int = 0) -> Any:
    return shell.ask("subscribers", "census", path, "--unit", unit, "--yes", *more, by="li", code=code)


def censuses(newsroom: Newsroom) -> list[tuple[int, int]]:
    with newsroom.reading() as session:
        return [(one.listed, one.members) for one in session.exec(select(Census).order_by(col(Census.id)))]


def known(newsroom: Newsroom) -> tuple[int | None, float | None]:
    row = {row.unit: row for row in count_coverage(newsroom.acting_as("chen")).rows}["banjing-1"]
    return row.known_members, row.rate


def test_only_members_are_counted_as_known(county: Newsroom, shell: CommandLine, make_file: MakeFile) -> None:
    answer = count(shell, make_file(*ALL, header=LIST))
    assert (answer["listed"], answer["members"]) == (4, 2)
    assert known(county) == (2, 1.0)
    # Without the column, the register knows who is none.
    bare = [line.rpartition(",")[0] for line in ALL]
    answer = count(shell, make_file(*bare, "13900000005,钱七", header="手机号,姓名"))
    assert (answer["listed"], answer["members"]) == (5, 3)
    assert (censuses(county), known(county)) == ([(4, 2), (5, 3)], (3, 1.0))


def test_a_rejected_row_is_a_member_by_its_standing(county: Newsroom, shell: CommandLine, make_file: MakeFile) -> None:
    path = make_file("123,张三,正式党员", "124,李四,积极分子", "125,王五,谁", "13900000001,赵六,", header=LIST)
    assert count(shell, path, code=6)["members"] == 3


def test_what_is_taken_over_in_part_is_no_count(county: Newsroom, shell: CommandLine, make_file: MakeFile) -> None:
    count(shell, make_file(*ALL, header=LIST))
    other = make_file(ALL[0], "13900000008,周八,正式党员", header=LIST)
    answer = count(shell, other, "--accept", "joins")
    assert (answer["taken"], answer["census"]) == (1, None)
    again = shell.type(
        "subscribers", "census", make_file(ALL[0], "13900000009,吴九,", header=LIST), "--unit", "banjing-1", "--yes",
        "--accept", "joins", by="li",
    )  # fmt: skip
    assert "the unit's count was not recorded" in again.out
    assert (censuses(county), known(county)[0]) == ([(4, 2)], 2)
    assert count(shell, other, "--accept", "vanished", "--accept", "joins")["census"] is not None
    assert censuses(county) == [(4, 2), (2, 2)]


def test_what_a_branch_wrote_beside_somebody_is_told_to_the_desk(
    county: Newsroom, shell: CommandLine, make_file: MakeFile
) -> None:
    path = make_file(
        "13900000001,张三丰,正式党员,张三丰2026-07-01转出，新号139-0000 0009",
        "123,李四,正式党员,去世",
        "13900000003,王五,正式党员,",
        header=f"{LIST},更正说明",
    )
    answer = shell.ask("subscribers", "census", path, "--unit", "banjing-1", by="li")
    assert answer["remarks"] == [
        {"line": 2, "number": "139****0001", "text": "张*2026-07-01转出，新号****"},
        {"line": 3, "number": "", "text": "去世"},
    ]
    typed = shell.type("subscribers", "census", path, "--unit", "banjing-1", by="li")
    assert "line 2, 139****0001: 张*2026-07-01转出，新号****" in typed.out
    assert "更正说明" not in typed.out + typed.err


def test_who_comes_home_lives_nowhere_else(county: Newsroom, shell: CommandLine, make_file: MakeFile) -> None:
    def away() -> Subscriber:
        rows = ("13900000001,张三,banjing-1,是,上海市浦东新区",)
        import_subscribers(county, make_file(*rows, header="手机号,姓名,单位,流动,现居住地"))
        return person()

    def person() -> Subscriber:
        with county.reading() as session:
            return session.exec(select(Subscriber)).one()

    assert (away().place_region, away().place is None) == ("31", False)
    home = make_file("13900000001,张三,banjing-1,否", header="手机号,姓名,单位,流动", name="home.csv")
    assert import_subscribers(county, home).updated == 1
    assert (person().mobile, person().place_region, person().place) == (False, "", None)
    away()
    count(shell, home)
    assert (person().mobile, person().place_region, person().place) == (False, "", None)
    away()
    shell.ask("subscribers", "update", 1, "--not-mobile", by="li")
    assert (person().mobile, person().place_region, person().place) == (False, "", None)
    away()
    shell.ask("subscribers", "update", 1, "--not-mobile", "--place", "北京", by="li")
    assert (person().mobile, person().place_region) == (False, "11")


def test_a_census_reads_people_by_the_page(county: Newsroom, shell: CommandLine, make_file: MakeFile) -> None:
    lines = [f"1390000{place:04d},成员{place},否" for place in range(60)]
    count(shell, make_file(*lines, header="手机号,姓名,流动"))
    counted = count(shell, make_file(*lines, header="手机号,姓名,流动"))
    assert counted["taken"] == 0
    renewed = make_file(*(line.replace("139", "138", 1) for line in lines), header="手机号,姓名,流动")
    statements: list[str] = []

    def note(*said: Any) -> None:
        statements.append(said[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert count(shell, renewed)["taken"] == 60
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert sum(one.lstrip().startswith("SELECT") for one in statements) < 60
