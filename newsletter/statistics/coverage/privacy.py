"""Which numbers of coverage are too small to be told, with all from which one could be computed. Pure."""

from collections.abc import Mapping
from typing import Final

from newsletter.statistics.coverage.tree import Rolled, UnitTree

#: ``small_count`` up to which nothing is hidden.
_NOTHING_SMALL: Final = 1


def merge_small(groups: Mapping[str, int], small_count: int) -> tuple[dict[str, int], int]:
    """Groups that may be told, and how many people are in the others together.

    The small ones go together with the next smallest: one alone would be the unit's total without those shown.
    """
    by_size = sorted(groups, key=lambda name: (groups[name], name))
    small = sum(groups[name] < small_count for name in by_size)
    if not small or small_count <= _NOTHING_SMALL:
        return dict(groups), 0
    hidden = set(by_size[: small + 1])
    shown = {name: people for name, people in groups.items() if name not in hidden}
    return shown, sum(groups[name] for name in hidden)


def hide_small_rests(tree: UnitTree, rows: Mapping[int, Rolled], small_count: int) -> set[int]:
    """The units of which it is not told how many were not reached.

    A unit is told of if the number is ``small_count`` or more, its parent is told of, and what the parent's number
    leaves over, once those told of under it are taken away, is ``small_count`` or more too, or nothing could be in it:
    nobody is registered outside of them.
    """
    hidden = set(tree.order)
    if small_count <= _NOTHING_SMALL:
        return set()
    waiting = [unit_id for unit_id in tree.tops if rows[unit_id].counts.not_reached >= small_count]
    while waiting:
        unit_id = waiting.pop()
        hidden.discard(unit_id)
        waiting += _tellable_children(tree, rows, unit_id, small_count)
    return hidden


def _tellable_children(tree: UnitTree, rows: Mapping[int, Rolled], unit_id: int, small_count: int) -> list[int]:
    told = [child for child in tree.children[unit_id] if rows[child].counts.not_reached >= small_count]
    told.sort(key=lambda child: rows[child].counts.not_reached)
    while told:
        rest = rows[unit_id].counts.not_reached - sum(rows[child].counts.not_reached for child in told)
        others = rows[unit_id].counts.registered - sum(rows[child].counts.registered for child in told)
        if rest >= small_count or not others:
            break
        told.pop(0)
    return told
