"""Manuscripts: what a submitted file says, before it becomes an article. Front matter, title, body, pictures."""

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

from newsletter.articles.models import Revision, TextFormat
from newsletter.errors import InputError
from newsletter.text_files import read_text_file
from newsletter.translation import gettext as _

TITLE_LENGTH: Final = 200
SOURCE_LENGTH: Final = 200
_FENCE: Final = "---"
_KNOWN_KEYS: Final = ("title", "column", "contributor", "lead", "pictures", "source")
#: Ends of file names we read, and what they hold.
_FORMATS: Final = {".md": TextFormat.MARKDOWN, ".markdown": TextFormat.MARKDOWN, ".txt": TextFormat.PLAIN}


class ManuscriptError(InputError):
    """A submitted file that cannot become an article."""

    code: ClassVar[str] = "manuscript"


@dataclass(frozen=True, kw_only=True)
class Manuscript:
    """A file as read: nothing in it is looked up yet."""

    path: Path
    title: str
    lead: str
    body: str
    format: TextFormat
    column: str | None
    contributor: str | None
    source: str
    pictures: tuple[Path, ...]
    #: The front matter's fields, empty ones included: what is not among them was left unsaid.
    said: frozenset[str] = frozenset()


def read_manuscript(path: Path, *, title: str | None = None) -> Manuscript:
    """Read a ``.md`` or ``.txt`` file; ``title`` overrides the file's own.

    Raises:
        InputError: missing or no text.
        ManuscriptError: another kind of file, malformed front matter, no title or no text in it.
    """
    text_format = _FORMATS.get(path.suffix.lower())
    if text_format is None:
        raise ManuscriptError(
            _("{path}: articles come as {kinds} files.").format(path=path, kinds=", ".join(sorted(_FORMATS)))
        )
    text = clean_text(read_text_file(path))
    matter: dict[str, Any] = {}
    if text_format is TextFormat.MARKDOWN:
        matter, text = _split_front_matter(text, path)
    found_title, body = _title_and_body(text, text_format, given=title or matter.get("title"))
    if not body.strip():
        raise ManuscriptError(_("{path} has no text.").format(path=path))
    return Manuscript(
        path=path,
        title=check_title(found_title, path),
        lead=matter.get("lead", "").strip(),
        body=body.strip("\n"),
        format=text_format,
        column=matter.get("column") or None,
        contributor=matter.get("contributor") or None,
        source=_check_source(matter.get("source", ""), path),
        pictures=tuple(path.parent / name for name in _picture_names(matter, path)),
        said=frozenset(matter),
    )


def clean_text(text: str) -> str:
    """Drop control and private-use characters, which no reader can see; line ends and tabs stay, as spaces."""
    kept = (c for c in text.replace("\t", " ") if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs", "Co"})
    return unicodedata.normalize("NFC", "".join(kept))


def check_title(title: str, path: Path) -> str:
    """A title fit to print: one line, not empty, at most 200 characters.

    Raises:
        ManuscriptError: it is not.
    """
    title = " ".join(clean_text(title).split())
    if not title:
        raise ManuscriptError(
            _("{path} has no title.").format(path=path), hint=_("Put one on its first line, or give --title.")
        )
    if len(title) > TITLE_LENGTH:
        raise ManuscriptError(
            _("{path}: the title has {count} characters; at most {limit} fit.").format(
                path=path, count=len(title), limit=TITLE_LENGTH
            )
        )
    return title


def _check_source(source: str, path: Path) -> str:
    source = " ".join(source.split())
    if len(source) > SOURCE_LENGTH:
        message = _("{path}: front matter field {key} has {count} characters; at most {limit} fit.")
        raise ManuscriptError(message.format(path=path, key="source", count=len(source), limit=SOURCE_LENGTH))
    return source


def _split_front_matter(text: str, path: Path) -> tuple[dict[str, Any], str]:
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        return {}, text
    try:
        end = next(number for number, line in enumerate(lines[1:], start=1) if line.rstrip() == _FENCE)
    except StopIteration as error:
        message = _("{path} line 1: the front matter has no closing ---.")
        raise ManuscriptError(message.format(path=path)) from error
    return _parse_front_matter("\n".join(lines[1:end]), path), "\n".join(lines[end + 1 :])


def _parse_front_matter(block: str, path: Path) -> dict[str, Any]:
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
    for key, value in matter.items():
        if key not in _KNOWN_KEYS:
            known = ", ".join(_KNOWN_KEYS)
            message = _("{path}: unknown front matter field {key}; known are {known}.")
            raise ManuscriptError(message.format(path=path, key=key, known=known))
        if key != "pictures" and not isinstance(value, str):
            raise ManuscriptError(_("{path}: front matter field {key} must be one value.").format(path=path, key=key))
    # Once more, for an escape in quotes may write a character that the file itself does not hold.
    return {key: clean_text(value) if isinstance(value, str) else value for key, value in matter.items()}


def _picture_names(matter: dict[str, Any], path: Path) -> list[str]:
    names = matter.get("pictures") or []
    if isinstance(names, str):
        names = [names]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        message = _("{path}: front matter field {key} must be a list of file names.")
        raise ManuscriptError(message.format(path=path, key="pictures"))
    return [clean_text(name) for name in names]


def _title_and_body(text: str, text_format: TextFormat, *, given: str | None) -> tuple[str, str]:
    """The title, and the text without it: the first non-empty line, a Markdown heading's marks cut off."""
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if given:
        return given, text
    if first is None:
        return "", ""
    heading = lines[first].strip()
    if text_format is TextFormat.MARKDOWN:
        heading = heading.lstrip("#").strip()
    return heading, "\n".join(lines[first + 1 :])


def write_manuscript(revision: Revision) -> str:
    """A revision as a file that ``read_manuscript`` reads back: plain text stays plain, with its title first."""
    if revision.format == TextFormat.PLAIN:
        return f"{revision.title}\n{revision.body}\n"
    fields = {"title": revision.title, "lead": revision.lead, "source": revision.source}
    matter = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in fields.items())
    return f"{_FENCE}\n{matter}{_FENCE}\n{revision.body}\n"
