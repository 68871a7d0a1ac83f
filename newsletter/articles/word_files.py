"""Which Word documents are taken in, and what is read out of them: whole ones, of bounded size, that fetch nothing.

A .docx is a zip of XML that anybody may have made: its size, its nesting and its document types are looked at before
mammoth is let at it.
"""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from newsletter.articles.manuscript_text import ManuscriptError
from newsletter.articles.word_blocks import Block, read_blocks
from newsletter.articles.word_text import is_plain, write_markdown, write_plain
from newsletter.errors import OutsideError
from newsletter.translation import gettext as _

#: Bytes a document may unpack to, pictures included; and its XML alone, which takes many times its size in memory.
MAX_UNPACKED_BYTES: Final = 50_000_000
MAX_XML_BYTES: Final = 8_000_000
#: Unpacked bytes for each packed one, above a size at which it matters: text packs about 10 : 1, styles 30 : 1.
MAX_RATIO: Final = 200
_SMALL_BYTES: Final = 1_000_000
MAX_PARTS: Final = 2_000
#: Elements inside each other; mammoth goes down by recursion, and writers nest some thirty.
MAX_DEPTH: Final = 100
#: What an old .doc starts with, and a .docx protected by a password.
_OLE_MARK: Final = b"\xd0\xcf\x11\xe0"
_XML_ENDS: Final = (".xml", ".rels")
_MAIN_PART: Final = "[Content_Types].xml"
_IS_ENCRYPTED: Final = 0x1
#: Heading styles by the names that WPS writes beside Word's own.
_STYLES: Final = "\n".join(f"p[style-name='标题 {level}'] => h{level}:fresh" for level in range(1, 7))


@dataclass(frozen=True, kw_only=True)
class WordFile:
    """What a document says.

    Attributes:
        first: its first paragraph, without markup.
        rest: what follows it.
        whole: all of it.
        is_markdown: how ``rest`` and ``whole`` are written.
        pictures: the bytes of its pictures, in order.
    """

    first: str
    rest: str
    whole: str
    is_markdown: bool
    pictures: tuple[bytes, ...]


def read_word_file(path: Path) -> WordFile:
    """Read a .docx.

    Raises:
        ManuscriptError: missing, no Word document, protected, damaged, too large, or with pictures kept elsewhere.
        OutsideError: it may not be read.
    """
    data = _read_bytes(path)
    _check_package(data, path)
    blocks, pictures = _convert(data, path)
    is_markdown = not is_plain(blocks[1:])
    write = write_markdown if is_markdown else write_plain
    return WordFile(
        first=" ".join(blocks[0].text.split()) if blocks else "",
        rest=write(blocks[1:]),
        whole=write(blocks),
        is_markdown=is_markdown,
        pictures=pictures,
    )


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_UNPACKED_BYTES:
            raise _too_large(path)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ManuscriptError(_("There is no file {file}.").format(file=path)) from error
    except IsADirectoryError as error:
        raise ManuscriptError(_("{file} is not a file.").format(file=path)) from error
    except OSError as error:
        raise OutsideError(_("Cannot read {file}: {reason}.").format(file=path, reason=error.strerror)) from error


def _check_package(data: bytes, path: Path) -> None:
    if data.startswith(_OLE_MARK):
        raise ManuscriptError(
            _("{path} is protected by a password, or an old .doc file.").format(path=path),
            hint=_("Save it as a .docx without a password."),
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_sizes(package.infolist(), path)
            if _MAIN_PART not in package.namelist():
                raise _not_word(path)
            for part in package.infolist():
                _check_part(part.filename, package.read(part), path)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise _not_word(path) from error


def _check_sizes(parts: list[zipfile.ZipInfo], path: Path) -> None:
    if any(part.flag_bits & _IS_ENCRYPTED for part in parts):
        raise _not_word(path)
    # The unpacked sizes told here bind zipfile: it reads no byte beyond them.
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    xml = sum(part.file_size for part in parts if _is_xml(part.filename))
    is_bomb = unpacked > _SMALL_BYTES and unpacked > MAX_RATIO * packed
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED_BYTES or xml > MAX_XML_BYTES or is_bomb:
        raise _too_large(path)


def _is_xml(name: str) -> bool:
    return name.lower().endswith(_XML_ENDS)


def _check_part(name: str, data: bytes, path: Path) -> None:
    """Refuse XML with a document type, which may make much out of little, or nested beyond all use.

    A part may be called anything: those that are no XML by their name are looked at as well, but need not be any.
    """
    depth = 0

    def go_down(_name: str, _attributes: Any) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise _not_word(path)

    def go_up(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*_declared: Any) -> None:
        raise _not_word(path)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = go_down, go_up
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)  # noqa: FBT003 (expat takes it by position)
    except expat.ExpatError as error:
        if _is_xml(name):
            raise _not_word(path) from error


def _convert(data: bytes, path: Path) -> tuple[list[Block], tuple[bytes, ...]]:
    import mammoth
    from mammoth.docx.files import InvalidFileReferenceError

    pictures: list[bytes] = []

    def keep(image: Any) -> dict[str, str]:
        try:
            with image.open() as opened:
                pictures.append(opened.read())
        except InvalidFileReferenceError as error:
            raise ManuscriptError(
                _("{path}: a picture is linked, not part of the document.").format(path=path),
                hint=_("Insert it into the document, or name it in a Markdown file's front matter."),
            ) from error
        return {"src": ""}

    try:
        result = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=_STYLES,
            include_embedded_style_map=False,
            convert_image=mammoth.images.img_element(keep),
        )
    except ManuscriptError:
        raise
    except Exception as error:  # mammoth fails with whatever its readers stumble over
        raise _not_word(path) from error
    return read_blocks(result.value), tuple(pictures)


def _not_word(path: Path) -> ManuscriptError:
    return ManuscriptError(
        _("{path} is no Word document, or a damaged one.").format(path=path),
        hint=_("Open it in Word or WPS and save it as .docx again."),
    )


def _too_large(path: Path) -> ManuscriptError:
    return ManuscriptError(
        _("{path} is too large: at most {limit} MB unpacked, {text} MB of them text.").format(
            path=path, limit=MAX_UNPACKED_BYTES // 1_000_000, text=MAX_XML_BYTES // 1_000_000
        )
    )
