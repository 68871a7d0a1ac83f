"""Wordings that the house forbids, or would rather see put otherwise."""

import re
from typing import Final

from newsletter.articles.checks.findings import Finding, Span
from newsletter.articles.reference.loading import CheckContext
from newsletter.articles.reference.terms import Term
from newsletter.translation import gettext as _

CHECK: Final = "terms"
#: 长 or 后 at a term's end that belongs to the next word: 村长 in 农村长期, 建国后 in 石建国后院.
_NEXT_WORD: Final = re.compile("(?<=长)[期势效远久大度廊江河征处途短寿青辈城年]|(?<=后)[院台门勤辈面备悔患果]")


def find_terms(field: str, text: str, context: CheckContext) -> list[Finding]:
    """Every wording of the house's list, unless it is part of a name or of what should stand there."""
    names = [*context.places.lexicon.find(text), *context.roster.lexicon.find(text)]
    findings = []
    for start, end, wording in context.terms.lexicon.find(text):
        term = context.terms.by_wording[wording]
        inside = any(begin <= start and end <= stop and (begin, stop) != (start, end) for begin, stop, _name in names)
        if not inside and not _NEXT_WORD.match(text, end) and not _is_put_right(text, start, term):
            findings.append(_describe(Span(field, text, start, end), term))
    return findings


def _is_put_right(text: str, start: int, term: Term) -> bool:
    """Whether the wording is only part of what the list wants: 农村 within 新农村."""
    offset = term.use.find(term.wording)
    return offset >= 0 and text.startswith(term.use, start - offset) and start >= offset


def _describe(span: Span, term: Term) -> Finding:
    message = _("Write {use}, not {wording}.") if term.use else _("{wording} must not be used.")
    message = message.format(use=term.use, wording=term.wording)
    if term.why:
        message = f"{message} {term.why}"
    return span.find(CHECK, term.code, message, suggestion=term.use, severity=term.severity)
