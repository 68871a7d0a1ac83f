"""How a text file's bytes become text: UTF-8 with or without mark, else GB18030, as offices send them."""

from pathlib import Path
from typing import ClassVar, Final

from newsletter.errors import InputError
from newsletter.translation import gettext as _

#: Bytes of the largest text file taken in: a book's worth; more is a wrong file.
MAX_TEXT_BYTES: Final = 2_000_000


class UnreadableFileError(InputError):
    """The file is missing, too large, or no text."""

    code: ClassVar[str] = "unreadable_file"


def read_text_file(path: Path) -> str:
    """Read a text file whole; its line ends become line feeds.

    Raises:
        UnreadableFileError: missing, too large, or no text.
        OutsideError: it may not be read.
    """
    try:
        if path.is_dir():
            raise UnreadableFileError(_("{path} is a directory.").format(path=path))
        if path.stat().st_size > MAX_TEXT_BYTES:
            limit = MAX_TEXT_BYTES // 1_000_000
            raise UnreadableFileError(_("{path} is larger than {limit} MB.").format(path=path, limit=limit))
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableFileError(_("There is no file {path}.").format(path=path)) from error
    except OSError as error:
        raise UnreadableFileError(
            _("Cannot read {path}: {reason}.").format(path=path, reason=error.strerror)
        ) from error
    return decode_text(data, path).replace("\r\n", "\n").replace("\r", "\n")


def decode_text(data: bytes, path: Path) -> str:
    """Decode UTF-8 (mark or not), else GB18030; ``path`` is only named in errors.

    Raises:
        UnreadableFileError: neither, or it holds NUL bytes as no text does.
    """
    if b"\0" not in data:
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise UnreadableFileError(
        _("{path} is not a text file in UTF-8 or GB18030.").format(path=path),
        hint=_("Save it as plain text, UTF-8."),
    )
