"""Which edition somebody left after: the last one that reached them within the newsroom's number of days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from newsletter.delivery.models import Delivery, DeliveryState, Dispatch
from newsletter.newsroom import Newsroom
from newsletter.subscribers.optouts import Cell

#: How an opt-out came to its edition.
LAST_DELIVERED: Final = "last_delivered"
#: States that say the edition reached the phone, or is on its way there.
_REACHED: Final = (DeliveryState.DELIVERED, DeliveryState.SENT, DeliveryState.ACCEPTED)


@dataclass(frozen=True)
class Attribution:
    """The edition, how it was found, and the person's cell when it was planned; all empty when there is none."""

    edition_id: int | None = None
    method: str = ""
    cell: Cell | None = None


def attribute_opt_out(session: Session, newsroom: Newsroom, number_key: str, at: datetime) -> Attribution:
    """The last edition that was on its way to this number before ``at``, and reached it.

    Judged by when its sending began: a receipt may tell of the delivery long after the reply to it.
    """
    earliest = at - timedelta(days=newsroom.settings.sending.attribution_days)
    query = (
        select(Delivery)
        .join(Dispatch, col(Dispatch.edition_id) == col(Delivery.edition_id))
        .where(
            Delivery.number_key == number_key,
            col(Delivery.state).in_(_REACHED),
            Delivery.changed_at >= earliest,
            Dispatch.planned_at <= at,
        )
        .order_by(col(Delivery.changed_at).desc(), col(Delivery.edition_id).desc())
        .limit(1)
    )
    delivery = session.exec(query).first()
    if delivery is None:
        return Attribution()
    cell = Cell(
        unit_id=delivery.unit_id,
        region_code=delivery.region_code,
        profession=delivery.profession,
        standing=delivery.standing,
        mobile=delivery.mobile,
        retired=delivery.retired,
    )
    return Attribution(delivery.edition_id, LAST_DELIVERED, cell)
