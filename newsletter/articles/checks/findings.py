"""What a copy check finds."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """Whether an edition with it may be submitted for review."""

    BLOCKING = "blocking"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One finding.

    Attributes:
        code: the check's stable name.
        field: ``title``, ``lead`` or ``body``; or a piece's name.
        position: characters before it in that field; -1 when it is about the whole.
        quote: the text it is about.
        message: one line in the user's language.
    """

    code: str
    severity: Severity
    field: str
    position: int
    quote: str
    message: str

    def as_document(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)
