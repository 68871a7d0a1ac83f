"""Leaders' names that are nearly right."""

import pytest

from newsletter.articles.checks.leader_names import find_misspelt_names
from tests.articles.checks.reference import CONTEXT, quotes


@pytest.mark.parametrize(
    ("text", "name", "right"),
    [
        ("市委书记陶怀元主持会议。", "陶怀元", "陶怀远"),  # the same sound
        ("市长柏现秋到会。", "柏现秋", "柏砚秋"),  # nearly the same look
        ("市长柏砚秌到会。", "柏砚秌", "柏砚秋"),
        ("副市长绍继平带队。", "绍继平", "邵继平"),  # the surname
        ("副市长高锋走访慰问。", "高锋", "高峰"),  # two characters
        ("白蒲镇党委书记裴海刚说，", "裴海刚", "裴海峰"),  # another character altogether, but beside the post
        ("会议由苗文滔主持。", "苗文滔", "苗文涛"),  # no post beside it
        ("陶怀远、聂志成参加活动。", "聂志成", "聂志诚"),
        ("樊若蓝同志讲话。", "樊若蓝", "樊若兰"),
        ("聂志诚、苗问涛、樊若兰出席。", "苗问涛", "苗文涛"),
        ("在现场，柏秋砚仔细察看。", "柏秋砚", "柏砚秋"),  # two characters swapped
        ("市长柏砚说，要抓紧。", "柏砚", "柏砚秋"),  # a character missing
        ("在现场柏研秋仔细察看。", "柏研秋", "柏砚秋"),  # no border, but the very sound
        ("市委组织部部长樊弱蓝讲话", "樊弱蓝", "樊若兰"),  # two characters of the same sound
        ("陶怀元指出，要抓实工作。", "陶怀元", "陶怀远"),  # a leader's act
        ("市长柏砚秋到会。柏彦秋说，要抓紧。", "柏彦秋", "柏砚秋"),  # the right name elsewhere
        ("市领导陶怀元到会。", "陶怀元", "陶怀远"),
    ],
)
def test_a_near_miss_is_found_and_the_name_suggested(text: str, name: str, right: str) -> None:
    (found,) = find_misspelt_names("body", text, CONTEXT)
    assert (found.quote, found.suggestion, found.code) == (name, right, "leader")


@pytest.mark.parametrize(
    "text",
    [
        "市委书记陶怀远主持会议，市长柏砚秋讲话。",
        "攀登技术高峰，做高分子材料。",
        "记者从高风险地区回来。",
        "村民陶怀元种了二十亩稻。",  # a namesake, nearly: no leader
        "党员志愿者聂志成值班。",
        "理发师樊若蓝说，樊若蓝的手艺好。",  # introduced as no leader
        "86岁的老会计裴海锋举着算盘问。",
        "他志成高远，怀远县的客商来了。",
        "海峰路的路灯亮了。",
        "南通市副市长裴文江出席。",
        "党支部书记裴海刚说，",  # another body's secretary, with another name
        "高峰期限行，高峰论坛开幕。",
        "村党总支书记柏彦秋说，三场会开下来，话说透了。",  # a secretary, but of no body of theirs
        "合作社理事长陶怀元说。陶怀元算了一笔账。",
        "公司总经理苗文滔介绍情况。",
        "樊若蓝今年36岁，在镇上开理发店。",
        "聂志成，男，种粮大户。",
        "裴海锋老人走访过许多老战友。",
        "“我叫陶怀元，是个木匠。”",
        "陶怀元种了二十亩稻。",  # nothing speaks for the leader
    ],
)
def test_right_names_and_common_words_pass(text: str) -> None:
    assert quotes(find_misspelt_names, text) == []


def test_one_leaders_name_is_no_slip_for_anothers() -> None:
    assert quotes(find_misspelt_names, "柏砚秋、陶怀远、高峰") == []
