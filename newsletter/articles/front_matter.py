"""What stands between the two lines ``---`` at a Markdown manuscript's head, and which fields may."""

from pathlib import Path
from typing import Any, Final

from newsletter.articles.manuscript_text import ManuscriptError, clean_text
from newsletter.translation import gettext as _

FENCE: Final = "---"
#: The fields, and those of them that hold a list.
_KNOWN_KEYS: Final = ("title", "column", "contributor", "contributors", "lead", "pictures", "source", "cleared")
_LISTS: Final = ("contributors", "pictures")


def split_front_matter(text: str, path: Path) -> tuple[dict[str, Any], str]:
    """A Markdown text's fields, cleaned, and what comes after them.

    Returns:
        ``contributors`` and ``pictures`` are lists of str, every other field is one str; a text without front matter
        has none.

    Raises:
        ManuscriptError: not closed, malformed, a field nobody knows, or one of the wrong shape.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        return {}, text
    try:
        end = next(number for number, line in enumerate(lines[1:], start=1) if line.rstrip() == FENCE)
    except StopIteration as error:
        message = _("{path} line 1: the front matter has no closing ---.")
        raise ManuscriptError(message.format(path=path)) from error
    matter = _parse("\n".join(lines[1:end]), path)
    return {key: _check_field(key, value, path) for key, value in matter.items()}, "\n".join(lines[end + 1 :])


def _parse(block: str, path: Path) -> dict[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        # The base loader leaves every value as it was typed: 1.10 stays 1.10, and a date is no date.
        matter = YAML(typ="base", pure=True).load(block) or {}
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        raise ManuscriptError(_("{path} line {line}: malformed front matter.").format(path=path, line=line)) from error
    if not isinstance(matter, dict):
        raise ManuscriptError(_("{path} line {line}: malformed front matter.").format(path=path, line=2))
    return matter


def _check_field(key: str, value: Any, path: Path) -> str | list[str]:
    # Cleaned once more, for an escape in quotes may write a character that the file itself does not hold.
    if key not in _KNOWN_KEYS:
        known = ", ".join(_KNOWN_KEYS)
        message = _("{path}: unknown front matter field {key}; known are {known}.")
        raise ManuscriptError(message.format(path=path, key=key, known=known))
    if key in _LISTS:
        return [clean_text(entry) for entry in _as_list(key, value, path)]
    if not isinstance(value, str):
        raise ManuscriptError(_("{path}: front matter field {key} must be one value.").format(path=path, key=key))
    return clean_text(value)


def _as_list(key: str, value: Any, path: Path) -> list[str]:
    entries = value if isinstance(value, list) else [value] if value else []
    if all(isinstance(entry, str) for entry in entries):
        return [entry for entry in entries if entry.strip()]
    message = _("{path}: front matter field {key} must be a list of names.")
    if key == "pictures":
        message = _("{path}: front matter field {key} must be a list of file names.")
    raise ManuscriptError(message.format(path=path, key=key))
