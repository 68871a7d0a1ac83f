"""Who a text takes somebody for: what speaks for a leader beside a name, and what for an ordinary person."""

import re
from functools import lru_cache
from typing import Final

from newsletter.articles.reference.lexicon import Place
from newsletter.articles.reference.posts import HEADS, head_of, without_grade
from newsletter.articles.reference.roster import Tenure
from newsletter.articles.reference.words import read_words

_HEAD: Final = "|".join(HEADS)
_WINDOW: Final = 16
_TITLE_BEFORE: Final = re.compile(rf"(?P<body>[㐀-鿿]*?)(?P<grade>(?:常务)?副|代)?(?P<head>{_HEAD}|领导)\s?$")
_TITLE_AFTER: Final = re.compile(rf"\s?(?:(?P<grade>副|代)?(?P<head>{_HEAD})|同志)")
#: Bodies whose heads are no leaders: 村党总支书记, 合作社理事长, 小学校长.
_LOWLY: Final = re.compile(
    "村|社区|支部|总支|合作社|公司|集团|企业|工厂|小学|中学|幼儿园|学校|协会|商会|村民|小组|家庭|农场|医院|志愿|班组"
)
#: Said before the name of somebody who is no leader, however alike the names.
_CIVIL_BEFORE: Final = re.compile(
    rf"(?:{'|'.join(read_words('civilians.txt'))}|岁的?|叫做?|名叫|(?<!委)[员师民户工生匠兵婆爷娘嫂哥姐弟妹妻夫儿女孙父母])$"
)
#: The same behind it.
_CIVIL_AFTER: Final = re.compile(
    "[，（(]?(?:今年)?\\d{1,3}(?:周)?岁|[，（(]?[男女][，,]|[，、]?(?:老人|大[爷妈娘叔婶伯嫂]|奶奶|爷爷|阿姨|叔叔|师傅|老师|医生|护士|同学|夫妇|夫妻|"
    "一家|小朋友|老汉|警官|的(?:儿子|女儿|妻子|丈夫|父亲|母亲|家里?|手艺|老伴))|家(?:的|里|住|门|中|有|是)|是[^，。；]{0,8}[村社厂店校]"
)
#: What leaders do in the news.
_ACT: Final = re.compile(
    "[㐀-鿿]{0,4}?(?:主持|出席|讲话|指出|强调|致辞|致词|会见|率队|带队|率领|听取|察看|视察|督查|督导|调研|部署|批示|宣读|宣布|作报告|作动员|"
    "陪同|检查|慰问|看望|走访)"
)
_LIST: Final = re.compile("[、，]|和|与|及|以及")


@lru_cache(maxsize=64)
def is_ordinary(name: str, article: str) -> bool:
    """Whether the article introduces somebody of this name as no leader."""
    for match in re.finditer(re.escape(name), article):
        before = article[max(0, match.start() - _WINDOW) : match.start()]
        before = re.split("[，。；：、！？\\n“”（）]", before)[-1]
        title = _TITLE_BEFORE.search(before)
        if _CIVIL_BEFORE.search(before) or _CIVIL_AFTER.match(article, match.end()):
            return True
        if title and _LOWLY.search(title["body"]):
            return True
    return False


def has_title_of(text: str, start: int, end: int, tenures: tuple[Tenure, ...]) -> bool | None:
    """Whether the title beside a name is one that the leader holds or held; None if there is none."""
    before = _TITLE_BEFORE.search(text[max(0, start - _WINDOW) : start])
    after = _TITLE_AFTER.match(text, end)
    heads = [match["head"] for match in (before, after) if match and match["head"]]
    if not heads:
        return True if after else None
    own = {without_grade(head_of(tenure.post)) for tenure in tenures}
    return any(head == "领导" or any(post.endswith(head) for post in own) for head in heads)


def acts_as_leader(text: str, end: int) -> bool:
    """Whether what a name does is what leaders do: 主持会议, 仔细察看."""
    return bool(_ACT.match(text, end))


def stands_among(text: str, start: int, end: int, leaders: list[Place]) -> bool:
    """Whether a name stands in a list with leaders."""
    return any(
        _LIST.fullmatch(text[stop:start]) or _LIST.fullmatch(text[end:begin])
        for begin, stop, _name in leaders
        if stop <= start or begin >= end
    )
