"""In which province a place lies, as offices write it."""

import pytest

from newsletter.subscribers.provinces import _CITIES, PROVINCES, find_province, province_label


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("上海市浦东新区", "31"),
        ("广东深圳", "44"),
        ("深圳", "44"),
        (" 苏州 ", "32"),
        ("现居南京江宁", "32"),
        ("在深圳打工", "44"),
        ("内蒙古自治区呼和浩特市", "15"),
        ("内蒙", "15"),
        ("新疆伊犁", "65"),
        ("吉林省吉林市", "22"),
        ("青海省海南州", "63"),
        ("海南三亚", "46"),
        ("朝阳市双塔区", "21"),
        ("北京市朝阳区", "11"),
        ("上海市南京路100号", "31"),
        ("江苏省 如皋市", "32"),
        ("香港特别行政区", "81"),
        ("31", "31"),
        ("310115", "31"),
        ("３２０６８２１１６０００", "32"),
        ("浙江-义乌", "33"),
    ],
)
def test_a_place_lies_in_its_province(text: str, code: str) -> None:
    assert find_province(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "朝阳区",
        "中山路12号",
        "广安门外大街",
        "南京东路",
        "海东区",
        "阿里巴巴",
        "新北区",
        "美国纽约",
        "99",
        "3101151",
        "13900000001",
        "大同镇",
    ],
)
def test_what_cannot_be_told_is_not_guessed(text: str) -> None:
    assert find_province(text) == ""


def test_there_are_34_and_each_finds_itself() -> None:
    assert len(PROVINCES) == 34
    assert {find_province(name) for name in PROVINCES.values()} == PROVINCES.keys()
    assert all(find_province(f"{code}0000") == code for code in PROVINCES)
    assert province_label("32") == "江苏"
    assert province_label("99") == "99"


def test_no_city_stands_twice_and_each_is_found_by_its_name() -> None:
    pairs = [(city, code) for code, names in _CITIES.items() for city in names.split()]
    assert len({city for city, _code in pairs}) == len(pairs)
    assert [(city, find_province(city)) for city, _code in pairs] == pairs
