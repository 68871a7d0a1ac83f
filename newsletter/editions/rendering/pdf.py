"""How an edition is printed on paper: the proof, which names nobody who has still to sign."""

from dataclasses import dataclass
from typing import Final

from newsletter.editions.layout import EditionLayout, LayoutColumn, LayoutItem
from newsletter.editions.rendering.environment import html_environment, render_template
from newsletter.editions.rendering.findings import describe_problems, missing_glyphs, shorten
from newsletter.editions.rendering.html import body_html
from newsletter.editions.rendering.markdown import find_images
from newsletter.editions.rendering.spacing import balance_width, break_title, stretch
from newsletter.editions.rendering.text import clean_line, clean_text
from newsletter.editions.rendering.weasy import MissingFontError, print_html
from newsletter.translation import gettext as _

#: Printed on every page: when this has no glyph, it is not the text that is odd but the machine that has no font.
FONT_PROBE: Final = "期"
#: Width of the page's text and of one column in em of their titles (edition.css), to balance titles of several lines.
HEADLINE_EMS: Final = 19
TITLE_EMS: Final = 17
#: The masthead's name: as large as the page allows, in points.
_NAME_POINTS: Final = (22, 50)
_PAGE_POINTS: Final = 470


@dataclass(frozen=True, kw_only=True)
class PdfRendering:
    """A printed edition and what is wrong with it.

    Attributes:
        missing_glyphs: characters printed as an empty box; each once.
        problems: one sentence each, for pictures and fonts that could not be used.
    """

    data: bytes
    page_count: int
    missing_glyphs: tuple[str, ...]
    problems: tuple[str, ...]


def render_pdf(layout: EditionLayout) -> PdfRendering:
    """Print an edition. Same values, same bytes.

    Raises:
        MissingLibraryError: a native library is not installed.
        MissingFontError: no font with Chinese characters is installed.
    """
    printed = print_html(edition_html(layout))
    glyphs = missing_glyphs(printed.records)
    if FONT_PROBE in glyphs:
        raise MissingFontError
    return PdfRendering(
        data=printed.data,
        page_count=printed.page_count,
        missing_glyphs=glyphs,
        problems=(*describe_problems(printed.records, _name_pictures(layout)), *_inner_pictures(layout)),
    )


def edition_html(layout: EditionLayout) -> str:
    """The page as HTML: self-contained, everything escaped."""
    lead = _find_lead(layout)
    return render_template(
        html_environment(),
        "pdf/edition.html.j2",
        edition=layout,
        paper_name=clean_line(layout.paper_name),
        name_points=_name_points(clean_line(layout.paper_name)),
        heading=clean_line(layout.heading),
        lead=lead,
        line=lambda text: stretch(clean_line(text)),
        title_of=_set_title,
        body=body_html,
        headline_ems=HEADLINE_EMS,
        title_ems=TITLE_EMS,
    )


def _set_title(text: str, per_line: int) -> dict[str, object]:
    lines = break_title(clean_line(text), per_line=per_line)
    width = per_line if len(lines) > 1 else balance_width(lines[0], per_line=per_line)
    return {"lines": [stretch(line) for line in lines], "width": width}


def _find_lead(layout: EditionLayout) -> LayoutItem | None:
    """The article that opens the page across both columns: the first, unless it stands in a department's column."""
    first: LayoutColumn | None = next((column for column in layout.columns if column.items), None)
    return first.items[0] if first and not first.owner else None


def _name_points(name: str) -> int:
    smallest, largest = _NAME_POINTS
    return max(smallest, min(largest, _PAGE_POINTS * 10 // (12 * max(1, len(name)))))


def _name_pictures(layout: EditionLayout) -> dict[str, str]:
    return {
        picture: _("Picture {number} of article {article}").format(number=number, article=item.article)
        for column in layout.columns
        for item in column.items
        for number, picture in enumerate(item.pictures, start=1)
    }


def _inner_pictures(layout: EditionLayout) -> tuple[str, ...]:
    items = [item for column in layout.columns for item in column.items if item.is_markdown]
    sentence = _("Article {article} sets a picture inside its text, which is not printed: {address}.")
    return tuple(
        sentence.format(article=item.article, address=shorten(address))
        for item in items
        for address in find_images(clean_text(item.body))
    )
