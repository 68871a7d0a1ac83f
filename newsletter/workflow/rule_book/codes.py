"""Which kinds of errors there are (FACTS: three classes in the source, from political orientation to punctuation)."""

from typing import ClassVar, Final

from newsletter.articles.reference.codes import ErrorCode
from newsletter.errors import InputError
from newsletter.translation import gettext as _
from newsletter.translation import mark
from newsletter.workflow.rule_book.words import find_word, list_words

__all__ = ["GRAVE", "ErrorCode", "UnknownErrorCodeError", "error_label", "parse_error_code"]

#: Found after sending, these go up to an issuer, who decides on a retraction.
GRAVE: Final = frozenset({ErrorCode.ORIENTATION, ErrorCode.SECRECY})
#: What the interface calls each.
_LABELS: Final = {
    ErrorCode.ORIENTATION: mark("political orientation"),
    ErrorCode.SECRECY: mark("what may not be published"),
    ErrorCode.FACT: mark("news fact"),
    ErrorCode.DATA: mark("important figure"),
    ErrorCode.LEADER: mark("leader's name, post or rank"),
    ErrorCode.PLACE: mark("name of a place, unit or person"),
    ErrorCode.GRAMMAR: mark("grammar or logic"),
    ErrorCode.TYPO: mark("wrong character"),
    ErrorCode.STYLE: mark("punctuation or number style"),
}
#: What offices call each, whatever language the interface speaks; its own labels are taken as well.
_NAMES: Final[dict[ErrorCode, tuple[str, ...]]] = {
    ErrorCode.ORIENTATION: ("政治导向", "导向"),
    ErrorCode.SECRECY: ("不得公开的内容", "不得公开", "不宜公开", "涉密"),
    ErrorCode.FACT: ("新闻事实", "事实"),
    ErrorCode.DATA: ("重要数据", "数据"),
    ErrorCode.LEADER: ("领导人姓名、职务、排序", "领导人"),
    ErrorCode.PLACE: ("地名、单位名、人名", "地名", "单位名", "人名"),
    ErrorCode.GRAMMAR: ("语法逻辑", "语法", "逻辑"),
    ErrorCode.TYPO: ("错别字", "错字", "别字"),
    ErrorCode.STYLE: ("标点、数字用法", "标点", "数字用法"),
}


class UnknownErrorCodeError(InputError):
    """There is no such kind of error."""

    code: ClassVar[str] = "unknown_error_code"


def error_label(code: str) -> str:
    """The kind of error in the user's language."""
    return _(_LABELS[ErrorCode(code)])


def parse_error_code(word: str) -> ErrorCode:
    """Read a code as typed, or what offices call it.

    Raises:
        UnknownErrorCodeError: names those there are.
    """
    found = find_word(word, {code: (error_label(code), *_NAMES[code]) for code in ErrorCode})
    if found is None:
        known = list_words({code: error_label(code) for code in ErrorCode})
        raise UnknownErrorCodeError(
            _("{word} is no kind of error; known are {known}.").format(word=word[:40], known=known),
            hint=_("What each means: newsletter penalties rules"),
        )
    return ErrorCode(found)
