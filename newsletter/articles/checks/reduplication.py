"""Which doubled characters and words are good Chinese: 处处, 绿油油, 高高兴兴, 发展|展览, 周芳芳, 走着走着."""

import re
from functools import cache
from typing import Final

from newsletter.articles.reference.vocabulary import common_words, has_phrase, is_word
from newsletter.articles.reference.words import read_words

_DOUBLES: Final = frozenset(read_words("doubles.txt"))
_ENDINGS: Final = read_words("doubled_endings.txt")
#: A character, and those before it that make a word with it, after which it may stand alone: 目的|的.
_WORD_ENDS: Final = {word[0]: word[1:] for word in read_words("word_ends.txt")}
_NAMES: Final = frozenset(read_words("names.txt"))
_SURNAMES: Final = frozenset((*read_words("surnames.txt"), "小", "阿"))
#: What stands behind somebody who is called by a doubled name alone: 莹莹说.
_CALLED: Final = frozenset("说老同的和妈爸奶爷姐妹家今是，、")
#: Words of grammar.
_GRAMMAR: Final = frozenset(
    "的了是在和与及或而且但把被从对于以为其之这那该并将又很最没到由向让使给们着吗呢吧地得就也都还来去要会能可所因如"
    "我你他她它谁某靠跟比才便却则若虽已曾正未用有无更再属均约另凡皆亦系"
)
_CJK: Final = re.compile("[㐀-鿿]")
_COUNT: Final = frozenset("一几每")
_NUMERALS: Final = frozenset("二三四五六七八九十百千万亿两半零〇第")
_MEASURES: Final = frozenset(unit for unit in read_words("measures.txt") if len(unit) == 1) | set(
    "年月日号周万亿时点分秒岁元度级"
)
#: What is told one by one; but 一起起 is a slip.
_STEPS: Final = _MEASURES | _DOUBLES | set("步声代波浪拨摞堆捧串")
_ONE_WORDS: Final = frozenset("起定直般些切旦致同共律贯向再时线流体")
#: Never stands behind a doubled verb: 写写着, 看看得出.
_NEVER_AFTER: Final = frozenset("着得")
#: A unit, and who or what belongs to it: 如皋市|市长, 派出所|所长, 勇敢村|村民.
_OWN: Final = re.compile(
    "([市县区镇乡村社局部院所校厂店馆园站队团班组室科处会行台])(?=\\1)"
    ".[长民员委党政内里外级区友士容干史情貌组社办机团务企院直域]"
)
#: A word of grammar, and one that begins with it: 为|为民, 对|对口. Other such pairs are slips.
_MEETING: Final = re.compile(
    "为为[民何人]|了了[解结然]|地地[处力区块貌理头名基]|到到[位场岗访会]|得得[失分奖益]|来来[往自源访]|向向[东南西北阳]|和和[谐平睦]|"
    "把把[关手脉]|对对[方口照标接策外联]|就就[业近地医餐诊学]|在在[建职校岗册线]|使使[命用]|要要[求素闻]|是是[否非]|如如皋|与与会|"
    "让让[利步路]|从从[业事严前]|将将[军领士]|还还[款贷原]|给给[水排养付]|被被[子褥告]|的的确|不不[了但]|"
    "多多[支关益包指宣保]|万万[没不千]|九九重|三三[制两]|平平[安淡常]|亲亲[热密]|"
    "村村[通有响见]|镇镇[有通]|户户[通有]|班班[有通]|双双[获荣入当获]|头头[是们脑儿]|等等[，。、；）”？！]|方方面|人人[均口次员数]|问问题|市市场监"
)
_SOUNDS: Final = frozenset("哈呵嘻啊呀咔嚓叮当咚哗啦轰隆咕噜嘀嗒滴答吱噼啪扑通呼淅沥叽喳哐铛嗡嘟")
_ON_PURPOSE: Final = frozenset(read_words("doubled_on_purpose.txt"))
#: Counted one by one; done on and on; a name's last word, and one that begins with it: 加力社区|社区工作者.
_REPEATED: Final = re.compile(
    "[一几每半][㐀-鿿]+|[㐀-鿿]{1,2}[着啊呀]|[越又再边][㐀-鿿]+|(?P<own>社区|街道|支部|中心|学校|公司|大学|中学|小学|医院)"
)
_OWN_WORD: Final = re.compile(
    "社区[工居干民党网书两]|街道[办党干工]|支部[书党委]|中心[校小卫]|学校[师教领]|公司[员总董]|.学[生校]|医院[院医党]"
)


