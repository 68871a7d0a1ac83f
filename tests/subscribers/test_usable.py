"""The desk says that a number works again."""

import pytest

from newsletter.newsroom import Newsroom
from newsletter.organisation.enrolment import add_staff
from newsletter.organisation.roles import Role
from newsletter.subscribers.event_records import UnusableNumber
from tests.command_line import CommandLine
from tests.subscribers.people import add_person, make_unusable, number

TOLD = number(0).removeprefix("+86")


@pytest.fixture
def refused(newsroom: Newsroom) -> Newsroom:
    with newsroom.writing() as session:
        add_person(session, newsroom, 0)
        make_unusable(session, newsroom, 0)
        session.commit()
    return newsroom


def test_it_is_written_to_again_and_the_reason_is_kept(refused: Newsroom, shell: CommandLine) -> None:
    shell.ask("audience", "save", "all", by="li")
    assert shell.ask("audience", "count", "all", by="li")["excluded"]["invalid"] == 1
    answer = shell.type("subscribers", "usable", TOLD, "--reason", "换了新卡", by="li")
    assert (answer.out, TOLD in answer.err) == ("139****0000 will be written to again.\n", False)
    assert shell.ask("audience", "count", "all", by="li")["reachable"] == 1
    assert not shell.ask("subscribers", "usable", TOLD, "--reason", "换了新卡", by="li")["was_unusable"]
    with refused.reading() as session:
        kept = session.get_one(UnusableNumber, refused.data_keys.number_key(number(0)))
        assert (kept.reason, kept.lifted_reason, kept.lifted_at is None) == ("21614", "换了新卡", False)


@pytest.mark.parametrize(
    ("told", "reason", "code"),
    [("0513-87654321", "换卡", 2), (TOLD, "", 2), (TOLD, "字" * 81, 2), (TOLD, "他的新号13912345678", 2)],
)
def test_bad_input_changes_nothing(refused: Newsroom, shell: CommandLine, told: str, reason: str, code: int) -> None:
    said = shell.type("subscribers", "usable", told, "--reason", reason, by="li", code=code)
    assert "13912345678" not in said.out + said.err
    with refused.reading() as session:
        assert session.get_one(UnusableNumber, refused.data_keys.number_key(number(0))).lifted_at is None


def test_others_learn_nothing_of_whose_a_number_is(refused: Newsroom, shell: CommandLine) -> None:
    add_staff(refused, "bai", role=Role.EDITOR, unit="baipu", passphrase=None, may_lack_passphrase=True)
    theirs = shell.type("subscribers", "usable", TOLD, "--reason", "换卡", by="bai", code=4)
    nobodys = shell.type("subscribers", "usable", "13900009999", "--reason", "换卡", by="bai", code=4)
    assert theirs.err == nobodys.err
    assert "搬经" not in theirs.err
    shell.type("subscribers", "usable", TOLD, "--reason", "换卡", by="wang", code=4)
