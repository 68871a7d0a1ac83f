"""Who got an edition, as its own ledger says: whom a correction of it goes to, wherever they are by now.

By number, not by person: the number the original went to, also of somebody who has moved or left the register since.
A number that is on the register no more, because its people were erased, cannot be written to.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, case, insert, literal
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from newsletter.delivery.full_text import piece_of
from newsletter.delivery.models import Delivery, DeliveryState, Dispatch
from newsletter.subscribers.audience.exclusion import LEDGER_REASONS, Exclusion, exclusion_conditions
from newsletter.subscribers.models import Subscriber

#: States of rows whose message reached the phone, is on its way, or may be there.
RECEIVED: Final = (DeliveryState.ACCEPTED, DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.UNKNOWN)

#: Of a number whose people were erased, or left the register after planning.
NOT_ON_REGISTER: Final = "not_on_register"


@dataclass(frozen=True, kw_only=True)
class Receivers:
    """Numbers an edition went to.

    Attributes:
        received: those that got it, or may have got it.
        opted_out, invalid_number: of them, those not to be written to any more, or that cannot be.
        not_on_register: of the others, those whose people were erased.
        no_consent: of the others, those nobody on which agreed expressly, where that is required.
    """

    received: int
    opted_out: int
    not_on_register: int
    invalid_number: int = 0
    no_consent: int = 0

    @property
    def reachable(self) -> int:
        """Those that a correction can be sent to."""
        return self.received - sum(self.excluded.values())

    @property
    def excluded(self) -> dict[str, int]:
        """Reason, as the ledger has it → numbers that will not be written to."""
        names = ("opted_out", "invalid_number", "no_consent", NOT_ON_REGISTER)
        return {name: getattr(self, name) for name in names}


def count_receivers(session: Session, edition_id: int, paper_id: int, *, require_consent: bool = False) -> Receivers:
    """Count who got an edition, and who of them can still be written to by a paper; reasons in claiming's order."""
    conditions = exclusion_conditions(
        session, col(Delivery.number_key), paper_id, require_consent=require_consent, by_number=True
    )
    first = {reason: conditions.pop(reason) for reason in (Exclusion.SUPPRESSED, Exclusion.INVALID)}
    why = case(
        *((holds, literal(LEDGER_REASONS[reason])) for reason, holds in first.items()),
        (~is_known_number(), literal(NOT_ON_REGISTER)),
        *((holds, literal(LEDGER_REASONS[reason])) for reason, holds in conditions.items()),
        else_=literal(""),
    )
    judged = select_columns(why.label("why")).where(*_received(edition_id)).subquery()
    found: dict[str, int] = dict(session.exec(select(judged.c.why, func.count()).group_by(judged.c.why)).all())
    received = sum(found.values())
    found.pop("", None)
    return Receivers(received=received, **{"opted_out": 0, NOT_ON_REGISTER: 0, **found})


def is_known_number() -> ColumnElement[bool]:
    """Whether a delivery's number is on the register, whoever has it and whether they left."""
    return select(Subscriber.id).where(col(Subscriber.number_key) == col(Delivery.number_key)).exists()


def number_of_delivery() -> Any:
    """The encrypted number a delivery went to, of whoever has it on the register."""
    query = select(Subscriber.number).where(col(Subscriber.number_key) == col(Delivery.number_key))
    return query.order_by(col(Subscriber.id)).limit(1).scalar_subquery()


def insert_receivers(original_id: int, dispatch: Dispatch, *, batch_rows: int, has_full: bool) -> Any:
    """The statement that writes a ledger row for everybody who got the original, with the cell they had then."""
    table = _delivery_table()
    place = func.row_number().over(order_by=(table.c.batch, table.c.subscriber_id))
    changed = {
        "edition_id": literal(dispatch.edition_id),
        "batch": (place - 1) // literal(batch_rows) + 1,
        "state": literal(DeliveryState.QUEUED.value),
        "reason": literal(""),
        "message_id": literal(""),
        "changed_at": literal(dispatch.planned_at, table.c.changed_at.type),
        "piece": piece_of(table.c.number_key, has_full=has_full),
    }
    names = [column.name for column in table.columns]
    rows = select_columns(*(changed.get(name, table.c[name]) for name in names)).where(*_received(original_id))
    return insert(Delivery).from_select(names, rows)


def _received(edition_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(Delivery.edition_id) == edition_id, col(Delivery.state).in_(RECEIVED)


def _delivery_table() -> FromClause:
    table: FromClause = Delivery.__table__  # type: ignore[attr-defined]
    return table
