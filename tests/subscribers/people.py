"""People put on the register straight away, as an import would leave them; a test names only what matters."""

from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from newsletter.newsroom import Newsroom
from newsletter.organisation.units import get_unit
from newsletter.subscribers.event_records import UnusableNumber
from newsletter.subscribers.models import Subscriber

THEN = datetime(2026, 11, 1, tzinfo=UTC)


def number(place: int) -> str:
    """The number of the person at ``place``, as E.164."""
    return f"+861390000{place:04d}"


def add_person(session: Session, newsroom: Newsroom, place: int, *, unit: str = "banjing", **fields: Any) -> Subscriber:
    """Somebody on the number at ``place``; ``name`` tells several people on one number apart."""
    keys = newsroom.data_keys
    key, name = keys.number_key(number(place)), fields.pop("name", "张三")
    home = get_unit(session, unit)
    usual = {
        "number": keys.encrypt(number(place), f"number/{key}"),
        "name": keys.encrypt(name, f"name/{key}"),
        "unit_id": home.id,
        "region_code": home.region_code or "",
        "created_at": THEN,
        "updated_at": THEN,
    }
    person = Subscriber(number_key=key, name_key=keys.name_key(name), **{**usual, **fields})
    session.add(person)
    session.flush()
    return person


def make_unusable(session: Session, newsroom: Newsroom, place: int) -> None:
    """Say that the gateway refused the number at ``place``."""
    key = newsroom.data_keys.number_key(number(place))
    session.add(UnusableNumber(number_key=key, reason="21614", since=THEN))
    session.flush()
