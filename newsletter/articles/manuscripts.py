"""Manuscripts: what a submitted file says, before it becomes an article. Front matter, title, body, pictures."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from newsletter.articles.front_matter import FENCE, split_front_matter
from newsletter.articles.manuscript_text import (
    CLEARED_LENGTH,
    SOURCE_LENGTH,
    ManuscriptError,
    check_line,
    check_title,
    clean_text,
)
from newsletter.articles.models import Revision, TextFormat
from newsletter.text_files import read_text_file
from newsletter.translation import gettext as _

_WORD: Final = ".docx"
#: Ends of file names we read, and what they hold; a Word document is plain unless it has headings, lists or emphasis.
_FORMATS: Final = {
    ".md": TextFormat.MARKDOWN,
    ".markdown": TextFormat.MARKDOWN,
    ".txt": TextFormat.PLAIN,
    _WORD: TextFormat.PLAIN,
}


@dataclass(frozen=True, kw_only=True)
class Manuscript:
    """A file as read: nothing in it is looked up yet.

    Attributes:
        contributors: whose it is, names or ids, the owner first.
        cleared: who in the unit released it.
        pictures: files named in its front matter.
        embedded: the bytes of pictures inside the file, in order.
        said: the front matter's fields, empty ones included: what is not among them was left unsaid.
    """

    path: Path
    title: str
    lead: str
    body: str
    format: TextFormat
    column: str | None
    contributors: tuple[str, ...]
    source: str
    cleared: str
    pictures: tuple[Path, ...]
    embedded: tuple[bytes, ...] = ()
    said: frozenset[str] = frozenset()


def read_manuscript(path: Path, *, title: str | None = None) -> Manuscript:
    """Read a ``.md``, ``.txt`` or ``.docx`` file; ``title`` overrides the file's own.

    Raises:
        InputError: missing or no text.
        ManuscriptError: another kind of file, malformed front matter, no title or no text in it.
    """
    suffix = path.suffix.lower()
    if suffix not in _FORMATS:
        raise ManuscriptError(
            _("{path}: articles come as {kinds} files.").format(path=path, kinds=", ".join(sorted(_FORMATS)))
        )
    if suffix == _WORD:
        return _read_word(path, title)
    text = clean_text(read_text_file(path))
    matter: dict[str, Any] = {}
    if _FORMATS[suffix] is TextFormat.MARKDOWN:
        matter, text = split_front_matter(text, path)
    found_title, body = _title_and_body(text, _FORMATS[suffix], given=title or matter.get("title"))
    return _make_manuscript(path, found_title, body, _FORMATS[suffix], matter)


def _read_word(path: Path, title: str | None) -> Manuscript:
    from newsletter.articles.word_files import read_word_file

    word = read_word_file(path)
    # Pictures that the document brings replace the former ones; a document without any leaves them.
    matter: dict[str, Any] = {"pictures": []} if word.pictures else {}
    text_format = TextFormat.MARKDOWN if word.is_markdown else TextFormat.PLAIN
    body = clean_text(word.whole if title else word.rest)
    return _make_manuscript(path, title or word.first, body, text_format, matter, embedded=word.pictures)


def _make_manuscript(
    path: Path,
    title: str,
    body: str,
    text_format: TextFormat,
    matter: dict[str, Any],
    *,
    embedded: tuple[bytes, ...] = (),
) -> Manuscript:
    if not body.strip():
        raise ManuscriptError(_("{path} has no text.").format(path=path))
    return Manuscript(
        path=path,
        title=check_title(title, path),
        lead=matter.get("lead", "").strip(),
        body=body.strip("\n"),
        format=text_format,
        column=matter.get("column") or None,
        contributors=_contributors(matter, path),
        source=check_line(matter.get("source", ""), path, field="source", limit=SOURCE_LENGTH),
        cleared=check_line(matter.get("cleared", ""), path, field="cleared", limit=CLEARED_LENGTH),
        pictures=tuple(path.parent / name for name in matter.get("pictures", [])),
        embedded=embedded,
        said=frozenset(matter),
    )


def _contributors(matter: dict[str, Any], path: Path) -> tuple[str, ...]:
    one, several = matter.get("contributor"), matter.get("contributors")
    if one and several:
        message = _("{path}: give contributor or contributors, not both.")
        raise ManuscriptError(message.format(path=path))
    return (one,) if one else tuple(several or ())


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
    return f"{FENCE}\n{matter}{FENCE}\n{revision.body}\n"
