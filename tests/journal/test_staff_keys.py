"""Staff keys: made private, opened by the right passphrase only, and good for verifying nobody else's words."""

import errno
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import OutsideError
from newsletter.journal.staff_keys import (
    create_staff_key,
    key_store_id,
    load_staff_key,
    public_half,
    staff_key_path,
    verify_signature,
)
from newsletter.keys import MissingKeyError
from newsletter.newsroom import Newsroom
from tests.command_line import CommandLine


def test_a_key_is_its_owners_only(tmp_path: Path) -> None:
    public = create_staff_key(tmp_path / "keys", "li", None)
    path = staff_key_path(tmp_path / "keys", "li")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert len(bytes.fromhex(public)) == 32


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    create_staff_key(tmp_path, "li", None)
    before = staff_key_path(tmp_path, "li").read_bytes()
    with pytest.raises(OutsideError, match="File exists"):
        create_staff_key(tmp_path, "li", None)
    assert staff_key_path(tmp_path, "li").read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_file_that_is_no_key_is_told(newsroom: Newsroom, content: bytes) -> None:
    staff_key_path(newsroom.keys_directory, "li").write_bytes(content)
    with pytest.raises(MissingKeyError, match=r"li\.key is not a key file"):
        load_staff_key(newsroom, "li")


def test_a_key_of_another_kind_is_told(newsroom: Newsroom) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    other = X25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    staff_key_path(newsroom.keys_directory, "li").write_bytes(other)
    with pytest.raises(MissingKeyError, match=r"li\.key is not a key file"):
        load_staff_key(newsroom, "li")


def test_a_key_store_keeps_its_id(tmp_path: Path) -> None:
    first = key_store_id(tmp_path / "a")
    assert key_store_id(tmp_path / "a") == first
    assert key_store_id(tmp_path / "b") != first


@pytest.mark.parametrize("content", [b"", b"0123456789abcde", b"0123456789abcdef\n", b"0123456789ABCDEF", b"\xff" * 16])
def test_an_id_that_was_never_drawn_is_refused_with_the_mend(tmp_path: Path, content: bytes) -> None:
    key_store_id(tmp_path)
    (tmp_path / "store.id").write_bytes(content)
    with pytest.raises(MissingKeyError, match="is not what the program wrote there") as refused:
        key_store_id(tmp_path)
    assert "move it away" in refused.value.hint
    (tmp_path / "store.id").unlink()
    assert key_store_id(tmp_path) == (tmp_path / "store.id").read_text()


def test_several_who_ask_first_get_one_id(tmp_path: Path) -> None:
    everybody = Barrier(8)
    for place in range(20):
        directory = tmp_path / str(place)

        def ask(_number: int, directory: Path = directory) -> str:
            everybody.wait()
            return key_store_id(directory)

        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(ask, range(8)))) == 1
        assert [path.name for path in directory.iterdir()] == ["store.id"]


def test_a_key_that_cannot_be_written_whole_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("newsletter.keys.secret_files.os.fsync", fill)
        with pytest.raises(OutsideError, match="No space left"):
            create_staff_key(tmp_path, "li", None)
    assert list((tmp_path / "staff").iterdir()) == []
    create_staff_key(tmp_path, "li", None)


def test_a_file_system_without_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_source: Path, _target: Path) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr("newsletter.keys.secret_files.os.link", refuse)
    create_staff_key(tmp_path, "li", None)
    assert [path.name for path in (tmp_path / "staff").iterdir()] == ["li.key"]
    with pytest.raises(OutsideError, match="File exists"):
        create_staff_key(tmp_path, "li", None)


@given(st.text("0123456789abcdefg", max_size=130), st.text("0123456789abcdefg", max_size=70))
def test_nonsense_is_no_signature(signature: str, public_key: str) -> None:
    assert not verify_signature(public_key, signature, b"word")


def test_a_signature_is_of_one_key_over_one_message(newsroom: Newsroom) -> None:
    li, wang = load_staff_key(newsroom, "li"), load_staff_key(newsroom, "wang")
    signature = li.sign(b"word").hex()
    assert verify_signature(public_half(li), signature, b"word")
    assert not verify_signature(public_half(wang), signature, b"word")
    assert not verify_signature(public_half(li), signature, b"words")


@pytest.fixture
def locked(shell: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """A second reviewer, whose key has the passphrase 暗号, and an edition that waits for one."""
    monkeypatch.setenv("NEWSLETTER_PASSPHRASE", "暗号")
    shell.ask("staff", "add", "qian", "--role", "admin", "--passphrase", by="sun")
    monkeypatch.delenv("NEWSLETTER_PASSPHRASE")
    return shell


def test_the_passphrase_opens_the_key(locked: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSLETTER_PASSPHRASE", "暗号")
    locked.ask("staff", "grant", "li", "--role", "reviewer", by="qian")
    roles = {person["name"]: person["roles"] for person in locked.ask("staff", "list", by="li")["staff"]}
    assert {held["role"] for held in roles["li"]} == {"editor", "reviewer"}


@pytest.mark.parametrize(("given_phrase", "code"), [("wrong", "passphrase"), (None, "outside")])
def test_without_the_passphrase_nothing_is_signed(
    locked: CommandLine, monkeypatch: pytest.MonkeyPatch, given_phrase: str | None, code: str
) -> None:
    if given_phrase:
        monkeypatch.setenv("NEWSLETTER_PASSPHRASE", given_phrase)
    error = locked.ask("staff", "grant", "li", "--role", "reviewer", by="qian", code=5)["error"]
    assert error["code"] == code
    assert "qian" in error["message"]
    roles = {person["name"]: person["roles"] for person in locked.ask("staff", "list", by="li")["staff"]}
    assert [held["role"] for held in roles["li"]] == ["editor"]


@pytest.mark.parametrize("role", ["reviewer", "issuer"])
def test_a_gates_key_wants_a_passphrase_or_a_word(shell: CommandLine, newsroom_directory: Path, role: str) -> None:
    error = shell.ask("staff", "add", "qian", "--role", role, by="sun", code=4)["error"]
    assert error["code"] == "passphrase_wanted"
    assert "--no-passphrase" in error["hint"]
    assert "qian" not in shell.type("staff", "list", by="sun").out
    assert not list((newsroom_directory.parent / "keys").rglob("qian.key"))
    shell.ask("staff", "add", "qian", "--role", role, "--no-passphrase", by="sun")


def test_the_environment_answers_when_a_key_is_made(
    shell: CommandLine, newsroom_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_PASSPHRASE", "暗号")
    shell.ask("staff", "add", "qian", "--role", "issuer", by="sun")
    (key,) = (newsroom_directory.parent / "keys").rglob("qian.key")
    assert b"ENCRYPTED" in key.read_bytes()


def test_a_key_without_a_passphrase_is_in_the_journal(newsroom: Newsroom) -> None:
    from sqlmodel import select

    from newsletter.journal.statements import Statement

    with newsroom.reading() as session:
        bodies = [json.loads(found.body) for found in session.exec(select(Statement))]
    assert {body["details"]["person"]: body["details"]["passphrase"] for body in bodies}["wang"] is False
