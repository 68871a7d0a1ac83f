"""Kill ``send`` again and again, let it finish, and ask the sandbox alone who got the edition and how often.

Run it: ``python -m tests.crash.kill_send --recipients 30000 --kills 20 --seed 1``. Most kills fall at random moments
after the first message; some more, counted apart, fall before it (signing, planning) and after the last (receipts).
"""

import argparse
import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from newsletter.delivery.gateways.sandbox import SANDBOX_FILE
from newsletter.newsroom import Newsroom, open_newsroom
from tests.conftest import found_desk
from tests.delivery.editions import add_members, an_approved_edition
from tests.texts import number_of

EDITION: Final = 1
#: Seconds a sending may take between two kills before the test gives up on it.
_PATIENCE_SECONDS: Final = 120
#: An early kill comes after up to so many seconds (start, signature, plan), or at the first message.
_EARLY_SECONDS: Final = 1.2
#: After the moment waited for, up to so many seconds pass, so that kills fall on claims and records too.
_LATER_SECONDS: Final = 0.03
_POLL_SECONDS: Final = 0.001


@dataclass
class Figures:
    """What a killed sending came to, by what the sandbox holds.

    Attributes:
        hits: kills that ended a running sender after the first message, each with messages handed over by then.
        early, late: kills before the first message, and after the last.
    """

    recipients: int
    hits: list[int] = field(default_factory=list)
    early: int = 0
    late: int = 0
    messages: int = 0
    duplicates: int = 0
    missing: int = 0
    strangers: int = 0
    seconds: float = 0.0


def build(root: Path, recipients: int) -> Newsroom:
    """A newsroom with so many members and an edition that waits for the issuer."""
    found_desk(root, {})
    newsroom = open_newsroom(root / "newsroom", environment={"NEWSLETTER_KEYS_DIR": str(root / "keys")})
    add_members(newsroom, recipients)
    assert an_approved_edition(newsroom) == EDITION
    newsroom.engine.dispose()
    return newsroom


def kill_and_resume(root: Path, *, recipients: int, kills: int, early: int, late: int, seed: int) -> Figures:
    """Build a newsroom in ``root``, send with kills, and count; the moments are drawn from ``seed``."""
    newsroom = build(root, recipients)
    drawn = random.Random(seed)
    figures = Figures(recipients)
    start = time.monotonic()
    for _ in range(early):
        moment = time.monotonic() + drawn.uniform(0, _EARLY_SECONDS)
        killed = _kill(root, lambda at=moment: time.monotonic() >= at or count_messages(root) > 0, 0)  # type: ignore[misc]
        figures.early += killed and not count_messages(root)
    for left in range(kills, 0, -1):
        before = count_messages(root)
        # On the average, an equal share of what remains for every run that is still to come.
        step = drawn.randint(1, max(1, 2 * (recipients - before) // (left + 1) - 1))
        goal = min(before + step, recipients - 1)
        if _kill(root, lambda aim=goal: count_messages(root) >= aim, drawn.uniform(0, _LATER_SECONDS)):  # type: ignore[misc]
            figures.hits.append(count_messages(root))
    for _ in range(late):
        figures.late += _kill(root, lambda: count_messages(root) >= recipients, drawn.uniform(0, _LATER_SECONDS))
    with sending(root) as sender:
        assert sender.wait(_PATIENCE_SECONDS) == 0
    figures.seconds = time.monotonic() - start
    _judge(newsroom, figures)
    return figures


@contextlib.contextmanager
def sending(root: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The command as the issuer types it, in a process of its own."""
    environment = {**os.environ, "NEWSLETTER_KEYS_DIR": str(root / "keys")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    words = ["--newsroom", str(root / "newsroom"), "--as", "zhao", "send", str(EDITION), "--yes"]
    command = [sys.executable, "-m", "newsletter.cli", *words]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as sender:
        yield sender


def _kill(root: Path, is_time: Callable[[], bool], later_seconds: float) -> bool:
    """Start a sender and kill it once it is time, and a little later; False: it had ended by itself."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    with sending(root) as sender:
        while sender.poll() is None and not is_time():
            assert time.monotonic() < deadline
            time.sleep(_POLL_SECONDS)
        time.sleep(later_seconds)
        sender.kill()
        return sender.wait() == -signal.SIGKILL


def count_messages(root: Path) -> int:
    """How many messages the sandbox was handed so far."""
    path = root / "newsroom" / SANDBOX_FILE
    if not path.is_file():
        return 0
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
    try:
        return int(connection.execute("SELECT coalesce(max(id), 0) FROM message").fetchone()[0])
    except sqlite3.OperationalError:
        return 0  # killed before it had made its table
    finally:
        connection.close()


def _judge(newsroom: Newsroom, figures: Figures) -> None:
    expected = {newsroom.data_keys.number_key(f"+86{number_of(place)}") for place in range(figures.recipients)}
    connection = sqlite3.connect(newsroom.directory / SANDBOX_FILE)
    handed_over = [row[0] for row in connection.execute("SELECT number_key FROM message")]
    connection.close()
    figures.messages = len(handed_over)
    figures.duplicates = len(handed_over) - len(set(handed_over))
    figures.missing = len(expected - set(handed_over))
    figures.strangers = len(set(handed_over) - expected)


def main() -> None:
    """Print the figures of one run."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.crash.kill_send", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--recipients", type=int, default=30_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--early", type=int, default=5, help="kills before the first message")
    parser.add_argument("--late", type=int, default=3, help="kills after the last message")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        figures = kill_and_resume(Path(directory), **vars(given))
    lines = [
        f"recipients {figures.recipients:,}, seed {given.seed}, {figures.seconds:.1f} s",
        f"kills that hit a running sender after the first message: {len(figures.hits)} of {given.kills}",
        f"  messages handed over by then: {', '.join(map(str, figures.hits))}",
        f"kills before the first message: {figures.early}; after the last: {figures.late}",
        f"messages in the sandbox: {figures.messages:,}",
        f"duplicates: {figures.duplicates}; missing: {figures.missing}; to anybody else: {figures.strangers}",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
