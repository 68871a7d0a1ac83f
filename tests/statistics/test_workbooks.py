"""The workbook, read back as a spreadsheet program reads it."""

import io
from datetime import datetime
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from newsletter.organisation.units import Unit
from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.workbooks import Origin, make_report_workbook
from newsletter.translation import use_language
from tests.statistics.ledgers import SHANGHAI, Desk

ORIGIN = Origin(newsroom="如皋手机报", staff="chen", at=datetime(2026, 11, 21, 9, 5, tzinfo=SHANGHAI))


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Nine people in Banjing, of whom one left, six in Baipu, one elsewhere."""
    desk.plan(1)
    for person in range(1, 17):
        region = "320682116" if person < 10 else "320682105" if person < 16 else ""
        desk.deliver(1, person, region_code=region)
    desk.leave(1, 1, reason="too-many")
    desk.leave(2, None)
    return desk.hiding(5)


def open_book(desk: Desk, *by: Dimension) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(make_report_workbook(desk.count(*by, since="2026-11-01"), ORIGIN)))


def rows_of(book: CalamineWorkbook, place: int) -> list[list[Any]]:
    return book.get_sheet_by_index(place).to_python()


def test_counts_are_numbers_rates_shares_codes_text_and_the_total_is_last(filled: Desk) -> None:
    rows = rows_of(open_book(filled, Dimension.REGION), 0)
    assert rows[0][:5] == ["region", "region_label", "audience", "delivered", "unsubscribed"]
    assert rows[1] == ["320682116", "搬经镇", 9.0, 9.0, 1.0, 0.111111, 0.002809, 0.482497]
    assert rows[2][:5] == ["suppressed", "suppressed (small groups merged)", 7.0, 7.0, 0.0]
    assert rows[3][:5] == ["total", "Total", 16.0, 16.0, 1.0]
    assert [type(cell) for cell in rows[1]] == [str, str, *[float] * 6]


def test_every_column_stands_in_the_data_dictionary(filled: Desk) -> None:
    for language in ("en", "zh-CN"):
        use_language(language)
        book = open_book(filled, Dimension.REGION, Dimension.REASON, Dimension.COLUMN)
        headings = rows_of(book, 0)[0]
        lines = rows_of(book, 1)[1:]
        assert [line[0] for line in lines] == headings
        assert all(all(line) for line in lines), "meaning, unit and how it is counted"


def test_the_notes_say_period_origin_rule_and_what_is_in_no_rate(filled: Desk) -> None:
    book = open_book(filled, Dimension.REGION)
    notes = dict(rows_of(book, 2)[1:])
    assert book.sheet_names == ["Unsubscribes", "Data dictionary", "Notes"]
    assert (notes["Period"], notes["Counted by"], notes["Counted at"]) == (
        "from 2026-11-01 on",
        "chen",
        "2026-11-21 09:05",
    )
    assert "fewer than 5 people" in notes["Small groups"]
    assert notes["Note"] == "Opt-outs attributed to no edition, in no rate: 1"


def test_by_column_the_notes_say_that_it_is_no_sum(filled: Desk) -> None:
    notes = rows_of(open_book(filled, Dimension.COLUMN), 2)
    assert any("not the rows' sum" in text for _what, text in notes)


def test_names_are_text_whatever_they_look_like(desk: Desk) -> None:
    desk.add(Unit(id=9, code="007", name="=1+1", kind="branch", parent_id=1))
    desk.plan(1)
    desk.deliver(1, 1, unit_id=9)
    assert rows_of(open_book(desk, Dimension.UNIT), 0)[1][:2] == ["007", "=1+1"]


def test_an_empty_report_is_a_workbook_too(desk: Desk) -> None:
    assert rows_of(open_book(desk, Dimension.REGION), 0)[1][2:] == [0.0, 0.0, 0.0, 0.0, "", ""]
    assert rows_of(open_book(desk), 0)[1][:4] == [0.0, 0.0, 0.0, 0.0]


def test_same_report_same_bytes(filled: Desk) -> None:
    report = filled.count(Dimension.REGION)
    assert make_report_workbook(report, ORIGIN) == make_report_workbook(report, ORIGIN)
