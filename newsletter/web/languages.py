"""Which language a reader's page speaks: what their telephone asks for, else the newsroom's. Pure."""

from typing import Final

from newsletter.translation import match_language

#: Entries of ``Accept-Language`` that are looked at.
_MOST_ENTRIES: Final = 20


def choose_language(accepted: str, default: str) -> str:
    """``zh-CN`` or ``en``.

    Args:
        accepted: the header ``Accept-Language`` (RFC 9110 §12.5.4); empty: the telephone says nothing.
        default: the newsroom's language.
    """
    entries = [_read_entry(entry) for entry in accepted.split(",")[:_MOST_ENTRIES]]
    wanted = [(quality, language) for quality, language in entries if language is not None and quality > 0]
    return max(wanted, key=lambda entry: entry[0])[1] if wanted else default


def _read_entry(entry: str) -> tuple[float, str | None]:
    """Its weight, and the language of ours that serves it."""
    name, _semicolon, parameters = entry.partition(";")
    key, _equals, value = parameters.strip().partition("=")
    try:
        quality = float(value) if key.strip() == "q" else 1.0
    except ValueError:
        quality = 0.0
    return quality, match_language(name.strip())
