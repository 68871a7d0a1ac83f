"""How fast an edition goes to 100,000 on the sandbox, and whether memory grows with the audience (it must not).

The baseline is what no sending can be quicker than: the sandbox's own rows written by bare ``sqlite3``, one durable
commit a message at ``synchronous=NORMAL``, as the sandbox must before it answers.
"""

import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from newsletter.delivery.gateways.sandbox import SANDBOX_FILE
from newsletter.delivery.sending import send_edition
from newsletter.newsroom import open_newsroom
from tests.conftest import found_desk
from tests.delivery.editions import a_signed_edition, add_members

FEW: Final = 10_000
MANY: Final = 100_000
#: Times each side is measured; the median counts.
ROUNDS: Final = 3


@dataclass(frozen=True)
class Measured:
    """One sending: seconds from call to finished edition, peak memory of its process in MB, and its baseline."""

    seconds: float
    megabytes: float
    raw_seconds: float


def measure(count: int) -> Measured:
    """Send to ``count`` members, building and sending in processes of their own."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        _run_part("build", root, count)
        seconds, megabytes = map(float, _run_part("send", root, count).split())
        return Measured(seconds, megabytes, _time_raw(root))


def _run_part(part: str, root: Path, count: int) -> str:
    command = [sys.executable, "-m", "tests.benchmarks.sending_benchmark", part, str(root), str(count)]
    environment = {**os.environ, "NEWSLETTER_KEYS_DIR": str(root / "keys")}
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout


def _build(root: Path, count: int) -> None:
    found_desk(root, {})
    newsroom = open_newsroom(root / "newsroom")
    add_members(newsroom, count)
    a_signed_edition(newsroom)
    newsroom.engine.dispose()


def _send(root: Path, count: int) -> None:
    newsroom = open_newsroom(root / "newsroom", actor="zhao")
    start = time.perf_counter()
    report = send_edition(newsroom, 1)
    seconds = time.perf_counter() - start
    if report.ledger["delivered"] != count:
        raise AssertionError(report)
    print(seconds, peak_megabytes())


def peak_megabytes() -> float:
    """Peak memory of this process; unlike ``ru_maxrss``, not that of whoever started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _time_raw(root: Path) -> float:
    """Seconds to write the same messages again, one commit each, into an empty file with the sandbox's schema."""
    with sqlite3.connect(root / "newsroom" / SANDBOX_FILE) as source:
        schema = [row[0] for row in source.execute("SELECT sql FROM sqlite_master WHERE name LIKE 'message%'")]
        rows = source.execute("SELECT * FROM message ORDER BY id").fetchall()
    connection = sqlite3.connect(root / "raw.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    for statement in schema:
        connection.execute(statement)
    insert = f"INSERT INTO message VALUES ({','.join('?' * len(rows[0]))})"
    start = time.perf_counter()
    for row in rows:
        connection.execute(insert, row)
    seconds = time.perf_counter() - start
    connection.close()
    return seconds


def run() -> None:
    """Print messages a second, their ratio to the baseline, and the peak memory of a small and a large sending."""
    few = measure(FEW)
    many = [measure(MANY) for _ in range(ROUNDS)]
    ours = statistics.median(measured.seconds for measured in many)
    raw = statistics.median(measured.raw_seconds for measured in many)
    peak = statistics.median(measured.megabytes for measured in many)
    print(f"sending to {MANY:,} on the sandbox: {MANY / ours:,.0f} messages/s (median of {ROUNDS}, {ours:.1f} s)")
    print(f"raw sqlite3, one commit a message, synchronous=NORMAL: {MANY / raw:,.0f} messages/s")
    print(f"ratio: {raw / ours:.2f}")
    print(f"peak memory: {few.megabytes:.0f} MB for {FEW:,}, {peak:.0f} MB for {MANY:,}")
    print(f"ratio: {peak / few.megabytes:.2f} (aim: 1.1 or less)")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        {"build": _build, "send": _send}[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
    else:
        run()
