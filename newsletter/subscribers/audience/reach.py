"""Who an audience is, as a question to the database, and how many of them can be reached.

Equality and ranges only, never LIKE: the indexes of the register serve them (FACTS: 2 ms against 180).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import select as select_columns
from sqlmodel import Session, and_, col, func, not_, or_, true

from newsletter.organisation.regions import LEVEL_LENGTHS
from newsletter.organisation.units import ROOT, get_unit, subtree_ids
from newsletter.subscribers.audience.definitions import AudienceDefinition
from newsletter.subscribers.audience.exclusion import Exclusion, exclusion_conditions, exclusion_reason
from newsletter.subscribers.models import Status, Subscriber


@dataclass(frozen=True, kw_only=True)
class AudienceCount:
    """How many an audience is.

    Attributes:
        people: on the register.
        numbers: theirs, each once: several people on one number are one message.
        suppressed, invalid, no_consent, outside_unit: of the numbers, those not to be written to by the paper asked
            for, each under the first reason that holds (``Exclusion``).
        reachable: the other numbers.
    """

    people: int
    numbers: int
    suppressed: int
    reachable: int
    invalid: int = 0
    no_consent: int = 0
    outside_unit: int = 0

    @property
    def excluded(self) -> dict[Exclusion, int]:
        """Reason → numbers, every reason named."""
        return {reason: getattr(self, reason.value) for reason in Exclusion}


def audience_condition(session: Session, definition: AudienceDefinition) -> ColumnElement[bool]:
    """The condition on ``Subscriber`` that holds for the audience's people, all of them active."""
    status = col(Subscriber.status) == Status.ACTIVE
    return and_(status, particulars_condition(session, definition))


def particulars_condition(session: Session, definition: AudienceDefinition) -> ColumnElement[bool]:
    """The condition on ``Subscriber`` for what a definition says of people, whatever their status."""
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
    conditions += _preferences(definition)
    conditions += [not_(particulars_condition(session, other)) for other in definition.excluded]
    return and_(true(), *conditions)


def _preferences(definition: AudienceDefinition) -> Iterator[ColumnElement[bool]]:
    if definition.channels:
        yield col(Subscriber.channel).in_(definition.channels)
    if definition.languages:
        yield col(Subscriber.language).in_(definition.languages)
    if definition.large_type is not None:
        yield col(Subscriber.large_type).is_(definition.large_type)
    if definition.places:
        # Where somebody lived while away says nothing once they are home.
        yield and_(col(Subscriber.mobile).is_(True), col(Subscriber.place_region).in_(definition.places))


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


def count_audience(
    session: Session, definition: AudienceDefinition, paper_id: int, *, require_consent: bool = False
) -> AudienceCount:
    """Count an audience as it is now, for one paper.

    Args:
        session: any.
        definition: who.
        paper_id: whose edition it would be; ``ALL_PAPERS``: only those who left everything are suppressed.
        require_consent: as ``[privacy]`` says.
    """
    query = counting_query(session, definition, paper_id, require_consent=require_consent)
    found = {reason: (numbers, int(people)) for reason, numbers, people in session.connection().execute(query)}
    excluded = {reason.value: found.get(reason, (0, 0))[0] for reason in Exclusion}
    return AudienceCount(
        people=sum(people for _numbers, people in found.values()),
        numbers=sum(numbers for numbers, _people in found.values()),
        reachable=found.get("", (0, 0))[0],
        **excluded,
    )


def counting_query(session: Session, definition: AudienceDefinition, paper_id: int, *, require_consent: bool) -> Any:
    """Reason → numbers, people; one query. Its numbers first: each is judged once, whoever shares it."""
    key = col(Subscriber.number_key)
    people = select_columns(key, func.count().label("people")).where(audience_condition(session, definition))
    numbers = people.group_by(key).subquery()
    conditions = exclusion_conditions(session, numbers.c.number_key, paper_id, require_consent=require_consent)
    judged = select_columns(numbers.c.people, exclusion_reason(conditions).label("reason")).subquery()
    return select_columns(judged.c.reason, func.count(), func.sum(judged.c.people)).group_by(judged.c.reason)
