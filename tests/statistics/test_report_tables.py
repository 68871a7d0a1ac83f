"""The report's tables together: a branch within a town, and an edition of a branch, are told by none of them."""

import pytest

from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.periodic.tables import Tables, count_tables
from tests.statistics.ledgers import BAIPU_ID, BANJING_ID, BRANCH_ID, Desk
from tests.statistics.registers import Register, day, period


@pytest.fixture
def tables(desk: Desk) -> Tables:
    """Banjing: 60 members of its own and a branch of two; Baipu: 66. A town's edition, a branch's, and a lesson."""
    register = Register(desk.hiding(5))
    places = [BANJING_ID] * 60 + [BRANCH_ID] * 2 + [BAIPU_ID] * 66
    for edition, kind in enumerate(("main", "town", "town", "lesson"), start=1):
        desk.plan(edition, day(10, edition), kind=kind)
    for person, unit in enumerate(places, start=1):
        register.join(person, day(9, 1), unit_id=unit)
        desk.deliver(1, person, unit_id=unit)
        if person <= 60:
            desk.deliver(2, person, unit_id=unit)
        elif unit == BRANCH_ID:
            desk.deliver(3, person, unit_id=unit)
        elif person <= 68:
            desk.deliver(4, person, unit_id=unit)
    desk.leave(61, 3, day(10, 5), unit_id=BRANCH_ID)
    return count_tables(register.newsroom(), period("2026-10-01", "2026-10-31"))


def shown(tables: Tables, by: Dimension) -> dict[object, tuple[int, int]]:
    return {row.names[by][0]: (row.delivered, row.unsubscribed) for row in tables.breakdowns[by].rows}


def test_units_are_those_directly_below_and_small_editions_are_in_no_kind(tables: Tables) -> None:
    assert shown(tables, Dimension.UNIT) == {"banjing": (124, 1), "baipu": (72, 0)}
    assert shown(tables, Dimension.EDITION) == {1: (128, 0), 2: (60, 0), "suppressed": (8, 1)}
    assert shown(tables, Dimension.KIND) == {"main": (128, 0), "town": (60, 0), "suppressed": (8, 1)}
    assert [(row.code, row.balance.end) for row in tables.growth_by_unit.rows] == [("baipu", 66), ("banjing", 62)]
    assert (tables.reached, tables.editions, tables.unsubscribes.total.delivered) == (128, 4, 196)
