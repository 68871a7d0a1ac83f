"""How the register is counted for coverage: unit by unit, in one query; who was reached is asked of the ledger."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, not_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func

from newsletter.delivery.models import Delivery, DeliveryState
from newsletter.organisation.scope import Scope
from newsletter.subscribers.audience.unusable import is_unusable_condition
from newsletter.subscribers.census.listed import MEMBER_STANDINGS
from newsletter.subscribers.event_records import Census
from newsletter.subscribers.events import ON_REGISTER
from newsletter.subscribers.models import Channel, Status, Subscriber


@dataclass(frozen=True, kw_only=True)
class UnitCounts:
    """People on the register of one unit, without the units below it.

    Attributes:
        registered: known by name, with or without a number.
        members: of them, full and probationary members, and those whose standing nobody gave.
        without_number: known by name only.
        invalid_number: on a number that the gateway says cannot be written to.
        mobile, retired, large_type, full_text: of those registered, people who are so, or prefer so.
        not_reached: of those registered, people to whose number no edition was delivered lately.
    """

    registered: int = 0
    members: int = 0
    without_number: int = 0
    invalid_number: int = 0
    mobile: int = 0
    retired: int = 0
    large_type: int = 0
    full_text: int = 0
    not_reached: int = 0

    def __add__(self, other: "UnitCounts") -> "UnitCounts":
        """Those of two units."""
        return UnitCounts(
            **{field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)}
        )


def count_units(session: Session, unit_ids: Scope, since: datetime) -> dict[int, UnitCounts]:
    """Unit id → its people; None: of every unit. ``since``: deliveries before it do not count as reaching anybody."""
    query = coverage_query(unit_ids, since)
    return {
        unit: UnitCounts(**dict(zip(_NAMES, counts, strict=True)))
        for unit, *counts in session.connection().execute(query)
    }


def coverage_query(unit_ids: Scope, since: datetime) -> Any:
    """Unit, then as many counts as ``UnitCounts`` has; those of whom nobody is registered have no row."""
    counts = (func.count().filter(condition) for condition in _conditions(since).values())
    return (
        select(col(Subscriber.unit_id), func.count(), *counts)
        .where(col(Subscriber.status).in_(ON_REGISTER), *_of_units(unit_ids))
        .group_by(col(Subscriber.unit_id))
    )


def _conditions(since: datetime) -> dict[str, ColumnElement[bool]]:
    delivery = aliased(Delivery)
    reached = exists().where(
        col(delivery.number_key) == col(Subscriber.number_key),
        col(delivery.state) == DeliveryState.DELIVERED,
        col(delivery.changed_at) >= since,
    )
    return {
        "members": col(Subscriber.standing).in_(MEMBER_STANDINGS),
        "without_number": col(Subscriber.status) == Status.NUMBERLESS,
        "invalid_number": is_unusable_condition(col(Subscriber.number_key)),
        "mobile": col(Subscriber.mobile).is_(True),
        "retired": col(Subscriber.retired).is_(True),
        "large_type": col(Subscriber.large_type).is_(True),
        "full_text": col(Subscriber.channel) == Channel.FULL_TEXT,
        "not_reached": not_(reached),
    }


_NAMES: Final = tuple(field.name for field in fields(UnitCounts))


def count_places(session: Session, unit_ids: Scope) -> dict[int, dict[str, int]]:
    """Unit id → province (empty: not known) → people of the unit who are away and live there."""
    place = col(Subscriber.place_region)
    query = (
        select(col(Subscriber.unit_id), place, func.count())
        .where(col(Subscriber.status).in_(ON_REGISTER), col(Subscriber.mobile).is_(True), *_of_units(unit_ids))
        .group_by(col(Subscriber.unit_id), place)
    )
    places: dict[int, dict[str, int]] = {}
    for unit, province, people in session.connection().execute(query):
        places.setdefault(unit, {})[province] = people
    return places


def last_censuses(session: Session) -> Mapping[int, tuple[datetime, int]]:
    """Unit id → when it was last counted, and how many members were listed, those of the units below it included."""
    query = select(col(Census.unit_id), col(Census.at), col(Census.members)).order_by(col(Census.id))
    return {unit: (at, members) for unit, at, members in session.connection().execute(query)}


def _of_units(unit_ids: Iterable[int] | None) -> list[ColumnElement[bool]]:
    return [] if unit_ids is None else [col(Subscriber.unit_id).in_(unit_ids)]
