"""Numbers as offices write them."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.subscribers.phones import (
    CutOffError,
    ForeignNumberError,
    LandlineError,
    MissingNumberError,
    NumberError,
    SeveralNumbersError,
    mask_name,
    mask_number,
    mobile_pattern,
    normalise_number,
)


@pytest.mark.parametrize(
    "raw",
    [
        "13800005678",
        " 138 0000 5678 ",
        "138-0000-5678",
        "138—0000—5678",
        "+86 138 0000 5678",
        "+8613800005678",
        "008613800005678",
        "8613800005678",
        "(+86)13800005678",
        "１３８００００５６７８",
        "＋８６１３８００００５６７８",
        "13800005678.0",
        "13800005678.00",
        "1.3800005678e+010",
        "013800005678",
        "17951 13800005678",
        "0086 138 0000 5678",
        "+86(138)0000\uff0d5678",
        "138\n0000 5678",
        "1.3800005678E+10",
        "'13800005678",
        "\u202d13800005678\u202c",
        "138\u00a00000\u30005678",
    ],
)
def test_every_way_of_writing_a_number_is_the_same_number(raw: str) -> None:
    assert normalise_number(raw) == "+8613800005678"


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("", MissingNumberError),
        (" \u3000", MissingNumberError),
        ("0513-87650000", LandlineError),
        ("051387650000", LandlineError),
        ("(0513)87650000", LandlineError),
        ("4008123123", LandlineError),
        ("+14155552671", ForeignNumberError),
        ("0085251234567", ForeignNumberError),
        ("1380000567", NumberError),
        ("138000056789", NumberError),
        ("12000005678", NumberError),
        ("1.38E+10", CutOffError),
        ("1.3800006e10", CutOffError),
        ("1.38E+11", NumberError),
        ("13800005678/13900005678", SeveralNumbersError),
        ("13800005678、13900005678", SeveralNumbersError),
        ("13800005678 13900005678", SeveralNumbersError),
        ("13800005678\n13900005678", SeveralNumbersError),
        ("138 0000 5678；139 0000 5678；137 0000 5678，136 0000 5678", SeveralNumbersError),
        ("本人13800005678,家里0513-87650000", SeveralNumbersError),
        ("13800005678(本人)", NumberError),
        ("13800005678转801", NumberError),
        ("17951 1380000567", NumberError),
        ("0513-87650000-801", NumberError),
        ("320682198001011234", NumberError),
        ("电话", NumberError),
        ("١٣٨٠٠٠٠٥٦٧٨", NumberError),
        ("9" * 5000, NumberError),
        ("13800005678.5", NumberError),
    ],
)
def test_what_is_no_mobile_number_is_refused_by_kind_and_never_repeated(raw: str, kind: type[NumberError]) -> None:
    with pytest.raises(NumberError) as caught:
        normalise_number(raw)
    assert type(caught.value) is kind
    assert caught.value.exit_code == 2
    if raw.strip():
        assert raw not in caught.value.message


def assert_pattern_agrees(digits: str) -> None:
    try:
        parsed = phonenumbers.parse(digits, "CN")
    except phonenumbers.NumberParseException:
        is_mobile = False
    else:
        is_mobile = (
            phonenumbers.is_valid_number_for_region(parsed, "CN")
            and phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE
        )
    assert (mobile_pattern().fullmatch(digits) is not None) == is_mobile


@given(st.from_regex(r"1[0-9]{10}", fullmatch=True))
def test_the_pattern_agrees_with_the_library(digits: str) -> None:
    assert_pattern_agrees(digits)


def test_the_pattern_agrees_with_the_library_on_every_range() -> None:
    for prefix in range(10_000, 20_000):
        assert_pattern_agrees(f"{prefix}000000")


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_a_number_error(raw: str) -> None:
    try:
        number = normalise_number(raw)
    except NumberError:
        return
    assert number.startswith("+86")
    assert normalise_number(number) == number


def test_masks_show_little() -> None:
    assert mask_number("+8613800005678") == "138****5678"
    assert mask_number("13800005678") == "138****5678"
    assert mask_number("12345") == "****"
    assert mask_name("张三丰") == "张*"
    assert mask_name("") == ""
