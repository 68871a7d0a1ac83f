"""Members in full: only with the right, for a purpose, and after the journal says so."""

import json
from pathlib import Path

import pytest

from newsletter.subscribers.privacy import revealing
from tests.command_line import CommandLine
from tests.texts import a_subscriber_file

REVEAL = ("--reveal", "--purpose", "核对名册", "--yes")


@pytest.fixture
def desk(shell: CommandLine, tmp_path: Path) -> CommandLine:
    """Three members in each of two towns, and an admin of one of them."""
    for unit, first in (("banjing", 0), ("baipu", 100)):
        shell.ask("subscribers", "import", a_subscriber_file(tmp_path, 3, unit=unit, first=first), by="li")
    shell.ask("staff", "add", "zhen", "--role", "admin", "--unit", "banjing", "--no-passphrase", by="sun")
    return shell


def reveals(shell: CommandLine) -> list[dict[str, object]]:
    return [word for word in shell.ask("audit", "show", by="sun")["statements"] if word["verb"] == "reveal"]


def test_full_numbers_are_shown_and_the_journal_says_so(desk: CommandLine) -> None:
    page = desk.ask("subscribers", "list", "--unit", "baipu", *REVEAL, by="sun")
    first = page["subscribers"][0]
    assert (first["number"], first["name"]) == ("13900000100", "成员100")
    (word,) = reveals(desk)
    details = {"purpose": "核对名册", "count": 3, "what": "list", "units": ["baipu"], "subscribers": [4, 5, 6]}
    assert (word["person"], word["role"], word["unit"], word["details"]) == ("sun", "admin", "baipu", details)
    assert desk.ask("audit", "verify", by="sun")["problems"] == []


@pytest.mark.parametrize(
    ("words", "by", "code", "error"),
    [
        (("--reveal", "--yes"), "sun", 2, "purpose"),
        (("--reveal", "--purpose", " ", "--yes"), "sun", 2, "purpose"),
        (("--reveal", "--purpose", "查" * 201, "--yes"), "sun", 2, "purpose"),
        (("--reveal", "--purpose", "找 139 0000 0001", "--yes"), "sun", 2, "number_in_remark"),
        (("--reveal", "--purpose", "核对"), "sun", 4, "refused"),
        (REVEAL, "li", 4, "no_right"),
        (REVEAL, "zhao", 4, "no_right"),
    ],
)
def test_who_may_not_sees_nothing(desk: CommandLine, words: tuple[str, ...], by: str, code: int, error: str) -> None:
    answer = desk.type("subscribers", "list", *words, "--json", by=by, code=code)
    assert answer.json["error"]["code"] == error
    assert "13900000" not in answer.out + answer.err
    assert reveals(desk) == []


def test_an_admin_of_a_town_sees_that_town_only(desk: CommandLine) -> None:
    assert len(desk.ask("subscribers", "list", *REVEAL, by="zhen")["subscribers"]) == 3
    assert desk.ask("subscribers", "show", 4, *REVEAL, by="zhen", code=4)["error"]["code"] == "not_visible"
    assert [word["unit"] for word in reveals(desk)] == ["banjing"]
    assert desk.ask("audit", "verify", by="sun")["problems"] == []


def test_nothing_is_shown_that_could_not_be_journalled(desk: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr(revealing, "journal_disclosure", fail)
    answer = desk.type("subscribers", "show", 1, *REVEAL, by="sun", code=5)
    assert "13900000000" not in answer.out + answer.err


def test_the_file_is_its_owners_only(desk: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "full.json"
    answer = desk.type("subscribers", "list", *REVEAL, "--out", out, by="sun")
    assert "13900000" not in answer.out
    assert out.stat().st_mode & 0o777 == 0o600
    assert json.loads(out.read_text("utf-8-sig"))["subscribers"][0]["number"] == "13900000000"


def test_a_number_finds_its_people_masked_and_in_sight_only(desk: CommandLine) -> None:
    (found,) = desk.ask("subscribers", "find", "+86 139-0000-0101", by="sun")["subscribers"]
    assert (found["subscriber"], found["number"], found["name"]) == (5, "139****0101", "成*")
    assert desk.ask("subscribers", "find", "13900000101", by="zhen")["subscribers"] == []
    assert desk.ask("subscribers", "find", "123", by="sun", code=2)["error"]["code"] == "invalid_number"


def test_a_list_can_be_narrowed(desk: CommandLine) -> None:
    desk.ask("subscribers", "update", 2, "--left", by="li")
    desk.ask("subscribers", "update", 1, "--mobile", "--standing", "预备", by="li")

    def ids(*words: object) -> list[int]:
        return [person["subscriber"] for person in desk.ask("subscribers", "list", *words, by="li")["subscribers"]]

    assert ids("--status", "left") == [2]
    assert ids("--status", "all", "--unit", "banjing") == [1, 2, 3]
    assert ids("--mobile") == ids("--standing", "probationary") == [1]
    assert ids("--profession", "农牧渔民") == []
    assert desk.ask("subscribers", "list", "--status", "gone", by="li", code=2)["error"]["code"] == "bad_input"
