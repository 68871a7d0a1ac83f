"""Titles that are none: an address, or a single word left over from a web page."""

import re
from typing import Final

from newsletter.articles.checks.findings import ErrorCode, Finding, Span
from newsletter.translation import gettext as _

CHECK: Final = "titles"
#: Characters of the shortest title worth the name.
_SHORTEST: Final = 3
_QUOTED: Final = 40
_ADDRESS: Final = re.compile(r"@|https?://|www\.|[：:]\s*$|^[-·*]")


def find_odd_title(field: str, text: str) -> list[Finding]:
    """At most one warning, for the title only."""
    if field != "title" or (len(text) >= _SHORTEST and not _ADDRESS.search(text)):
        return []
    span = Span(field, text, 0, min(len(text), _QUOTED))
    message = _("This does not look like a title: {quote}").format(quote=span.quote)
    return [span.find(CHECK, ErrorCode.STYLE, message)]
