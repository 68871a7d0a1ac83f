"""One person at the desk: added, changed, taken off, brought back; and what is said of their history."""

import io
import sys
from datetime import timedelta

import pytest
from sqlmodel import col, select

from newsletter.newsroom import Newsroom
from newsletter.organisation.enrolment import add_staff
from newsletter.organisation.roles import Role
from newsletter.organisation.staff import today
from newsletter.subscribers.event_records import MemberEvent
from newsletter.subscribers.events import Snapshot
from newsletter.subscribers.leaving.consent import Consent, record_consents
from newsletter.subscribers.lists.importing import import_subscribers
from newsletter.subscribers.models import Status, Subscriber
from newsletter.subscribers.registering import unseal
from tests.command_line import CommandLine
from tests.subscribers.conftest import MakeFile

ADD = ("subscribers", "add", "--number", "139-0000-0001", "--name", "张三", "--unit", "banjing")


@pytest.fixture
def town(county: Newsroom) -> Newsroom:
    """With ``lu``, who is editor for Banjing alone."""
    add_staff(
        county.acting_as("sun"), "lu", role=Role.EDITOR, unit="banjing", passphrase=None, may_lack_passphrase=True
    )
    return county


def person(newsroom: Newsroom, subscriber_id: int = 1) -> Subscriber:
    with newsroom.reading() as session:
        return session.get_one(Subscriber, subscriber_id)


def events(newsroom: Newsroom) -> list[MemberEvent]:
    with newsroom.reading() as session:
        return list(session.exec(select(MemberEvent).order_by(col(MemberEvent.id))))


def test_a_person_is_added_with_everything_the_desk_knows(county: Newsroom, shell: CommandLine) -> None:
    wishes = ("--place", "上海市浦东新区", "--large-type", "--channel", "full-text", "--language", "en")
    answer = shell.ask(*ADD, "--standing", "预备党员", "--profession", "农牧渔民", "--mobile", *wishes, by="li")
    assert (answer["number"], answer["name"], answer["changed"]) == ("139****0001", "张*", True)
    found = person(county)
    assert unseal(county.data_keys, found) == ("+8613900000001", "张三", "上海市浦东新区")
    assert (found.region_code, found.place_region, found.channel, found.language) == (
        "320682116",
        "31",
        "full-text",
        "en",
    )
    assert (found.standing, found.profession, found.mobile, found.large_type) == ("probationary", "farmer", True, True)
    (joined,) = events(county)
    assert (joined.kind, joined.source, joined.subscriber_id) == ("joined", "desk", 1)


def test_numbers_and_names_can_come_by_standard_input(
    county: Newsroom, shell: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("13900000001\n阿卜杜拉·买买提\n"))
    shell.ask("subscribers", "add", "--number", "-", "--name", "-", "--unit", "banjing", by="li")
    assert unseal(county.data_keys, person(county))[:2] == ("+8613900000001", "阿卜杜拉·买买提")
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    shell.ask("subscribers", "update", 1, "--number", "-", by="li", code=2)


def test_somebody_without_a_number_is_known_by_name(county: Newsroom, shell: CommandLine) -> None:
    shell.ask("subscribers", "add", "--no-number", "--name", "张三", "--unit", "banjing", by="li")
    assert person(county).status == Status.NUMBERLESS
    again = shell.ask("subscribers", "add", "--no-number", "--name", "张三", "--unit", "banjing", by="li", code=4)
    assert again["error"]["code"] == "already_registered"
    shell.ask("subscribers", "update", 1, "--number", "13900000001", by="li")
    assert (person(county).status, unseal(county.data_keys, person(county))[0]) == (Status.ACTIVE, "+8613900000001")
    shell.ask("subscribers", "update", 1, "--no-number", by="li")
    assert (person(county).status, person(county).number) == (Status.NUMBERLESS, b"")


def test_a_new_number_takes_name_and_place_with_it(county: Newsroom, shell: CommandLine) -> None:
    shell.ask(*ADD, "--place", "苏州", by="li")
    before = person(county).number_key
    shell.ask("subscribers", "update", 1, "--number", "13900000002", "--name", "张三丰", by="li")
    after = person(county)
    assert after.number_key == county.data_keys.number_key("+8613900000002") != before
    assert unseal(county.data_keys, after) == ("+8613900000002", "张三丰", "苏州")


