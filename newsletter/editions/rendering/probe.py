"""Whether this machine can print: what ``doctor`` asks, answered by printing one character."""

from dataclasses import dataclass

from newsletter.editions.rendering.findings import NO_SUBSETTER, missing_glyphs
from newsletter.editions.rendering.pdf import FONT_PROBE
from newsletter.editions.rendering.weasy import MissingFontError, MissingLibraryError, install_hint, print_html
from newsletter.translation import gettext as _


@dataclass(frozen=True, kw_only=True)
class Lack:
    """Something printing needs and this machine has not.

    Attributes:
        code: missing_library, missing_subsetter or missing_font.
        is_fatal: whether nothing can be printed without it.
        hint: the line that mends it.
    """

    code: str
    message: str
    hint: str
    is_fatal: bool


def check_rendering() -> list[Lack]:
    """What printing lacks here; empty when all is well. Takes about a second; never raises for a lack."""
    try:
        printed = print_html(f'<html lang="zh-CN"><body>{FONT_PROBE}</body></html>')
    except (MissingFontError, MissingLibraryError) as error:
        return [_describe_fatal(error)]
    lacks = []
    if any(str(record.msg).startswith(NO_SUBSETTER) for record in printed.records):
        message = _("HarfBuzz's subsetter is missing: PDF files are larger and not the same bytes each time.")
        lacks.append(Lack(code="missing_subsetter", message=message, hint=install_hint(), is_fatal=False))
    if FONT_PROBE in missing_glyphs(printed.records):
        lacks.append(_describe_fatal(MissingFontError()))
    return lacks


def _describe_fatal(error: MissingFontError | MissingLibraryError) -> Lack:
    return Lack(code=error.code, message=error.message, hint=error.hint, is_fatal=True)
