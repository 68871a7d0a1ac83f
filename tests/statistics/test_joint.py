"""Nothing small can be computed from tables by edition and by unit together, whatever rows are added and subtracted."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.statistics.joint import hide_jointly

CELLS = st.dictionaries(
    st.tuples(st.sampled_from(["e1", "e2", "e3"]), st.sampled_from(["u1", "u2", "u3"])),
    st.integers(1, 9),
    min_size=1,
)


def rows_of(cells: dict[tuple[object, object], int], hidden: tuple[frozenset[object], frozenset[object]]) -> np.ndarray:
    """Every row of the output, over the cells: those of editions, of units, the merged ones, and the total."""
    rows = [[1] * len(cells)]
    for side in (0, 1):
        shown = {cell[side] for cell in cells} - hidden[side]
        rows += [[int(cell[side] == key) for cell in cells] for key in sorted(map(str, shown))]
        rows.append([int(cell[side] in hidden[side]) for cell in cells])
    return np.array(rows, dtype=float)


def told_small_sets(cells: dict[tuple[object, object], int], rows: np.ndarray, small_count: int) -> list[object]:
    """Sets of cells with few people whose sum the rows determine."""
    rank = np.linalg.matrix_rank(rows)
    found: list[object] = []
    for size in range(1, len(cells)):
        for some in combinations(cells, size):
            by_edition: dict[object, int] = {}
            for cell in some:
                by_edition[cell[0]] = by_edition.get(cell[0], 0) + cells[cell]
            if max(by_edition.values()) < small_count:
                wanted = [[int(cell in some) for cell in cells]]
                if np.linalg.matrix_rank(np.vstack([rows, wanted])) == rank:
                    found.append(some)
    return found


@settings(max_examples=200, deadline=None)
@given(CELLS, st.integers(2, 6), st.sampled_from(["s", "t", "u"]))
def test_no_few_people_are_told_of_by_any_sum_or_difference(
    cells: dict[tuple[object, object], int], small_count: int, salt: str
) -> None:
    hidden = hide_jointly(cells, small_count, salt)
    told = told_small_sets(cells, rows_of(cells, hidden), small_count)
    everything_is_small = max(sum(n for (e, _u), n in cells.items() if e == one) for one, _ in cells) < small_count
    assert not told or everything_is_small, told
    for side in (0, 1):
        assert len(hidden[side]) != 1 or len({cell[side] for cell in cells}) == 1


def test_each_table_merged_alone_would_tell_a_units_share() -> None:
    """The town edition went to u1 alone: u1's row less that edition's is two people of the main one."""
    cells: dict[tuple[object, object], int] = {
        ("main", "u1"): 2, ("main", "u2"): 50, ("main", "u3"): 40, ("town", "u1"): 60,
    }  # fmt: skip
    assert told_small_sets(cells, rows_of(cells, (frozenset(), frozenset())), 5) == [(("main", "u1"),)]
    hidden = hide_jointly(cells, 5, "s")
    assert not told_small_sets(cells, rows_of(cells, hidden), 5)


def test_what_may_be_shown_is_shown() -> None:
    cells: dict[tuple[object, object], int] = {(e, u): 20 for e in "ab" for u in "xyz"}
    assert hide_jointly(cells, 5, "s") == (frozenset(), frozenset())
    assert hide_jointly(cells | {("a", "w"): 2}, 5, "s")[0] == frozenset()
    assert hide_jointly({("a", "x"): 1}, 1, "s") == (frozenset(), frozenset())


def test_units_small_in_another_table_are_merged_until_that_may_be_shown() -> None:
    cells: dict[tuple[object, object], int] = {("a", u): 20 for u in "wxyz"}
    _editions, units = hide_jointly(cells, 5, "s", small_units=["w"])
    assert len(units) == 2
    assert "w" in units
    assert len(hide_jointly(cells, 5, "s", small_units=["w"], is_enough=lambda hidden: len(hidden) > 2)[1]) == 3
