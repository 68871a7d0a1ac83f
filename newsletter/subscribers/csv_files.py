"""What counts as a row of a CSV file, and on which line of the file it stands."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

from newsletter.errors import InputError
from newsletter.translation import gettext as _

#: Stands for the cells of a row that cannot be taken apart.
BROKEN: Final[list[str]] = []


#: One row: the line of the file it begins on (the header's is 1), and its cells (``BROKEN`` if unreadable).
Line = tuple[int, list[str]]


def read_lines(text: TextIO, path: Path) -> Iterator[Line]:
    """The rows of a CSV file, the first one included; rows without any content are left out.

    A quotation mark that is never closed would swallow the good rows after it, so a row that runs over several lines
    and then does not fit refuses the whole file.

    Raises:
        InputError: such a quotation mark; names file and line.
    """
    reader = csv.reader(text, strict=True)
    width = 0
    before = 0
    while True:
        try:
            for cells in reader:
                line, before = before + 1, reader.line_num
                if before > line and width and len(cells) != width:
                    raise _open_quotation(path, line)
                if "".join(cells).strip():
                    width = width or len(cells)
                    yield line, cells
        except csv.Error as error:
            line, before = before + 1, reader.line_num
            if before > line or "end of data" in str(error):
                raise _open_quotation(path, line) from error
            yield line, BROKEN
        else:
            return


def _open_quotation(path: Path, line: int) -> InputError:
    return InputError(
        _("{file}, line {line}: a quotation mark is opened and not closed.").format(file=path, line=line),
        hint=_("Mend that line and run it again; nothing was imported."),
    )
