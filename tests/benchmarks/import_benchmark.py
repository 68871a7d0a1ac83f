"""How fast a million subscribers come in from a CSV file, encryption and events included, and in how much memory.

Against SQLite's own executemany of the same rows, prepared: subscribers alone, and with their events.
``python -m tests.benchmarks.import_benchmark 50000`` measures fewer.
"""

import csv
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any, Final

from newsletter.database import open_engine, sqlite_url
from newsletter.newsroom import Newsroom, system_clock
from newsletter.organisation.founding import found_newsroom
from newsletter.organisation.units import UnitKind, add_unit
from newsletter.subscribers.lists.importing import import_subscribers
from newsletter.tables import metadata

ROWS: Final = 1_000_000
#: Rows of the smaller import whose memory is compared: a tenth.
_FEWER: Final = 10
#: Times each side is measured with up to so many rows; the median counts. More are measured once.
ROUNDS: Final = 5
_QUICK_ROWS: Final = 100_000
_HEADINGS: Final = ("手机号", "姓名", "单位", "地区代码", "职业", "身份", "流动", "离退休")
_PROFESSIONS: Final = ("工人", "农牧渔民", "专业技术人员", "管理人员", "党政机关工作人员", "学生", "离退休人员")
_STANDINGS: Final = ("入党积极分子", "发展对象", "预备党员", "正式党员", "群众")


#: Region codes of the towns, and branches in each.
_TOWNS: Final = ("320682001", "320682103", "320682105", "320682112", "320682116", "320682400")
_BRANCHES: Final = 20


def build_newsroom(directory: Path) -> Newsroom:
    """A county of towns and branches."""
    newsroom = found_newsroom(
        directory / "newsroom",
        name="如皋手机报",
        signature="如皋手机报",
        admin="sun",
        environment={"NEWSLETTER_KEYS_DIR": str(directory / "keys")},
        clock=system_clock,
    )
    with newsroom.writing() as session:
        for town in _TOWNS:
            add_unit(session, code=town, name=town, kind=UnitKind.TOWN, region_code=town)
            for branch in range(_BRANCHES):
                add_unit(session, code=f"{town}-{branch}", name="支部", kind=UnitKind.BRANCH, parent=town)
        session.commit()
    return newsroom.acting_as("sun")


def write_file(path: Path, rows: int) -> None:
    """Write a file as an office would, the same each time."""
    random = Random(1)
    units = [f"{town}-{branch}" for town in _TOWNS for branch in range(_BRANCHES)]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADINGS)
        for number in range(rows):
            name = "".join(chr(random.randrange(0x4E00, 0x9FA5)) for _ in range(3))
            particulars = (random.choice(_PROFESSIONS), random.choice(_STANDINGS), random.choice("是否"), "")
            writer.writerow((str(13_900_000_000 + number * 7), name, random.choice(units), "", *particulars))


def time_import(directory: Path, file: Path) -> tuple[float, Newsroom]:
    """Seconds of one import into a new newsroom."""
    directory.mkdir()
    newsroom = build_newsroom(directory)
    start = time.perf_counter()
    result = import_subscribers(newsroom, file)
    seconds = time.perf_counter() - start
    if result.rejected:
        raise AssertionError(result.rejects[:3])
    return seconds, newsroom


def time_raw(path: Path, newsroom: Newsroom, tables: tuple[str, ...]) -> float:
    """Seconds of one executemany a table, of what an import stored, into the same tables, the commit included."""
    engine = open_engine(sqlite_url(path))
    metadata.create_all(engine)
    engine.dispose()
    prepared = [(table, *prepared_rows(newsroom, table)) for table in tables]
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    start = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for table, columns, rows in prepared:
        marks = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
    connection.execute("COMMIT")
    seconds = time.perf_counter() - start
    connection.close()
    path.unlink()
    return seconds


def prepared_rows(newsroom: Newsroom, table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """What an import has stored, ready to be stored again."""
    with closing(sqlite3.connect(newsroom.directory / "newsletter.db")) as connection:
        cursor = connection.execute(f"SELECT * FROM {table} ORDER BY id")
        columns = [description[0] for description in cursor.description]
        place = columns.index("id")
        rows = [row[:place] + row[place + 1 :] for row in cursor]
    return columns[:place] + columns[place + 1 :], rows


def peak_megabytes(rows: int) -> float:
    """Peak memory of a process of its own that imports so many rows."""
    command = [sys.executable, "-m", "tests.benchmarks.import_benchmark", "--once", str(rows)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def run(rows: int = ROWS) -> None:
    """Print the rates, their ratios, and the peak memory of a small and a large import."""
    # First, since a process starts with the peak of the one that starts it.
    few, many = peak_megabytes(rows // _FEWER), peak_megabytes(rows)
    rounds = ROUNDS if rows <= _QUICK_ROWS else 1
    times: dict[str, list[float]] = {"import": [], "subscribers": [], "both": []}
    with tempfile.TemporaryDirectory() as directory:
        base = Path(directory)
        write_file(base / "members.csv", rows)
        for number in range(rounds):
            seconds, newsroom = time_import(base / f"newsroom-{number}", base / "members.csv")
            newsroom.engine.dispose()
            times["import"].append(seconds)
            times["subscribers"].append(time_raw(base / "raw.db", newsroom, ("subscriber",)))
            times["both"].append(time_raw(base / "raw.db", newsroom, ("subscriber", "member_event")))
    mine, alone, both = (statistics.median(times[name]) for name in ("import", "subscribers", "both"))
    print(f"import of {rows:,} subscribers: {mine:.1f} s, {rows / mine:,.0f} rows/s (median of {rounds})")
    print(f"raw sqlite3.executemany of the same subscribers: {alone:.1f} s, {rows / alone:,.0f} rows/s")
    print(f"the same with their events: {both:.1f} s")
    print(
        f"the import takes {mine / alone:.1f} times as long as the subscribers alone, {mine / both:.1f} as with events"
    )
    print(f"peak memory: {few:.0f} MB for {rows // _FEWER:,} rows, {many:.0f} MB for {rows:,}")


def _import_once(rows: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        base = Path(directory)
        write_file(base / "members.csv", rows)
        time_import(base / "newsroom", base / "members.csv")
    # ru_maxrss is in kB on Linux.
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--once"]:
        _import_once(int(sys.argv[2]))
    else:
        run(*map(int, sys.argv[1:2]))
