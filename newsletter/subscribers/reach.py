"""Who an audience is, as a question to the database, and how many of them can be reached.

Equality and ranges only, never LIKE: the indexes of the register serve them (FACTS: 2 ms against 180).
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, distinct, func, not_, or_, select, true

from newsletter.organisation.regions import LEVEL_LENGTHS
from newsletter.organisation.units import ROOT, get_unit, subtree_ids
from newsletter.subscribers.definitions import AudienceDefinition
from newsletter.subscribers.models import Status, Subscriber
from newsletter.subscribers.optouts import is_suppressed_condition


@dataclass(frozen=True, kw_only=True)
class AudienceCount:
    """How many an audience is.

    Attributes:
        people: on the register.
        numbers: theirs, each once: several people on one number are one message.
        suppressed: of the numbers, those not to be written to by the paper asked for.
        reachable: the other numbers.
    """

    people: int
    numbers: int
    suppressed: int
    reachable: int


def audience_condition(session: Session, definition: AudienceDefinition) -> ColumnElement[bool]:
    """The condition on ``Subscriber`` that holds for the audience's people, all of them active."""
    status = col(Subscriber.status) == Status.ACTIVE
    return and_(status, _means(session, definition))


def _means(session: Session, definition: AudienceDefinition) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if definition.regions:
        conditions.append(or_(*(_in_region(code) for code in definition.regions)))
    if definition.units and ROOT not in definition.units:
        conditions.append(col(Subscriber.unit_id).in_(_unit_ids(session, definition.units)))
    if definition.professions:
        conditions.append(col(Subscriber.profession).in_(definition.professions))
    if definition.standings:
        conditions.append(col(Subscriber.standing).in_(definition.standings))
    if definition.mobile is not None:
        conditions.append(col(Subscriber.mobile).is_(definition.mobile))
    if definition.retired is not None:
        conditions.append(col(Subscriber.retired).is_(definition.retired))
    conditions += [not_(_means(session, other)) for other in definition.excluded]
    return and_(true(), *conditions)


def _in_region(code: str) -> ColumnElement[bool]:
    # Digits only, up to the last code there can be: a bound like "320682:" would sort otherwise in most of
    # PostgreSQL's collations.
    last = code.ljust(LEVEL_LENGTHS[-1], "9")
    return and_(col(Subscriber.region_code) >= code, col(Subscriber.region_code) <= last)


def _unit_ids(session: Session, codes: tuple[str, ...]) -> list[int]:
    found: set[int] = set()
    for code in codes:
        found.update(subtree_ids(session, get_unit(session, code).id or 0))
    return sorted(found)


def count_audience(session: Session, definition: AudienceDefinition, paper_id: int) -> AudienceCount:
    """Count an audience as it is now, for one paper (``ALL_PAPERS``: only those who left everything are suppressed)."""
    condition = audience_condition(session, definition)
    number_key = col(Subscriber.number_key)
    people, numbers = session.exec(select(func.count(), func.count(distinct(number_key))).where(condition)).one()
    left = select(func.count(distinct(number_key))).where(condition, is_suppressed_condition(number_key, paper_id))
    suppressed = session.exec(left).one()
    return AudienceCount(people=people, numbers=numbers, suppressed=suppressed, reachable=numbers - suppressed)
