"""Public keys as people hand them over: read from a file or typed, and shortened to be compared by telephone."""

import hashlib
import re
from pathlib import Path
from typing import ClassVar, Final

from newsletter.errors import InputError
from newsletter.text_files import read_bytes
from newsletter.translation import gettext as _

#: What people put between the digits when they read or type them.
_BETWEEN: Final = re.compile(r"[\s:-]")
_PUBLIC_KEY: Final = re.compile(r"[0-9a-f]{64}")
#: A public key in PEM takes 113 bytes; a file much larger is another one.
_LARGEST_FILE: Final = 10_000
#: Hexadecimal digits of a fingerprint, 80 bits: nobody finds a second key with the same ones.
_FINGERPRINT_DIGITS: Final = 20
_GROUP: Final = 4


class PublicKeyError(InputError):
    """What was given is no public key."""

    code: ClassVar[str] = "public_key"


def fingerprint(public_key: str) -> str:
    """Twenty digits in groups of four, of the SHA-256 of the key: short enough to be read out."""
    digits = hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:_FINGERPRINT_DIGITS]
    return " ".join(digits[start : start + _GROUP] for start in range(0, _FINGERPRINT_DIGITS, _GROUP))


def read_public_key(word: str) -> str:
    """A public key by its 64 digits, or by the file that holds them or a PEM public key; 64 digits, lower case.

    Raises:
        PublicKeyError: neither, or a file of another kind.
        InputError, OutsideError: the file cannot be read.
    """
    if typed := _digits_of(word):
        return typed
    path = Path(word)
    if not path.exists():
        raise PublicKeyError(
            _("{word} is neither a public key of 64 hexadecimal digits nor a file.").format(word=word[:80]),
            hint=_("Its owner prints it: newsletter staff key show NAME"),
        )
    data = read_bytes(path, most=_LARGEST_FILE)
    if b"PRIVATE KEY" in data:
        raise PublicKeyError(
            _("{path} is a private key: it must never leave the machine of its owner.").format(path=path),
            hint=_("Ask for the public key: newsletter staff key show NAME"),
        )
    found = _read_pem(data) if b"-----BEGIN" in data else _digits_of(data.decode("utf-8-sig", errors="replace"))
    if not found:
        raise PublicKeyError(
            _("{path} holds no Ed25519 public key.").format(path=path),
            hint=_("It holds 64 hexadecimal digits, or a public key in PEM."),
        )
    return found


def read_typed_key(word: str) -> str:
    """A public key as read out over the telephone and typed: spaces, colons and hyphens do not matter.

    Raises:
        PublicKeyError: not 64 hexadecimal digits.
    """
    typed = _digits_of(word)
    if not typed:
        raise PublicKeyError(
            _("{word} is not a public key of 64 hexadecimal digits.").format(word=word[:80]),
            hint=_("An admin reads it out, as newsletter doctor shows it on their machine."),
        )
    return typed


def _digits_of(word: str) -> str:
    digits = _BETWEEN.sub("", word).lower()
    return digits if _PUBLIC_KEY.fullmatch(digits) else ""


def _read_pem(data: bytes) -> str:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        return ""
    return key.public_bytes_raw().hex() if isinstance(key, Ed25519PublicKey) else ""
