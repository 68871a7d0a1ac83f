"""What a spreadsheet is given."""

import codecs
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.organisation.units import Unit
from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.sheets import escape_cell, make_csv
from newsletter.translation import use_language
from tests.statistics.ledgers import Desk

COUNTS = ["audience", "delivered", "unsubscribed", "rate", "rate_low", "rate_high"]


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def a_desk_with_opt_outs(desk: Desk, *reasons: str) -> Desk:
    desk.plan(1)
    for person in range(1, 5):
        desk.deliver(1, person)
    for person, reason in enumerate(reasons, 1):
        desk.leave(person, 1, reason=reason)
    return desk


def test_the_file_is_utf8_with_one_bom_and_ends_with_the_total(desk: Desk) -> None:
    data = make_csv(a_desk_with_opt_outs(desk, "太多").count(Dimension.REGION, Dimension.MOBILE))
    assert data.startswith(codecs.BOM_UTF8)
    assert data.count(codecs.BOM_UTF8) == 1
    assert read(data) == [
        ["region", "region_label", "mobile", "mobile_label", *COUNTS],
        ["320682116", "搬经镇", "no", "no", "4", "4", "1", "0.25", "0.006309", "0.80588"],
        ["total", "Total", "", "", "4", "4", "1", "0.25", "0.006309", "0.80588"],
    ]


def test_without_dimensions_there_is_the_total_alone(desk: Desk) -> None:
    data = make_csv(a_desk_with_opt_outs(desk).count())
    assert read(data) == [COUNTS, ["4", "4", "0", "0.0", "0.0", "0.602365"]]


def test_where_nothing_was_delivered_the_interval_is_empty(desk: Desk) -> None:
    assert read(make_csv(desk.count()))[1] == ["0", "0", "0", "0.0", "", ""]


def test_headings_speak_the_interfaces_language(desk: Desk) -> None:
    report = a_desk_with_opt_outs(desk).count(Dimension.REGION)
    use_language("zh-CN")
    headings = read(make_csv(report))[0]
    assert len(headings) == 8
    assert not {"region", "region_label", "audience", "unsubscribed"} & set(headings)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_a_name_cannot_become_a_formula(desk: Desk, start: str) -> None:
    name = start + 'HYPERLINK("http://example.org";"见")'
    desk.add(Unit(id=9, code=name, name=name, kind="branch", parent_id=1))
    desk.plan(1)
    desk.deliver(1, 1, unit_id=9)
    rows = read(make_csv(desk.count(Dimension.UNIT)))
    assert rows[1][:2] == ["'" + name] * 2


def test_harmless_text_and_numbers_stay_as_they_are() -> None:
    assert [escape_cell(cell) for cell in ("太多", "a=b", "", 0, -1, 0.5)] == ["太多", "a=b", "", 0, -1, 0.5]


@given(st.text())
def test_no_text_begins_a_formula(text: str) -> None:
    escaped = escape_cell(text)
    assert isinstance(escaped, str)
    assert escaped[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert escaped.removeprefix("'") == text.removeprefix("'")
