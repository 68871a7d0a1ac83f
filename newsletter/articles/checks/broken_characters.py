"""Characters that a wrong conversion left behind: replacement marks, invisible ones, question marks inside Chinese."""

import re
from typing import Final

from newsletter.articles.checks.findings import ErrorCode, Finding, Span
from newsletter.translation import gettext as _

CHECK: Final = "broken_characters"
_CJK: Final = r"[㐀-䶿一-鿿]"
#: U+FFFD, or a half-width question mark directly followed by a letter or character, as ``?F如今`` for 现如今.
_LOST: Final = rf"�+|\?(?=[A-Za-z]?{_CJK})"
#: Zero width, private use, control characters; a joiner inside an emoji is no error of its own.
_INVISIBLE: Final = (
    "[\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\ue000-\uf8ff"
    "\U000f0000-\U0010ffff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]+"
    "|(?<=[\u0000-\u22ff\u2c00-\uffff])[\u200d\ufe00-\ufe0f]+"
)
_BROKEN: Final = re.compile(f"(?P<lost>{_LOST})|(?P<invisible>{_INVISIBLE})")
_CONTEXT: Final = 4
_QUESTION: Final = re.compile("[吗呢么哪谁几何啥否][^，。；！？\\n]{0,12}$|(?:多少|怎|不)[^，。；！？\\n]{0,12}$")


def find_broken_characters(field: str, text: str) -> list[Finding]:
    """Places where characters were lost; warnings, since only a person can tell what stood there."""
    matches = [match for match in _BROKEN.finditer(text) if not _is_question(text, match)]
    return [_describe(Span(field, text, match.start(), match.end()), match) for match in matches]


def _is_question(text: str, match: re.Match[str]) -> bool:
    """Whether a half-width mark only ends a question: its width is ``punctuation``'s to say."""
    return match.group() == "?" and bool(_QUESTION.search(text, 0, match.start()))


def _describe(span: Span, match: re.Match[str]) -> Finding:
    around = span.text[max(0, span.start - _CONTEXT) : span.end + _CONTEXT].replace("\n", " ")
    if match["lost"]:
        return span.find(CHECK, ErrorCode.TYPO, _("A character seems to be lost here: {quote}").format(quote=around))
    visible = "".join(character for character in around if character.isprintable())
    message = _("An invisible character (U+{code}) stands in {quote}.")
    return span.find(CHECK, ErrorCode.TYPO, message.format(code=f"{ord(span.quote[0]):04X}", quote=visible))
