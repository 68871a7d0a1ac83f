"""Which faults a reviewer may name when returning an edition: an error code, at an article, by the words quoted."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault a reviewer found.

    Attributes:
        code: The error's code in the organisation's table of errors.
        article: The article's number.
        quote: The faulty words, as printed.
    """

    code: str
    article: int
    quote: str
