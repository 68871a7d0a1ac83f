"""Sheets that come back: what a PDF file says, and whether it prints as others do."""

from collections.abc import Sequence
from typing import ClassVar, Final

from newsletter.errors import InputError
from newsletter.translation import gettext as _

#: A PDF point to a pixel: enough to see one changed character.
_SCALE: Final = 1.5
#: Larger files are nobody's sign-off sheet.
LARGEST_SHEET: Final = 50_000_000


class NotAPdfError(InputError):
    """The file is no PDF that can be read."""

    code: ClassVar[str] = "not_a_pdf"


def read_text(data: bytes) -> str:
    """All text of a PDF file, white space dropped.

    Raises:
        NotAPdfError: it is none, or asks for a password.
    """
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(data) as document:
            pages = [page.get_textpage().get_text_bounded() for page in document]
    except pypdfium2.PdfiumError as error:
        raise NotAPdfError(_("This is not a PDF file that can be read.")) from error
    return "".join("".join(page.split()) for page in pages)


def is_same_print(data: bytes, parts: Sequence[bytes]) -> bool:
    """Whether the PDF file prints exactly as ``parts`` do one after another: as many pages, the same pixels."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as whole:
        position = 0
        for part in parts:
            with pypdfium2.PdfDocument(part) as expected:
                for page in expected:
                    if position >= len(whole) or _pixels(whole[position]) != _pixels(page):
                        return False
                    position += 1
        return position == len(whole)


def _pixels(page: "object") -> tuple[tuple[int, int], bytes]:
    """A page as it prints: width and height, and every pixel."""
    bitmap = page.render(scale=_SCALE, may_draw_forms=True)  # type: ignore[attr-defined]
    return (bitmap.width, bitmap.height), bytes(bitmap.buffer)
