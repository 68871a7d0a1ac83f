"""Which rows of a list are not to be imported for what the register says of their people."""

from collections.abc import Collection, Sequence

from newsletter.subscribers.lists.entries import Entry, KnownPeople
from newsletter.subscribers.models import Status


def find_foreign(entries: Sequence[Entry], known: KnownPeople, unit_ids: Collection[int]) -> set[int]:
    """The lines of people whom the register has under a unit that is none of ``unit_ids``."""
    homes = ((entry.line, known.get((entry.number_key, entry.name_key))) for entry in entries)
    return {line for line, found in homes if found is not None and found.unit_id not in unit_ids}


def find_dead(entries: Sequence[Entry], known: KnownPeople) -> set[int]:
    """The lines of people who died, as the register says."""
    there = ((entry.line, known.get((entry.number_key, entry.name_key))) for entry in entries)
    return {line for line, found in there if found is not None and found.status == Status.DIED}
