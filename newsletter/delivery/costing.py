"""How many parts a sending comes to: each number costs what its own text costs."""

from dataclasses import dataclass

from sqlmodel import Session, col, distinct, func, not_, or_, select

from newsletter.delivery.full_text import wants_full_text
from newsletter.delivery.ledger import WAITING_STATES, get_dispatch
from newsletter.delivery.models import Delivery
from newsletter.delivery.planning import edition_audience
from newsletter.delivery.receivers import RECEIVED, is_known_number
from newsletter.editions.models import Edition, PieceName
from newsletter.editions.records import full_text_piece
from newsletter.editions.sms_parts import split_sms
from newsletter.newsroom import Newsroom
from newsletter.subscribers.audience.exclusion import exclusion_conditions
from newsletter.subscribers.audience.reach import audience_condition
from newsletter.subscribers.models import Subscriber


@dataclass(frozen=True, kw_only=True)
class FullText:
    """The full text without a link.

    Attributes:
        parts_each: of it; None: the edition has none, and those who asked for it get the message.
        wanted: numbers, among those that can be written to, on which somebody asked for it; None: not told.
    """

    parts_each: int | None
    wanted: int | None

    def parts(self, parts_each: int, reachable: int) -> int:
        """Parts in all, where the message has ``parts_each`` and so many numbers are written to."""
        if self.parts_each is None or self.wanted is None:
            return max(parts_each, self.parts_each or 0) * reachable
        return parts_each * (reachable - self.wanted) + self.parts_each * self.wanted


def cost_full_text(session: Session, newsroom: Newsroom, edition: Edition) -> FullText:
    """What the full text of an edition costs, and who would get it as things stand."""
    stored = full_text_piece(session, edition.id or 0)
    parts_each = len(split_sms(stored.data.decode()).parts) if stored else None
    if get_dispatch(session, edition.id or 0) is not None:
        return FullText(parts_each=parts_each, wanted=_count_waiting(session, edition))
    return FullText(parts_each=parts_each, wanted=_count_wanting(session, newsroom, edition))


def _count_waiting(session: Session, edition: Edition) -> int:
    query = select(func.count()).where(
        Delivery.edition_id == edition.id,
        Delivery.piece == PieceName.SMS_FULL,
        col(Delivery.state).in_(WAITING_STATES),
    )
    return session.exec(query).one()


def _count_wanting(session: Session, newsroom: Newsroom, edition: Edition) -> int:
    is_correction = edition.corrects_id is not None
    number_key = col(Delivery.number_key) if is_correction else col(Subscriber.number_key)
    excluded = exclusion_conditions(
        session,
        number_key,
        edition.paper_id,
        require_consent=newsroom.settings.privacy.require_consent,
        by_number=is_correction,
    )
    query = select(func.count(distinct(number_key))).where(wants_full_text(number_key), not_(or_(*excluded.values())))
    if is_correction:
        received = (Delivery.edition_id == edition.corrects_id, col(Delivery.state).in_(RECEIVED), is_known_number())
        return session.exec(query.where(*received)).one()
    return session.exec(query.where(audience_condition(session, edition_audience(edition)))).one()
