"""What a spreadsheet is given."""

import codecs
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.sheets import escape_cell, make_csv
from newsletter.translation import use_language
from tests.statistics.ledgers import Desk


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
        ["region", "region_label", "mobile", "mobile_label", "audience", "delivered", "unsubscribed", "rate"],
        ["320682116", "搬经镇", "no", "no", "4", "4", "1", "0.25"],
        ["total", "Total", "", "", "4", "4", "1", "0.25"],
    ]


def test_without_dimensions_there_is_the_total_alone(desk: Desk) -> None:
    data = make_csv(a_desk_with_opt_outs(desk).count())
    assert read(data) == [["audience", "delivered", "unsubscribed", "rate"], ["4", "4", "0", "0.0"]]


def test_headings_speak_the_interfaces_language(desk: Desk) -> None:
    report = a_desk_with_opt_outs(desk).count(Dimension.REGION)
    use_language("zh-CN")
    headings = read(make_csv(report))[0]
    assert len(headings) == 6
    assert not {"region", "region_label", "audience", "unsubscribed"} & set(headings)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_a_reason_cannot_become_a_formula(desk: Desk, start: str) -> None:
    reason = start + 'HYPERLINK("http://example.org";"见")'
    rows = read(make_csv(a_desk_with_opt_outs(desk, reason).count(Dimension.REASON)))
    assert rows[1][:2] == ["'" + reason] * 2


def test_harmless_text_and_numbers_stay_as_they_are() -> None:
    assert [escape_cell(cell) for cell in ("太多", "a=b", "", 0, -1, 0.5)] == ["太多", "a=b", "", 0, -1, 0.5]


@given(st.text())
def test_no_text_begins_a_formula(text: str) -> None:
    escaped = escape_cell(text)
    assert isinstance(escaped, str)
    assert escaped[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert escaped.removeprefix("'") == text.removeprefix("'")
