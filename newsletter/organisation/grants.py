"""Who held which role at a place in the journal. Pure: judged by the order of statements, never by clock.

A grant or revocation counts only if its speaker was an admin there of that unit or of one above it; the journal's
first statement makes the first admin, whose key stands in the settings.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from newsletter.journal.statements import Verb, Word
from newsletter.organisation.roles import Role


@dataclass(frozen=True)
class Holding:
    """A role a person holds for a unit's subtree."""

    person: str
    role: str
    unit: str


def holdings_before(words: Iterable[Word], units: Sequence[str], place: int) -> frozenset[Holding]:
    """The roles for ``units`` (a unit and those above it, nearest first) when the statement at ``place`` was made."""
    held: set[Holding] = set()
    for word in words:
        if word.place >= place:
            break
        if word.verb not in (Verb.GRANT, Verb.REVOKE) or word.details["unit"] not in units:
            continue
        holding = Holding(word.details["person"], word.details["role"], word.details["unit"])
        if word.place != 1 and not _is_admin(held, word.person, units[units.index(holding.unit) :]):
            continue
        held = held | {holding} if word.verb is Verb.GRANT else held - {holding}
    return frozenset(held)


def is_held(words: Sequence[Word], *, person: str, role: str, units: Sequence[str], place: int) -> bool:
    """Whether ``person`` held ``role`` for one of ``units`` (a unit and those above it, nearest first) at ``place``."""
    held = holdings_before(words, units, place)
    return any(Holding(person, role, unit) in held for unit in units)


def _is_admin(held: Iterable[Holding], person: str, units: Sequence[str]) -> bool:
    return any((found.person, found.role) == (person, Role.ADMIN) and found.unit in units for found in held)
