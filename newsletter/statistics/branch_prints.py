"""A branch's form to check and sign, in print: Chinese whatever the user's language, since branches fill it in."""

import hashlib
import io
import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from newsletter.editions.rendering.environment import html_environment, render_template
from newsletter.editions.rendering.findings import missing_glyphs
from newsletter.editions.rendering.pdf import FONT_PROBE
from newsletter.editions.rendering.text import clean_line
from newsletter.editions.rendering.weasy import MissingFontError, print_html
from newsletter.statistics.merit.prints import Print
from newsletter.subscribers.branch_forms import BranchForm, FormLine
from newsletter.subscribers.form_words import CHANNELS, LARGE_TYPE, STANDINGS
from newsletter.subscribers.labels import PROFESSION_LABELS

#: Empty lines at the end of a form, for whoever is missing on it.
BLANK_LINES: Final = 3
#: The identifier PDFium draws at random for every file it writes; it stands in the trailer, the file's last words.
_FILE_ID: Final = re.compile(rb"/ID ?\[[^\]]*\](?=[^\[]*\Z)")


def print_form(form: BranchForm, *, newsroom: str, day: date) -> Print:
    """One branch's form, its pages numbered by themselves. Same values, same bytes.

    Args:
        form: the branch's people.
        newsroom: whose name stands on it.
        day: of printing.

    Raises:
        MissingLibraryError: a native library is not installed.
        MissingFontError: no font with Chinese characters is installed.
    """
    environment = html_environment().overlay()
    environment.filters = {**environment.filters, "plain_date": _plain_date}
    html = render_template(
        environment,
        "pdf/branch_form.html.j2",
        form=form,
        where=clean_line("　".join([*form.path, form.name])),
        newsroom=newsroom,
        day=day,
        blanks=BLANK_LINES,
        line=clean_line,
        reading=_reading,
        standings=STANDINGS,
        professions=PROFESSION_LABELS,
    )
    printed = print_html(html)
    glyphs = missing_glyphs(printed.records)
    if FONT_PROBE in glyphs:
        raise MissingFontError
    return Print(printed.data, printed.page_count, glyphs)


def bind_forms(prints: Sequence[Print]) -> bytes:
    """Several branches' forms as one file, each with its own page numbers. Same forms, same bytes."""
    first, *others = prints
    if not others:
        return first.data
    import pypdfium2

    # Into the first, not into a new one: PDFium would write the time into that.
    with pypdfium2.PdfDocument(first.data) as whole, io.BytesIO() as output:
        for part in others:
            with pypdfium2.PdfDocument(part.data) as document:
                whole.import_pages(document)
        whole.save(output)
        written = output.getvalue()
    digest = hashlib.sha256(b"".join(part.data for part in prints)).hexdigest()[:32].encode()
    return _FILE_ID.sub(b"/ID[<" + digest + b"><" + digest + b">]", written)


def _reading(line: FormLine) -> str:
    wishes = [LARGE_TYPE] if line.large_type else []
    return "、".join([*wishes, *([CHANNELS[line.channel]] if line.channel in CHANNELS else [])])


def _plain_date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
