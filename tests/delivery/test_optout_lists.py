"""Lists of numbers that must not be written to, in and out; and what one number's history shows."""

import csv
import stat
from pathlib import Path

import pytest
from sqlmodel import col, delete, select

from newsletter.delivery.departure_history import show_departures
from newsletter.delivery.departures import FormerHolderError, UnknownSourceError, opt_in_number, opt_out_number
from newsletter.delivery.optout_exports import COLUMNS, export_opt_outs
from newsletter.delivery.optout_lists import import_opt_outs
from newsletter.errors import OutsideError
from newsletter.journal.remarks import RemarkError
from newsletter.journal.words import words_about
from newsletter.newsroom import Newsroom
from newsletter.organisation.staff import NoRightError
from newsletter.subscribers.event_records import UnusableNumber
from newsletter.subscribers.leaving.consent_records import ConsentProof
from newsletter.subscribers.lists.importing import import_subscribers
from newsletter.subscribers.models import OptOutEvent, OptOutNote, Status, Subscriber, Suppression
from newsletter.subscribers.privacy.disclosing import PurposeError
from tests.delivery.editions import add_members, number_keys
from tests.texts import a_subscriber_file, number_of

PURPOSE = "交运营商黑名单"


@pytest.fixture
def desk(any_newsroom: Newsroom) -> Newsroom:
    """Four people on the register, the issuer at the desk."""
    add_members(any_newsroom, 4)
    return any_newsroom.acting_as("zhao")


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """Two members, one twice, a stranger, and a line that is no number."""
    path = tmp_path / "blacklist.txt"
    path.write_text(f"{number_of(0)}\n{number_of(1)}\n{number_of(0)}\n无效\n{number_of(50)}\n", "utf-8")
    return path


def suppressed(newsroom: Newsroom) -> set[str]:
    with newsroom.reading() as session:
        return set(session.exec(select(Suppression.number_key)).all())


def test_a_list_is_taken_in_once(desk: Newsroom, listed: Path) -> None:
    first = import_opt_outs(desk, listed, source="carrier", reason="太多")
    assert (first.read, first.added, first.unchanged, first.rejected) == (5, 3, 1, 1)
    again = import_opt_outs(desk, listed, source="carrier")
    assert (again.added, again.unchanged) == (0, 4)
    assert suppressed(desk) == {desk.data_keys.number_key("+86" + number_of(n)) for n in (0, 1, 50)}
    with desk.reading() as session:
        events = session.exec(select(OptOutEvent).order_by(col(OptOutEvent.id))).all()
    assert [(event.source, event.reason, event.is_effective) for event in events] == [("carrier", "too-many", True)] * 3
    assert {event.region_code for event in events} == {"320682116", ""}


def test_a_dry_run_tells_the_same_and_keeps_nothing(desk: Newsroom, listed: Path) -> None:
    assert import_opt_outs(desk, listed, is_dry=True).added == 3
    assert suppressed(desk) == set()


def test_who_left_everything_is_known_and_who_left_another_paper_is_not(desk: Newsroom, listed: Path) -> None:
    opt_out_number(desk, number_of(0), reason="太多")
    opt_out_number(desk, number_of(1), reason="太多", paper="main")
    assert import_opt_outs(desk, listed, paper="main").added == 1
    assert import_opt_outs(desk, listed).added == 2


def test_only_who_may_and_from_known_sources(desk: Newsroom, listed: Path) -> None:
    with pytest.raises(NoRightError):
        import_opt_outs(desk.acting_as("li"), listed)
    with pytest.raises(UnknownSourceError):
        import_opt_outs(desk, listed, source="hearsay")
    assert suppressed(desk) == set()


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        assert tuple(reader.fieldnames or ()) == COLUMNS
        return list(reader)


