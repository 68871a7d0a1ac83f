"""Characters and words that stand twice: by mistake, or because Chinese doubles them."""

import json
import re
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.articles.checks.doubled import find_doubled
from newsletter.articles.reference.words import read_words
from tests.articles.checks.planted import PLANTED

#: Share of the characters of ordinary copy that are found when they are written twice.
_LEAST_FOUND: Final = 0.8


def found(text: str) -> list[str]:
    return [one.quote for one in find_doubled("body", text)]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("这样的速度超出出预期。", "出出"),  # 出出汗 is good Chinese, but 出 ends a word here
        ("要扩大大规模。", "大大"),
        ("他非常常努力。", "常常"),
        ("社社区来了人。", "社社"),
        ("明明年再来。", "明明"),
        ("党员写写着笔记。", "写写"),
        ("头盔却却好好的。", "却却"),  # no set of four: 却 is a word of grammar
        ("12月月要开会。", "月月"),
        ("两个个专栏。", "个个"),
        ("他一起起植树。", "起起"),
        ("薛桂芳芳书记说。", "芳芳"),
        ("，镇镇党委研究了。", "镇镇"),
        ("眼睛累累了就歇一歇。", "累累"),  # 硕果累累 only
        ("整整整一个钟头。", "整整整"),
        ("孩子们演一遍演一遍地练。", "演一遍演一遍"),
        ("靠品牌品牌把价钱提上去。", "品牌品牌"),
        ("全镇党员和群众一起来到活动现场参加志愿\n志愿服务。", "志愿\n志愿"),
        ("全镇党员和群众一起来到活动现场参加了\n了志愿服务。", "了\n了"),
    ],
)
def test_what_stands_twice_by_mistake_is_found(text: str, quote: str) -> None:
    assert found(text) == [quote]


@pytest.mark.parametrize(
    "text",
    [
        "发展展览，中国国际，农民民主，学生生活，人民民主，党员员工，文化化解，企业业主，社区区域，基层层面",
        "如皋市市长，白蒲镇镇长，派出所所长，组织部部长，勇敢村村民，居委会会议，座谈会会议室，市市场监管局",
        "出出汗，见见面，散散步，聊聊天，想想办法，拉拉家常，说着说着，走着走着，研究研究，切磋切磋",
        "绿油油，光秃秃，笑呵呵，金灿灿，胖乎乎，热腾腾，硕果累累，信息息息相关，小心翼翼，亭亭玉立",
        "怎么种？先开沟，后播种，沟沟相通，下雨不慌。",
        "家家户户，实实在在，高高兴兴，来来往往，的的确确，三三两两，千千万万，等等。",
        "一步步，一个个，一排排，件件有回音，处处是景，年年丰收，村村通，一一对应，感受到处处新气象",
        "周芳芳、李婷婷、陈圆圆，莹莹说，小花花",
        "现在在家，目的的，参与与会，对口支援，把把关，自由由，功能能",
        "加力社区社区工作者，江安镇街道街道办",
        "基层治理\n基层治理要靠大家。",  # a heading and its text
        "## 全镇党员和群众一起来到活动现场参加志愿服务\n服务开始了。",
    ],
)
def test_what_chinese_doubles_passes(text: str) -> None:
    assert found(text) == []


def test_most_characters_of_ordinary_copy_are_found_when_written_twice() -> None:
    tried = missed = 0
    for path in sorted((PLANTED / "tuning").glob("*.json")):
        text = json.loads(path.read_text(encoding="utf-8"))["body"]
        for place in range(0, len(text), 12):
            one = text[place]
            if not re.match("[㐀-鿿]", one) or one in text[place - 1 : place] + text[place + 1 : place + 2]:
                continue
            findings = find_doubled("body", text[:place] + one + text[place:])
            tried += 1
            missed += not any(finding.position <= place + 1 and finding.end > place for finding in findings)
    assert tried
    assert 1 - missed / tried >= _LEAST_FOUND


@given(st.text(alphabet="的了村镇人一看市长好\n。3周芳", max_size=40))
def test_a_finding_stands_where_it_says_and_mending_it_leaves_no_other_text(text: str) -> None:
    reached = 0
    for finding in find_doubled("body", text):
        assert text[finding.position : finding.end] == finding.quote
        assert finding.position >= reached
        assert re.sub(r"\s", "", finding.quote) == finding.suggestion * (
            len(re.sub(r"\s", "", finding.quote)) // len(finding.suggestion)
        )
        reached = finding.end


def test_word_lists_name_nothing_twice() -> None:
    for name in ("compounds.txt", "doubles.txt", "doubled_on_purpose.txt", "surnames.txt"):
        assert {len(word) for word in read_words(name)} <= ({1} if name in ("doubles.txt", "surnames.txt") else {2})
