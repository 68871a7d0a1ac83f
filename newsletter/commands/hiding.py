"""What an error may repeat of what it was given: no telephone number, whichever way it is written."""

import re
from typing import Final

#: A mobile number of mainland China with or without its country's code, spaces and hyphens, in digits of any width.
_NUMBER: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:(?:[+＋]|00)?[8８][6６][ \-]?)?[1１][3-9３-９]\d(?:[ \-.]?\d){8}(?![0-9A-Za-z])"
)
_SHOWN_START, _SHOWN_END, _LENGTH = 3, 4, 11


def hide_numbers(text: str) -> str:
    """The text with every number masked, ``138****5678``."""
    return _NUMBER.sub(_mask, text)


def _mask(match: re.Match[str]) -> str:
    digits = "".join(str(int(character)) for character in match[0] if character.isdigit())[-_LENGTH:]
    return f"{digits[:_SHOWN_START]}****{digits[-_SHOWN_END:]}"
