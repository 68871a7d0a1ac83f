"""The newsroom's data key: private on disk, bound to its newsroom; what it hides can be neither altered nor moved."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import OutsideError
from newsletter.keys import (
    NUMBER_KEY_LENGTH,
    DataKeys,
    MissingKeyError,
    create_data_keys,
    load_data_keys,
    read_secret_file,
)

NEWSROOM = "00000000deadbeef"
KEYS = DataKeys(NEWSROOM, {1: bytes(32)})


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    create_data_keys(tmp_path / "keys", NEWSROOM)
    return tmp_path / "keys"


def test_a_new_key_lies_where_only_its_owner_reads(directory: Path) -> None:
    assert directory.stat().st_mode & 0o777 == 0o700
    assert (directory / "data.key").stat().st_mode & 0o777 == 0o600


def test_a_key_is_never_written_over(directory: Path) -> None:
    before = load_data_keys(directory, NEWSROOM)
    with pytest.raises(OutsideError, match="File exists"):
        create_data_keys(directory, NEWSROOM)
    assert load_data_keys(directory, NEWSROOM) == before


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o602])
def test_a_file_open_to_others_is_refused_with_the_line_that_mends_it(directory: Path, mode: int) -> None:
    path = directory / "data.key"
    path.chmod(mode)
    with pytest.raises(MissingKeyError, match="open to others") as refusal:
        load_data_keys(directory, NEWSROOM)
    assert refusal.value.hint == f"Run: chmod 600 {path}"


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o701])
def test_a_directory_open_to_others_is_refused_too(directory: Path, mode: int) -> None:
    directory.chmod(mode)
    with pytest.raises(MissingKeyError, match="open to others") as refusal:
        load_data_keys(directory, NEWSROOM)
    assert refusal.value.hint == f"Run: chmod 700 {directory}"


def test_a_missing_key_says_where_it_belongs(tmp_path: Path) -> None:
    with pytest.raises(MissingKeyError, match=r"data\.key is missing") as refusal:
        load_data_keys(tmp_path, NEWSROOM)
    assert "NEWSLETTER_KEYS_DIR" in refusal.value.hint


def test_a_directory_in_the_keys_place_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "data.key").mkdir(mode=0o700)
    with pytest.raises(MissingKeyError, match="Is a directory"):
        read_secret_file(tmp_path / "data.key")


def test_another_newsrooms_key_is_told(directory: Path) -> None:
    with pytest.raises(MissingKeyError, match="another newsroom"):
        load_data_keys(directory, "f" * 16)


@pytest.mark.parametrize("length", [0, 1, 20, 60, -3])
def test_a_truncated_key_is_told(directory: Path, length: int) -> None:
    path = directory / "data.key"
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(MissingKeyError, match="not a key file"):
        load_data_keys(directory, NEWSROOM)


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"secrets": {}},
        {"secrets": {"2": "A" * 43 + "="}},
        {"secrets": {"1": "AAAA"}},
        {"secrets": {"1": "A" * 43 + "=", "256": "A" * 43 + "="}},
        {"secrets": {"one": "A" * 43 + "="}},
        {"secrets": []},
        {"secrets": {"1": 7}},
        {"newsroom": None, "secrets": None},
    ],
)
def test_a_key_file_with_other_content_is_told(directory: Path, change: dict[str, object]) -> None:
    path = directory / "data.key"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(MissingKeyError, match="not a key file"):
        load_data_keys(directory, NEWSROOM)


@given(st.text(), st.text())
def test_what_is_hidden_comes_back_in_its_own_place_only(text: str, elsewhere: str) -> None:
    hidden = KEYS.encrypt(text, "subscriber/number/1")
    assert KEYS.decrypt(hidden, "subscriber/number/1") == text
    if elsewhere != "subscriber/number/1":
        with pytest.raises(MissingKeyError, match="cannot be decrypted"):
            KEYS.decrypt(hidden, elsewhere)


@given(st.integers(0, 40), st.integers(1, 255))
def test_a_flipped_bit_anywhere_shows(place: int, mask: int) -> None:
    hidden = bytearray(KEYS.encrypt("+8613900000000", "here"))
    hidden[place % len(hidden)] ^= mask
    with pytest.raises(MissingKeyError):
        KEYS.decrypt(bytes(hidden), "here")


@pytest.mark.parametrize("length", range(30))
def test_a_cut_ciphertext_shows(length: int) -> None:
    hidden = KEYS.encrypt("+8613900000000", "here")
    with pytest.raises(MissingKeyError):
        KEYS.decrypt(hidden[:length], "here")


def test_another_newsroom_cannot_read_it_with_the_same_secret() -> None:
    with pytest.raises(MissingKeyError):
        DataKeys("f" * 16, KEYS.secrets).decrypt(KEYS.encrypt("张三", "here"), "here")


def test_rotated_keys_read_what_was_hidden_before_and_match_the_same_numbers() -> None:
    rotated = DataKeys(NEWSROOM, {1: bytes(32), 2: b"\x01" * 32})
    assert rotated.decrypt(KEYS.encrypt("张三", "here"), "here") == "张三"
    assert rotated.encrypt("张三", "here")[0] == 2
    assert rotated.number_key("+8613900000000") == KEYS.number_key("+8613900000000")


def test_hiding_many_is_hiding_each() -> None:
    hidden = KEYS.encrypt_many(["甲", "乙"], ["a", "b"])
    assert [KEYS.decrypt(one, place) for one, place in zip(hidden, "ab", strict=True)] == ["甲", "乙"]
    assert len({KEYS.encrypt("甲", "a") for _ in range(20)}) == 20, "a nonce was used twice"


def test_number_keys_tell_nothing_and_match_by_number() -> None:
    key = KEYS.number_key("+8613900000000")
    assert len(key) == NUMBER_KEY_LENGTH
    assert key == KEYS.number_key("+8613900000000") != KEYS.number_key("+8613900000001")
    assert key != DataKeys(NEWSROOM, {1: b"\x01" * 32}).number_key("+8613900000000")
    assert KEYS.name_key("") == ""
    assert KEYS.name_key("张三") != KEYS.number_key("张三")