@cache
def _painting(kind: str) -> frozenset[str]:
    words = iter(_ENDINGS)
    return frozenset("".join(characters for head, characters in zip(words, words, strict=True) if head == kind))


def is_lawful_pair(text: str, start: int, end: int) -> bool:
    """Whether the character at ``start`` stands twice, up to ``end``, for a good reason."""
    one, before = text[start], text[max(0, start - 2) : start]
    after = text[end : end + 2]
    if _is_counted(one, before[-1:], after) or _is_set_of_four(one, before, after):
        return True
    has_unit = bool(_CJK.match(before[-1:])) and bool(_OWN.match(text, start))
    if has_unit or _MEETING.match(text, start) or before[-1:] in tuple(_WORD_ENDS.get(one, "")):
        return True
    common = common_words()
    ends = before[-1:] + one in common or _is_number(one, before[-1:])
    begins = one + after[:1] in common
    if ends and begins:
        return True
    is_free = not (ends and before not in common) and not (begins and after not in common)
    if is_free and after[:1] not in _NEVER_AFTER and _may_double(one, before, after[:1]):
        return True
    return has_phrase(text, start, end) or (is_word(before[-1:] + one) and is_word(one + after[:1]))


def _may_double(one: str, before: str, after: str) -> bool:
    is_painted = before[-1:] in _painting("painted") and one in _painting("painting")
    return one in _DOUBLES or is_painted or _is_name(one, before, after)


def _is_number(one: str, before: str) -> bool:
    """Whether a figure stands before its unit: 12月, 两个."""
    return one in _MEASURES and (before in _NUMERALS or before.isdigit())


def _is_counted(one: str, before: str, after: str) -> bool:
    """Whether it is told one by one: 一步步, 一一."""
    if one == "一":
        return after[:1] not in _MEASURES or after in common_words()
    return before in _COUNT and one in _STEPS and one not in _ONE_WORDS


def _is_set_of_four(one: str, before: str, after: str) -> bool:
    """Whether another character stands twice beside it: 家家户户; with a word of grammar only if both make a word."""
    for pair, word in ((before, before[:1] + one), (after, one + after[:1])):
        if len(pair) == 2 and pair[0] == pair[1] and _CJK.match(pair):  # noqa: PLR2004 (twice)
            return not _GRAMMAR & set(word) or is_word(word)
    return False


def _is_name(one: str, before: str, after: str) -> bool:
    """Whether it is somebody's given name, with the surname or without: 周芳芳, but not 薛桂芳芳."""
    is_called = not _CJK.match(before[-1:]) and after in _CALLED
    return one in _NAMES and (is_called or (before[-1:] in _SURNAMES and before[:-1] not in _SURNAMES))


def is_lawful_run(text: str, start: int, end: int) -> bool:
    """Whether a character may stand three times and more: 哈哈哈, 信息|息息相关."""
    one, before = text[start], text[start - 1 : start]
    return one in _SOUNDS or (end - start == 3 and before + one in common_words() and has_phrase(text, end - 2, end))  # noqa: PLR2004


def is_lawful_word(text: str, end: int, word: str) -> bool:
    """Whether a word of two characters and more stands twice, up to ``end``, for a good reason."""
    match = _REPEATED.fullmatch(word)
    if match and match["own"]:
        return bool(_OWN_WORD.match(text, end - len(word)))
    return bool(match) or word in _ON_PURPOSE or set(word) <= _SOUNDS
