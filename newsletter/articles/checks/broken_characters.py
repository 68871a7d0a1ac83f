"""Characters that a wrong conversion left behind: replacement marks, and question marks inside Chinese text."""

import re
from typing import Final

from newsletter.articles.checks.findings import Finding, Severity
from newsletter.translation import gettext as _

_CJK: Final = r"[㐀-䶿一-鿿]"
#: U+FFFD, or a half-width question mark directly followed by a letter or character, as ``?F如今`` for 现如今.
_BROKEN: Final = re.compile(rf"�+|\?(?=[A-Za-z]?{_CJK})")
_CONTEXT: Final = 4


def find_broken_characters(field: str, text: str) -> list[Finding]:
    """Places where characters were lost; warnings, since only a person can tell what stood there."""
    findings = []
    for match in _BROKEN.finditer(text):
        quote = text[max(0, match.start() - _CONTEXT) : match.end() + _CONTEXT].replace("\n", " ")
        findings.append(
            Finding(
                code="broken_character",
                severity=Severity.WARNING,
                field=field,
                position=match.start(),
                quote=quote,
                message=_("A character seems to be lost here: {quote}").format(quote=quote),
            )
        )
    return findings
