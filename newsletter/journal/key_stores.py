"""Which people's keys lie together: whoever reads one key store can speak as each of them. Pure."""

from collections.abc import Iterable
from itertools import combinations

from newsletter.journal.words import Word


def shared_key_stores(words: Iterable[Word], *, also: tuple[str, str] | None = None) -> list[tuple[str, str]]:
    """Pairs of people who spoke from the same key store, in alphabetical order.

    Args:
        words: of one edition's gates, or of a whole journal.
        also: somebody about to speak, and the id of the key store on their machine.
    """
    stores: dict[str, set[str]] = {}
    for person, store in [*((word.person, word.key_store) for word in words), *([also] if also else [])]:
        stores.setdefault(store, set()).add(person)
    return sorted({pair for people in stores.values() for pair in combinations(sorted(people), 2)})
