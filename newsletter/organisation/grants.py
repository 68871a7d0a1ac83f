"""Who held which role at a place in the journal. Pure: judged by the order of statements, and by dates they carry.

A grant or revocation counts only if its speaker was an admin there of that unit or of one above it; the journal's
first statement makes the first admin, whose key stands in the settings. A role with dates counts for a word whose own
time lies within them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.journal.periods import Period, read_period
from newsletter.journal.statements import Verb, Word
from newsletter.organisation.roles import Role


@dataclass(frozen=True)
class Holding:
    """A role a person holds for a unit's subtree."""

    person: str
    role: str
    unit: str


def holdings_before(
    words: Iterable[Word], units: Sequence[str], place: int, *, moment: datetime | None = None
) -> frozenset[Holding]:
    """The roles for ``units`` (a unit and those above it, nearest first) when the statement at ``place`` was made.

    Args:
        words: the journal, oldest first.
        units: codes.
        place: in the journal, or the one behind it.
        moment: for roles with dates; None: the time of the statement at ``place``, and where none stands there yet, no
            role with dates counts.
    """
    roles = _Roles(units)
    for word in words:
        if word.place >= place:
            if word.place == place and moment is None:
                moment = word.time
            break
        roles.hear(word)
    return frozenset(holding for holding, period in roles.given if period.holds_at(moment))


def is_held(
    words: Sequence[Word],
    *,
    person: str,
    role: str,
    units: Sequence[str],
    place: int,
    moment: datetime | None = None,
) -> bool:
    """Whether ``person`` held ``role`` for one of ``units`` at ``place``; see ``holdings_before``."""
    held = holdings_before(words, units, place, moment=moment)
    return any(Holding(person, role, unit) in held for unit in units)


class _Roles:
    """The roles given for a unit and those above it, as the journal is heard from its beginning."""

    def __init__(self, units: Sequence[str]) -> None:
        self._units = units
        self.given: set[tuple[Holding, Period]] = set()
        #: (person, unit) whose roles there have ended for good.
        self._retired: set[tuple[str, str]] = set()

    def hear(self, word: Word) -> None:
        """Take in one statement."""
        if word.verb in (Verb.GRANT, Verb.REVOKE):
            self._hear_grant(word)
        elif word.verb is Verb.RETIRE:
            person, homes = word.details["person"], self._homes_of_admin(word)
            self._end(person, homes)
            self._retired |= {(person, unit) for unit in homes}

    def _hear_grant(self, word: Word) -> None:
        person, unit = word.details["person"], word.details["unit"]
        is_first = word.place == 1 and unit in self._units
        if not is_first and unit not in self._homes_of_admin(word):
            return
        holding = Holding(person, word.details["role"], unit)
        if word.verb is Verb.REVOKE:
            self.given = {(found, period) for found, period in self.given if found != holding}
        elif (person, unit) not in self._retired:
            self.given.add((holding, read_period(word.details)))

    def _end(self, person: str, units: set[str]) -> None:
        self.given = {
            (found, period) for found, period in self.given if found.person != person or found.unit not in units
        }

    def _homes_of_admin(self, word: Word) -> set[str]:
        """The units for which the speaker could give roles at that moment: an admin's own and what is under it."""
        for place in range(len(self._units), 0, -1):
            home = Holding(word.person, Role.ADMIN, self._units[place - 1])
            if any(found == home and period.holds_at(word.time) for found, period in self.given):
                return set(self._units[:place])
        return set()
