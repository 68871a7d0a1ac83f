"""The ledger as tests read and fill it."""

from datetime import datetime

from sqlmodel import Session, col, select

from newsletter.delivery.claiming import Claim, claim_rows
from newsletter.delivery.ledger import ledger_totals
from newsletter.delivery.models import Delivery, DeliveryState
from newsletter.delivery.planning import plan_sending
from newsletter.delivery.references import write_reference
from newsletter.editions.records import get_edition
from newsletter.newsroom import Newsroom
from newsletter.organisation.staff import get_staff


def plan(newsroom: Newsroom, edition_id: int) -> int:
    """Plan an edition, whatever its stage; return its audience."""
    with newsroom.writing() as session:
        staff = get_staff(session, "zhao").id or 0
        dispatch = plan_sending(session, newsroom, get_edition(session, edition_id), part_count=1, staff_id=staff)
        session.commit()
    return dispatch.audience_count


def claim(newsroom: Newsroom, edition_id: int, *, limit: int = 500) -> Claim | None:
    with newsroom.writing() as session:
        paper = get_edition(session, edition_id).paper_id
        claimed = claim_rows(session, edition_id=edition_id, paper_id=paper, limit=limit, at=newsroom.now())
        session.commit()
    return claimed


def claimed_rows(newsroom: Newsroom, edition_id: int, *, limit: int = 500) -> Claim:
    """A claim there must be."""
    found = claim(newsroom, edition_id, limit=limit)
    assert found is not None
    return found


def states(newsroom: Newsroom, edition_id: int) -> dict[str, str]:
    """Number key → state."""
    return {row.number_key: row.state for row in rows(newsroom, edition_id)}


def rows(newsroom: Newsroom, edition_id: int) -> list[Delivery]:
    """The ledger of an edition, in the order in which it is worked off."""
    query = select(Delivery).where(Delivery.edition_id == edition_id)
    with newsroom.reading() as session:
        return list(session.exec(query.order_by(col(Delivery.batch), col(Delivery.subscriber_id))).all())


def references(newsroom: Newsroom, edition_id: int) -> list[str]:
    """What the gateway calls each row."""
    return [write_reference(row.edition_id, row.batch, row.subscriber_id) for row in rows(newsroom, edition_id)]


def totals(newsroom: Newsroom, edition_id: int) -> dict[str, int]:
    """Rows by state, only states that have some."""
    with newsroom.reading() as session:
        return {state: count for state, count in ledger_totals(session, edition_id).items() if count}


def set_state(session: Session, edition_id: int, state: DeliveryState, *, at: datetime) -> None:
    """Say of every row of an edition that it stands so since ``at``."""
    for row in session.exec(select(Delivery).where(Delivery.edition_id == edition_id)):
        row.state, row.changed_at = state, at
        session.add(row)
    session.commit()
