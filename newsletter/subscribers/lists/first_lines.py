"""Whether a person stood in the same file before, and on which line; kept on disk, so that memory stays flat."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from newsletter.subscribers.lists.entries import Entry


class FirstLines:
    """The people of one file seen so far, in a private temporary database that goes with its connection.

    A person is remembered by 63 bits of their keys, so that the index is small: among a million rows the chance that
    two people are taken for one is one in twenty million.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        # Never rolled back: a journal is of no use, nor is waiting for the disk.
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        connection.execute("CREATE TABLE seen (person INTEGER PRIMARY KEY, line INTEGER)")

    def note(self, entries: Sequence[Entry]) -> dict[int, int]:
        """Remember these people; returns line → earlier line for those who were there already."""
        before = self._connection.total_changes
        self._connection.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", map(_person_and_line, entries))
        if self._connection.total_changes - before == len(entries):
            return {}
        found = {entry.line: self._first(_person_and_line(entry)[0]) for entry in entries}
        return {line: first for line, first in found.items() if first != line}

    def _first(self, person: int) -> int:
        found = self._connection.execute("SELECT line FROM seen WHERE person = ?", (person,)).fetchone()
        return int(found[0])


def _person_and_line(entry: Entry) -> tuple[int, int]:
    line, number_key, name_key, _person = entry
    return hash((number_key, name_key)) >> 1, line


@contextmanager
def first_lines() -> Iterator[FirstLines]:
    """A fresh memory for one file."""
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        yield FirstLines(connection)
