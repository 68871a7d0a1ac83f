"""What an import does to the register."""

from pathlib import Path

import pytest
from sqlmodel import col, select

from newsletter.demo.members import HEADINGS
from newsletter.demo.messy import messy_rows
from newsletter.errors import InputError, OutsideError
from newsletter.keys import MissingKeyError
from newsletter.newsroom import Newsroom
from newsletter.organisation.staff import NoRightError
from newsletter.organisation.units import Unit
from newsletter.subscribers.leaving.optouts import record_opt_out
from newsletter.subscribers.lists import importing
from newsletter.subscribers.lists.importing import import_subscribers
from newsletter.subscribers.models import Status, Subscriber
from tests.subscribers.conftest import MakeFile, member


def register(newsroom: Newsroom) -> list[Subscriber]:
    with newsroom.reading() as session:
        return list(session.exec(select(Subscriber).order_by(col(Subscriber.id))))


def unit_code(newsroom: Newsroom, person: Subscriber) -> str:
    with newsroom.reading() as session:
        return session.get_one(Unit, person.unit_id).code


def test_a_person_is_stored_encrypted_and_found_by_keys(county: Newsroom, make_file: MakeFile) -> None:
    import_subscribers(county, make_file("139-0000-0001,张 三,搬经镇,,农牧渔民,预备党员,是,1"))
    (person,) = register(county)
    keys = county.data_keys
    assert person.number_key == keys.number_key("+8613900000001")
    assert person.name_key == keys.name_key("张三")
    assert keys.decrypt(person.number, f"number/{person.number_key}") == "+8613900000001"
    assert keys.decrypt(person.name, f"name/{person.number_key}") == "张三"
    assert (person.profession, person.standing, person.mobile, person.retired) == ("farmer", "probationary", True, True)
    assert (person.region_code, person.status, person.basis) == ("320682116", Status.ACTIVE, "membership")
    assert (unit_code(county, person), person.created_at) == ("banjing", person.updated_at)
    assert b"13900000001" not in (county.directory / "newsletter.db").read_bytes()


def test_importing_again_changes_nothing(county: Newsroom, make_file: MakeFile) -> None:
    path = make_file(member(1), member(2), member(2, name=""), member(3, unit=""))
    first = import_subscribers(county, path)
    before = register(county)
    again = import_subscribers(county, path)
    assert (first.read, first.added, first.unchanged, first.rejected) == (4, 3, 0, 1)
    assert (again.read, again.added, again.updated, again.unchanged, again.rejected) == (4, 0, 0, 3, 1)
    assert register(county) == before


def test_what_changed_is_updated_and_what_the_file_lacks_is_kept(county: Newsroom, make_file: MakeFile) -> None:
    import_subscribers(county, make_file("13900000001,张三,banjing,320682116205,worker,full,yes,yes"))
    result = import_subscribers(
        county, make_file("13900000001,张三,banjing,student", header="phone,name,unit,profession")
    )
    assert (result.updated, result.unchanged) == (1, 0)
    (person,) = register(county)
    assert (person.profession, person.standing, person.mobile, person.retired) == ("student", "full", True, True)
    assert person.region_code == "320682116205"


def test_an_empty_cell_says_none(county: Newsroom, make_file: MakeFile) -> None:
    import_subscribers(county, make_file("13900000001,张三,banjing,320682116205,worker,full,yes,yes"))
    import_subscribers(county, make_file("13900000001,张三,banjing,,,,,"))
    (person,) = register(county)
    assert (person.profession, person.standing, person.mobile, person.retired) == ("", "", False, False)
    assert person.region_code == "320682116"


def test_what_follows_from_the_other_column_follows_a_move_only(county: Newsroom, make_file: MakeFile) -> None:
    import_subscribers(county, make_file("13900000001,张三,banjing-1,320682116205,,,,"))
    import_subscribers(county, make_file("13900000001,张三,320682116205", header="phone,name,region_code"))
    assert unit_code(county, register(county)[0]) == "banjing-1"
    import_subscribers(county, make_file("13900000001,张三,320682105", header="phone,name,region_code"))
    assert unit_code(county, register(county)[0]) == "baipu"
    import_subscribers(county, make_file("13900000001,张三,banjing", header="phone,name,unit"))
    assert register(county)[0].region_code == "320682116"


def test_a_move_within_a_region_is_a_move(county: Newsroom, make_file: MakeFile) -> None:
    import_subscribers(county, make_file("13900000001,张三,banjing,320682116,,,,"))
    import_subscribers(county, make_file("13900000001,张三,banjing-1,320682116,,,,"))
    assert unit_code(county, register(county)[0]) == "banjing-1"


