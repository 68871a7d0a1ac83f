"""Staff keys by command line: a newcomer's own machine, a lost key, a backup; and everything that can be wrong."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.journal.chain import read_journal
from newsletter.journal.staff_keys import create_staff_key, load_staff_key, public_half
from newsletter.journal.statements import Verb, append_statement
from newsletter.newsroom import Newsroom
from tests.command_line import CommandLine

Elsewhere = Callable[[], Path]


@pytest.fixture
def admin_key(newsroom: Newsroom) -> str:
    return newsroom.settings.trust.admin_key


@pytest.fixture
def keys(newsroom: Newsroom) -> Path:
    return newsroom.keys_directory


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, newsroom: Newsroom) -> Elsewhere:
    """Goes to another machine, which reaches the newsroom and has no keys; its keys directory."""

    def go() -> Path:
        monkeypatch.setenv("NEWSLETTER_KEYS_DIR", str(tmp_path / "elsewhere"))
        return tmp_path / "elsewhere" / newsroom.id

    return go


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Back to the machine with everybody's keys."""
    return lambda: monkeypatch.setenv("NEWSLETTER_KEYS_DIR", str(tmp_path / "keys"))


def error_of(shell: CommandLine, *words: object, by: str, code: int) -> str:
    """The code of the refusal, which is one line and a hint for people."""
    answer = shell.type(*words, by=by, code=code)
    assert answer.err.startswith("Error: ")
    assert len(answer.err.splitlines()) <= 2
    assert answer.out == ""
    return str(shell.ask(*words, by=by, code=code)["error"]["code"])


def test_a_newcomer_enrols_on_their_own_machine(
    shell: CommandLine, admin_key: str, keys: Path, elsewhere: Elsewhere, at_home: Callable[[], None]
) -> None:
    there = elsewhere()
    told = " ".join(admin_key[start : start + 4] for start in range(0, 64, 4)).upper()
    made = shell.ask("staff", "enrol", "qian", "--admin-key", told, "--no-passphrase", by="qian")
    assert (made["state"], made["passphrase"]) == ("not_enrolled", False)
    assert made["admin_types"] == f"newsletter staff add qian --role ROLE --public-key {made['public_key']}"
    assert [place.stat().st_mode & 0o777 for place in (there, there / "staff", there / "staff/qian.key")] == [
        0o700,
        0o700,
        0o600,
    ]
    assert shell.ask("status", by="qian", code=4)["error"]["code"] == "no_right"
    at_home()
    added = shell.ask("staff", "add", "qian", "--role", "editor", "--public-key", made["public_key"], by="sun")
    assert added["public_key"] == made["public_key"]
    assert not (keys / "staff" / "qian.key").exists()
    assert shell.ask("staff", "key", "show", "qian", by="sun")["state"] == "elsewhere"
    assert shell.ask("staff", "grant", "qian", "--role", "analyst", by="qian", code=5)["error"]["code"] == "missing_key"
    elsewhere()
    again = shell.ask("staff", "enrol", "qian", "--admin-key", admin_key, by="qian")
    assert (again["state"], again["admin_types"], again["public_key"]) == ("current", None, made["public_key"])
    shell.ask("audience", "save", "mine", "--mobile", by="qian")


