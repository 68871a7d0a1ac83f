"""Posts that are not the named leader's on that day."""

from datetime import date

import pytest

from newsletter.articles.checks.leader_titles import find_wrong_titles
from tests.articles.checks.reference import CONTEXT, quotes


@pytest.mark.parametrize(
    ("text", "quote", "suggestion"),
    [
        ("市长贺景明到会。", "市长贺景明", "市长柏砚秋"),  # succeeded
        ("贺景明市长到会。", "贺景明市长", "市长柏砚秋"),  # the post behind the name
        ("市长苗文涛到会。", "市长苗文涛", "市委常委、常务副市长苗文涛"),  # the deputy raised
        ("副市长柏砚秋到会。", "副市长柏砚秋", "市长、市委副书记柏砚秋"),  # and lowered
        ("代市长柏砚秋到会。", "代市长柏砚秋", "市长、市委副书记柏砚秋"),
        ("常务副市长高峰到会。", "常务副市长高峰", "副市长高峰"),
        ("搬经镇镇长洪小楠到会。", "搬经镇镇长洪小楠", "白蒲镇镇长洪小楠"),  # another town's
        ("白蒲镇镇长耿培根到会。", "白蒲镇镇长耿培根", "白蒲镇镇长洪小楠"),
        ("市委组织部部长邵继平到会。", "市委组织部部长邵继平", "副市长、市公安局局长邵继平"),
        ("组织部长高峰到会。", "组织部长高峰", "副市长高峰"),
        ("白蒲镇党委书记洪小楠说", "白蒲镇党委书记洪小楠", "白蒲镇镇长洪小楠"),
        ("原市长柏砚秋到会。", "市长柏砚秋", "市长、市委副书记柏砚秋"),  # still in office
    ],
)
def test_a_wrong_post_is_found(text: str, quote: str, suggestion: str) -> None:
    (found,) = find_wrong_titles("body", text, CONTEXT)
    assert (found.quote, found.suggestion, found.code) == (quote, suggestion, "leader")


@pytest.mark.parametrize(
    "text",
    [
        "市委书记陶怀远，市委副书记、市长柏砚秋，市人大常委会主任聂志诚出席。",
        "如皋市市长柏砚秋、如皋市委常委、常务副市长苗文涛",
        "副市长苗文涛",  # the first deputy is a deputy
        "市委常委、组织部部长樊若兰；组织部长樊若兰；市委组织部部长樊若兰",
        "副市长、公安局局长邵继平",
        "人大主任聂志诚、市人大常委会主任聂志诚",
        "原市长贺景明，时任市长贺景明，前市长贺景明",
        "镇长洪小楠，白蒲镇镇长洪小楠，洪小楠镇长",
        "白蒲镇党委副书记、镇长洪小楠",  # a post the roster does not list
        "安委会主任柏砚秋，领导小组组长柏砚秋，总指挥高峰",  # other bodies' posts
        "柏砚秋主持会议，副市长出席。",
        "聂志诚、市长热线",
    ],
)
def test_right_posts_pass(text: str) -> None:
    assert quotes(find_wrong_titles, text) == []


def test_the_day_decides() -> None:
    assert quotes(find_wrong_titles, "市长贺景明", date(2026, 6, 30)) == []
    assert quotes(find_wrong_titles, "市长贺景明", date(2026, 7, 1)) == ["市长贺景明"]
    assert quotes(find_wrong_titles, "市长柏砚秋", date(2026, 6, 30)) == ["市长柏砚秋"]