def test_somebody_who_had_left_the_register_comes_back(county: Newsroom, make_file: MakeFile) -> None:
    path = make_file(member(1))
    import_subscribers(county, path)
    with county.writing() as session:
        person = session.exec(select(Subscriber)).one()
        person.status = Status.LEFT
        session.add(person)
        session.commit()
    assert import_subscribers(county, path).updated == 1
    assert register(county)[0].status == Status.ACTIVE


@pytest.mark.parametrize(
    ("unit", "region", "home"),
    [
        ("banjing", "", ("banjing", "320682116")),
        ("白蒲镇", "", ("baipu", "320682105")),
        ("banjing-1", "", ("banjing-1", "320682116")),
        ("nyj", "", ("nyj", "320682")),
        ("office", "", ("office", "")),
        ("", "320682116000", ("banjing", "320682116")),
        ("", "320682116205", ("jiali", "320682116205")),
        ("", "320682116299", ("banjing", "320682116299")),
        ("", "320682999", ("county", "320682999")),
        ("", "３２０６８２１０５０００", ("baipu", "320682105")),
        ("nyj", "320682105", ("nyj", "320682105")),
        ("nyj", "3206", ("nyj", "3206")),
    ],
)
def test_unit_and_region_follow_from_one_another(
    county: Newsroom, make_file: MakeFile, unit: str, region: str, home: tuple[str, str]
) -> None:
    result = import_subscribers(county, make_file(f"13900000001,张三,{unit},{region},,,,"))
    assert not result.rejects
    (person,) = register(county)
    assert (unit_code(county, person), person.region_code) == home


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        (",张三,banjing,,,,,", "phone", "missing_number"),
        ("0513-87650000,张三,banjing,,,,,", "phone", "landline"),
        ("1390000000,张三,banjing,,,,,", "phone", "invalid_number"),
        ("+14155552671,张三,banjing,,,,,", "phone", "foreign_number"),
        ("13900000001,张三,,,,,,", "unit", "missing_unit"),
        ("13900000001,张三,nowhere,,,,,", "unit", "unknown_unit"),
        ("13900000001,张三,第一支部,,,,,", "unit", "ambiguous_unit"),
        ("13900000001,张三,banjing,110101,,,,", "region_code", "unknown_region"),
        ("13900000001,张三,,3206,,,,", "region_code", "unknown_region"),
        ("13900000001,张三,,32068211,,,,", "region_code", "unknown_region"),
        ("13900000001,张三,banjing,,小偷,,,", "profession", "unknown_profession"),
        ("13900000001,张三,banjing,,,骨干,,", "standing", "unknown_standing"),
        ("13900000001,张三,banjing,,,,13900000002,", "mobile", "number_in_mobile"),
        ("13900000001,张三,banjing,,,,1390000-0002.0,", "mobile", "number_in_mobile"),
        ("13900000001,张三,banjing,,,,maybe,", "mobile", "bad_flag"),
        ("13900000001,张三,banjing,,,,,maybe", "retired", "bad_flag"),
        ("13900000001,张\ufffd,banjing,,,,,", "name", "bad_name"),
        ("13900000001," + "长" * 81 + ",banjing,,,,,", "name", "bad_name"),
    ],
)
def test_a_bad_row_is_told_and_the_good_ones_are_kept(
    county: Newsroom, make_file: MakeFile, row: str, field: str, code: str
) -> None:
    result = import_subscribers(county, make_file(member(5), row, member(6)))
    assert (result.read, result.added, result.rejected) == (3, 2, 1)
    (reject,) = result.rejects
    assert (reject.line, reject.field, reject.code) == (3, field, code)
    assert "1390000" not in reject.message
    assert len(register(county)) == 2


@pytest.mark.parametrize(
    ("cell", "profession", "is_retired"),
    [("工人", "worker", False), ("OFFICIAL", "official", False), ("离退休人员", "", True), ("", "", False)],
)
def test_professions_by_code_or_label_and_the_retired_as_a_flag(
    county: Newsroom, make_file: MakeFile, cell: str, profession: str, is_retired: bool
) -> None:
    import_subscribers(county, make_file(f"13900000001,banjing,{cell}", header="手机号,单位,职业"))
    (person,) = register(county)
    assert (person.profession, person.retired) == (profession, is_retired)


