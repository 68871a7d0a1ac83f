"""Who held which role at a place in the journal. Pure: judged by the order of statements, never by clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from newsletter.journal.statements import Verb, Word


@dataclass(frozen=True)
class Holding:
    """A role a person holds for a unit's subtree."""

    person: str
    role: str
    unit: str


def holdings_before(words: Iterable[Word], place: int) -> frozenset[Holding]:
    """The roles in force when the statement at ``place`` was made."""
    held: set[Holding] = set()
    for word in words:
        if word.place >= place:
            break
        if word.verb in (Verb.GRANT, Verb.REVOKE):
            holding = Holding(word.details["person"], word.details["role"], word.details["unit"])
            held = held | {holding} if word.verb is Verb.GRANT else held - {holding}
    return frozenset(held)


def is_held(words: Sequence[Word], *, person: str, role: str, units: Iterable[str], place: int) -> bool:
    """Whether ``person`` held ``role`` for one of ``units`` (a unit and those above it) at ``place``."""
    held = holdings_before(words, place)
    return any(Holding(person, role, unit) in held for unit in units)
