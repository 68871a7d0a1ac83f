"""Which table of points holds for what: every version of the rule book keeps its own, so that history stays."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from newsletter.editions.rule_books import SHIPPED_VERSION, newest_version
from newsletter.workflow.rule_book.adopting import read_version
from newsletter.workflow.rule_book.points_table import PointsTable


@dataclass(frozen=True)
class Tables:
    """The points of every version of the rule book, and when each came into force (None: from the first day)."""

    versions: Mapping[int, PointsTable]
    adopted: Mapping[int, datetime | None]

    @property
    def newest(self) -> PointsTable:
        """The table in force now."""
        return self.versions[max(self.versions)]

    def at(self, moment: datetime) -> PointsTable:
        """The table in force at a moment: for what neither an edition nor a record ties to a version."""
        in_force = [number for number, since in self.adopted.items() if since is None or since < moment]
        return self.versions[max(in_force)]


def load_tables(session: Session) -> Tables:
    """Read every version of the rule book.

    Raises:
        RuleBookAlteredError: a version is not the text that was adopted.
    """
    numbers = range(SHIPPED_VERSION, newest_version(session) + 1)
    versions = [read_version(session, number) for number in numbers]
    return Tables(
        {version.number: version.rules.points for version in versions},
        {version.number: version.adopted_at for version in versions},
    )
