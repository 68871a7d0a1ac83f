"""Region codes: what is one, what it means here, and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.organisation.regions import LEVEL_LENGTHS, UnknownRegionError, normalise_region, place_of


@pytest.mark.parametrize(
    ("code", "normal"),
    [
        ("320682103000", "320682103"),
        ("320682000000", "320682"),
        ("320682103001", "320682103001"),
        ("320682103", "320682103"),
        ("320600", "3206"),
        ("320000", "32"),
        ("32", "32"),
        (" 320682 ", "320682"),
        ("320682400000", "320682400"),
        ("320682100", "320682100"),
    ],
)
def test_zeros_that_only_fill_up_are_cut(code: str, normal: str) -> None:
    assert normalise_region(code) == normal


@pytest.mark.parametrize(
    "code",
    [
        "",
        "3",
        "320",
        "3206820",
        "3206821030011",
        "32068210300",
        "３２０６８２",
        "32068a",
        "-32068",
        "320 682",
        "320682.0",
        "٣٢",
    ],
)
def test_near_misses_are_refused(code: str) -> None:
    with pytest.raises(UnknownRegionError, match="2, 4, 6, 9 or 12 digits"):
        normalise_region(code)


@given(st.text("0123456789", min_size=2, max_size=12).filter(lambda code: len(code) in LEVEL_LENGTHS))
def test_a_normal_code_is_a_beginning_and_stays_as_it_is(code: str) -> None:
    normal = normalise_region(code)
    assert code.startswith(normal)
    assert not code[len(normal) :].strip("0")
    assert normalise_region(normal) == normal
    assert normalise_region(normal.ljust(12, "0")) == normal


PLACES = {"320682": 1, "320682116": 2}


@pytest.mark.parametrize(
    ("code", "unit"),
    [("320682116001", 2), ("320682116", 2), ("320682105", 1), ("320682", 1), ("3206", None), ("320681", None)],
)
def test_a_code_means_the_nearest_place_it_lies_in(code: str, unit: int | None) -> None:
    assert place_of(code, PLACES) == unit