def test_a_newcomer_who_was_told_another_key_stops(
    shell: CommandLine, admin_key: str, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = elsewhere()
    monkeypatch.setenv("NEWSLETTER_PASSPHRASE", "暗号")
    other = ("0" if admin_key[0] != "0" else "1") + admin_key[1:]
    assert error_of(shell, "staff", "enrol", "qian", "--admin-key", other, by="qian", code=4) == "forged_trust"
    assert error_of(shell, "staff", "enrol", "qian", "--admin-key", admin_key[:-1], by="qian", code=2) == "public_key"
    assert not there.exists()


def test_a_newcomer_notices_a_database_that_does_not_begin_with_that_admin(
    shell: CommandLine, newsroom_directory: Path, elsewhere: Elsewhere
) -> None:
    """Settings and told key agree; the journal is another admin's."""
    there = elsewhere()
    path = newsroom_directory / "newsletter.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(text.split('admin_key = "')[1][:64], "5" * 64), encoding="utf-8")
    words = ("staff", "enrol", "qian", "--admin-key", "5" * 64, "--no-passphrase")
    assert error_of(shell, *words, by="qian", code=4) == "journal_broken"
    assert not there.exists()


def test_without_a_passphrase_a_newcomer_says_so(shell: CommandLine, admin_key: str, elsewhere: Elsewhere) -> None:
    there = elsewhere()
    for words in (("staff", "enrol", "qian", "--admin-key", admin_key), ("staff", "key", "new", "qian")):
        assert error_of(shell, *words, by="qian", code=4) == "passphrase_wanted"
    assert not there.exists()


def test_a_key_lies_in_one_persons_hand_only(shell: CommandLine) -> None:
    key = shell.ask("staff", "key", "show", "li", by="sun")["public_key"]
    for words in (
        ("staff", "add", "qian", "--role", "editor", "--public-key", key),
        ("staff", "key", "rotate", "wang", "--public-key", key, "--yes"),
        ("staff", "key", "rotate", "li", "--public-key", key, "--yes"),
    ):
        assert error_of(shell, *words, by="sun", code=4) == "key_in_use"


def test_a_former_key_comes_back_to_nobody(shell: CommandLine) -> None:
    key = shell.ask("staff", "key", "show", "li", by="li")["public_key"]
    shell.ask("staff", "key", "rotate", "--yes", by="li")
    assert error_of(shell, "staff", "key", "rotate", "--public-key", key, "--yes", by="li", code=4) == "key_in_use"
    assert (
        error_of(shell, "staff", "add", "q", "--role", "editor", "--public-key", key, by="sun", code=4) == "key_in_use"
    )


@pytest.mark.parametrize("given", ["abc", "no-such-file.pub", "f" * 63])
def test_a_malformed_public_key_changes_nothing(shell: CommandLine, newsroom: Newsroom, given: str) -> None:
    with newsroom.reading() as session:
        before = len(read_journal(session, newsroom))
    for words in (("staff", "add", "qian", "--role", "editor"), ("staff", "key", "rotate", "li", "--yes")):
        assert error_of(shell, *words, "--public-key", given, by="sun", code=2) == "public_key"
    with newsroom.reading() as session:
        assert len(read_journal(session, newsroom)) == before


def test_a_private_key_is_not_taken_for_a_public_one(shell: CommandLine, keys: Path) -> None:
    words = ("staff", "add", "qian", "--role", "editor", "--public-key", keys / "staff" / "li.key")
    assert error_of(shell, *words, by="sun", code=2) == "public_key"


@pytest.mark.parametrize("flag", ["--passphrase", "--no-passphrase"])
def test_a_key_made_elsewhere_got_its_passphrase_there(shell: CommandLine, flag: str) -> None:
    words = ("staff", "add", "qian", "--role", "editor", "--public-key", "1" * 64, flag)
    assert error_of(shell, *words, by="sun", code=2) == "bad_input"


def test_a_passphrase_asked_for_is_not_left_out(shell: CommandLine, keys: Path) -> None:
    """Nobody can be asked here, and ``--passphrase`` was said."""
    before = (keys / "staff" / "li.key").read_bytes()
    for words in (("staff", "add", "qian", "--role", "editor"), ("staff", "key", "rotate", "--yes")):
        by = "sun" if "add" in words else "li"
        assert error_of(shell, *words, "--passphrase", by=by, code=4) == "passphrase_wanted"
    assert (keys / "staff" / "li.key").read_bytes() == before
    assert not (keys / "staff" / "qian.key").exists()


def test_a_reviewers_new_key_wants_a_passphrase_too(
    shell: CommandLine, monkeypatch: pytest.MonkeyPatch, newsroom: Newsroom
) -> None:
    assert error_of(shell, "staff", "key", "rotate", "--yes", by="wang", code=4) == "passphrase_wanted"
    shell.ask("staff", "key", "rotate", "--yes", "--no-passphrase", by="wang")
    with newsroom.reading() as session:
        assert read_journal(session, newsroom)[-1].details["passphrase"] is False
    monkeypatch.setenv("NEWSLETTER_PASSPHRASE", "暗号")
    shell.ask("staff", "key", "rotate", "--yes", by="wang")
    assert shell.ask("staff", "key", "show", by="wang")["passphrase"] is True
    monkeypatch.delenv("NEWSLETTER_PASSPHRASE")
    assert shell.ask("staff", "key", "show", by="wang")["state"] == "current", "seen without the passphrase"
    assert error_of(shell, "staff", "key", "rotate", "--yes", by="wang", code=4) == "passphrase_wanted"


def test_rotating_asks_first(shell: CommandLine, keys: Path) -> None:
    before = (keys / "staff" / "li.key").read_bytes()
    assert error_of(shell, "staff", "key", "rotate", by="li", code=4) == "refused"
    assert (keys / "staff" / "li.key").read_bytes() == before


def test_anothers_key_is_not_replaced_by_one_made_here(shell: CommandLine) -> None:
    assert error_of(shell, "staff", "key", "rotate", "li", "--yes", by="sun", code=4) == "not_your_key"


def test_a_lost_key_is_replaced_by_an_admin(shell: CommandLine, keys: Path, newsroom: Newsroom) -> None:
    lost = (keys / "staff" / "wang.key").read_bytes()
    (keys / "staff" / "wang.key").unlink()
    assert error_of(shell, "staff", "key", "rotate", "--yes", by="wang", code=5) == "missing_key"
    made = shell.ask("staff", "key", "new", "wang", "--no-passphrase", by="wang")
    assert made["state"] == "other"
    assert made["admin_types"] == f"newsletter staff key rotate wang --public-key {made['public_key']}"
    for by in ("li", "wang"):
        words = ("staff", "key", "rotate", "wang", "--public-key", made["public_key"], "--yes")
        shell.ask(*words, by=by, code=5 if by == "wang" else 4)
    shell.ask("staff", "key", "rotate", "wang", "--public-key", made["public_key"], "--yes", by="sun")
    assert shell.ask("staff", "key", "show", by="wang")["state"] == "current"
    assert {held["role"] for held in _person(shell, "wang")["roles"]} == {"reviewer"}
    (keys / "staff" / "wang.key").write_bytes(lost)
    assert error_of(shell, "staff", "key", "rotate", "--no-passphrase", "--yes", by="wang", code=5) == "wrong_key"
    with newsroom.reading() as session:
        word = read_journal(session, newsroom)[-1]
    assert (word.person, word.role, word.unit) == ("sun", "admin", "root")


def _person(shell: CommandLine, name: str) -> dict[str, list[dict[str, str]]]:
    (found,) = [person for person in shell.ask("staff", "list", by="sun")["staff"] if person["name"] == name]
    return dict(found)


def test_a_towns_admin_replaces_nobodys_key(shell: CommandLine) -> None:
    """Whoever holds a person's key has every role that person will ever be given."""
    shell.ask("staff", "add", "qian", "--role", "admin", "--unit", "banjing", by="sun")
    shell.ask("staff", "add", "feng", "--role", "editor", "--unit", "banjing", by="qian")
    for person, code in (("qian", 4), ("sun", 0)):
        words = ("staff", "key", "rotate", "feng", "--public-key", "4".ljust(64, "7"), "--yes")
        shell.ask(*words, by=person, code=code)


def test_another_key_in_a_deputys_place_is_a_broken_journal(newsroom: Newsroom, shell: CommandLine) -> None:
    """A town's admin who writes the statement into the database all the same."""
    shell.ask("staff", "add", "qian", "--role", "admin", "--unit", "banjing", by="sun")
    theirs = newsroom.acting_as("qian")
    with theirs.writing() as session:
        append_statement(
            session,
            theirs,
            verb=Verb.ROTATE,
            subject="staff:wang",
            role="admin",
            unit="banjing",
            details={"person": "wang", "public_key": "4".ljust(64, "7"), "passphrase": None},
        )
        session.commit()
    assert shell.ask("audit", "verify", by="sun", code=4)["problems"][0]["code"] == "journal_broken"


def test_a_key_comes_back_from_its_backup(shell: CommandLine, keys: Path, tmp_path: Path) -> None:
    backup = tmp_path / "li.backup"
    shutil.copy(keys / "staff" / "li.key", backup)
    backup.chmod(0o644)
    (keys / "staff" / "li.key").unlink()
    assert error_of(shell, "audience", "save", "x", "--mobile", by="li", code=5) == "missing_key"
    assert shell.ask("staff", "key", "import", "li", backup, by="sun")["state"] == "current"
    assert (keys / "staff" / "li.key").stat().st_mode & 0o777 == 0o600
    shell.ask("audience", "save", "x", "--mobile", by="li")
    before = (keys / "staff" / "li.key").read_bytes()
    shell.ask("staff", "key", "import", "li", backup, by="sun")
    assert (keys / "staff" / "li.key").read_bytes() == before


def test_an_encrypted_backup_is_opened_to_be_looked_at_and_stays_encrypted(
    shell: CommandLine, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_PASSPHRASE", "暗号")
    shell.ask("staff", "key", "rotate", "--passphrase", "--yes", by="li")
    backup = (keys / "staff" / "li.key").rename(tmp_path / "li.backup")
    # As other programs write it: nothing before the PEM.
    backup.write_bytes(backup.read_bytes().partition(b"\n")[2])
    monkeypatch.setenv("NEWSLETTER_PASSPHRASE", "错的")
    assert error_of(shell, "staff", "key", "import", "li", backup, by="sun", code=5) == "passphrase"
    monkeypatch.delenv("NEWSLETTER_PASSPHRASE")
    assert error_of(shell, "staff", "key", "import", "li", backup, by="sun", code=5) == "outside"
    assert not (keys / "staff" / "li.key").exists()
    monkeypatch.setenv("NEWSLETTER_PASSPHRASE", "暗号")
    shell.ask("staff", "key", "import", "li", backup, by="sun")
    assert b"ENCRYPTED" in (keys / "staff" / "li.key").read_bytes()
    shell.ask("audience", "save", "x", "--mobile", by="li")


def test_only_the_right_key_is_brought_here_and_none_is_written_over(
    shell: CommandLine, keys: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    create_staff_key(other, "x", None)
    before = (keys / "staff" / "li.key").read_bytes()
    assert error_of(shell, "staff", "key", "import", "li", other / "staff/x.key", by="sun", code=5) == "wrong_key"
    shell.ask("staff", "key", "import", "qian", other / "staff/x.key", by="sun")
    create_staff_key(other, "y", None)
    for source in (other / "staff/y.key", keys / "staff" / "li.key"):
        assert error_of(shell, "staff", "key", "import", "qian", source, by="sun", code=4) == "key_exists"
    (keys / "staff" / "wang.key").write_bytes(b"damaged")
    shutil.copy(keys / "staff" / "zhao.key", tmp_path / "zhao.key")
    assert error_of(shell, "staff", "key", "import", "wang", tmp_path / "zhao.key", by="sun", code=5) == "wrong_key"
    assert (keys / "staff" / "li.key").read_bytes() == before
    assert (keys / "staff" / "wang.key").read_bytes() == b"damaged"


@pytest.mark.parametrize(
    "content",
    [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", b"\x00" * 20_000, None],
)
def test_a_file_that_is_no_key_is_not_brought_here(
    shell: CommandLine, keys: Path, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "li.backup"
    if content is not None:
        path.write_bytes(content)
    assert error_of(shell, "staff", "key", "import", "qian", path, by="sun", code=2) in {"key_file", "bad_input"}
    assert not (keys / "staff" / "qian.key").exists()


@pytest.mark.parametrize("name", ["../li", "a b", "", "x" * 41])
def test_a_name_that_leaves_the_directory_is_none(shell: CommandLine, keys: Path, name: str) -> None:
    for words in (("new", name, "--no-passphrase"), ("import", name, keys / "staff" / "li.key")):
        assert error_of(shell, "staff", "key", *words, by="sun", code=2) == "bad_input"


def test_a_key_made_here_waits_for_its_admin(shell: CommandLine) -> None:
    made = shell.ask("staff", "key", "new", "qian", "--no-passphrase", by="sun")
    assert error_of(shell, "staff", "key", "new", "qian", "--no-passphrase", by="sun", code=4) == "key_exists"
    assert error_of(shell, "staff", "add", "qian", "--role", "editor", by="sun", code=4) == "key_exists"
    shell.ask("staff", "add", "qian", "--role", "editor", "--public-key", made["public_key"], by="sun")
    assert shell.ask("staff", "key", "show", by="qian")["state"] == "current"
    shell.ask("audience", "save", "x", "--mobile", by="qian")


def test_nobodys_key_is_shown(shell: CommandLine) -> None:
    assert error_of(shell, "staff", "key", "show", "qian", by="sun", code=3) == "unknown_staff"


def test_what_is_shown_is_the_key_that_signs(shell: CommandLine, newsroom: Newsroom) -> None:
    shown = shell.ask("staff", "key", "show", by="li")
    assert shown["public_key"] == shown["journal_key"] == public_half(load_staff_key(newsroom, "li"))
    out = shell.type("staff", "key", "show", by="li").out
    assert shown["fingerprint"] in out
    assert "the journal knows this key" in out
    assert "li.key, without a passphrase" in out


def test_doctor_tells_of_keys_that_are_not_as_they_should_be(shell: CommandLine, keys: Path) -> None:
    (keys / "staff" / "ma.key").unlink()
    create_staff_key(keys, "ma", None)
    shell.ask("staff", "retire", "chen", "--yes", by="sun")
    said = " ".join(check["message"] for check in shell.ask("doctor", by="sun")["checks"] if not check["is_well"])
    assert "The key of ma on this machine is not the one they were enrolled with." in said
    assert "chen has left, and their key still lies here." in said
    assert "The key of wang, who approves or signs, has no passphrase." in said
    assert "The key of li" not in said


def test_doctor_on_a_machine_that_knows_no_admin_says_what_to_do(shell: CommandLine, elsewhere: Elsewhere) -> None:
    elsewhere()
    checks = {check["name"]: check for check in shell.ask("doctor", by="qian", code=5)["checks"]}
    assert "newsletter staff enrol NAME --admin-key HEX" in checks["first admin"]["hint"]
