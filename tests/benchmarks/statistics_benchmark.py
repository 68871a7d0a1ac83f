"""How long ``stats unsubscribes`` takes over a year's ledger, against SQLite's own plainest count of the same rows.

A million members and 12 editions are 12 million ledger rows. By default a tenth of that: 100,000 members, 1.2 million
rows, 1% of members opted out; ``NEWSLETTER_BENCH_MEMBERS=1000000`` measures the whole. The plainest count is ``SELECT
state, count(*) … GROUP BY state``: it reads every row once and tells nothing of anybody.
"""

import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from newsletter.newsroom import Newsroom, system_clock
from newsletter.organisation.founding import found_newsroom
from newsletter.statistics.counting import count_groups
from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.period import Period

MEMBERS: Final = int(os.environ.get("NEWSLETTER_BENCH_MEMBERS", "100000"))
EDITIONS: Final = 12
#: Times each is measured; the median counts.
ROUNDS: Final = 3
_TOWNS: Final = 14
_BRANCHES: Final = 400
_FIRST: Final = datetime(2026, 1, 5, 8, tzinfo=UTC)
#: What analysts ask for, and two breakdowns at once.
BREAKDOWNS: Final = (
    (),
    (Dimension.REGION,),
    (Dimension.UNIT,),
    (Dimension.MONTH,),
    (Dimension.EDITION,),
    (Dimension.REASON,),
    (Dimension.REGION, Dimension.PROFESSION),
)


def fill(directory: Path) -> Newsroom:
    """A newsroom whose ledger holds every member in each edition, in the shape that sending leaves behind."""
    newsroom = found_newsroom(
        directory / "newsroom",
        name="如皋手机报",
        signature="如皋手机报",
        admin="sun",
        environment={"NEWSLETTER_KEYS_DIR": str(directory / "keys")},
        clock=system_clock,
    )
    connection = sqlite3.connect(directory / "newsroom" / "newsletter.db")
    connection.execute("PRAGMA foreign_keys = OFF")
    people = list(_people())
    for edition in range(1, EDITIONS + 1):
        _plan(connection, edition)
        connection.executemany(_INSERT, (_row(edition, place, person) for place, person in enumerate(people)))
    connection.executemany(_LEAVE, _leavers(people))
    connection.commit()
    connection.execute("ANALYZE")
    connection.close()
    return newsroom


_INSERT: Final = """INSERT INTO delivery (edition_id, batch, subscriber_id, number_key, state, reason, message_id,
    changed_at, unit_id, region_code, profession, standing, mobile, retired, piece)
    VALUES (?, ?, ?, ?, ?, '', 'SM0123456789abcdef0123456789abcdef', ?, ?, ?, ?, 'full', ?, ?, 'sms')"""
_LEAVE: Final = """INSERT INTO optout_event (number_key, kind, paper_id, source, keyword, reason, edition_id,
    attribution, is_effective, unit_id, region_code, profession, standing, mobile, retired, at)
    VALUES (?, 'out', 0, 'reply', 'R', ?, ?, 'last_delivered', 1, ?, ?, ?, 'full', ?, ?, ?)"""


def _people() -> Iterator[tuple[Any, ...]]:
    """Number key, unit, region, profession, mobile, retired; the same each time."""
    random = Random(4)
    professions = ("farmer", "worker", "official", "specialist", "manager", "student", "other", "")
    for _number in range(MEMBERS):
        unit = random.randrange(_BRANCHES)
        region = f"320682{100 + unit % _TOWNS:03}{unit:03}"
        flags = (random.random() < 0.2, random.random() < 0.3)
        yield f"{random.getrandbits(128):032x}", unit + 2, region, random.choice(professions), *flags


def _plan(connection: sqlite3.Connection, edition: int) -> None:
    at = _stamp(edition)
    connection.execute(
        "INSERT INTO edition (id, paper_id, kind, unit_id, channel, number, date, title, style, audience_definition,"
        " stage, staff_id, created_at, manifest, digest, rule_book_version)"
        " VALUES (?, 1, 'main', 1, 'sms', ?, '2026-01-05', '', 'headlines', '{}', 'sent', 1, ?, '', '', 1)",
        (edition, edition, at),
    )
    connection.execute(
        "INSERT INTO dispatch (edition_id, gateway, audience_count, part_count, staff_id, planned_at)"
        " VALUES (?, 'sandbox', ?, 2, 1, ?)",
        (edition, MEMBERS, at),
    )


def _stamp(edition: int) -> Any:
    """The moment of an edition, a month after the one before, as the database keeps it."""
    return int((_FIRST + timedelta(days=30 * (edition - 1))).timestamp() * 1000)


def _row(edition: int, place: int, person: tuple[Any, ...]) -> tuple[Any, ...]:
    key, unit, region, profession, mobile, retired = person
    state = "delivered" if (place * 7 + edition) % 50 else "undelivered"
    return edition, place // 500, place + 1, key, state, _stamp(edition), unit, region, profession, mobile, retired


def _leavers(people: Sequence[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    for place in range(0, len(people), 100):
        key, *cell = people[place]
        edition = place // 100 % EDITIONS + 1
        yield key, ("too-many", "", "not-relevant")[place // 100 % 3], edition, *cell, _stamp(edition) + 3_600_000


def time_median(work: Callable[[], object]) -> float:
    """Seconds, the median of ``ROUNDS``."""
    seconds = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def run() -> None:
    """Print the plainest count, and each breakdown as a multiple of it."""
    with tempfile.TemporaryDirectory() as directory:
        newsroom = fill(Path(directory))
        period = Period(timezone=ZoneInfo("Asia/Shanghai"))
        with newsroom.reading() as session:
            connection = session.connection()
            bare = "SELECT state, count(*) FROM delivery GROUP BY state"
            plain = time_median(lambda: connection.exec_driver_sql(bare).all())
            print(f"{MEMBERS:,} members × {EDITIONS} editions = {MEMBERS * EDITIONS:,} ledger rows")
            print(f"bare GROUP BY state: {plain:.2f} s")
            for by in BREAKDOWNS:
                seconds = time_median(lambda by=by: count_groups(session, by, period))  # type: ignore[misc]
                print(f"by {', '.join(by) or 'nothing'}: {seconds:.2f} s, ratio {seconds / plain:.1f}")
        newsroom.engine.dispose()


if __name__ == "__main__":
    run()
