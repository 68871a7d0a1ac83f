"""Word documents as offices make them, and as nobody should."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docx
from PIL import Image

TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
DOCUMENT = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    "<w:p><w:r><w:t>标题</w:t></w:r></w:p>{body}</w:body></w:document>"
)
PARAGRAPH = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"


def save(document: Any, directory: Path, name: str = "稿.docx") -> Path:
    """Save what python-docx made."""
    path = directory / name
    document.save(str(path))
    return path


def a_document(*paragraphs: str) -> Any:
    """Plain paragraphs, the first of them the title."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return document


def a_picture(colour: str, kind: str = "PNG") -> io.BytesIO:
    """A small picture of one colour."""
    data = io.BytesIO()
    Image.new("RGB", (12, 8), colour).save(data, kind)
    data.seek(0)
    return data


def by_hand(directory: Path, parts: Mapping[str, str | bytes] | None = None, *, body: str = "") -> Path:
    """A package put together part by part; ``parts`` adds to the least there can be, or replaces it."""
    path = directory / "稿.docx"
    whole: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS,
        "word/document.xml": DOCUMENT.format(body=body or PARAGRAPH.format("正文。")),
        **(parts or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in whole.items():
            package.writestr(name, data)
    return path


def repackaged(path: Path, part: str, old: str, new: str) -> Path:
    """The same package with words of one part replaced."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert old in parts[part].decode()
    parts[part] = parts[part].decode().replace(old, new).encode()
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return path
