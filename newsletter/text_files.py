"""How an office's text file is encoded: UTF-8, with or without a mark, GB18030, or UTF-16; decided for the whole file.

The file is read twice, a piece at a time, so that memory does not grow with it.
"""

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, TextIO

from newsletter.errors import InputError, OutsideError
from newsletter.translation import gettext as _

_PIECE_BYTES: Final = 1 << 20
#: Bytes of the largest file read whole: a book's worth of text; a larger one is the wrong file.
MAX_WHOLE_BYTES: Final = 2_000_000
#: Of the characters beyond ASCII, the share that may fail before the file is taken not to be UTF-8 at all. GB18030
#: text fails at nearly every character, damaged UTF-8 at a few.
_DAMAGED_SHARE: Final = 0.2
_ZIP_MARK: Final = b"PK\x03\x04"


@dataclass(frozen=True)
class Survey:
    """What the first reading found; ``lines`` counts line ends."""

    encoding: str
    lines: int


@contextmanager
def open_text(path: Path, *, may_be_utf16: bool = False) -> Iterator[tuple[TextIO, Survey]]:
    """Open a text file in the encoding it is in.

    Args:
        path: the file.
        may_be_utf16: take UTF-16 with a mark too, which Excel calls "Unicode text".

    Raises:
        InputError: missing, no file, empty, binary, or in neither encoding; names the file and, if it can, the line.
        OutsideError: it may not be read.
    """
    with _open_binary(path) as binary:
        survey = _survey(binary, path, may_be_utf16=may_be_utf16)
        binary.seek(0)
        with io.TextIOWrapper(binary, encoding=survey.encoding, newline="") as text:
            try:
                yield text, survey
            except UnicodeError as error:
                raise InputError(_("{file} changed while it was read.").format(file=path)) from error


def read_text_file(path: Path) -> str:
    """Read a text file whole; its line ends become line feeds.

    Raises:
        InputError: as ``open_text``, or it is larger than ``MAX_WHOLE_BYTES``.
        OutsideError: it may not be read.
    """
    if path.is_file() and path.stat().st_size > MAX_WHOLE_BYTES:
        limit = MAX_WHOLE_BYTES // 1_000_000
        raise InputError(_("{file} is larger than {limit} MB.").format(file=path, limit=limit))
    with open_text(path) as (text, _survey_of_it):
        return text.read().replace("\r\n", "\n").replace("\r", "\n")


def read_bytes(path: Path, *, most: int = MAX_WHOLE_BYTES) -> bytes:
    """Read a file as it is; ``most`` is in bytes.

    Raises:
        InputError: there is none, or it is larger.
        OutsideError: it cannot be read.
    """
    with _open_binary(path) as binary:
        data = binary.read(most + 1)
    if len(data) > most:
        raise InputError(_("{file} is larger than {limit} MB.").format(file=path, limit=most // 1_000_000))
    return data


def read_start(path: Path, length: int) -> bytes:
    """The first bytes of a file, which tell what it is.

    Raises:
        InputError: there is none.
        OutsideError: it cannot be read.
    """
    with _open_binary(path) as binary:
        return binary.read(length)


def _open_binary(path: Path) -> BinaryIO:
    try:
        if path.exists() and not path.is_file():
            raise InputError(_("{file} is not a file.").format(file=path))
        return path.open("rb")
    except FileNotFoundError as error:
        raise InputError(_("There is no file {file}.").format(file=path)) from error
    except OSError as error:
        raise OutsideError(_("Cannot read {file}: {reason}.").format(file=path, reason=error.strerror)) from error


def _survey(binary: BinaryIO, path: Path, *, may_be_utf16: bool) -> Survey:
    head = binary.read(4)
    if not head:
        raise InputError(_("{file} is empty.").format(file=path))
    is_utf16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if is_utf16 and may_be_utf16:
        return _survey_utf16(binary, path)
    if head == _ZIP_MARK or is_utf16:
        raise InputError(
            _("{file} is no text file in UTF-8 or GB18030.").format(file=path),
            hint=_("Save it as plain text in UTF-8; a spreadsheet as “CSV UTF-8”."),
        )
    lines, bad_line = _try_encoding(binary, path, "utf-8")
    if bad_line is None:
        return Survey("utf-8-sig", lines)
    if not head.startswith(codecs.BOM_UTF8) and not _is_damaged_utf8(binary):
        lines, bad_line = _try_encoding(binary, path, "gb18030")
        if bad_line is None:
            return Survey("gb18030", lines)
    raise InputError(
        _("{file}, line {line}: characters that are neither UTF-8 nor GB18030.").format(file=path, line=bad_line),
        hint=_("Save it as plain text in UTF-8; a spreadsheet as “CSV UTF-8”."),
    )


def _survey_utf16(binary: BinaryIO, path: Path) -> Survey:
    decoder = codecs.getincrementaldecoder("utf-16")()
    lines = 0
    try:
        for piece in _pieces(binary):
            text = decoder.decode(piece)
            if "\0" in text:
                line = lines + 1 + text[: text.index("\0")].count("\n")
                raise InputError(_("{file}, line {line}: this is no text file.").format(file=path, line=line))
            lines += text.count("\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise InputError(
            _("{file}, about line {line}: characters that are not UTF-16.").format(file=path, line=lines + 1),
            hint=_("Save it as plain text in UTF-8; a spreadsheet as “CSV UTF-8”."),
        ) from error
    return Survey("utf-16", lines)


def _pieces(binary: BinaryIO) -> Iterator[bytes]:
    binary.seek(0)
    while piece := binary.read(_PIECE_BYTES):
        yield piece


def _try_encoding(binary: BinaryIO, path: Path, encoding: str) -> tuple[int, int | None]:
    """Count of line ends, and the first line that is not in ``encoding`` (None: all are)."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 0
    piece = b""
    try:
        for piece in _pieces(binary):
            if b"\0" in piece:
                line = lines + 1 + piece[: piece.index(b"\0")].count(b"\n")
                raise InputError(_("{file}, line {line}: this is no text file.").format(file=path, line=line))
            decoder.decode(piece)
            lines += piece.count(b"\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        # The decoder may hold back bytes of the piece before; they contain no line end.
        return lines, lines + 1 + error.object[: error.start].count(b"\n")
    return lines, None


def _is_damaged_utf8(binary: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = bad = 0
    for piece in _pieces(binary):
        text = decoder.decode(piece)
        failed = text.count("\ufffd")
        good += len(text) - len(text.encode("ascii", "ignore")) - failed
        bad += failed
    return bad < _DAMAGED_SHARE * (good + bad)