@pytest.mark.parametrize(
    ("cell", "standing"),
    [
        ("入党积极分子", "activist"),
        ("发展对象", "prospective"),
        ("预备", "probationary"),
        ("预备党员", "probationary"),
        ("正式", "full"),
        ("正式党员", "full"),
        ("群众", "none"),
        ("none", "none"),
    ],
)
def test_standings_by_code_or_label_under_either_heading(
    county: Newsroom, make_file: MakeFile, cell: str, standing: str
) -> None:
    import_subscribers(county, make_file(f"13900000001,banjing,{cell}", header="手机号,单位,人员类别"))
    assert register(county)[0].standing == standing


def test_the_same_person_twice_is_told_with_the_first_line(
    county: Newsroom, make_file: MakeFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK_ROWS", 2)
    path = make_file(
        member(1), "１３９００００００１,张三,baipu,,,,,".replace("１３９", "１３９０"), member(2), member(1), member(3)
    )
    result = import_subscribers(county, path)
    assert result.added == 3
    assert [(reject.line, reject.code) for reject in result.rejects] == [(3, "duplicate"), (5, "duplicate")]
    assert all("line 2" in reject.message for reject in result.rejects)


def test_several_people_may_share_a_number(county: Newsroom, make_file: MakeFile) -> None:
    result = import_subscribers(county, make_file(member(1, name="张三"), member(1, name="李四"), member(1, name="")))
    assert (result.added, result.rejected) == (3, 0)
    assert len({person.number_key for person in register(county)}) == 1


def test_whoever_opted_out_is_counted_and_stays_out(county: Newsroom, make_file: MakeFile) -> None:
    with county.writing() as session:
        key = county.data_keys.number_key("+8613900000001")
        record_opt_out(session, number_key=key, source="reply", at=county.now())
        session.commit()
        record_opt_out(
            session,
            number_key=county.data_keys.number_key("+8613900000002"),
            source="reply",
            at=county.now(),
            paper_id=1,
        )
        session.commit()
    path = make_file(member(1), member(2))
    assert (import_subscribers(county, path).suppressed, import_subscribers(county, path).suppressed) == (1, 1)


def test_the_demos_messy_rows_fare_as_it_says(county: Newsroom, make_file: MakeFile) -> None:
    rows = messy_rows()
    result = import_subscribers(county, make_file(*(",".join(row.cells) for row in rows), header=",".join(HEADINGS)))
    assert [reject.line - 2 for reject in result.rejects] == [at for at, row in enumerate(rows) if row.flaw]


def test_a_dry_run_says_what_would_happen_and_writes_nothing(county: Newsroom, make_file: MakeFile) -> None:
    import_subscribers(county, make_file(member(1)))
    path = make_file(member(1), member(2), member(2), member(3, unit="nowhere"))
    result = import_subscribers(county, path, is_dry=True)
    assert (result.read, result.added, result.unchanged, result.rejected) == (4, 1, 1, 2)
    assert len(register(county)) == 1


def test_trouble_in_the_middle_leaves_nothing_behind(
    county: Newsroom, make_file: MakeFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK_ROWS", 2)
    path = make_file(*(member(number) for number in range(10)), '13900000010,"张三,banjing,,,,,')

    with pytest.raises(InputError, match="line 12"):
        import_subscribers(county, path, rejects=tmp_path / "bad.csv")
    assert register(county) == []
    assert not list(tmp_path.glob("*bad.csv*"))


def test_only_admins_and_editors_import(county: Newsroom, make_file: MakeFile) -> None:
    with pytest.raises(NoRightError):
        import_subscribers(county.acting_as("wang"), make_file(member(1)))
    assert import_subscribers(county.acting_as("sun"), make_file(member(1))).added == 1


def test_without_the_key_nothing_is_imported(county: Newsroom, make_file: MakeFile) -> None:
    (county.keys_directory / "data.key").unlink()
    with pytest.raises(MissingKeyError):
        import_subscribers(county, make_file(member(1)))
    assert register(county) == []


def test_progress_is_told_by_chunk(county: Newsroom, make_file: MakeFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "CHUNK_ROWS", 2)
    told: list[tuple[int, int | None]] = []
    path = make_file(*(member(number) for number in range(5)))
    import_subscribers(county, path, progress=lambda done, total: told.append((done, total)))
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_a_rejects_file_that_cannot_be_written_stops_the_import(county: Newsroom, make_file: MakeFile) -> None:
    with pytest.raises(OutsideError, match="Cannot write"):
        import_subscribers(county, make_file(member(1)), rejects=Path("/nowhere/bad.csv"))
    assert register(county) == []
