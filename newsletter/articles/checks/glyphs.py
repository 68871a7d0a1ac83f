"""Signs that the newspaper's fonts or old phones cannot show: emoji and the like. They stop an edition."""

import re
import unicodedata
from typing import Final

from newsletter.articles.checks.findings import ErrorCode, Finding, Severity, Span
from newsletter.translation import gettext as _

CHECK: Final = "glyphs"
#: Beyond this, Noto CJK has ideographs only; what else stands there (emoji, symbols) prints as an empty box.
_ASTRAL: Final = 0x10000
#: Technical signs, dingbats, arrows of the plane below: pictures mostly; those of old character sets do print.
_PICTURES: Final = range(0x2300, 0x2C00)
_OLD_SETS: Final = ("gbk", "big5", "shift_jis_2004", "cp949")
#: Dingbats Noto CJK has besides.
_PRINTED: Final = frozenset("☀☁☂☃☎☖☗☞♠♣♥♦⚠⚽⚾✂✓✚✽✿❀❖➡⤴⤵⬅⬆⬇⬚⮕")
#: Joins or colours the emoji before it: nothing by itself.
_JOINER: Final = re.compile("[\ufe00-\ufe0f\u200d\u20e3]*")


def find_unprintable_glyphs(field: str, text: str) -> list[Finding]:
    """Signs no Chinese font has; the proof finds what else a font lacks."""
    message = _("The character {character} (U+{code}) cannot be printed.")
    return [
        Span(field, text, position, _JOINER.match(text, position + 1).end()).find(  # type: ignore[union-attr]
            CHECK,
            ErrorCode.STYLE,
            message.format(character=character, code=f"{ord(character):04X}"),
            severity=Severity.BLOCKING,
        )
        for position, character in enumerate(text)
        if is_unprintable(character)
    ]


def is_unprintable(character: str) -> bool:
    """Whether Noto CJK has no shape for a sign."""
    if ord(character) >= _ASTRAL:
        return unicodedata.category(character) not in {"Lo", "Co", "Cn"}
    return ord(character) in _PICTURES and character not in _PRINTED and not any(_has(character, s) for s in _OLD_SETS)


def _has(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
