"""The issuer's proof: everything they sign for as pages that are read on a telephone, without zooming."""

from dataclasses import dataclass

from newsletter.editions.layout import EditionLayout
from newsletter.editions.rendering.environment import html_environment, render_template
from newsletter.editions.rendering.html import body_html
from newsletter.editions.rendering.text import clean_line
from newsletter.editions.rendering.weasy import print_html


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One line that stands against the edition, or did until somebody waived it."""

    text: str
    is_blocking: bool = False


@dataclass(frozen=True, kw_only=True)
class PhoneSheet:
    """What stands before the articles, in the issuer's language.

    Attributes:
        facts: label and value, one a line.
        parts: of the message, as a telephone gets them.
    """

    facts: tuple[tuple[str, str], ...]
    remarks_heading: str
    remarks: tuple[Remark, ...]
    message_heading: str
    parts: tuple[str, ...]


def render_phone_proof(layout: EditionLayout, sheet: PhoneSheet) -> bytes:
    """Print the proof as pages of 90 by 160 mm.

    Raises:
        MissingLibraryError, MissingFontError: it cannot be printed here.
    """
    page = render_template(
        html_environment(),
        "pdf/phone.html.j2",
        edition=layout,
        paper_name=clean_line(layout.paper_name),
        heading=clean_line(layout.heading),
        sheet=sheet,
        line=clean_line,
        body=body_html,
    )
    return print_html(page).data
