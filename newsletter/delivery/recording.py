"""Recording: what the gateway answered, and what its receipts say, written to the ledger in bulk. Final states stay.

The statements go to the driver as they are, past the object mapper: this is the sending's hot path.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from newsletter.delivery.gateways.port import Outcome, Receipt
from newsletter.delivery.models import FINAL_STATES, DeliveryState
from newsletter.delivery.references import read_reference
from newsletter.instants import to_milliseconds
from newsletter.subscribers.audience.unusable import UNUSABLE_CODES

#: Not yet known to be with the gateway; a queued row's message may turn up late, after its absence was certified.
_BEFORE_ACCEPTED: Final = (DeliveryState.QUEUED, DeliveryState.CLAIMED, DeliveryState.UNKNOWN)
_BEFORE_SENT: Final = (*_BEFORE_ACCEPTED, DeliveryState.ACCEPTED)
_BEFORE_END: Final = (*_BEFORE_SENT, DeliveryState.SENT)
#: What a receipt may say -> the states that may still take it: none that ended, none that is further on.
#: In this order a page of receipts comes to the same as one after the other.
_RECEIPT_STEPS: Final = (
    (frozenset({DeliveryState.ACCEPTED}), _BEFORE_ACCEPTED),
    (frozenset({DeliveryState.SENT}), _BEFORE_SENT),
    (FINAL_STATES, _BEFORE_END),
)


def record_outcomes(
    session: Session, *, edition_id: int, batch: int, outcomes: Sequence[tuple[int, Outcome]], at: datetime
) -> None:
    """Write the answers for claimed rows; a row that a receipt overtook stays as the receipt left it."""
    moment = to_milliseconds(at)
    rows = [
        (outcome.state.value, outcome.message_id, outcome.code, moment, edition_id, batch, subscriber)
        for subscriber, outcome in outcomes
    ]
    _note_unusable(session, rows, (DeliveryState.CLAIMED,))
    _update_rows(session, rows, (DeliveryState.CLAIMED,))


def record_receipts(session: Session, receipts: Sequence[Receipt]) -> None:
    """Write receipts, which may come twice or out of order."""
    for said, replaceable in _RECEIPT_STEPS:
        rows = [
            (
                receipt.state.value,
                receipt.message_id,
                receipt.code,
                to_milliseconds(receipt.at),
                *read_reference(receipt.reference),
            )
            for receipt in receipts
            if receipt.state in said
        ]
        _note_unusable(session, rows, replaceable)
        _update_rows(session, rows, replaceable)


def _note_unusable(session: Session, rows: list[tuple[Any, ...]], replaceable: Iterable[DeliveryState]) -> None:
    """Keep the numbers that cannot be written to by what the gateway now says.

    Before the rows are updated: what comes twice, or after a row ended, says nothing any more, nor what is older than
    the desk's own word on the number.
    """
    found = [
        (code, moment, edition, batch, subscriber)
        for _state, _message, code, moment, edition, batch, subscriber in rows
        if code in UNUSABLE_CODES
    ]
    if not found:
        return
    connection = session.connection()
    mark, bigint = ("?", "?") if connection.dialect.name == "sqlite" else ("%s", "%s::bigint")
    states = ", ".join(f"'{state.value}'" for state in replaceable)
    statement = (
        "INSERT INTO unusable_number (number_key, reason, edition_id, since, lifted_reason) "  # noqa: S608 (constants)
        f"SELECT number_key, {mark}, edition_id, {bigint}, '' FROM delivery "
        f"WHERE edition_id = {mark} AND batch = {mark} AND subscriber_id = {mark} AND state IN ({states}) "
        "ON CONFLICT (number_key) DO UPDATE SET reason = excluded.reason, edition_id = excluded.edition_id, "
        "since = excluded.since, lifted_at = NULL, lifted_by = NULL, lifted_reason = '' "
        "WHERE unusable_number.lifted_at < excluded.since"
    )
    connection.exec_driver_sql(statement, found)


def _update_rows(session: Session, rows: list[tuple[Any, ...]], replaceable: Iterable[DeliveryState]) -> None:
    if not rows:
        return
    connection = session.connection()
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    states = ", ".join(f"'{state.value}'" for state in replaceable)
    statement = (
        f"UPDATE delivery SET state = {mark}, message_id = {mark}, reason = {mark}, changed_at = {mark} "  # noqa: S608
        f"WHERE edition_id = {mark} AND batch = {mark} AND subscriber_id = {mark} AND state IN ({states})"
    )
    connection.exec_driver_sql(statement, rows)
