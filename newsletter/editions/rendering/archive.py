"""The archive copy: the pages that were signed, taken as they are stored, and one more that says who signed them."""

import hashlib
import io
import re
from typing import Final

from newsletter.editions.layout import Credits, EditionLayout
from newsletter.editions.rendering.environment import html_environment, render_template
from newsletter.editions.rendering.text import clean_line
from newsletter.editions.rendering.weasy import print_html

#: The identifier PDFium draws at random for every file it writes; it stands in the trailer, the file's last words.
_FILE_ID: Final = re.compile(rb"/ID ?\[[^\]]*\](?=[^\[]*\Z)")


def render_archive(proof: bytes, layout: EditionLayout, credits: Credits) -> bytes:
    """The stored proof with a sign-off page after it; same values, same bytes.

    Raises:
        MissingLibraryError, MissingFontError: the page cannot be printed here.
    """
    return _append_pages(proof, render_signoff(layout, credits))


def render_signoff(layout: EditionLayout, credits: Credits) -> bytes:
    """The sign-off page alone, as a PDF file."""
    return print_html(signoff_html(layout, credits)).data


def signoff_html(layout: EditionLayout, credits: Credits) -> str:
    """The sign-off page as HTML: self-contained, everything escaped."""
    return render_template(
        html_environment(),
        "pdf/signoff.html.j2",
        edition=layout,
        paper_name=clean_line(layout.paper_name),
        heading=clean_line(layout.heading),
        credits=credits,
    )


def _append_pages(first: bytes, second: bytes) -> bytes:
    import pypdfium2

    with pypdfium2.PdfDocument(first) as whole, pypdfium2.PdfDocument(second) as more, io.BytesIO() as output:
        whole.import_pages(more)
        whole.save(output)
        written = output.getvalue()
    digest = hashlib.sha256(first + second).hexdigest()[:32].encode()
    return _FILE_ID.sub(b"/ID[<" + digest + b"><" + digest + b">]", written)
