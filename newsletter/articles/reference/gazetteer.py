"""Place names beyond the organisation's own tree, from the newsroom's ``gazetteer.csv``."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from newsletter.articles.reference.tables import Row, read_once

GAZETTEER_FILE: Final = "gazetteer.csv"
_COLUMNS: Final = {"name": "地名", "within": "上级"}


@dataclass(frozen=True)
class Entry:
    """A place and what it lies in, by name; ``within`` may be empty."""

    name: str
    within: str


def read_gazetteer(path: Path) -> tuple[Entry, ...]:
    """The entries of a file; none if it is missing.

    Raises:
        ReferenceFileError: an error in it, by line and column.
    """
    return read_once(path, _COLUMNS, _read_entry, optional=("within",))


def _read_entry(row: Row) -> Entry:
    return Entry(row.required("name"), row["within"])
