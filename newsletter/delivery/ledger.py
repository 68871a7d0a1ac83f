"""The ledger read: how many rows of an edition stand in which state, and whether any still waits."""

from sqlmodel import Session, col, func, select

from newsletter.delivery.models import Delivery, DeliveryState, Dispatch
from newsletter.editions.models import PieceName

#: States that make a sending end "done in part".
TROUBLED_STATES = (
    DeliveryState.UNDELIVERED,
    DeliveryState.FAILED,
    DeliveryState.UNKNOWN,
    DeliveryState.EXPIRED,
)
#: States of rows that were, or may have been, handed over to the gateway.
HANDED_OVER = (
    DeliveryState.ACCEPTED,
    DeliveryState.SENT,
    DeliveryState.DELIVERED,
    DeliveryState.UNDELIVERED,
    DeliveryState.FAILED,
    DeliveryState.UNKNOWN,
)
#: States in which a row still has to be worked off.
WAITING_STATES = (DeliveryState.QUEUED, DeliveryState.CLAIMED)


def ledger_totals(session: Session, edition_id: int) -> dict[str, int]:
    """Rows by state, every state named, those with no rows as 0."""
    query = select(Delivery.state, func.count()).where(Delivery.edition_id == edition_id).group_by(col(Delivery.state))
    counted = dict(session.exec(query).all())
    return {state.value: counted.get(state, 0) for state in DeliveryState}


def handed_over_parts(session: Session, dispatch: Dispatch | None) -> int:
    """Parts of all messages of a sending that were, or may have been, handed over, each of the text it carried."""
    if dispatch is None:
        return 0
    query = select(Delivery.piece, func.count()).where(
        Delivery.edition_id == dispatch.edition_id, col(Delivery.state).in_(HANDED_OVER)
    )
    counts = session.exec(query.group_by(col(Delivery.piece))).all()
    return sum(count * parts_of_piece(dispatch, piece) for piece, count in counts)


def parts_of_piece(dispatch: Dispatch, piece: str) -> int:
    """Parts of one message that carries this piece."""
    full = dispatch.full_part_count
    return full if piece == PieceName.SMS_FULL and full is not None else dispatch.part_count


def get_dispatch(session: Session, edition_id: int) -> Dispatch | None:
    """The sending of an edition; None while it is not planned."""
    return session.get(Dispatch, edition_id)


def waiting_count(totals: dict[str, int]) -> int:
    """Rows that still have to be worked off."""
    return sum(totals[state] for state in WAITING_STATES)


def is_troubled(totals: dict[str, int]) -> bool:
    """Whether some deliveries failed, are unknown, or still wait."""
    return any(totals[state] for state in (*TROUBLED_STATES, *WAITING_STATES))
