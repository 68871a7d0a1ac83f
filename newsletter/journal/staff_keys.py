"""Staff keys: each person's Ed25519 key, kept beside the newsroom's data key, with a passphrase where one is wanted."""

import hmac
import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from newsletter.errors import OutsideError, RefusedError
from newsletter.keys import MissingKeyError, read_secret_file, write_secret_file
from newsletter.newsroom import STAFF_KEYS_DIRECTORY, Newsroom
from newsletter.translation import gettext as _

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_STORE_FILE: Final = "store.id"
_STORE_ID: Final = re.compile(rb"[0-9a-f]{16}")
_PUBLIC_LINE: Final = "Public-Key: "
_FIRST_LINE: Final = re.compile(rb"Public-Key: ([0-9a-f]{64})\r?\n")
#: The first admin's public key as this machine learnt it when it got its keys.
_TRUST_FILE: Final = "admin.pub"


class WrongPassphraseError(OutsideError):
    """The passphrase does not open the key."""

    code: ClassVar[str] = "passphrase"


class ForgedTrustError(RefusedError):
    """The settings name another first admin than the one this machine was told of."""

    code: ClassVar[str] = "forged_trust"


def pin_admin_key(keys_directory: Path, public_key: str) -> None:
    """Keep the first admin's public key beside the keys, where whoever can write the newsroom cannot reach it."""
    make_keys_directory(keys_directory)
    write_secret_file(keys_directory / _TRUST_FILE, public_key.encode())


def make_keys_directory(keys_directory: Path) -> None:
    """Make the directory of a machine's first key, its owner's only; ``mkdir`` makes parents for everybody.

    Raises:
        OutsideError: it cannot be made.
    """
    try:
        keys_directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        message = _("Cannot write {path}: {reason}.").format(path=keys_directory, reason=error.strerror)
        raise OutsideError(message) from error


def trusted_admin_key(newsroom: Newsroom) -> str:
    """The first admin's public key, the same in the settings and beside the keys.

    Raises:
        MissingKeyError: it was never pinned here.
        ForgedTrustError: they differ.
    """
    if not has_admin_key(newsroom.keys_directory):
        raise MissingKeyError(
            _("This machine does not know the newsroom's first admin yet."),
            hint=_("Run: newsletter staff enrol NAME --admin-key HEX, with the key as an admin reads it out."),
        )
    pinned = read_secret_file(newsroom.keys_directory / _TRUST_FILE).decode(errors="replace").strip()
    if not hmac.compare_digest(pinned.encode(), newsroom.settings.trust.admin_key.encode()):
        raise ForgedTrustError(
            _("newsletter.toml names another first admin than the keys on this machine."),
            hint=_("Restore newsletter.toml from a backup, and ask who had access to it."),
        )
    return pinned


def has_admin_key(keys_directory: Path) -> bool:
    """Whether the first admin's public key was ever pinned on this machine."""
    return (keys_directory / _TRUST_FILE).exists()


def staff_key_path(keys_directory: Path, name: str) -> Path:
    """Where ``name``'s key lies."""
    return keys_directory / STAFF_KEYS_DIRECTORY / f"{name}.key"


def create_staff_key(keys_directory: Path, name: str, passphrase: str | None) -> str:
    """Make and store a key for ``name``; return its public half, 64 hexadecimal digits.

    Raises:
        OutsideError: the file exists or cannot be written.
    """
    key = new_private_key()
    store_staff_key(keys_directory, name, seal_key(key, passphrase))
    return public_half(key)


def store_staff_key(keys_directory: Path, name: str, encoded: bytes) -> None:
    """Store a key file.

    Raises:
        OutsideError: there is one, or it cannot be written.
    """
    make_keys_directory(keys_directory)
    write_secret_file(staff_key_path(keys_directory, name), encoded)


def new_private_key() -> "Ed25519PrivateKey":
    """A key drawn at random."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.generate()


def seal_key(key: "Ed25519PrivateKey", passphrase: str | None) -> bytes:
    """A private key as a file holds it: PEM, its public half said before, so that it is known without the passphrase.

    Text before the first boundary is for people and other programs pass over it (RFC 7468, section 2).
    """
    from cryptography.hazmat.primitives import serialization

    protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        protection = serialization.BestAvailableEncryption(passphrase.encode())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)
    return with_public_line(pem, public_half(key))


def with_public_line(pem: bytes, public_key: str) -> bytes:
    """A PEM file with the public half said before it."""
    return pem if public_line(pem) else f"{_PUBLIC_LINE}{public_key}\n".encode() + pem


def public_line(encoded: bytes) -> str:
    """The public half as a key file says it before its PEM; empty if it does not."""
    found = _FIRST_LINE.match(encoded)
    return found[1].decode() if found else ""


def has_passphrase(encoded: bytes) -> bool:
    """Whether a key file is encrypted."""
    return b"ENCRYPTED" in encoded


def public_half(key: "Ed25519PrivateKey") -> str:
    """The public key, 64 hexadecimal digits."""
    return key.public_key().public_bytes_raw().hex()


def load_staff_key(newsroom: Newsroom, name: str) -> "Ed25519PrivateKey":
    """Read ``name``'s key, asking for its passphrase if it has one.

    Raises:
        MissingKeyError: it is not here, or is no key.
        WrongPassphraseError: the passphrase does not open it.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    cached = newsroom.unlocked.get(name)
    if isinstance(cached, Ed25519PrivateKey):
        return cached
    path = staff_key_path(newsroom.keys_directory, name)
    key = open_key(newsroom, name, read_secret_file(path))
    if key is None:
        raise MissingKeyError(
            _("{path} is not a key file.").format(path=path),
            hint=_("Restore staff/{name}.key from its backup.").format(name=name),
        )
    newsroom.unlocked[name] = key
    return key


def open_key(newsroom: Newsroom, name: str, encoded: bytes) -> "Ed25519PrivateKey | None":
    """The key in a file's bytes, asking for its passphrase if it has one; None if they are no Ed25519 key.

    Raises:
        WrongPassphraseError: the passphrase does not open it.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    passphrase = newsroom.ask_passphrase(name).encode() if has_passphrase(encoded) else None
    try:
        key = load_pem_private_key(encoded, passphrase)
    except UnsupportedAlgorithm:
        return None
    except ValueError as error:
        if passphrase is None:
            return None
        raise WrongPassphraseError(
            _("The passphrase does not open the key of {name}.").format(name=name),
            hint=_("If it is lost, an admin replaces the key: newsletter staff key rotate {name}").format(name=name),
        ) from error
    return key if isinstance(key, Ed25519PrivateKey) else None


def key_store_id(keys_directory: Path) -> str:
    """The id of this key store, drawn when first asked; statements carry it, so shared stores can be seen.

    Raises:
        MissingKeyError: it cannot be read, or is none.
        OutsideError: it cannot be written.
    """
    path = keys_directory / _STORE_FILE
    if not path.exists():
        try:
            write_secret_file(path, secrets.token_hex(8).encode())
        except OutsideError:
            if not path.exists():  # otherwise somebody else on this machine was first
                raise
    found = read_secret_file(path)
    if not _STORE_ID.fullmatch(found):
        raise MissingKeyError(
            _("{path} is not what the program wrote there.").format(path=path),
            hint=_("Restore it from its backup; without one, move it away, and a new one is made."),
        )
    return found.decode()


def verify_signature(public_key: str, signature: str, message: bytes) -> bool:
    """Whether ``signature`` over ``message`` was made by the private half of ``public_key`` (all hexadecimal)."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True
