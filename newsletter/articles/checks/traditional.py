"""Traditional characters in a Simplified paper: one finding a field, with the first of them as examples."""

from typing import Final

from newsletter.articles.checks.findings import Finding, Severity
from newsletter.translation import gettext as _

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
    """At most one warning for ``text``."""
    traditional = {character for character in set(text) if is_traditional(character)}
    found = [position for position, character in enumerate(text) if character in traditional]
    if not found:
        return []
    examples = "".join(dict.fromkeys(text[position] for position in found))[:_EXAMPLES]
    return [
        Finding(
            code="traditional",
            severity=Severity.WARNING,
            field=field,
            position=found[0],
            quote=examples,
            message=_("{count} Traditional characters, such as {examples}.").format(
                count=len(found), examples=examples
            ),
        )
    ]
