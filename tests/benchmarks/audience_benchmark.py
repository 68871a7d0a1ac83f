"""How fast a town's audience is counted and streamed among 1,000,000 members, against a scan of the whole register."""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, Final

from sqlmodel import Session

from newsletter.delivery.models import Dispatch
from newsletter.delivery.planning import insert_deliveries
from newsletter.editions.models import Edition
from newsletter.newsroom import DATABASE_FILE, Newsroom
from newsletter.organisation.units import Unit, list_units
from newsletter.subscribers.audience.definitions import AudienceDefinition
from newsletter.subscribers.audience.reach import count_audience, counting_query
from newsletter.subscribers.models import Status
from tests.benchmarks.import_benchmark import build_newsroom

ROWS: Final = 1_000_000
#: Times each side is measured; the median counts.
ROUNDS: Final = 5
#: The town counted, and the share of all members who live there.
_TOWN: Final = "320682116"
_SHARE: Final = 0.05
_SUPPRESSED: Final = 20_000
_UNUSABLE: Final = 10_000
_PROFESSIONS: Final = ("worker", "farmer", "specialist", "manager", "official", "student", "")
#: Rows fetched at a time by streaming.
_PAGE: Final = 1_000
_COLUMNS: Final = (
    "number_key", "name_key", "number", "name", "unit_id", "region_code", "profession", "standing", "mobile",
    "retired", "status", "basis", "created_at", "updated_at",
)  # fmt: skip


def fill_register(newsroom: Newsroom, rows: int) -> None:
    """Write members past the import: what is counted is their place and their number's key, not their number."""
    with newsroom.reading() as session:
        units = list_units(session)
    branches = [unit for unit in units if unit.kind == "branch"]
    with sqlite3.connect(newsroom.directory / DATABASE_FILE) as connection:
        marks = ", ".join("?" * len(_COLUMNS))
        statement = f"INSERT INTO subscriber ({', '.join(_COLUMNS)}) VALUES ({marks})"
        connection.executemany(statement, _people(branches, rows))
        keys = [row[0] for row in connection.execute("SELECT number_key FROM subscriber")]
        Random(2).shuffle(keys)
        connection.executemany(
            "INSERT INTO optout_event (number_key, kind, paper_id, source, keyword, reason, attribution, is_effective,"
            " region_code, profession, standing, mobile, retired, at)"
            " VALUES (?, 'out', 0, 'reply', '', '', '', 1, '', '', '', 0, 0, 0)",
            ((key,) for key in keys[:_SUPPRESSED]),
        )
        connection.execute("INSERT INTO suppression SELECT number_key, 0, id FROM optout_event")
        connection.executemany(
            "INSERT INTO unusable_number (number_key, reason, since, lifted_reason) VALUES (?, '30006', 0, '')",
            ((key,) for key in keys[_SUPPRESSED : _SUPPRESSED + _UNUSABLE]),
        )


def _people(branches: list[Unit], rows: int) -> Iterator[tuple[Any, ...]]:
    random = Random(1)
    inside = [unit.id for unit in branches if unit.code.startswith(_TOWN)]
    outside = [unit.id for unit in branches if not unit.code.startswith(_TOWN)]
    for _number in range(rows):
        is_here = random.random() < _SHARE
        unit = random.choice(inside if is_here else outside)
        region = f"{_TOWN}{random.randrange(201, 230)}" if is_here else f"320682{random.randrange(117, 200)}"
        person = (f"{random.getrandbits(128):032x}", "", b"x" * 60, b"x" * 50, unit, region)
        traits = (random.choice(_PROFESSIONS), "full", random.random() < 0.1, random.random() < 0.2)
        yield (*person, *traits, Status.ACTIVE.value, "membership", 0, 0)


def scan_count(newsroom: Newsroom) -> int:
    """The same town counted without any index, by SQLite alone."""
    with sqlite3.connect(newsroom.directory / DATABASE_FILE) as connection:
        query = (
            "SELECT count(DISTINCT number_key) FROM subscriber NOT INDEXED"
            " WHERE status = 'active' AND region_code >= ? AND region_code <= ?"
        )
        (found,) = connection.execute(query, (_TOWN, f"{_TOWN}999")).fetchone()
    return int(found)


def median_seconds(work: Callable[[], object]) -> float:
    """How long it takes, usually."""
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def stream(session: Session, definition: AudienceDefinition) -> int:
    """Go through the rows that planning an edition writes, a page of them in memory at a time."""
    edition: dict[str, Any] = {"id": 1, "paper_id": 1, "audience_definition": definition.model_dump_json()}
    dispatch: dict[str, Any] = {"edition_id": 1, "planned_at": datetime.now(UTC)}
    rows_to_write = insert_deliveries(session, Edition(**edition), Dispatch(**dispatch)).select
    options = {"stream_results": True, "yield_per": _PAGE}
    rows = session.connection().execution_options(**options).execute(rows_to_write)
    return sum(1 for _row in rows)


def explain(session: Session, query: Any) -> list[str]:
    """How SQLite goes about a query."""
    compiled = query.compile(session.connection(), compile_kwargs={"literal_binds": True})
    return [row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")]


def run() -> None:
    """Print counts and rates of a town by region and by units, and of a nested audience, beside the scan."""
    retired = AudienceDefinition(retired=True)
    farmers = AudienceDefinition(professions=("farmer",), excluded=(retired,), excluded_names=("retired",))
    town = AudienceDefinition(regions=(_TOWN,))
    audiences = {
        "town by region": town,
        "town by unit": AudienceDefinition(units=(_TOWN,)),
        "town without farmers": town.model_copy(update={"excluded": (farmers,), "excluded_names": ("farmers",)}),
        "everybody": AudienceDefinition(),
    }
    with tempfile.TemporaryDirectory() as directory:
        newsroom = build_newsroom(Path(directory))
        fill_register(newsroom, ROWS)
        scan = median_seconds(lambda: scan_count(newsroom))
        print(f"scan of {ROWS:,} members for one town, without exclusions: {scan * 1000:,.0f} ms (100%)")
        with newsroom.reading() as session:
            for name, definition in audiences.items():
                _report(session, name, definition, scan)
        newsroom.engine.dispose()


def _report(session: Session, name: str, definition: AudienceDefinition, scan: float) -> None:
    counted = count_audience(session, definition, 1)
    counting = median_seconds(lambda: count_audience(session, definition, 1))
    streaming = median_seconds(lambda: stream(session, definition))
    print(f"{name}: {counted.people:,} people, {counted.suppressed:,} left, {counted.invalid:,} unusable")
    print(f"  counted with exclusions in {counting * 1000:,.0f} ms ({counting / scan:.0%} of the scan)")
    print(f"  streamed in {streaming * 1000:,.0f} ms: {counted.people / streaming:,.0f} people/s")
    for line in explain(session, counting_query(session, definition, 1, require_consent=False)):
        print(f"    {line}")


if __name__ == "__main__":
    run()
