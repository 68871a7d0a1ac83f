"""The stored texts of an edition as they were signed, and the one place in them that may differ between recipients."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from newsletter.editions.link_marks import LinkMark
from newsletter.editions.models import Edition, PieceName
from newsletter.editions.records import get_piece
from newsletter.editions.sms_parts import split_sms
from newsletter.translation import gettext as _
from newsletter.workflow.approval import ChangedSinceError

#: The pieces that are handed over as messages, each to whoever its ledger row says.
MESSAGES: Final = (PieceName.SMS, PieceName.SMS_FULL)


@dataclass(frozen=True)
class SignedText:
    """One text that was signed.

    Attributes:
        text: as stored, the placeholder in it.
        mark: where a recipient's token goes; None: everybody gets the same text.
    """

    text: str
    mark: LinkMark | None = None

    @property
    def part_count(self) -> int:
        """Parts of it: the same for every recipient, since a token is as long as what stands for it."""
        return len(split_sms(self.text).parts)

    def addressed(self, token: str) -> str:
        """The text with a recipient's token in its place; a text without a link stays as it is."""
        return self.mark.put(self.text, token) if self.mark else self.text


def signed_texts(session: Session, edition: Edition, manifest: Mapping[str, Any]) -> dict[str, SignedText]:
    """Piece → its text, which must be the very bytes that ``manifest`` lists: what three people signed.

    Raises:
        ChangedSinceError: other bytes are stored now, or no placeholder stands where the manifest marks a link.
    """
    texts = {
        name.value: SignedText(_signed_bytes(session, edition, name, manifest).decode(), _mark_in(name, manifest))
        for name in MESSAGES
        if name in manifest["pieces"]
    }
    if any(found.mark is not None and not found.mark.stands_in(found.text) for found in texts.values()):
        message = _("The link of edition {edition} is not where it was when it was signed.")
        raise ChangedSinceError(message.format(edition=edition.id))
    return texts


def _signed_bytes(session: Session, edition: Edition, name: PieceName, manifest: Mapping[str, Any]) -> bytes:
    data = bytes(get_piece(session, edition.id or 0, name).data)
    if hashlib.sha256(data).hexdigest() != manifest["pieces"][name]:
        message = _("The text of edition {edition} was changed after it was signed.")
        raise ChangedSinceError(message.format(edition=edition.id))
    return data


def _mark_in(name: PieceName, manifest: Mapping[str, Any]) -> LinkMark | None:
    marked = manifest["link_token"]
    return LinkMark(**marked) if marked and marked["piece"] == name else None
