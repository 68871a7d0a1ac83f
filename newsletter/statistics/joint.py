"""Which editions and units are too small to be shown where one output tells by both, and the total. Pure.

Merging each table alone is not enough: a unit's row less the row of an edition that went to it alone is the unit's
share of all other editions. What a reader can compute from the rows by adding and subtracting is, of every *atom*
(a row of the one table crossed with one of the other), a number of its edition's row plus one of its unit's.
Atoms of ``small_count`` people or more may be told. If they alone are taken out of the sum, both numbers are fixed
along every chain of such atoms: so a small atom whose rows a chain of large ones joins can never be singled out, nor
any small set of atoms. Rows are merged until that holds for each.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

#: Edition and unit (of whatever kind) → people.
Cells = Mapping[tuple[object, object], int]
#: ``small_count`` up to which nothing is merged.
_NOTHING_SMALL: Final = 1
_MERGED: Final = object()


def hide_jointly(
    cells: Cells,
    small_count: int,
    salt: str,
    *,
    units: Collection[object] = (),
    small_units: Collection[object] = (),
    is_enough: Callable[[frozenset[object]], bool] = lambda _hidden: True,
) -> tuple[frozenset[object], frozenset[object]]:
    """Choose the editions and the units whose rows must be merged.

    Args:
        cells: people delivered to.
        small_count: fewer people than this are few.
        salt: orders groups alike in size, known to no reader.
        units: further units, which another table of the output tells of.
        small_units: units that other table must not show.
        is_enough: whether these units merged may be shown there.

    Returns:
        Keys of editions, and of units, to merge: none, two or more, or all there are.
    """
    editions = _sizes(cells, 0)
    rows = dict.fromkeys(units, 0) | _sizes(cells, 1)
    if small_count <= _NOTHING_SMALL:
        return frozenset(), frozenset()
    hidden_editions, hidden_units = _Hidden(editions, salt), _Hidden(rows, salt)
    hidden_editions.hide(key for key, size in editions.items() if size < small_count)
    # Units without any delivery here are small only where the other table says so.
    delivered = {unit for _edition, unit in cells}
    few = {key for key, size in rows.items() if key in delivered and size < small_count}
    hidden_units.hide(key for key in rows if key in small_units or key in few)
    while True:
        loose = _find_loose(cells, hidden_editions.keys, hidden_units.keys, small_count)
        if loose is not None:
            candidates = [(hidden_editions, loose[0]), (hidden_units, loose[1])]
            shown = [(side.sizes[key], place) for place, (side, key) in enumerate(candidates) if key is not _MERGED]
            if shown:
                side, key = candidates[min(shown)[1]]
                side.hide([key])
            elif not (hidden_units.hide_next() or hidden_editions.hide_next()):
                break
        elif not hidden_units.keys or is_enough(frozenset(hidden_units.keys)) or not hidden_units.hide_next():
            break
    return frozenset(hidden_editions.keys), frozenset(hidden_units.keys)


class _Hidden:
    """The rows of one table that are merged: never one alone, which the total would betray."""

    def __init__(self, sizes: Mapping[object, int], salt: str) -> None:
        self.sizes = sizes
        self.keys: set[object] = set()
        self._order = sorted(sizes, key=lambda key: (sizes[key], hashlib.sha256(f"{salt}|{key}".encode()).hexdigest()))

    def hide(self, keys: Iterable[object]) -> None:
        self.keys |= set(keys)
        if len(self.keys) == 1:
            self.hide_next()

    def hide_next(self) -> bool:
        """Merge the smallest that is still shown; False where there is none."""
        following = next((key for key in self._order if key not in self.keys), None)
        if following is None:
            return False
        self.keys.add(following)
        return True


def _sizes(cells: Cells, side: int) -> dict[object, int]:
    """People of each edition (``side`` 0), or of each unit: as many as its largest edition, the least they can be."""
    sizes: dict[object, int] = {}
    for cell, people in cells.items():
        key = cell[side]
        sizes[key] = sizes.get(key, 0) + people if side == 0 else max(sizes.get(key, 0), people)
    return sizes


def _find_loose(
    cells: Cells, editions: Collection[object], units: Collection[object], small_count: int
) -> tuple[object, object] | None:
    """A small atom whose rows no chain of large ones joins; None: there is none."""
    by_edition: dict[tuple[object, object], dict[object, int]] = defaultdict(lambda: defaultdict(int))
    for (edition, unit), people in cells.items():
        atom = (_MERGED if edition in editions else edition, _MERGED if unit in units else unit)
        by_edition[atom][edition] += people
    # The same people get many editions: together they are no more than those of the largest.
    atoms = {atom: max(found.values()) for atom, found in by_edition.items()}
    chains = _Chains()
    for atom, people in atoms.items():
        if people >= small_count:
            chains.join(atom)
    loose = [atom for atom, people in atoms.items() if people < small_count and not chains.is_joined(atom)]
    return min(loose, key=lambda atom: atoms[atom]) if loose else None


class _Chains:
    """Which rows are joined by large atoms."""

    def __init__(self) -> None:
        self._leader: dict[tuple[int, object], tuple[int, object]] = {}

    def _find(self, row: tuple[int, object]) -> tuple[int, object]:
        while self._leader.get(row, row) != row:
            row = self._leader[row]
        return row

    def join(self, atom: tuple[object, object]) -> None:
        self._leader[self._find((0, atom[0]))] = self._find((1, atom[1]))

    def is_joined(self, atom: tuple[object, object]) -> bool:
        return self._find((0, atom[0])) == self._find((1, atom[1]))
