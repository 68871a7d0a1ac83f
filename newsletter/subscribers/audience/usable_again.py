"""The desk says that a number the gateway refused can be written to: a new card in the phone, a network back."""

from typing import Final

from sqlmodel import Session, col, select

from newsletter.errors import InputError
from newsletter.journal.remarks import check_remark
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.scope import is_in, unit_ids_with_right
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import ROOT, get_unit
from newsletter.subscribers.audience.unusable import clear_unusable
from newsletter.subscribers.models import Subscriber
from newsletter.subscribers.phones import normalise_number
from newsletter.translation import gettext as _

#: Characters of the longest reason (``UnusableNumber.lifted_reason``).
LONGEST_REASON: Final = 80


def make_usable(newsroom: Newsroom, number: str, *, reason: str) -> bool:
    """Let a number be written to again.

    Args:
        newsroom: its acting person must be one who brings in members of the number's unit; of the newsroom, where
            nobody on the register has it.
        number: as spoken; normalised here.
        reason: how the desk knows, at most 80 characters.

    Returns:
        Whether it could not be written to before.

    Raises:
        NumberError: it is no mobile number.
        InputError: no reason, one too long, or one that holds a number.
        NoRightError: not by this person.
    """
    reason = " ".join(reason.split())
    check_remark(reason)
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise InputError(_("Give a reason of 1 to {limit} characters.").format(limit=LONGEST_REASON))
    number_key = newsroom.data_keys.number_key(normalise_number(number))
    with newsroom.writing() as session:
        staff = require_right(session, newsroom, Right.IMPORT, None)
        _raise_if_elsewhere(session, newsroom, number_key)
        was_unusable = clear_unusable(session, number_key, at=newsroom.now(), reason=reason, staff_id=staff.id)
        session.commit()
    return was_unusable


def _raise_if_elsewhere(session: Session, newsroom: Newsroom, number_key: str) -> None:
    """Refuse a number nobody of one's own units has; the refusal is the same whether others have it, or nobody."""
    scope = unit_ids_with_right(session, newsroom, Right.IMPORT)
    homes = session.exec(select(Subscriber.unit_id).where(col(Subscriber.number_key) == number_key)).all()
    if not any(is_in(home, scope) for home in homes):
        require_right(session, newsroom, Right.IMPORT, get_unit(session, ROOT).id)
