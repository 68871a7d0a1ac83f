"""The newsroom's secret keys: where they lie, how they are made, and what is derived from them.

``data.key`` holds one random secret per encryption version. HKDF (RFC 5869) derives from the first the key that
matches numbers and the one for link tokens, which never change; from each version its encryption key, so that
encryption can rotate. A ciphertext is: 1 byte version, 12 bytes nonce, AES-256-GCM output (tag included).
"""

import base64
import errno
import json
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from newsletter.errors import OutsideError
from newsletter.translation import gettext as _

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

DATA_KEY_FILE: Final = "data.key"
#: Characters of a number key: 128 bits of HMAC-SHA-256 in hexadecimal; no two of a billion numbers collide in practice.
NUMBER_KEY_LENGTH: Final = 32
_NONCE_LENGTH: Final = 12
_SECRET_LENGTH: Final = 32
#: Bytes SHA-256 takes in at a time, to which HMAC fills its key up.
_HASH_BLOCK: Final = 64
_FORMAT: Final = 1
#: A ciphertext has one byte for its version.
_LAST_VERSION: Final = 255
#: What file systems answer that know no second name of a file (link(2)).
_NO_LINKS: Final = frozenset({errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK})
#: Mode bits that let others than the owner in.
_OTHERS: Final = 0o077


class MissingKeyError(OutsideError):
    """A key file that ought to be there is not, is unreadable, or is not one."""

    code: ClassVar[str] = "missing_key"


@dataclass(frozen=True)
class DataKeys:
    """The keys that hide members' numbers and names.

    Attributes:
        newsroom: the newsroom's id; ciphertexts are bound to it.
        secrets: version → 32 random bytes; the highest version encrypts, all decrypt.
    """

    newsroom: str
    secrets: dict[int, bytes]

    @cached_property
    def _number_key(self) -> bytes:
        return self._derive(1, "number")

    @cached_property
    def _hash_number(self) -> Callable[[str], str]:
        return _keyed_hash(self._number_key, b"")

    @cached_property
    def _hash_name(self) -> Callable[[str], str]:
        return _keyed_hash(self._number_key, b"name/")

    @cached_property
    def _newest(self) -> "tuple[bytes, AESGCM, str]":
        """What encrypting needs: the version's byte, its cipher, and what all contexts begin with."""
        version = max(self.secrets)
        return bytes((version,)), self._ciphers[version], f"{self.newsroom}/"

    @cached_property
    def _ciphers(self) -> "dict[int, AESGCM]":
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return {version: AESGCM(self._derive(version, "encryption")) for version in self.secrets}

    def _derive(self, version: int, purpose: str) -> bytes:
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        info = f"newsletter/{purpose}".encode()
        return HKDF(SHA256(), 32, salt=self.newsroom.encode(), info=info).derive(self.secrets[version])

    def number_key(self, number: str) -> str:
        """The keyed hash by which a number (E.164) is matched and by which it survives erasure."""
        return self._hash_number(number)

    def name_key(self, name: str) -> str:
        """The keyed hash by which two entries on one number are told apart; empty for no name."""
        return self._hash_name(name) if name else ""

    def encrypt(self, text: str, context: str) -> bytes:
        """Encrypt ``text`` for one place: ``context`` names the field and row it belongs to."""
        version, cipher, prefix = self._newest
        nonce = os.urandom(_NONCE_LENGTH)
        return version + nonce + cipher.encrypt(nonce, text.encode(), (prefix + context).encode())

    def encrypt_many(self, texts: Sequence[str], contexts: Sequence[str]) -> list[bytes]:
        """Encrypt each text for its own context, as ``encrypt`` does; quicker for hundreds and more."""
        version, cipher, prefix = self._newest
        noise = os.urandom(_NONCE_LENGTH * len(texts))
        nonces = [noise[start : start + _NONCE_LENGTH] for start in range(0, len(noise), _NONCE_LENGTH)]
        return [
            version + nonce + cipher.encrypt(nonce, text.encode(), (prefix + context).encode())
            for nonce, text, context in zip(nonces, texts, contexts, strict=True)
        ]

    def decrypt(self, ciphertext: bytes, context: str) -> str:
        """Decrypt what ``encrypt`` made with the same ``context``.

        Raises:
            MissingKeyError: this key did not make it, or it was altered or moved from its row.
        """
        from cryptography.exceptions import InvalidTag

        start = 1 + _NONCE_LENGTH
        associated = f"{self.newsroom}/{context}".encode()
        try:
            cipher = self._ciphers[ciphertext[0]]
            return cipher.decrypt(bytes(ciphertext[1:start]), bytes(ciphertext[start:]), associated).decode()
        except (InvalidTag, KeyError, IndexError, ValueError) as error:
            message = _("A member's entry cannot be decrypted: {file} is not the key that made it, or it was altered.")
            hint = _("Restore the newsroom's data.key from its backup.")
            raise MissingKeyError(message.format(file=DATA_KEY_FILE), hint=hint) from error


