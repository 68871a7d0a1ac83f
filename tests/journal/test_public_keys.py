"""Public keys as people hand them over, and what else they hand over by mistake."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import InputError
from newsletter.journal.public_keys import PublicKeyError, fingerprint, read_public_key, read_typed_key
from newsletter.journal.staff_keys import seal_key

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
HEX = KEY.public_key().public_bytes_raw().hex()


def pem_of(key: Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(
    "content",
    [HEX.encode(), f"  {HEX.upper()}\r\n".encode(), b"\xef\xbb\xbf" + HEX.encode(), pem_of(KEY), b"\n" + pem_of(KEY)],
)
def test_a_file_may_hold_digits_or_pem(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "li.pub"
    path.write_bytes(content)
    assert read_public_key(str(path)) == HEX


@given(st.lists(st.sampled_from(" -:\n"), min_size=63, max_size=63), st.booleans())
def test_how_digits_are_grouped_does_not_matter(between: list[str], upper: bool) -> None:
    typed = "".join(digit + mark for digit, mark in zip(HEX, [*between, ""], strict=True))
    assert read_typed_key(typed.upper() if upper else typed) == HEX


@given(st.text(max_size=70).filter(lambda text: "\0" not in text))
def test_anything_else_typed_is_refused(text: str) -> None:
    with pytest.raises(PublicKeyError):
        read_typed_key(text)


@pytest.mark.parametrize("content", [b"", b"no key", HEX[:-1].encode(), (HEX + "0").encode(), b"\xff" * 40])
def test_a_file_without_a_key_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "li.pub"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"li\.pub"):
        read_public_key(str(path))


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "li.pub"
    path.write_bytes(pem_of(X25519PrivateKey.generate()))
    with pytest.raises(PublicKeyError, match="holds no Ed25519 public key"):
        read_public_key(str(path))


@pytest.mark.parametrize("passphrase", [None, "暗号"])
def test_a_private_key_handed_over_by_mistake_is_told(tmp_path: Path, passphrase: str | None) -> None:
    path = tmp_path / "li.key"
    path.write_bytes(seal_key(KEY, passphrase))
    with pytest.raises(PublicKeyError, match="must never leave the machine of its owner"):
        read_public_key(str(path))


@pytest.mark.parametrize("word", ["abc", HEX[:-1], HEX + "0", "g" * 64])
def test_neither_digits_nor_a_file(word: str) -> None:
    with pytest.raises(PublicKeyError, match="neither a public key of 64 hexadecimal digits nor a file"):
        read_public_key(word)


def test_a_fingerprint_is_short_and_of_one_key() -> None:
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    assert len(fingerprint(HEX).replace(" ", "")) == 20
    assert fingerprint(HEX) == fingerprint(HEX)
    assert fingerprint(HEX) != fingerprint(other)
