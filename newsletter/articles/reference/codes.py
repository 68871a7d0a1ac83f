"""The classes of errors, and whether an error of a kind keeps an edition from review."""

from enum import StrEnum


class Severity(StrEnum):
    """Whether an edition with it may be submitted for review."""

    BLOCKING = "blocking"
    WARNING = "warning"


class ErrorCode(StrEnum):
    """The classes of errors, gravest first; penalties are set by the same codes.

    ``secrecy`` is what may not be published at all: it blocks, and is no matter of points.
    """

    ORIENTATION = "orientation"
    SECRECY = "secrecy"
    FACT = "fact"
    DATA = "data"
    LEADER = "leader"
    PLACE = "place"
    GRAMMAR = "grammar"
    TYPO = "typo"
    STYLE = "style"