def _keyed_hash(key: bytes, prefix: bytes) -> Callable[[str], str]:
    """HMAC-SHA-256 (RFC 2104) of ``prefix`` and a text, cut to ``NUMBER_KEY_LENGTH``.

    The key is put into the two hashes once, which takes a third of the time of ``hmac.digest``.
    """
    padded = key.ljust(_HASH_BLOCK, b"\0")
    inside = sha256(bytes(byte ^ 0x36 for byte in padded) + prefix)
    outside = sha256(bytes(byte ^ 0x5C for byte in padded))

    def hash_text(text: str) -> str:
        inner, outer = inside.copy(), outside.copy()
        inner.update(text.encode())
        outer.update(inner.digest())
        return outer.hexdigest()[:NUMBER_KEY_LENGTH]

    return hash_text


def create_data_keys(directory: Path, newsroom: str) -> DataKeys:
    """Draw a new secret and store it at ``directory/data.key``, mode 0600.

    Raises:
        OutsideError: the directory cannot be written, or already holds a key.
    """
    keys = DataKeys(newsroom, {1: secrets.token_bytes(_SECRET_LENGTH)})
    encoded = {str(version): base64.b64encode(secret).decode() for version, secret in keys.secrets.items()}
    document = {"format": _FORMAT, "newsroom": newsroom, "secrets": encoded}
    write_secret_file(directory / DATA_KEY_FILE, json.dumps(document, indent=1).encode() + b"\n")
    return keys


def load_data_keys(directory: Path, newsroom: str) -> DataKeys:
    """Read ``directory/data.key``.

    Raises:
        MissingKeyError: it is absent, unreadable, malformed, or another newsroom's.
    """
    path = directory / DATA_KEY_FILE
    document = read_secret_file(path)
    try:
        content = json.loads(document)
        found = DataKeys(content["newsroom"], {int(k): base64.b64decode(v) for k, v in content["secrets"].items()})
        valid = (
            content["format"] == _FORMAT
            and 1 in found.secrets
            and max(found.secrets) <= _LAST_VERSION
            and all(len(s) == _SECRET_LENGTH for s in found.secrets.values())
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _broken_key(path) from error
    if not valid:
        raise _broken_key(path)
    if found.newsroom != newsroom:
        raise MissingKeyError(
            _("{path} belongs to another newsroom.").format(path=path),
            hint=_("Set NEWSLETTER_KEYS_DIR to the directory that holds this newsroom's keys."),
        )
    return found


def _broken_key(path: Path) -> MissingKeyError:
    return MissingKeyError(
        _("{path} is not a key file.").format(path=path),
        hint=_("Restore the newsroom's data.key from its backup."),
    )


def write_secret_file(path: Path, content: bytes) -> None:
    """Write a new file readable by its owner only, all of it or none; directories are made with mode 0700.

    Raises:
        OutsideError: it exists, or cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        waiting = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
        try:
            _write_new(waiting, content)
            _give_name(waiting, path, content)
        finally:
            waiting.unlink(missing_ok=True)
    except OSError as error:
        raise OutsideError(_("Cannot write {path}: {reason}.").format(path=path, reason=error.strerror)) from error


def _write_new(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _give_name(waiting: Path, path: Path, content: bytes) -> None:
    """Let a written file appear as ``path``, unless there is one: a link, unlike a move, replaces nothing."""
    try:
        os.link(waiting, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _write_new(path, content)


def read_secret_file(path: Path) -> bytes:
    """Read a key file, refusing one that others can reach.

    Raises:
        MissingKeyError: it is absent or unreadable, or its mode or its directory's lets others in.
    """
    hint = _("Restore it from its backup into {directory}, or set NEWSLETTER_KEYS_DIR.").format(directory=path.parent)
    try:
        for place, mode in ((path.parent, "700"), (path, "600")):
            if place.stat().st_mode & _OTHERS:
                raise MissingKeyError(
                    _("{path} is open to others.").format(path=place),
                    hint=_("Run: chmod {mode} {path}").format(mode=mode, path=place),
                )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise MissingKeyError(_("The key {path} is missing.").format(path=path), hint=hint) from error
    except OSError as error:
        message = _("Cannot read {path}: {reason}.").format(path=path, reason=error.strerror)
        raise MissingKeyError(message, hint=hint) from error
