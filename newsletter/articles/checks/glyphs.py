"""Characters that the newspaper's fonts or old phones cannot show: emoji and the like. They stop an edition."""

import unicodedata
from typing import Final

from newsletter.articles.checks.findings import Finding, Severity
from newsletter.translation import gettext as _

#: Beyond this, Noto CJK has ideographs only; what else stands there (emoji, symbols) prints as an empty box.
_ASTRAL: Final = 0x10000


def find_unprintable_glyphs(field: str, text: str) -> list[Finding]:
    """Symbols outside the Basic Multilingual Plane; the proof finds what else a font lacks."""
    return [
        Finding(
            code="glyph",
            severity=Severity.BLOCKING,
            field=field,
            position=position,
            quote=character,
            message=_("The character {character} (U+{code}) cannot be printed.").format(
                character=character, code=f"{ord(character):04X}"
            ),
        )
        for position, character in enumerate(text)
        if ord(character) >= _ASTRAL and unicodedata.category(character) != "Lo"
    ]
