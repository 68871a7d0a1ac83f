"""Names of places and units that are nearly right, and villages in the wrong town."""

import pytest

from newsletter.articles.checks.places import find_misspelt_places
from tests.articles.checks.reference import CONTEXT, quotes


@pytest.mark.parametrize(
    ("text", "quote", "suggestion"),
    [
        ("白浦镇开会。", "白浦镇", "白蒲镇"),
        ("来到般经镇。", "般经镇", "搬经镇"),
        ("白蒲镇勇锋村的稻田", "勇锋村", "勇丰村"),
        ("白蒲镇勇猛村的稻田", "勇猛村", "勇丰村"),  # its town stands before it
        ("草章庄村", "草章庄村", "草张庄村"),
        ("市农业农林局", "市农业农林局", "市农业农村局"),
        ("水汇园游人如织", "水汇园", "水绘园"),
        ("蒲溪社区", "蒲溪社区", "蒲西社区"),
        ("如太运河两岸", "如太运河", "如泰运河"),
        ("市农村农业局", "市农村农业局", "市农业农村局"),  # swapped
        ("市农业农局", "市农业农局", "市农业农村局"),  # one missing
        ("市农业农农村局", "市农业农农村局", "市农业农村局"),  # one too many
        ("白蒲镇驻上海流通党支部", "白蒲镇驻上海流通党支部", "白蒲镇驻上海流动党支部"),
        ("白蒲镇驻上海流动支部", "白蒲镇驻上海流动支部", "白蒲镇驻上海流动党支部"),
        ("如城镇要清查", "如城镇", "如城街道"),  # another kind of place
        ("加力村的党员", "加力村", "加力社区"),
        ("加力设区", "加力设区", "加力社区"),
        ("蒲塘荷两岸", "蒲塘荷", "蒲塘河"),  # the ending itself
        ("白蒲镇加力社区", "白蒲镇加力社区", "搬经镇加力社区"),
        ("搬经镇勇丰村", "搬经镇勇丰村", "白蒲镇勇丰村"),
        ("搬经镇蒲塘河", "搬经镇蒲塘河", "白蒲镇蒲塘河"),
        ("市文化体育和旅游局", "市文化体育和旅游局", "市文化广电和旅游局"),  # one word of its middle
        ("市文化体和旅游局", "市文化体和旅游局", "市文化广电和旅游局"),  # shorter than the right one
    ],
)
def test_a_wrong_place_is_found(text: str, quote: str, suggestion: str) -> None:
    (found,) = find_misspelt_places("body", text, CONTEXT)
    assert (found.quote, found.suggestion, found.code) == (quote, suggestion, "place")


@pytest.mark.parametrize(
    "text",
    [
        "白蒲镇勇丰村、康庄村，搬经镇加力社区",
        "如皋市白蒲镇勇丰村",
        "城镇化进程、乡镇干部、新农村建设",
        "勇猛村",  # some village elsewhere
        "市审计局、市财政局",  # other bureaus, no slips for 市统计局, 市水利局
        "第二党支部",
        "白蒲镇如泰运河段",  # a river flows through many towns
        "海安市、石港镇",
        "蒲东社区",
        "康庄大道",
        "推进如城镇化",
        "市文化广电旅游局",  # 和 is often left out
        "市文化馆、旅游局",
        "白蒲镇驻无锡流动党支部",  # another branch
    ],
)
def test_right_names_and_other_places_pass(text: str) -> None:
    assert quotes(find_misspelt_places, text) == []
