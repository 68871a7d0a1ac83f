"""What hides members' numbers and names: the keyed hashes they are matched by, and the ciphers that can rotate.

A ciphertext is: 1 byte version, 12 bytes nonce, AES-256-GCM output (tag included), bound to the newsroom and to the
field and row it belongs to.
"""

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from newsletter.keys.hashing import keyed_hash, write_token
from newsletter.keys.secret_files import MissingKeyError
from newsletter.translation import gettext as _

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

DATA_KEY_FILE: Final = "data.key"
#: What is derived from the first secret and never changes; kept by itself once that secret is dropped.
FIXED_PURPOSES: Final = ("number", "link")
_NONCE_LENGTH: Final = 12
#: Hexadecimal digits that tell one data.key from another.
_FINGERPRINT_LENGTH: Final = 16


class StaleKeyError(MissingKeyError):
    """The newsroom's encryption key was changed since this copy of it was made."""

    code: ClassVar[str] = "stale_key"


class _Ring(NamedTuple):
    """The ciphers of one moment; ``newest`` is the version that encrypts."""

    newest: int
    ciphers: "dict[int, AESGCM]"


@dataclass
class DataKeys:
    """The keys that hide members' numbers and names.

    Attributes:
        newsroom: the newsroom's id; ciphertexts are bound to it.
        secrets: version → 32 random bytes; the highest version encrypts, all decrypt.
        fixed: purpose → key, where the first secret, which they were derived from, is dropped.
        renew: the secrets, if the key file was replaced since it was last read; None if it was not.
    """

    newsroom: str
    secrets: dict[int, bytes] = field(repr=False)
    fixed: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    renew: Callable[[], dict[int, bytes] | None] | None = field(default=None, compare=False, repr=False)
    _used: threading.local = field(default_factory=threading.local, init=False, compare=False, repr=False)
    _ring: _Ring | None = field(default=None, init=False, compare=False, repr=False)

    @cached_property
    def _number_key(self) -> bytes:
        return self.fixed_key("number")

    @cached_property
    def _hash_number(self) -> Callable[[str], str]:
        return keyed_hash(self._number_key, b"")

    @cached_property
    def _hash_name(self) -> Callable[[str], str]:
        return keyed_hash(self._number_key, b"name/")

    @cached_property
    def _hash_link(self) -> Callable[[str], str]:
        return keyed_hash(self.fixed_key("link"), b"")

    @property
    def newest(self) -> int:
        """The version that encrypts."""
        return max(self.secrets)

    @property
    def fingerprint(self) -> str:
        """What tells this newsroom's key, and its newest version, from others; it says nothing of the key."""
        told = self.fixed_key("number") + self._derive(self.newest, "fingerprint")
        return sha256(b"newsletter/fingerprint" + told).hexdigest()[:_FINGERPRINT_LENGTH]

    def fixed_key(self, purpose: str) -> bytes:
        """One of the keys that never change."""
        return self.fixed[purpose] if purpose in self.fixed else self._derive(1, purpose)

    def _derive(self, version: int, purpose: str) -> bytes:
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        info = f"newsletter/{purpose}".encode()
        return HKDF(SHA256(), 32, salt=self.newsroom.encode(), info=info).derive(self.secrets[version])

    def _ciphers(self) -> _Ring:
        """The ring as the file has it now: who holds the keys for long must not go on with an old one."""
        ring, renewed = self._ring, self.renew() if self.renew else None
        if renewed is not None:
            self.secrets, ring = renewed, None
        if ring is None:
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM

            ciphers = {version: AESGCM(self._derive(version, "encryption")) for version in self.secrets}
            ring = self._ring = _Ring(self.newest, ciphers)
        return ring

    def number_key(self, number: str) -> str:
        """The keyed hash by which a number (E.164) is matched and by which it survives erasure."""
        return self._hash_number(number)

    def name_key(self, name: str) -> str:
        """The keyed hash by which two entries on one number are told apart; empty for no name."""
        return self._hash_name(name) if name else ""

    def link_token(self, edition_id: int, number_key: str) -> str:
        """What one recipient's opt-out link in one edition ends with: ``LINK_TOKEN_LENGTH`` of ``LINK_ALPHABET``."""
        return write_token(self._hash_link(f"{edition_id}/{number_key}"))

    def encrypt(self, text: str, context: str) -> bytes:
        """Encrypt ``text`` for one place: ``context`` names the field and row it belongs to."""
        return self.encrypt_many((text,), (context,))[0]

    def encrypt_many(self, texts: Sequence[str], contexts: Sequence[str]) -> list[bytes]:
        """Encrypt each text for its own context, as ``encrypt`` does; quicker for hundreds and more."""
        newest, ciphers = self._ciphers()
        version, cipher, prefix = bytes((newest,)), ciphers[newest], f"{self.newsroom}/"
        noise = os.urandom(_NONCE_LENGTH * len(texts))
        nonces = [noise[start : start + _NONCE_LENGTH] for start in range(0, len(noise), _NONCE_LENGTH)]
        self._used.oldest = min(getattr(self._used, "oldest", newest), newest)
        return [
            version + nonce + cipher.encrypt(nonce, text.encode(), (prefix + context).encode())
            for nonce, text, context in zip(nonces, texts, contexts, strict=True)
        ]

    def take_used(self) -> int | None:
        """The oldest version this thread encrypted with since it was last asked; None: nothing was encrypted."""
        oldest: int | None = self._used.__dict__.pop("oldest", None)
        return oldest

    def decrypt(self, ciphertext: bytes, context: str) -> str:
        """Decrypt what ``encrypt`` made with the same ``context``.

        Raises:
            MissingKeyError: this key did not make it, or it was altered or moved from its row.
            StaleKeyError: it was made with a version that is not, or no more, in this key.
        """
        from cryptography.exceptions import InvalidTag

        start = 1 + _NONCE_LENGTH
        associated = f"{self.newsroom}/{context}".encode()
        try:
            cipher = self._cipher_of(ciphertext[0])
            return cipher.decrypt(bytes(ciphertext[1:start]), bytes(ciphertext[start:]), associated).decode()
        except (InvalidTag, IndexError, ValueError) as error:
            message = _("A member's entry cannot be decrypted: {file} is not the key that made it, or it was altered.")
            hint = _("Restore the newsroom's data.key from its backup.")
            raise MissingKeyError(message.format(file=DATA_KEY_FILE), hint=hint) from error

    def _cipher_of(self, version: int) -> "AESGCM":
        ring = self._ring
        if ring is None or version not in ring.ciphers:
            ring = self._ciphers()
        if version in ring.ciphers:
            return ring.ciphers[version]
        if version > ring.newest:
            message = _("A member's entry was encrypted with a newer key than this machine's {file}.")
            hint = _("Copy data.key from the machine where `newsletter keys rotate` was run.")
        else:
            message = _("A member's entry was encrypted with an earlier key, which {file} no longer holds.")
            hint = _("A database restored from a backup needs the data.key of that time: restore that too.")
        raise StaleKeyError(message.format(file=DATA_KEY_FILE), hint=hint)
