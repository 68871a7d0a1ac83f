"""Which edition somebody left after: the one whose link they used, else the last one that reached them in time.

* The link's own edition is certain (``link``), whenever it was sent.
* Else the last edition within the newsroom's number of days (``last_delivered``); of the paper left, if it was one.
* A correction or notice goes out on the heels of the edition it mends: it counts only if it is known to have been
  delivered, and later than anything else. One that is merely on its way does not take the blame for what came before.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, and_, col, or_, select

from newsletter.delivery.models import Delivery, DeliveryState, Dispatch
from newsletter.editions.models import Edition
from newsletter.newsroom import Newsroom
from newsletter.subscribers.leaving.optouts import Cell
from newsletter.subscribers.models import ALL_PAPERS

#: How an opt-out came to its edition.
LINK: Final = "link"
LAST_DELIVERED: Final = "last_delivered"
#: States that say the edition reached the phone, or is on its way there.
_REACHED: Final = (DeliveryState.DELIVERED, DeliveryState.SENT, DeliveryState.ACCEPTED)


@dataclass(frozen=True)
class Attribution:
    """The edition, how it was found, and the person's cell when it was planned; all empty when there is none."""

    edition_id: int | None = None
    method: str = ""
    cell: Cell | None = None


def attribute_opt_out(
    session: Session,
    newsroom: Newsroom,
    number_key: str,
    at: datetime,
    *,
    paper_id: int = ALL_PAPERS,
    link_edition_id: int | None = None,
) -> Attribution:
    """The edition that an opt-out at ``at`` is put down to.

    Args:
        session: any.
        newsroom: its ``[sending] attribution_days`` say how far back one looks.
        number_key: of whoever leaves.
        at: when the word came, aware.
        paper_id: the one paper left; ``ALL_PAPERS``: an edition of any.
        link_edition_id: the edition whose link was used; None: it came another way.
    """
    if link_edition_id is not None:
        return _attribute_to_link(session, number_key, link_edition_id)
    delivery = _last_delivered(session, newsroom, number_key, at, paper_id)
    return Attribution() if delivery is None else Attribution(delivery.edition_id, LAST_DELIVERED, _cell_in(delivery))


def _attribute_to_link(session: Session, number_key: str, edition_id: int) -> Attribution:
    query = select(Delivery).where(Delivery.edition_id == edition_id, Delivery.number_key == number_key)
    delivery = session.exec(query).first()
    return Attribution(edition_id, LINK, _cell_in(delivery) if delivery else None)


def _last_delivered(
    session: Session, newsroom: Newsroom, number_key: str, at: datetime, paper_id: int
) -> Delivery | None:
    """Judged by when its sending began: a receipt may tell of the delivery long after the reply to it."""
    earliest = at - timedelta(days=newsroom.settings.sending.attribution_days)
    query = (
        select(Delivery)
        .join(Dispatch, col(Dispatch.edition_id) == col(Delivery.edition_id))
        .join(Edition, col(Edition.id) == col(Delivery.edition_id))
        .where(
            Delivery.number_key == number_key,
            Delivery.changed_at >= earliest,
            Dispatch.planned_at <= at,
            or_(
                Delivery.state == DeliveryState.DELIVERED,
                and_(col(Delivery.state).in_(_REACHED), col(Edition.corrects_id).is_(None)),
            ),
        )
        .order_by(col(Delivery.changed_at).desc(), col(Delivery.edition_id).desc())
        .limit(1)
    )
    if paper_id != ALL_PAPERS:
        query = query.where(Edition.paper_id == paper_id)
    return session.exec(query).first()


def _cell_in(delivery: Delivery) -> Cell:
    return Cell(
        unit_id=delivery.unit_id,
        region_code=delivery.region_code,
        profession=delivery.profession,
        standing=delivery.standing,
        mobile=delivery.mobile,
        retired=delivery.retired,
    )
