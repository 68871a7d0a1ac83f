"""Traditional characters in a Simplified paper: each place, or one finding for a text that is full of them."""

import re
from typing import Final

from newsletter.articles.checks.findings import ErrorCode, Finding, Span
from newsletter.translation import gettext as _

CHECK: Final = "traditional"
#: More places than this in one field, and it is the whole text that wants converting.
_FEW: Final = 8
_EXAMPLES: Final = 8


def is_traditional(character: str) -> bool:
    """Whether the character belongs to the Traditional set only: Big5 has it, GB 2312 (Simplified, 1980) does not.

    A few rare characters of personal names (堃, 喆) fall under this too, which is why it is a warning only.
    """
    return "㐀" <= character <= "鿿" and _has(character, "big5") and not _has(character, "gb2312")


def _has(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def find_traditional(field: str, text: str) -> list[Finding]:
    """A warning for each run of Traditional characters, or one for all if there are many."""
    traditional = {character for character in set(text) if is_traditional(character)}
    if not traditional:
        return []
    runs = [match.span() for match in re.finditer(f"[{''.join(sorted(traditional))}]+", text)]
    if len(runs) > _FEW:
        return [_describe_all(field, text, runs, traditional)]
    message = _("{quote} is Traditional.")
    spans = [Span(field, text, start, end) for start, end in runs]
    return [span.find(CHECK, ErrorCode.TYPO, message.format(quote=span.quote)) for span in spans]


def _describe_all(field: str, text: str, runs: list[tuple[int, int]], traditional: set[str]) -> Finding:
    found = [character for character in text if character in traditional]
    examples = "".join(dict.fromkeys(found))[:_EXAMPLES]
    message = _("{count} Traditional characters, such as {examples}.").format(count=len(found), examples=examples)
    return Span(field, text, *runs[0]).find(CHECK, ErrorCode.TYPO, message)
