"""Leaving and coming back by every way, as the desk types it; and that nothing of it tells who it was."""

import stat
from pathlib import Path

import pytest

from tests.command_line import CommandLine, settings_changed
from tests.texts import a_subscriber_file, number_of

NOTE = "王小明说半夜太吵,别再发"
WORDING = "本人同意接收如皋党员手机报"


@pytest.fixture
def desk(shell: CommandLine, tmp_path: Path) -> CommandLine:
    shell.ask("subscribers", "import", a_subscriber_file(tmp_path, 6), by="li")
    return shell


def test_a_day_at_the_desk(desk: CommandLine, tmp_path: Path) -> None:
    """By telephone, by reply, by list; back again; and the history under its own right."""
    left = desk.ask("optout", number_of(0), "--reason", NOTE, "--source", "phone", by="zhao")
    assert (left["reason"], left["has_note"], left["effective"]) == ("bad-hours", True, True)
    assert desk.ask("optout", number_of(1), "--reason", "moved away", "--paper", "main", by="zhao")["paper"] == "main"
    assert desk.ask("sandbox", "reply", number_of(2), "退订 太多", by="zhao")["meaning"] == "out"
    assert desk.ask("sandbox", "reply", number_of(3), "别发了,打13800005678", by="zhao")["meaning"] == "unclear"
    (waiting,) = desk.ask("replies", "list", by="zhao")["replies"]
    assert (waiting["number"], waiting["text"]) == ("139****0003", "别发了,打****")
    handled = desk.ask("replies", "handle", waiting["reply"], "--as", "out", "--reason", "cost", by="zhao")
    assert (handled["verdict"], handled["reason"]) == ("out", "cost")
    again = desk.ask("replies", "handle", waiting["reply"], "--as", "in", by="zhao", code=4)
    assert again["error"]["code"] == "reply_handled"
    lines = tmp_path / "carrier.txt"
    lines.write_text(f"{number_of(4)}\n座机0513-87650000\n", "utf-8")
    taken = desk.ask("optouts", "import", lines, "--source", "carrier", by="zhao", code=6)
    assert (taken["added"], taken["rejected"], taken["rejects"][0]["line"]) == (1, 1, 2)
    count = desk.ask("audience", "save", "all", by="li") and desk.ask("audience", "count", "all", by="li")
    assert count["reachable"] == 1, "everybody but the last has left the paper"
    shown = desk.ask("optouts", "show", number_of(0), "--purpose", "本人查询", by="zhao")
    assert (shown["left"], shown["events"][0]["note"]) == (["all"], NOTE)
    assert desk.ask("optin", number_of(0), "--evidence", "王小明来电恢复", by="zhao")["effective"] is True
    assert desk.ask("optouts", "show", number_of(0), "--purpose", "本人查询", by="zhao")["left"] == []
    assert desk.ask("audience", "count", "all", by="li")["reachable"] == 2


def test_writing_the_list_asks_and_only_its_owner_reads_it(desk: CommandLine, tmp_path: Path) -> None:
    desk.ask("optout", number_of(0), "--reason", "太多", by="zhao")
    path = tmp_path / "out.csv"
    command = ("optouts", "export", path, "--purpose", "交运营商")
    assert desk.ask(*command, by="zhao", code=4)["error"]["hint"] == "Add --yes to go ahead."
    assert desk.ask(*command, "--yes", by="sun", code=4)["error"]["code"] == "no_right"
    assert not path.exists()
    assert desk.ask(*command, "--yes", by="zhao") == {"file": str(path), "rows": 1, "known": 1, "masked": False}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    desk.ask("audit", "verify", by="sun")


def test_consent_from_wording_to_basis(desk: CommandLine, tmp_path: Path) -> None:
    wording = tmp_path / "wording.txt"
    wording.write_text(WORDING, "utf-8")
    assert desk.ask("consent", "wording", "add", wording, by="sun") == {"version": 1, "text": WORDING}
    said = ("--wording", 1, "--channel", "form", "--proof", "第三册第12页")
    found = desk.ask("consent", "record", number_of(0), *said, "--on", "2026-01-05", by="zhao")
    assert (found["kind"], found["counts"], found["at"][:10]) == ("given", True, "2026-01-05")
    names = tmp_path / "signed.csv"
    names.write_text("姓名;手机\n成员1;" + number_of(1) + "\n成员2;138\n", "gb18030")
    assert desk.ask("consent", "import", names, *said, by="zhao", code=6)["added"] == 1
    with settings_changed(desk.directory, "[privacy]\nrequire_consent = true"):
        desk.ask("audience", "save", "all", by="li")
        assert desk.ask("audience", "count", "all", by="li")["reachable"] == 2
        desk.ask("consent", "withdraw", number_of(1), by="zhao")
        assert desk.ask("audience", "count", "all", by="li")["reachable"] == 1
    assert desk.ask("consent", "list", by="zhao")["consents"] == [
        {"kind": "given", "wording": 1, "channel": "form", "numbers": 1},
        {"kind": "withdrawn", "wording": None, "channel": "desk", "numbers": 1},
    ]
    assert desk.ask("consent", "record", number_of(0), *said, "--on", "20260105", by="zhao", code=2)["error"]
    assert desk.ask("consent", "record", number_of(0), *said, by="li", code=4)["error"]["code"] == "no_right"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_tables_show_neither_number_nor_more_than_was_asked(desk: CommandLine, language: str) -> None:
    desk.type("optout", number_of(0), "--reason", NOTE, by="zhao", language=language)
    desk.type("sandbox", "reply", number_of(1), "不退订", by="zhao", language=language)
    desk.type("consent", "wording", "add", WORDING, by="zhao", language=language)
    for words in (
        ("replies", "list", "--all"), ("consent", "list"), ("consent", "wording", "list"),
        ("optin", number_of(0), "--evidence", "来电"), ("optouts", "show", number_of(0), "--purpose", "查询"),
    ):  # fmt: skip
        answer = desk.type(*words, by="zhao", language=language)
        assert number_of(0) not in answer.out + answer.err
        assert number_of(1) not in answer.out + answer.err


def test_nothing_of_it_stands_in_the_files_in_plain(desk: CommandLine, tmp_path: Path) -> None:
    """Database, its log, the sandbox: no number, no name, no word of what was said."""
    desk.ask("optout", number_of(0), "--reason", NOTE, by="zhao")
    desk.ask("sandbox", "reply", number_of(1), "别发了,我是王小明", by="zhao")
    desk.ask("replies", "list", by="zhao")
    desk.ask("replies", "handle", 1, "--as", "out", "--reason", "王小明说太多", by="zhao")
    desk.ask("optin", number_of(0), "--evidence", "王小明来电", by="zhao")
    desk.ask("consent", "wording", "add", WORDING, by="zhao")
    said = ("--wording", 1, "--channel", "form", "--proof", "王小明的表格")
    desk.ask("consent", "record", number_of(2), *said, by="zhao")
    desk.ask("optouts", "show", number_of(0), "--purpose", "本人查询", by="zhao")
    files = [path for path in desk.directory.rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" for path in files)
    for path in files:
        content = path.read_bytes()
        for secret in ("王小明", "太吵", *(number_of(place) for place in range(3))):
            assert secret.encode() not in content, (path.name, secret)