def test_the_list_written_out_has_whom_the_register_knows(
    desk: Newsroom, listed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.delivery.optout_exports._PAGE", 2)
    import_opt_outs(desk, listed, source="carrier")
    opt_out_number(desk, number_of(3), reason="半夜", paper="main")
    path = tmp_path / "out.csv"
    result = export_opt_outs(desk, path, purpose=PURPOSE)
    assert (result.rows, result.known) == (4, 3)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    rows = read(path)
    assert sorted(row["number"] for row in rows) == ["", *(number_of(n) for n in (0, 1, 3))]
    assert {row["number_key"] for row in rows} == suppressed(desk)
    assert [(row["paper"], row["reason"]) for row in rows if row["source"] == "desk"] == [("main", "bad-hours")]
    with desk.reading() as session:
        (word,) = words_about(session, "optouts")
    assert (word.verb, word.details["count"], word.details["purpose"]) == ("export", 4, PURPOSE)


def test_with_keys_only_no_number_is_in_it(desk: Newsroom, listed: Path, tmp_path: Path) -> None:
    import_opt_outs(desk, listed)
    path = tmp_path / "out.csv"
    export_opt_outs(desk, path, purpose=PURPOSE, keys_only=True)
    assert sorted(row["number"] for row in read(path)) == ["", "139****0000", "139****0001"]
    assert number_of(0) not in path.read_text("utf-8-sig")


def test_what_fails_leaves_no_file_behind(desk: Newsroom, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with pytest.raises(NoRightError):
        export_opt_outs(desk.acting_as("sun"), path, purpose=PURPOSE)
    with pytest.raises(PurposeError):
        export_opt_outs(desk, path, purpose=" ")
    with pytest.raises(RemarkError):
        export_opt_outs(desk, path, purpose="给13800005678")
    with pytest.raises(OutsideError):
        export_opt_outs(desk, tmp_path / "nowhere" / "out.csv", purpose=PURPOSE)
    assert [found for found in tmp_path.iterdir() if "out.csv" in found.name] == []


def test_free_words_are_kept_encrypted_and_shown_under_the_right_alone(desk: Newsroom) -> None:
    opt_out_number(desk, number_of(0), reason="张三说半夜太吵,孩子睡不着")
    with desk.reading() as session:
        (event,) = session.exec(select(OptOutEvent)).all()
        (note,) = session.exec(select(OptOutNote)).all()
    assert event.reason == "bad-hours"
    assert "张三".encode() not in note.note
    history = show_departures(desk, number_of(0), purpose="本人查询")
    assert (history.number, history.left) == ("139****0000", ["all"])
    assert [(event.reason, event.note, event.by) for event in history.events] == [
        ("bad-hours", "张三说半夜太吵,孩子睡不着", "zhao")
    ]
    with desk.reading() as session:
        (word,) = words_about(session, "optouts")
    assert (word.verb, word.details["count"]) == ("reveal", 1)
    for person in ("sun", "li", "chen"):
        with pytest.raises(NoRightError):
            show_departures(desk.acting_as(person), number_of(0), purpose="本人查询")


def test_unknown_words_are_another_reason_with_a_note(desk: Newsroom) -> None:
    assert opt_out_number(desk, number_of(0), reason="不想收了").reason == "other"
    assert opt_out_number(desk, number_of(1), reason="deceased").reason == "deceased"
    with desk.reading() as session:
        assert len(session.exec(select(OptOutNote)).all()) == 1


def test_coming_back_lifts_everything_and_keeps_what_shows_it(desk: Newsroom) -> None:
    opt_out_number(desk, number_of(0), reason="太多")
    key = number_keys(desk)[0]
    with desk.writing() as session:
        session.add(UnusableNumber(number_key=key, reason="21211", since=desk.now()))
        session.commit()
    assert opt_in_number(desk, number_of(0), evidence="张三来电要求恢复").is_effective
    assert suppressed(desk) == set()
    with desk.reading() as session:
        (kept,) = session.exec(select(ConsentProof)).all()
        assert session.get_one(UnusableNumber, key).lifted_at is not None
        assert session.exec(select(Subscriber.basis).where(Subscriber.number_key == key)).one() == "express"
    assert desk.data_keys.decrypt(kept.proof, f"consent/{key}") == "张三来电要求恢复"


def test_a_reassigned_number_is_free_and_nobody_came_back(desk: Newsroom) -> None:
    opt_out_number(desk, number_of(0), reason="太多")
    with pytest.raises(FormerHolderError):
        opt_in_number(desk, number_of(0), evidence="新机主来电", is_reassigned=True)
    key = number_keys(desk)[0]
    assert suppressed(desk) == {key}
    with desk.writing() as session:
        session.exec(select(Subscriber).where(Subscriber.number_key == key)).one().status = Status.LEFT
        session.commit()
    back = opt_in_number(desk, number_of(0), evidence="新机主来电", is_reassigned=True)
    assert (back.kind, back.is_effective, back.reason) == ("in", False, "number-changed")
    assert suppressed(desk) == set()
    assert opt_out_number(desk, number_of(0), reason="太多").is_effective, "the new holder leaves for the first time"


def test_a_new_holder_on_the_register_is_no_former_one(desk: Newsroom) -> None:
    opt_out_number(desk, number_of(60), reason="太多")
    add_members(desk, 1, first=60)
    opt_in_number(desk, number_of(60), evidence="新机主来电", is_reassigned=True)
    assert suppressed(desk) == set()


def test_suppression_survives_the_person_and_their_return(desk: Newsroom, tmp_path: Path) -> None:
    opt_out_number(desk, number_of(0), reason="张三太吵,别再来")
    key = number_keys(desk)[0]
    with desk.writing() as session:
        session.execute(delete(OptOutNote))
        session.execute(delete(Subscriber).where(col(Subscriber.number_key) == key))
        session.commit()
    assert suppressed(desk) == {key}
    assert import_subscribers(desk.acting_as("li"), a_subscriber_file(tmp_path, 1)).suppressed == 1
    assert suppressed(desk) == {key}
    assert [event.note for event in show_departures(desk, number_of(0), purpose="查").events] == [""]


def test_our_own_list_without_numbers_is_taken_back_by_its_keys(desk: Newsroom, listed: Path, tmp_path: Path) -> None:
    import_opt_outs(desk, listed)
    left, path = suppressed(desk), tmp_path / "out.csv"
    export_opt_outs(desk, path, purpose=PURPOSE, keys_only=True)
    with desk.writing() as session:
        session.execute(delete(Suppression))
        session.commit()
    result = import_opt_outs(desk, path)
    assert (result.added, result.rejected) == (3, 0)
    assert suppressed(desk) == left
    path.write_text(f"number,number_key\n,{'g' * 32}\n,\n无效,{'a' * 32}\n", "utf-8")
    assert import_opt_outs(desk, path).rejected == 3


def test_the_desk_says_who_on_the_register_has_the_number_now(desk: Newsroom) -> None:
    opt_out_number(desk, number_of(0), reason="太多")
    with desk.reading() as session:
        person = session.exec(select(Subscriber.id).where(Subscriber.number_key == number_keys(desk)[0])).one() or 0
    with pytest.raises(FormerHolderError):
        opt_in_number(desk, number_of(0), evidence="新机主来电", is_reassigned=True, holders=[person + 1])
    opt_in_number(desk, number_of(0), evidence="新机主来电", is_reassigned=True, holders=[person])
    assert suppressed(desk) == set()
