"""What an audit finds: a row that is not what was signed, or a thing worth knowing that is no tampering."""

from dataclasses import asdict, dataclass
from typing import Any

from newsletter.errors import NewsletterError


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is not as it was signed.

    Attributes:
        code: a stable word for scripts.
        where: the row, as a person would name it: ``edition 3, column title``; empty for the journal as a whole.
        message: one line in the user's language.
        hint: what to do about it; may be empty.
    """

    code: str
    where: str
    message: str
    hint: str = ""

    def as_document(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def problem_of(error: NewsletterError, where: str) -> Problem:
    """A refusal as something an audit found."""
    return Problem(code=error.code, where=where, message=f"{where}: {error.message}", hint=error.hint)
