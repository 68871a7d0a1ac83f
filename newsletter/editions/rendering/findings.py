"""What a log line of WeasyPrint means: a glyph no font has, a picture it cannot read, or a bug of our templates."""

import logging
from collections.abc import Iterable, Mapping
from typing import Final

from newsletter.translation import gettext as _

_MISSING_GLYPH: Final = ".notdef glyph"
_MISSING_IMAGE: Final = "Failed to load image"
#: Logged when libharfbuzz-subset is absent: slower and not reproducible, but the page is right; doctor reports it.
NO_SUBSETTER: Final = "Using fontTools instead of HarfBuzz-Subset"
#: Says again, for a font with every glyph number taken, as Noto CJK has, that a glyph is missing.
_TOO_MANY_MISSING: Final = "Too many glyphs missing"
#: Font trouble that leaves the page readable or not: a person has to look.
_FONT_TROUBLE: Final = ("Unable to subset", "Unable to instantiate", "Unable to save emoji", "Please install HarfBuzz")
_KNOWN: Final = (_MISSING_GLYPH, _TOO_MANY_MISSING, NO_SUBSETTER)
#: Characters of an address in a message.
LONGEST_SHOWN: Final = 60


class TemplateBugError(RuntimeError):
    """WeasyPrint complained of the page itself: our template or style sheet is wrong."""


def missing_glyphs(records: Iterable[logging.LogRecord]) -> tuple[str, ...]:
    """The characters that no installed font can draw, each once, in code point order."""
    return tuple(sorted({_first_argument(record) for record in records if _is(record, _MISSING_GLYPH)}))


def describe_problems(records: Iterable[logging.LogRecord], pictures: Mapping[str, str]) -> tuple[str, ...]:
    """One sentence for each picture or font that could not be used; ``pictures`` maps address to description.

    Raises:
        TemplateBugError: a line that neither content nor machine explains.
    """
    # A dict, for the same trouble is logged once a page and is told once, in its order.
    return tuple(dict.fromkeys(_describe(one, pictures) for one in records if not str(one.msg).startswith(_KNOWN)))


def _describe(record: logging.LogRecord, pictures: Mapping[str, str]) -> str:
    if _is(record, _MISSING_IMAGE):
        address = _first_argument(record)
        return _("{picture} cannot be read.").format(picture=pictures.get(address, shorten(address)))
    if str(record.msg).startswith(_FONT_TROUBLE):
        return _("A font could not be used: {reason}").format(reason=record.getMessage())
    raise TemplateBugError(record.getMessage())


def shorten(address: str) -> str:
    """An address as a message can show it; a data: URI may be megabytes."""
    return address if len(address) <= LONGEST_SHOWN else f"{address[: LONGEST_SHOWN - 1]}…"


def _is(record: logging.LogRecord, opening: str) -> bool:
    return str(record.msg).startswith(opening)


def _first_argument(record: logging.LogRecord) -> str:
    return str(record.args[0]) if isinstance(record.args, tuple) else record.getMessage()
