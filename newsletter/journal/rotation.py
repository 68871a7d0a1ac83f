"""Replacing a key without ever being left without one, whatever interrupts it.

The new key waits beside the old one, under a name of its own, from before the journal knows it until after; which of
the two counts, the journal tells, and whoever next uses the key ends what was interrupted.
"""

import contextlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.errors import OutsideError
from newsletter.journal.secret_files import keep_directory, move_durably
from newsletter.journal.staff_keys import public_half, public_line, seal_key, staff_key_path
from newsletter.keys import write_secret_file
from newsletter.newsroom import Newsroom
from newsletter.translation import gettext as _

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def write_waiting_key(keys_directory: Path, name: str, key: "Ed25519PrivateKey", passphrase: str | None) -> Path:
    """Store a key that is about to replace ``name``'s, on the disk before any word of it; the file it waits in.

    Raises:
        OutsideError: it cannot be written.
    """
    path = staff_key_path(keys_directory, name)
    path = path.with_name(f"{path.name}.{public_half(key)[:16]}")
    write_secret_file(path, seal_key(key, passphrase))
    keep_directory(path.parent)
    return path


def has_waiting_key(keys_directory: Path, name: str) -> bool:
    """Whether a replacement of ``name``'s key was begun here and not ended."""
    return bool(_waiting_keys(keys_directory, name))


def finish_rotation(newsroom: Newsroom, name: str, enrolled: str) -> None:
    """Put the waiting key in its place if it is ``enrolled``, the one the journal knows; any other stays where it is.

    Raises:
        OutsideError: the directory cannot be written; nothing is lost.
    """
    for path in _waiting_keys(newsroom.keys_directory, name):
        with contextlib.suppress(FileNotFoundError):  # another process of the same person has just done it
            if public_line(path.read_bytes()) != enrolled:
                continue
            newsroom.unlocked.pop(name, None)
            target = staff_key_path(newsroom.keys_directory, name)
            try:
                move_durably(path, target)
            except PermissionError as error:
                message = _("Cannot write {path}: {reason}.").format(path=target, reason=error.strerror)
                raise OutsideError(message) from error


def discard_waiting_keys(keys_directory: Path, name: str, enrolled: str) -> None:
    """Remove what interrupted replacements left and the journal never came to know; only under the journal's lock."""
    for path in _waiting_keys(keys_directory, name):
        if public_line(path.read_bytes()) != enrolled:
            path.unlink(missing_ok=True)


def _waiting_keys(keys_directory: Path, name: str) -> list[Path]:
    path = staff_key_path(keys_directory, name)
    if not path.parent.is_dir():
        return []
    waiting = re.compile(re.escape(path.name) + r"\.[0-9a-f]{16}")
    return [found for found in path.parent.iterdir() if waiting.fullmatch(found.name)]
