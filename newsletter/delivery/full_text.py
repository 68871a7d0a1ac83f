"""Who gets the full text without a link instead of the message: numbers on which somebody asked for it."""

from typing import Any

from sqlalchemy import ColumnElement, case, literal
from sqlmodel import col, select

from newsletter.editions.models import PieceName
from newsletter.subscribers.models import Channel, Status, Subscriber


def wants_full_text(number_key: Any) -> ColumnElement[bool]:
    """Whether one of the people on the number in this column asked for it: an old telephone is shared."""
    wanting = select(Subscriber.number_key).where(
        Subscriber.status == Status.ACTIVE, Subscriber.channel == Channel.FULL_TEXT
    )
    return col(number_key).in_(wanting)


def piece_of(number_key: Any, *, has_full: bool) -> ColumnElement[str]:
    """Which piece goes to the number in this column."""
    if not has_full:
        return literal(PieceName.SMS.value)
    return case((wants_full_text(number_key), PieceName.SMS_FULL.value), else_=PieceName.SMS.value)
