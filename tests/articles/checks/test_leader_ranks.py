"""Leaders listed out of order."""

from datetime import date

import pytest

from newsletter.articles.checks.leader_ranks import find_wrong_order
from tests.articles.checks.reference import CONTEXT, quotes


@pytest.mark.parametrize(
    ("text", "quote", "suggestion"),
    [
        ("柏砚秋、陶怀远出席。", "柏砚秋、陶怀远", "陶怀远、柏砚秋"),
        ("市长柏砚秋和市委书记陶怀远到会。", "柏砚秋和市委书记陶怀远", "陶怀远、柏砚秋"),
        ("陶怀远、柏砚秋、高峰、苗文涛参加。", "陶怀远、柏砚秋、高峰、苗文涛", "陶怀远、柏砚秋、苗文涛、高峰"),
        (
            "市委书记陶怀远，副市长邵继平，市委常委、组织部部长樊若兰参加。",
            "陶怀远，副市长邵继平，市委常委、组织部部长樊若兰",
            "陶怀远、樊若兰、邵继平",
        ),
        ("陶怀远、客商王某、高峰、苗文涛", "陶怀远、客商王某、高峰、苗文涛", "陶怀远、苗文涛、高峰"),
        ("镇长洪小楠、党委书记裴海峰", "洪小楠、党委书记裴海峰", "裴海峰、洪小楠"),
    ],
)
def test_a_list_out_of_order_is_found(text: str, quote: str, suggestion: str) -> None:
    (found,) = find_wrong_order("body", text, CONTEXT)
    assert (found.quote, found.suggestion, found.code) == (quote, suggestion, "leader")


@pytest.mark.parametrize(
    "text",
    [
        "陶怀远、柏砚秋、聂志诚出席，苗文涛、樊若兰、邵继平参加。",
        "高峰主持会议，陶怀远讲话。",  # no list
        "副市长高峰陪同市委书记陶怀远调研。",
        "会上，高峰作了汇报。陶怀远指出，要抓好落实。",
        "镇长洪小楠、市长柏砚秋",  # ranks of two units are not compared
        "裴海峰、尹浩然",
        "",
        "陶怀远",
    ],
)
def test_right_order_and_what_is_no_list_pass(text: str) -> None:
    assert quotes(find_wrong_order, text) == []


def test_who_has_left_has_no_rank() -> None:
    assert quotes(find_wrong_order, "聂志诚、贺景明") == []
    assert quotes(find_wrong_order, "聂志诚、贺景明", date(2026, 6, 30)) == ["聂志诚、贺景明"]
