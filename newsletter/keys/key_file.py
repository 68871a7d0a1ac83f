"""``data.key``: how the newsroom's secrets lie in it, and how they are read.

Format 1 holds one random secret per encryption version; HKDF (RFC 5869) derives from the first the keys that match
numbers and make link tokens, and from each its encryption key. Format 2, which the first rotation writes, holds the
unchanging keys by themselves, so that the first secret can be dropped as well.
"""

import base64
import json
import os
import secrets
from pathlib import Path
from typing import Any, Final

from newsletter.keys.ciphers import DATA_KEY_FILE, FIXED_PURPOSES, DataKeys
from newsletter.keys.secret_files import MissingKeyError, read_secret_file, write_secret_file
from newsletter.translation import gettext as _

_SECRET_LENGTH: Final = 32
_FIRST_FORMAT, _FORMAT = 1, 2
#: A ciphertext has one byte for its version.
LAST_VERSION: Final = 255


def create_data_keys(directory: Path, newsroom: str) -> DataKeys:
    """Draw a new secret and store it at ``directory/data.key``, mode 0600.

    Raises:
        OutsideError: the directory cannot be written, or already holds a key.
    """
    keys = DataKeys(newsroom, {1: new_secret()})
    document = {"format": _FIRST_FORMAT, "newsroom": newsroom, "secrets": _encode(keys.secrets)}
    write_secret_file(directory / DATA_KEY_FILE, _write(document))
    return keys


def new_secret() -> bytes:
    """Bytes for one version of the encryption key."""
    return secrets.token_bytes(_SECRET_LENGTH)


def key_document(keys: DataKeys) -> bytes:
    """The content of ``data.key``, format 2."""
    fixed = {purpose: keys.fixed_key(purpose) for purpose in FIXED_PURPOSES}
    return _write(
        {"format": _FORMAT, "newsroom": keys.newsroom, "secrets": _encode(keys.secrets), "fixed": _encode(fixed)}
    )


def load_data_keys(directory: Path, newsroom: str) -> DataKeys:
    """Read ``directory/data.key``; what the keys encrypt later is done with the file as it is then.

    Raises:
        MissingKeyError: it is absent, unreadable, malformed, or another newsroom's.
    """
    watch = _Watch(directory, newsroom)
    keys = _read_keys(directory / DATA_KEY_FILE, newsroom)
    keys.renew = watch
    return keys


class _Watch:
    """Whether the key file was replaced since it was last read."""

    def __init__(self, directory: Path, newsroom: str) -> None:
        self._path, self._newsroom = directory / DATA_KEY_FILE, newsroom
        self._seen = self._stamp()

    def __call__(self) -> dict[int, bytes] | None:
        """Its secrets, if it was; a file that is gone tells nothing new."""
        found = self._stamp()
        if found is None or found == self._seen:
            return None
        renewed = _read_keys(self._path, self._newsroom).secrets
        self._seen = found
        return renewed

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            told = os.stat(self._path)  # noqa: PTH116 (a third of the time of Path.stat, and asked for each encryption)
        except OSError:
            return None
        return told.st_mtime_ns, told.st_ino, told.st_size


def _read_keys(path: Path, newsroom: str) -> DataKeys:
    document = read_secret_file(path)
    try:
        content = json.loads(document)
        found = DataKeys(
            content["newsroom"], {int(k): v for k, v in _decode(content["secrets"]).items()}, _read_fixed(content)
        )
        valid = _is_valid(content["format"], found)
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


def _read_fixed(content: dict[str, Any]) -> dict[str, bytes]:
    return _decode(content["fixed"]) if content["format"] == _FORMAT else {}


def _is_valid(file_format: object, keys: DataKeys) -> bool:
    has_fixed = 1 in keys.secrets if file_format == _FIRST_FORMAT else set(FIXED_PURPOSES) <= set(keys.fixed)
    return (
        file_format in (_FIRST_FORMAT, _FORMAT)
        and has_fixed
        and all(1 <= version <= LAST_VERSION for version in keys.secrets)
        and bool(keys.secrets)
        and all(len(key) == _SECRET_LENGTH for key in (*keys.secrets.values(), *keys.fixed.values()))
    )


def _encode(found: dict[int, bytes] | dict[str, bytes]) -> dict[str, str]:
    return {str(name): base64.b64encode(key).decode() for name, key in found.items()}


def _decode(found: dict[str, str]) -> dict[str, bytes]:
    return {name: base64.b64decode(key) for name, key in found.items()}


def _write(document: dict[str, Any]) -> bytes:
    return json.dumps(document, indent=1).encode() + b"\n"


def _broken_key(path: Path) -> MissingKeyError:
    return MissingKeyError(
        _("{path} is not a key file.").format(path=path),
        hint=_("Restore the newsroom's data.key from its backup."),
    )
