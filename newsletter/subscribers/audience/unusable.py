"""Which numbers cannot be written to by the gateway's own word, until the desk says that they can."""

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import Session, col

from newsletter.newsroom import system_clock
from newsletter.subscribers.event_records import UnusableNumber

#: Error codes of the gateway that say something of the number itself (FACTS, class "invalidate"; Twilio's codes, which
#: the sandbox uses too).
UNUSABLE_CODES: Final = frozenset(
    {
        "21211",  # no such number
        "21614",  # no mobile number
        "21635",  # a landline
        "30006",  # a landline, or a network that cannot be reached
    }
)


def is_unusable_condition(number_key: ColumnElement[str] | Mapped[str]) -> ColumnElement[bool]:
    """Whether the number in this column, of whatever table, cannot be written to."""
    number = aliased(UnusableNumber)
    return exists().where(col(number.number_key) == number_key, col(number.lifted_at).is_(None))


def clear_unusable(
    session: Session,
    number_key: str,
    *,
    at: datetime | None = None,
    reason: str = "",
    staff_id: int | None = None,
) -> bool:
    """Let a number be written to again; the caller commits.

    Args:
        session: writing.
        number_key: of the number.
        at: None: now.
        reason: why the desk thinks so, kept with the gateway's word.
        staff_id: who says so.

    Returns:
        Whether it could not be written to before.
    """
    number = session.get(UnusableNumber, number_key)
    if number is None or number.lifted_at is not None:
        return False
    number.lifted_at, number.lifted_reason, number.lifted_by = at or system_clock(), reason, staff_id
    session.add(number)
    session.flush()
    return True