def test_an_opt_out_stays_with_the_number_and_is_not_told(county: Newsroom, shell: CommandLine) -> None:
    shell.ask(*ADD, by="li")
    for number in ("13900000001", "13900000002"):
        shell.ask("optout", number, "--reason", "phone", by="zhao")
    answer = shell.type("subscribers", "update", 1, "--number", "13900000002", by="li")
    assert "opt" not in (answer.out + answer.err).casefold()
    history = shell.type("subscribers", "history", 1, by="li")
    assert "opt" not in (history.out + history.err).casefold()


def test_consent_belongs_to_the_number_it_was_given_on(county: Newsroom, shell: CommandLine) -> None:
    shell.ask(*ADD, by="li")
    with county.writing() as session:
        key = person(county).number_key
        record_consents(session, [Consent(number_key=key, channel="desk", at=county.now())], recorded_at=county.now())
        session.commit()
    assert person(county).basis == "express"
    shell.ask("subscribers", "update", 1, "--number", "13900000002", by="li")
    assert person(county).basis == "membership"
    shell.ask("subscribers", "update", 1, "--number", "13900000001", by="li")
    assert person(county).basis == "express"


def test_changes_leave_and_return_are_events_whose_last_is_the_row(county: Newsroom, shell: CommandLine) -> None:
    shell.ask(*ADD, by="li")
    for words in (
        ("--unit", "banjing-1", "--standing", "full", "--on", "2026-05-01"),
        ("--mobile", "--retired"),
        ("--left", "--on", "2026-06-01"),
        ("--died",),
        ("--back",),
    ):
        shell.ask("subscribers", "update", 1, *words, by="li")
        last = events(county)[-1]
        row = person(county)
        assert all(getattr(last, name) == getattr(row, name) for name in Snapshot._fields)
    kinds = [event.kind for event in events(county)]
    moves = ["joined", "moved-out", "moved-in", "became-full"]
    assert kinds == [*moves, "became-mobile", "retired", "moved-out", "died", "joined"]
    assert str(events(county)[1].happened_on) == "2026-05-01"


def test_nobody_gets_the_id_or_the_history_of_somebody_erased(county: Newsroom, shell: CommandLine) -> None:
    shell.ask(*ADD, by="li")
    shell.ask("subscribers", "erase", "--id", 1, "--reason", "本人要求", "--yes", by="sun")
    newcomer = shell.ask(*ADD, by="li")["subscriber"]
    assert newcomer == 2
    assert [event["kind"] for event in shell.ask("subscribers", "history", newcomer, by="li")["events"]] == ["joined"]


def test_what_is_so_already_changes_nothing(county: Newsroom, shell: CommandLine) -> None:
    shell.ask(*ADD, "--place", "苏州", by="li")
    before = person(county)
    words = ("--number", "139 0000 0001", "--unit", "搬经镇", "--not-mobile", "--place", "苏州", "--channel", "none")
    assert shell.ask("subscribers", "update", 1, *words, by="li")["changed"] is False
    assert (person(county), len(events(county))) == (before, 1)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--number", "0513-87000000"), 2),
        (("--name", "张" * 81), 2),
        (("--standing", "骨干"), 2),
        (("--profession", "骨干"), 2),
        (("--channel", "信鸽"), 2),
        (("--region", "999"), 2),
        (("--place", "远" * 121), 2),
        (("--on", "2026-13-01"), 2),
        (("--on", "2999-01-01"), 2),
        (("--left", "--died"), 2),
        (("--number", "13900000002", "--no-number"), 2),
        (("--unit", "云外镇"), 3),
        (("--back",), 4),
    ],
)
def test_what_cannot_be_understood_is_refused_and_changes_nothing(
    county: Newsroom, shell: CommandLine, words: tuple[str, ...], code: int
) -> None:
    shell.ask(*ADD, by="li")
    before = person(county)
    answer = shell.type("subscribers", "update", 1, *words, by="li", code=code)
    assert "13900000002" not in answer.out + answer.err
    assert (person(county), len(events(county))) == (before, 1)


def test_to_leave_twice_is_refused(county: Newsroom, shell: CommandLine) -> None:
    shell.ask(*ADD, by="li")
    shell.ask("subscribers", "update", 1, "--left", by="li")
    assert shell.ask("subscribers", "update", 1, "--left", by="li", code=4)["error"]["code"] == "gone"
    hint = shell.ask(*ADD, by="li", code=4)["error"]["hint"]
    assert "subscribers update 1 --back" in hint


def test_the_day_may_be_today_but_not_tomorrow(county: Newsroom, shell: CommandLine) -> None:
    shell.ask(*ADD, "--on", today(county), by="li")
    shell.ask("subscribers", "update", 1, "--died", "--on", today(county) + timedelta(days=1), by="li", code=2)


