"""Under which names, and for which unit in the tree, an edition is made: written down when it is composed.

Papers are renamed and units move; what was signed stays under the names it was signed with.
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from newsletter.editions.models import Edition
from newsletter.journal.canonical import canonical_json
from newsletter.organisation.papers import Paper
from newsletter.organisation.units import Unit, ancestor_codes


@dataclass(frozen=True, kw_only=True)
class Imprint:
    """What an edition bears.

    Attributes:
        unit: the name of its unit.
        units: codes of its unit and those above it, nearest first: for which its three people hold their roles.
    """

    paper: str
    unit: str
    units: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """As JSON types."""
        return {"paper": self.paper, "unit": self.unit, "units": list(self.units)}


def present_imprint(session: Session, edition: Edition) -> Imprint:
    """What it would bear if it were composed this moment."""
    paper, unit = session.get_one(Paper, edition.paper_id), session.get_one(Unit, edition.unit_id)
    return Imprint(paper=paper.name, unit=unit.name, units=tuple(ancestor_codes(session, edition.unit_id)))


def imprint_of(session: Session, edition: Edition) -> Imprint:
    """What an edition bears; one composed before imprints were kept bears what is true this moment.

    Raises:
        ValueError, LookupError, TypeError: something else than this program wrote it.
    """
    if edition.imprint is None:
        return present_imprint(session, edition)
    found = json.loads(edition.imprint)
    return Imprint(paper=found["paper"], unit=found["unit"], units=tuple(found["units"]))


def keep_imprint(session: Session, edition: Edition) -> None:
    """Write down what is true this moment."""
    edition.imprint = canonical_json(present_imprint(session, edition).document())


def has_moved(session: Session, edition: Edition) -> bool:
    """Whether its unit stands elsewhere in the tree than when it was composed."""
    return imprint_of(session, edition).units != present_imprint(session, edition).units
