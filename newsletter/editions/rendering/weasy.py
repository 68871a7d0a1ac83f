"""WeasyPrint, wrapped: HTML in, PDF bytes out, and everything it would only have logged.

The one module that imports it; late, for it costs half a second and needs native libraries.
"""

import contextlib
import io
import logging
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from newsletter.errors import OutsideError
from newsletter.translation import gettext as _

#: Debian's names of what printing needs: Pango, the subsetter that makes bytes reproducible, a Chinese font.
PACKAGES: Final = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
#: The whole of what a page may load: everything it needs is inside it, so nothing is fetched from anywhere.
ALLOWED_PROTOCOLS: Final = frozenset({"data"})
#: What WeasyPrint warns of while it is imported, on a machine with no fonts at all.
_NO_FONTS: Final = "No fonts configured|FontConfig cannot load"

#: WeasyPrint's logger and Pango's font map are the process's own: one rendering at a time.
_ONE_AT_A_TIME: Final = threading.Lock()


class MissingLibraryError(OutsideError):
    """Pango or another native library that WeasyPrint loads is not installed."""

    code: ClassVar[str] = "missing_library"


class MissingFontError(OutsideError):
    """No installed font has Chinese characters."""

    code: ClassVar[str] = "missing_font"

    def __init__(self) -> None:
        super().__init__(_("No font with Chinese characters is installed."), hint=install_hint())


@dataclass(frozen=True, kw_only=True)
class Printed:
    """A PDF and what the library said while making it."""

    data: bytes
    page_count: int
    records: tuple[logging.LogRecord, ...]


def print_html(html: str) -> Printed:
    """Lay out ``html`` and write it as PDF; same HTML, same libraries and fonts: same bytes.

    Raises:
        MissingLibraryError: a native library is not installed.
        MissingFontError: no font at all is installed.
    """
    with _ONE_AT_A_TIME:
        weasyprint = _import_weasyprint()
        with _collect_records() as records:
            fetcher = weasyprint.URLFetcher(allowed_protocols=ALLOWED_PROTOCOLS, allow_redirects=False)
            document = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url="data:,").render()
            # An identifier of True is a hash of the file itself; the default has none.
            data = document.write_pdf(pdf_identifier=True)
    return Printed(data=data, page_count=len(document.pages), records=tuple(records))


def install_hint() -> str:
    """The line that mends a machine without the libraries or the font."""
    return _("Run “make demo”, or install them: apt install {packages}").format(packages=PACKAGES)


def _import_weasyprint() -> Any:
    try:
        # It prints advice on stdout, which belongs to results, and warns of a library that doctor reports.
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            # Without a single font Pango does not fail but crashes the process; this warning comes first.
            warnings.filterwarnings("error", message=_NO_FONTS)
            import weasyprint
    except UserWarning as warning:
        raise MissingFontError from warning
    except OSError as error:
        raise MissingLibraryError(
            _("A library that makes PDF pages is missing: {reason}.").format(reason=str(error).splitlines()[0]),
            hint=install_hint(),
        ) from error
    return weasyprint


@contextlib.contextmanager
def _collect_records() -> Iterator[list[logging.LogRecord]]:
    records: list[logging.LogRecord] = []
    logger = logging.getLogger("weasyprint")
    handler = _ListHandler(records)
    propagate = logger.propagate
    logger.addHandler(handler)
    # What it says becomes our own words; on stderr it would only be said twice.
    logger.propagate = False
    try:
        yield records
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate


class _ListHandler(logging.Handler):
    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__(logging.WARNING)
        self._records = records

    def emit(self, record: logging.LogRecord) -> None:
        self._records.append(record)
