"""Whether a workbook's archive may be unpacked: whole, of a bearable size, and without cells far out in the void."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from newsletter.errors import InputError
from newsletter.translation import gettext as _

ZIP_MARK: Final = b"PK\x03\x04"
_MAIN_PART: Final = "xl/workbook.xml"
#: Bytes a workbook may unpack to: a million members are about 0.4 GB.
_MOST_BYTES: Final = 1 << 30
#: How much smaller packing makes a sheet at most, past ``_SMALL_BYTES``; sheets of members come to 10 to 30.
_MOST_RATIO: Final = 200
_SMALL_BYTES: Final = 50_000_000
#: Cells of the rectangle around all cells of a sheet, which calamine keeps whole: some 24 bytes for an empty one.
_MOST_CELLS: Final = 40_000_000
#: Rows of a sheet (ECMA-376: 1,048,576), columns and rows below which a cell's place is not looked at.
_LAST_ROW: Final = 1 << 20
_USUAL_COLUMNS: Final = 26
_USUAL_ROWS: Final = 99_999
#: The places of cells beyond these: AB12, C123456, and 123456 of a row.
_FAR_OUT: Final = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{2,}|[A-Za-z]?(?=\d{6}))(\d+)[\"']")
_PIECE_BYTES: Final = 1 << 20
#: Bytes of a piece that are looked at again with the next one: a place may be cut in two.
_OVERLAP: Final = 64


def check_archive(path: Path) -> None:
    """Unpack a workbook once without keeping it.

    Raises:
        InputError: it is none, damaged, too large, or has a cell far from all others.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if _MAIN_PART not in archive.namelist():
                raise no_workbook(path, _("{file} is no .xlsx workbook."))
            if any(part.flag_bits & 1 for part in parts):
                raise no_workbook(path, _("{file} has a password."))
            _raise_if_huge(path, parts)
            for part in parts:
                with archive.open(part) as opened:
                    if part.filename.startswith("xl/worksheets/"):
                        _raise_if_far_out(path, opened)  # type: ignore[arg-type]
                    else:
                        for _piece in _pieces(opened):  # type: ignore[arg-type]
                            pass
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise no_workbook(path, _("{file} is a damaged workbook, or none.")) from error


def no_workbook(path: Path, message: str) -> InputError:
    """The refusal of a file that cannot be read as a workbook, and how to make one of it."""
    return InputError(
        message.format(file=path),
        hint=_("Open it in Excel or WPS, take out any password, and save it as .xlsx or as “CSV UTF-8”."),
    )


def _raise_if_huge(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    # Unpacking stops at the size that is said here, and what was cut off does not fit its check sum.
    unpacked = sum(part.file_size for part in parts)
    packed = max(sum(part.compress_size for part in parts), 1)
    if unpacked > _MOST_BYTES or (unpacked > _SMALL_BYTES and unpacked > packed * _MOST_RATIO):
        message = _("{file} unpacks to {size} MB; no list of members is so large.")
        raise InputError(message.format(file=path, size=unpacked // 1_000_000), hint=_("Save it as “CSV UTF-8”."))


def _raise_if_far_out(path: Path, sheet: BinaryIO) -> None:
    columns, rows = _USUAL_COLUMNS, _USUAL_ROWS
    kept = b""
    for piece in _pieces(sheet):
        for match in _FAR_OUT.finditer(kept + piece):
            rows = max(rows, int(match[2][:9]))
            columns = max(columns, _column_number(match[1]))
        kept = piece[-_OVERLAP:]
    if rows > _LAST_ROW or columns * rows > _MOST_CELLS:
        message = _("{file} has cells far out: {columns} columns, {rows} rows.")
        raise InputError(
            message.format(file=path, columns=columns, rows=rows),
            hint=_("Delete the empty columns and rows around the list, or save it as “CSV UTF-8”."),
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + letter - ord("A") + 1
    return number


def _pieces(opened: BinaryIO) -> Iterator[bytes]:
    while piece := opened.read(_PIECE_BYTES):
        yield piece
