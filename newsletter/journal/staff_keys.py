"""Staff keys: each person's Ed25519 key, kept beside the newsroom's data key, with a passphrase where one is wanted."""

import hmac
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
    write_secret_file(keys_directory / _TRUST_FILE, public_key.encode())


def trusted_admin_key(newsroom: Newsroom) -> str:
    """The first admin's public key, the same in the settings and beside the keys.

    Raises:
        MissingKeyError: it was never pinned here.
        ForgedTrustError: they differ.
    """
    pinned = read_secret_file(newsroom.keys_directory / _TRUST_FILE).decode(errors="replace").strip()
    if not hmac.compare_digest(pinned.encode(), newsroom.settings.trust.admin_key.encode()):
        raise ForgedTrustError(
            _("newsletter.toml names another first admin than the keys on this machine."),
            hint=_("Restore newsletter.toml from a backup, and ask who had access to it."),
        )
    return pinned


def staff_key_path(keys_directory: Path, name: str) -> Path:
    """Where ``name``'s key lies."""
    return keys_directory / STAFF_KEYS_DIRECTORY / f"{name}.key"


def create_staff_key(keys_directory: Path, name: str, passphrase: str | None) -> str:
    """Make and store a key for ``name``; return its public half, 64 hexadecimal digits.

    Raises:
        OutsideError: the file exists or cannot be written.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        protection = serialization.BestAvailableEncryption(passphrase.encode())
    encoded = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)
    write_secret_file(staff_key_path(keys_directory, name), encoded)
    return public_half(key)


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
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    cached = newsroom.unlocked.get(name)
    if isinstance(cached, Ed25519PrivateKey):
        return cached
    path = staff_key_path(newsroom.keys_directory, name)
    encoded = read_secret_file(path)
    passphrase = newsroom.ask_passphrase(name).encode() if b"ENCRYPTED" in encoded else None
    try:
        key = load_pem_private_key(encoded, passphrase)
    except ValueError as error:
        if passphrase is None:
            raise MissingKeyError(_("{path} is not a key file.").format(path=path)) from error
        raise WrongPassphraseError(_("The passphrase does not open the key of {name}.").format(name=name)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise MissingKeyError(_("{path} is not a key file.").format(path=path))
    newsroom.unlocked[name] = key
    return key


def key_store_id(keys_directory: Path) -> str:
    """The id of this key store, drawn when first asked; statements carry it, so shared stores can be seen."""
    path = keys_directory / _STORE_FILE
    if not path.exists():
        write_secret_file(path, secrets.token_hex(8).encode())
    return read_secret_file(path).decode()


def verify_signature(public_key: str, signature: str, message: bytes) -> bool:
    """Whether ``signature`` over ``message`` was made by the private half of ``public_key`` (all hexadecimal)."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True
