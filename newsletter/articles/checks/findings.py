"""What a copy check finds, and the key by which a person names one finding."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from newsletter.articles.reference.codes import ErrorCode, Severity

__all__ = ["ErrorCode", "Finding", "Severity", "Span", "Waiver", "with_keys"]

#: Characters of its sentence before and after a quote that its key depends on; edits elsewhere leave the key as it is.
_CONTEXT: Final = 8
_STOP: Final = re.compile(r"[。！？\n]")
_KEY_DIGITS: Final = 8


@dataclass(frozen=True)
class Waiver:
    """Whose word it is that a finding is accepted as it stands, and why."""

    by: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One finding.

    Attributes:
        code: the error's class; of what stands against an edition as a whole, that finding's own stable name.
        field: ``title``, ``lead`` or ``body``; or a piece's name.
        position: characters before it in that field; -1 when it is about the whole.
        quote: the text it is about, which stands at ``position``.
        message: one line in the user's language.
        check: the copy check that found it, by its file's name; empty for anything else.
        suggestion: what might stand there instead; may be empty.
        article: the article's number, where it is known.
        key: eight hexadecimal digits; empty where a finding cannot be waived.
        waived: by whom and why, if somebody did.
    """

    code: str
    severity: Severity
    field: str
    position: int
    quote: str
    message: str
    check: str = ""
    suggestion: str = ""
    article: int | None = None
    key: str = ""
    waived: Waiver | None = None

    @property
    def end(self) -> int:
        """Characters up to its end in the field; -1 when it is about the whole."""
        return self.position + len(self.quote) if self.position >= 0 else -1

    @property
    def is_blocking(self) -> bool:
        """Whether it keeps an edition from review."""
        return self.severity is Severity.BLOCKING and self.waived is None

    def as_document(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"end": self.end}


@dataclass(frozen=True)
class Span:
    """A piece of one field's text, from which findings are made."""

    field: str
    text: str
    start: int
    end: int

    @property
    def quote(self) -> str:
        """What stands there."""
        return self.text[self.start : self.end]

    def find(
        self,
        check: str,
        code: ErrorCode,
        message: str,
        *,
        suggestion: str = "",
        severity: Severity = Severity.WARNING,
    ) -> Finding:
        """A finding about this piece."""
        return Finding(
            check=check,
            code=code,
            severity=severity,
            field=self.field,
            position=self.start,
            quote=self.quote,
            message=message,
            suggestion=suggestion,
        )


def with_keys(findings: Iterable[Finding], fields: Mapping[str, str]) -> list[Finding]:
    """The findings of one article, each once and with its key.

    A key is made of the check, the quote, what stands around it, and how many of the like came before.

    Args:
        findings: in any order.
        fields: the article's texts by field.
    """
    keyed: dict[tuple[str, str, int, int], Finding] = {}
    seen: Counter[str] = Counter()
    for finding in findings:
        place = (finding.check, finding.field, finding.position, finding.end)
        if place in keyed:
            continue
        text = fields[finding.field]
        before = _STOP.split(text[max(0, finding.position - _CONTEXT) : finding.position])[-1]
        after = _STOP.split(text[finding.end : finding.end + _CONTEXT])[0]
        what = "\0".join((finding.check, before, finding.quote, after))
        digest = hashlib.sha256(f"{what}\0{seen[what]}".encode(errors="surrogatepass")).hexdigest()
        seen[what] += 1
        keyed[place] = replace(finding, key=digest[:_KEY_DIGITS])
    return list(keyed.values())