def test_a_town_changes_its_own_people_only_and_moves_nobody_out(town: Newsroom, shell: CommandLine) -> None:
    shell.ask(*ADD, by="lu")
    shell.ask("subscribers", "update", 1, "--unit", "baipu", by="lu", code=4)
    shell.ask("subscribers", "update", 1, "--unit", "baipu", by="li")
    shell.ask("subscribers", "update", 1, "--mobile", by="lu", code=4)
    shell.ask("subscribers", "history", 1, by="lu", code=4)
    error = shell.ask(*ADD, by="lu", code=4)["error"]
    assert "under a unit that is not yours" in error["message"]
    assert "1" not in error["message"]


def test_history_hides_units_one_does_not_see(town: Newsroom, shell: CommandLine) -> None:
    shell.ask(*ADD, by="li")
    shell.ask("subscribers", "update", 1, "--unit", "baipu", by="li")
    shell.ask("subscribers", "update", 1, "--unit", "banjing", by="li")
    whole = shell.ask("subscribers", "history", 1, by="li")["events"]
    partly = shell.ask("subscribers", "history", 1, by="lu")["events"]
    assert [event["other_unit"] for event in whole] == ["", "baipu", "banjing", "banjing", "baipu"]
    assert [event["unit"] for event in partly] == ["banjing", "banjing", "", "", "banjing"]
    assert all(event["other_unit"] in ("", "banjing") for event in partly)


def test_the_desk_on_either_database(any_newsroom: Newsroom, any_shell: CommandLine) -> None:
    any_shell.ask(*ADD, by="li")
    any_shell.ask("subscribers", "update", 1, "--number", "13900000002", "--unit", "baipu", by="li")
    assert unseal(any_newsroom.data_keys, person(any_newsroom))[:2] == ("+8613900000002", "张三")
    assert [event.kind for event in events(any_newsroom)] == ["joined", "moved-out", "moved-in"]


def test_nobody_is_left_without_number_and_name(county: Newsroom, shell: CommandLine, make_file: MakeFile) -> None:
    import_subscribers(county, make_file("13900000001,,banjing,,,,,"))
    answer = shell.ask("subscribers", "update", 1, "--no-number", by="li", code=2)
    assert "need a name" in str(answer)
    assert person(county).status == Status.ACTIVE
    assert shell.ask("subscribers", "update", 1, "--no-number", "--name", "张三", by="li")["changed"]


def test_a_namesake_without_a_number_is_not_moved_to_another(county: Newsroom, shell: CommandLine) -> None:
    for unit in ("banjing-1", "baipu-1"):
        shell.ask("subscribers", "add", "--no-number", "--name", "张三", "--unit", unit, by="li")
    assert "already" in str(shell.ask("subscribers", "update", 2, "--unit", "banjing-1", by="li", code=4))
    shell.ask("subscribers", "update", 2, "--unit", "banjing", by="li")
    shell.ask("subscribers", "update", 2, "--left", by="li")
    shell.ask("subscribers", "add", "--no-number", "--name", "张三", "--unit", "banjing", by="li")
    shell.ask("subscribers", "update", 2, "--back", by="li", code=4)


@pytest.mark.parametrize("flag", ["mobile", "retired", "large-type"])
def test_contradicting_flags_are_refused(county: Newsroom, shell: CommandLine, flag: str) -> None:
    shell.ask(*ADD, by="li")
    both = (f"--{flag}", f"--not-{flag}")
    assert "contradict" in str(shell.ask("subscribers", "update", 1, *both, by="li", code=2))
    assert "contradict" in str(shell.ask("audience", "save", "x", *both, by="li", code=2))
    assert shell.ask("subscribers", "update", 1, both[0], both[0], by="li")["changed"]
    assert shell.ask("audience", "save", "x", both[1], by="li")["definition"][flag.replace("-", "_")] is False


def test_an_audience_is_told_in_words(county: Newsroom, shell: CommandLine) -> None:
    wanted = ("--profession", "farmer", "--profession", "worker", "--standing", "full", "--channel", "full-text")
    shell.ask("audience", "save", "x", *wanted, "--retired", by="li")
    told = shell.type("audience", "show", "x", by="li").out
    assert "profession farmer, herder or fisher | worker; standing full member; channel full text; retired" in told
    told = shell.type("audience", "show", "x", by="li", language="zh-CN").out
    assert "farmer" not in told
    assert "full-text" not in told
