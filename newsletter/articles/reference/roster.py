"""Who holds which post from when until when, and in which order the holders are named."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final

from newsletter.articles.reference.lexicon import Lexicon
from newsletter.articles.reference.tables import Row, read_once
from newsletter.translation import gettext as _

ROSTER_FILE: Final = "roster.csv"
_COLUMNS: Final = {"name": "姓名", "post": "职务", "unit": "单位", "rank": "排名", "from": "起", "until": "止"}
_LONGEST_SHOWN: Final = 40


@dataclass(frozen=True)
class Tenure:
    """One post of one person, both days included; None is without end.

    Attributes:
        unit: by name, or empty for the organisation itself.
        rank: lower comes first, among those of the same unit; None: unranked.
    """

    name: str
    post: str
    unit: str
    rank: int | None
    since: date | None
    until: date | None

    def covers(self, day: date) -> bool:
        """Whether it is held on that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def is_over(self, day: date) -> bool:
        """Whether it was held before that day, and is no more."""
        return self.until is not None and self.until < day


@dataclass(frozen=True)
class Roster:
    """All tenures a newsroom knows of, past ones included."""

    tenures: tuple[Tenure, ...] = ()

    @cached_property
    def lexicon(self) -> Lexicon:
        """Everybody's name, ready to be looked for."""
        return Lexicon(tenure.name for tenure in self.tenures)

    @cached_property
    def _by_name(self) -> dict[str, tuple[Tenure, ...]]:
        names = dict.fromkeys(tenure.name for tenure in self.tenures)
        return {name: tuple(tenure for tenure in self.tenures if tenure.name == name) for name in names}

    def of(self, name: str) -> tuple[Tenure, ...]:
        """A person's tenures, past ones included."""
        return self._by_name.get(name, ())

    def ranks(self, name: str, day: date) -> dict[str, int]:
        """A person's best rank on a day, by unit."""
        ranks: dict[str, int] = {}
        for tenure in self.of(name):
            if tenure.rank is not None and tenure.covers(day):
                ranks[tenure.unit] = min(tenure.rank, ranks.get(tenure.unit, tenure.rank))
        return ranks


def read_roster(path: Path) -> tuple[Tenure, ...]:
    """The tenures of a file, units as they stand there; none if it is missing.

    Raises:
        ReferenceFileError: an error in it, by line and column.
    """
    return read_once(path, _COLUMNS, _read_tenure, optional=("unit", "rank", "from", "until"))


def _read_tenure(row: Row) -> Tenure:
    since, until = row.day("from"), row.day("until")
    if since and until and until < since:
        raise row.wrong("until", _("it ends before it begins."))
    return Tenure(row.required("name"), row.required("post"), row["unit"], _read_rank(row), since, until)


def _read_rank(row: Row) -> int | None:
    word = row["rank"]
    if not word:
        return None
    if not (word.isascii() and word.isdigit()):
        raise row.wrong("rank", _("{word} is not a whole number.").format(word=word[:_LONGEST_SHOWN]))
    return int(word)
