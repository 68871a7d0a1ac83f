"""Whose penalties somebody may see: those of the units that their roles are for, and always their own."""

from dataclasses import dataclass

from sqlmodel import Session

from newsletter.newsroom import Newsroom
from newsletter.organisation.scope import Scope, is_in, visible_unit_ids
from newsletter.organisation.staff import require_staff
from newsletter.workflow.penalties.facts import chain_of
from newsletter.workflow.penalties.models import ErrorRecord, PenaltyEntry
from newsletter.workflow.penalties.people import Person, staff_person


@dataclass(frozen=True)
class Units:
    """Where an error belongs: to the desk whose edition it is, and home to the contributor who brought it in."""

    desk: int
    home: int | None

    @property
    def both(self) -> set[int]:
        """The one or two of them."""
        return {self.desk} if self.home is None else {self.desk, self.home}


@dataclass(frozen=True)
class Sight:
    """What one person sees: the units their roles are for, everything under them included."""

    person: Person
    scope: Scope

    def sees_units(self, units: Units) -> bool:
        """Errors of their own desk, or of their own units' people."""
        return any(is_in(unit, self.scope) for unit in units.both)

    def sees_entry(self, entry: PenaltyEntry, units: Units) -> bool:
        """What their own units' people pay, what errors of their own desk cost, and what they pay themselves."""
        is_own = (entry.person_kind, entry.person_id) == (self.person.kind, self.person.id)
        return is_own or is_in(entry.unit_id, self.scope) or is_in(units.desk, self.scope)

    def sees_record(self, record: ErrorRecord, units: Units) -> bool:
        """What ``sees_units`` says, and errors that name them."""
        return self.sees_units(units) or self.person in chain_of(record)


def sight_of(session: Session, newsroom: Newsroom) -> Sight:
    """What the acting person may see.

    Raises:
        NoRightError: they are not on staff.
    """
    return Sight(staff_person(require_staff(session, newsroom)), visible_unit_ids(session, newsroom))
