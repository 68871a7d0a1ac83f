"""Which kinds of errors there are (FACTS: three classes in the source, from political orientation to punctuation)."""

from typing import ClassVar, Final

from newsletter.articles.reference.codes import ErrorCode
from newsletter.errors import InputError
from newsletter.translation import gettext as _
from newsletter.translation import mark

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


class UnknownErrorCodeError(InputError):
    """There is no such kind of error."""

    code: ClassVar[str] = "unknown_error_code"


def error_label(code: str) -> str:
    """The kind of error in the user's language."""
    return _(_LABELS[ErrorCode(code)])


def parse_error_code(word: str) -> ErrorCode:
    """Read a code as typed.

    Raises:
        UnknownErrorCodeError: names those there are.
    """
    try:
        return ErrorCode(word.strip().lower())
    except ValueError as error:
        raise UnknownErrorCodeError(
            _("{word} is no kind of error; known are {known}.").format(word=word[:40], known=", ".join(ErrorCode)),
            hint=_("What each means: newsletter penalties rules"),
        ) from error
