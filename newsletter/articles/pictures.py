"""Pictures of articles: which files are pictures, and how their bytes are kept."""

import base64
import hashlib
from pathlib import Path
from typing import ClassVar, Final

from sqlmodel import Session

from newsletter.articles.models import Picture
from newsletter.errors import InputError
from newsletter.translation import gettext as _

#: Bytes of the largest picture taken in: a phone's photograph is about 5 MB.
MAX_PICTURE_BYTES: Final = 10_000_000
#: The first bytes of each kind of picture taken in.
_MAGIC: Final = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


class PictureError(InputError):
    """A picture that is missing or is none."""

    code: ClassVar[str] = "picture"


def read_picture(path: Path, article: Path) -> Picture:
    """Read a JPEG or PNG file named by ``article``'s front matter.

    Raises:
        PictureError: missing, too large, or neither JPEG nor PNG.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        message = _("{article}: cannot read the picture {path}: {reason}.")
        raise PictureError(message.format(article=article, path=path, reason=error.strerror)) from error
    picture = _make_picture(data)
    if picture is None:
        message = _("{article}: {path} is not a JPEG or PNG picture of at most {limit} MB.")
        raise PictureError(message.format(article=article, path=path, limit=MAX_PICTURE_BYTES // 1_000_000))
    return picture


def embedded_picture(data: bytes, number: int, article: Path) -> Picture:
    """The ``number``-th picture inside the file ``article``.

    Raises:
        PictureError: too large, or neither JPEG nor PNG.
    """
    picture = _make_picture(data)
    if picture is None:
        message = _("{article}: picture {number} in it is not a JPEG or PNG picture of at most {limit} MB.")
        raise PictureError(
            message.format(article=article, number=number, limit=MAX_PICTURE_BYTES // 1_000_000),
            hint=_("Take it out of the document, or insert it again as a JPEG or PNG picture."),
        )
    return picture


def _make_picture(data: bytes) -> Picture | None:
    media_type = next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), None)
    if media_type is None or len(data) > MAX_PICTURE_BYTES:
        return None
    return Picture(sha256=hashlib.sha256(data).hexdigest(), media_type=media_type, data=data)


def keep_picture(session: Session, picture: Picture) -> str:
    """Store a picture unless it is stored already; return its SHA-256."""
    if session.get(Picture, picture.sha256) is None:
        session.add(picture)
        session.flush()
    return picture.sha256


def picture_uri(session: Session, sha256: str) -> str:
    """A picture as a ``data:`` URI, which renderers take without fetching anything.

    Raises:
        PictureError: it is not stored.
    """
    picture = session.get(Picture, sha256)
    if picture is None:
        raise PictureError(_("The picture {sha256} is not stored.").format(sha256=sha256[:12]))
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode()}"
