"""What may be told of a person's history: what happened to them on the register; never that their number was left."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from newsletter.instants import to_iso
from newsletter.newsroom import Newsroom
from newsletter.organisation.scope import is_in, raise_if_not_visible, visible_unit_ids
from newsletter.organisation.staff import Staff
from newsletter.organisation.units import Unit
from newsletter.subscribers.event_records import MemberEvent
from newsletter.subscribers.register import get_subscriber


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One event as it may be shown.

    Attributes:
        unit, unit_name: where the person was with it; other_unit: of a move, the other end. Empty where the acting
            person does not see that unit.
        happened_on: None: not known.
        by: who recorded it; empty for a machine.
    """

    event: int
    kind: str
    unit: str
    unit_name: str
    other_unit: str
    profession: str
    standing: str
    mobile: bool
    retired: bool
    status: str
    happened_on: date | None
    source: str
    by: str
    at: datetime

    def document(self, newsroom: Newsroom) -> dict[str, Any]:
        """As JSON types."""
        day = self.happened_on.isoformat() if self.happened_on else None
        return {**asdict(self), "happened_on": day, "at": to_iso(self.at, newsroom.timezone)}


def read_history(session: Session, newsroom: Newsroom, subscriber_id: int) -> list[Happened]:
    """Everything that happened to a person, in the order it was recorded.

    Raises:
        UnknownSubscriberError: nobody has this id.
        NotVisibleError: the acting person does not see their unit.
    """
    person = get_subscriber(session, subscriber_id)
    raise_if_not_visible(session, newsroom, person.unit_id)
    scope = visible_unit_ids(session, newsroom)
    units = {unit.id or 0: unit for unit in session.exec(select(Unit)) if is_in(unit.id or 0, scope)}
    staff = {one.id: one.name for one in session.exec(select(Staff))}
    query = select(MemberEvent).where(MemberEvent.subscriber_id == subscriber_id).order_by(col(MemberEvent.id))
    return [_tell(event, units, staff.get(event.staff_id, "")) for event in session.exec(query)]


def _tell(event: MemberEvent, units: dict[int, Unit], by: str) -> Happened:
    unit, other = units.get(event.unit_id), units.get(event.other_unit_id or 0)
    return Happened(
        event=event.id or 0,
        kind=event.kind,
        unit=unit.code if unit else "",
        unit_name=unit.name if unit else "",
        other_unit=other.code if other else "",
        profession=event.profession,
        standing=event.standing,
        mobile=event.mobile,
        retired=event.retired,
        status=event.status,
        happened_on=event.happened_on,
        source=event.source,
        by=by,
        at=event.at,
    )
