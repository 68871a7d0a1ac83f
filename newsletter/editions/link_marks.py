"""Where in a message every recipient's own link token stands: the one place that may differ between recipients. Pure.

The mark is read off the stored text, whose hash is signed: nothing beside the text could be altered to move it.
"""

from dataclasses import asdict, dataclass
from typing import Any, Final

from newsletter.editions.models import PieceName
from newsletter.keys import LINK_TOKEN_LENGTH
from newsletter.settings import Settings

#: What stands for the token in what is approved; no recipient's link leads there.
PLACEHOLDER: Final = "x" * LINK_TOKEN_LENGTH
#: What stands between the newsroom's address and the token.
LINK_PATH: Final = "/u/"
_ENDING: Final = LINK_PATH + PLACEHOLDER


@dataclass(frozen=True, kw_only=True)
class LinkMark:
    """The place of the token.

    Attributes:
        piece: of which piece.
        offset: characters (code points) before it.
        length: characters it takes.
        placeholder: what stands there in what is approved.
    """

    piece: str
    offset: int
    length: int
    placeholder: str

    def document(self) -> dict[str, Any]:
        """As the manifest says it."""
        return asdict(self)

    def stands_in(self, text: str) -> bool:
        """Whether it is a place for a token, and its placeholder stands there in ``text``, as the end of a link."""
        return (
            (self.length, self.placeholder) == (LINK_TOKEN_LENGTH, PLACEHOLDER)
            and self.offset >= len(LINK_PATH)
            and text[self.offset - len(LINK_PATH) : self.offset + self.length] == _ENDING
        )

    def put(self, text: str, token: str) -> str:
        """``text`` with a recipient's token in its place.

        Raises:
            ValueError: the token has another length.
        """
        if len(token) != self.length:
            raise ValueError(self.length)
        return text[: self.offset] + token + text[self.offset + self.length :]


def placeholder_link(settings: Settings) -> str:
    """The link as it is approved; empty where the settings want none."""
    return f"{settings.web.public_base_url}{_ENDING}" if settings.web.opt_out_link else ""


def find_mark(text: str) -> LinkMark | None:
    """The mark of a message; None: it carries no link. The way out is always the last of a message, the link of it."""
    if not text.endswith(_ENDING):
        return None
    offset = len(text) - LINK_TOKEN_LENGTH
    return LinkMark(piece=PieceName.SMS.value, offset=offset, length=LINK_TOKEN_LENGTH, placeholder=PLACEHOLDER)
