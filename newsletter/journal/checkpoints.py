"""How far the journal's signatures were verified on this machine, so that no gate verifies all of them once more.

What is noted is the hash of the last statement verified, and with it of every one before it: while the bodies still
lead to that hash, whoever signed them then has signed them. It lies beside the keys, where nobody reaches who can only
write to the database.
"""

import contextlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from newsletter.errors import NewsletterError
from newsletter.journal.heads import one_at_a_time
from newsletter.journal.secret_files import replace_secret_file
from newsletter.journal.words import Statement, Word
from newsletter.keys import read_secret_file

CHECKPOINT_FILE: Final = "journal.verified"
#: So many new statements are worth a new note; verifying them takes some 10 ms (tests/benchmarks/journal_benchmark.py).
STRIDE: Final = 100


@dataclass(frozen=True)
class Checkpoint:
    """A statement up to which every signature was verified.

    Attributes:
        place: its number in the journal.
        hash: of its body.
        admin_key: the first admin's, in which the signatures before it were believed.
    """

    place: int
    hash: str
    admin_key: str


def verified_place(keys_directory: Path, statements: Sequence[Statement], admin_key: str) -> int:
    """How many of a journal's statements, oldest first, carry signatures verified before; 0 where that is unknown."""
    noted = _read_checkpoint(keys_directory)
    if noted is None or noted.admin_key != admin_key or not 0 < noted.place <= len(statements):
        return 0
    return noted.place if statements[noted.place - 1].hash == noted.hash else 0


def note_verified(keys_directory: Path, words: Sequence[Word], admin_key: str) -> None:
    """Note committed statements, every signature verified, if enough are new; nothing is lost where that fails."""
    if len(words) < STRIDE:
        return
    noted = _read_checkpoint(keys_directory)
    reached = Checkpoint(words[-1].place, words[-1].hash, admin_key)
    if noted is not None and noted.place <= reached.place < noted.place + STRIDE and _leads_to(words, noted, admin_key):
        return
    with contextlib.suppress(OSError, NewsletterError), one_at_a_time(keys_directory):
        replace_secret_file(keys_directory / CHECKPOINT_FILE, json.dumps(asdict(reached)).encode() + b"\n")


def _leads_to(words: Sequence[Word], noted: Checkpoint, admin_key: str) -> bool:
    return noted.admin_key == admin_key and words[noted.place - 1].hash == noted.hash


def _read_checkpoint(keys_directory: Path) -> Checkpoint | None:
    """What is noted; None where there is nothing, or nothing to be believed: then everything is verified."""
    try:
        found = json.loads(read_secret_file(keys_directory / CHECKPOINT_FILE))
        return Checkpoint(int(found["place"]), str(found["hash"]), str(found["admin_key"]))
    except (NewsletterError, ValueError, KeyError, TypeError):
        return None
