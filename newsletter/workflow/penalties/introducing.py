"""Which version of a text an error came in with. Pure.

It is the earliest one from which the quoted words, wrong as they are, stand without a break up to the printed one.
Where the same words stand in a version several times, each occurrence has its own history: it is followed back
through what stayed the same, so that a right use of the words by one person does not hide a wrong one by another.
Words that were moved, within a field or to another, are the words they were.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

from newsletter.workflow.penalties.quoting import positions_of


def introducing_version(texts: Sequence[str], quote: str, position: int) -> int:
    """The index of the version an occurrence came in with.

    Args:
        texts: whole texts, oldest first; the last is the printed one.
        quote: stands in the last at ``position``.
        position: characters from its beginning.
    """
    for index in range(len(texts) - 1, 0, -1):
        earlier = _follow_back(texts[index - 1], texts[index], quote, position)
        if earlier is None:
            return index
        position = earlier
    return 0


def _follow_back(before: str, after: str, quote: str, position: int) -> int | None:
    """Where the occurrence at ``position`` in ``after`` stood in ``before``; None: it is new."""
    there, here = positions_of(quote, before), positions_of(quote, after)
    if not there:
        return None
    if before == after:
        return position
    if len(there) == len(here) == 1:
        return there[0]
    stayed = _stayed(before, after, len(quote), here)
    if position in stayed:
        return stayed[position]
    # What is left over on both sides was moved, or replaced by the same; one for one, in order.
    gone = [place for place in there if place not in set(stayed.values())]
    moved = dict(zip([place for place in here if place not in stayed], gone, strict=False))
    return moved.get(position)


def _stayed(before: str, after: str, length: int, places: Sequence[int]) -> dict[int, int]:
    """Occurrences in ``after`` that lie within a stretch left as it was → where they stood in ``before``."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return {
        place: block.a + place - block.b
        for place in places
        for block in blocks
        if block.b <= place and place + length <= block.b + block.size
    }
