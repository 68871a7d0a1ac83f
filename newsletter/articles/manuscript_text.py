"""What may stand in a manuscript's fields: text that can be stored and printed, on one line where one line is meant."""

import unicodedata
from pathlib import Path
from typing import ClassVar, Final

from newsletter.errors import InputError
from newsletter.translation import gettext as _

TITLE_LENGTH: Final = 200
SOURCE_LENGTH: Final = 200
#: Of the name of whoever in the unit released the text.
CLEARED_LENGTH: Final = 80


class ManuscriptError(InputError):
    """A submitted file that cannot become an article."""

    code: ClassVar[str] = "manuscript"


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


def check_line(text: str, path: Path, *, field: str, limit: int) -> str:
    """A front matter field's value on one line.

    Raises:
        ManuscriptError: more than ``limit`` characters.
    """
    text = " ".join(clean_text(text).split())
    if len(text) > limit:
        message = _("{path}: front matter field {key} has {count} characters; at most {limit} fit.")
        raise ManuscriptError(message.format(path=path, key=field, count=len(text), limit=limit))
    return text
