"""How many of an audience are alike in something, and how many of these can be reached: counted by the database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Final

from sqlalchemy import ColumnElement, case, literal, select
from sqlmodel import Session, col, func

from newsletter.errors import InputError
from newsletter.organisation.regions import TOWN_LENGTH
from newsletter.subscribers.audience.definitions import AudienceDefinition
from newsletter.subscribers.audience.exclusion import Exclusion, exclusion_conditions, exclusion_reason
from newsletter.subscribers.audience.reach import audience_condition
from newsletter.subscribers.models import Subscriber
from newsletter.translation import gettext as _

#: ``place`` of people who are not away.
AT_HOME: Final = "home"


class Trait(StrEnum):
    """What ``audience count --by`` takes; the value is also the field's name in JSON.

    Region is the town (the first nine digits), place the province where people away live now.
    """

    REGION = "region"
    UNIT = "unit"
    PROFESSION = "profession"
    STANDING = "standing"
    MOBILE = "mobile"
    RETIRED = "retired"
    CHANNEL = "channel"
    PLACE = "place"


class UnknownTraitError(InputError):
    """Audiences cannot be broken down by this."""

    code: ClassVar[str] = "unknown_dimension"


@dataclass(frozen=True, kw_only=True)
class GroupCount:
    """People of an audience alike in the traits asked for.

    Attributes:
        key: what they are, in the order asked for: a unit's id, a code, or a flag.
        people: on the register.
        numbers: theirs; a number shared by people of two groups counts in both.
        suppressed: of the numbers, those who left.
        reachable: of the numbers, those that can be written to.
    """

    key: tuple[Any, ...]
    people: int
    numbers: int
    suppressed: int
    reachable: int


def parse_traits(words: Iterable[str]) -> tuple[Trait, ...]:
    """The traits meant, in the order given, each once.

    Raises:
        UnknownTraitError: the hint names the choices.
    """
    return tuple(dict.fromkeys(_parse_trait(word) for word in words))


def _parse_trait(word: str) -> Trait:
    try:
        return Trait(word.strip().casefold())
    except ValueError as error:
        raise UnknownTraitError(
            _("Audiences cannot be broken down by {name}.").format(name=word[:40]),
            hint=_("Choose from: {choices}.").format(choices=", ".join(Trait)),
        ) from error


def count_groups(
    session: Session,
    definition: AudienceDefinition,
    paper_id: int,
    by: Sequence[Trait],
    *,
    require_consent: bool = False,
) -> list[GroupCount]:
    """Count an audience by some traits, the largest group first; the other values are those of ``count_audience``."""
    people = (
        select(*(_column(trait).label(trait.value) for trait in by), col(Subscriber.number_key).label("number_key"))
        .where(audience_condition(session, definition))
        .subquery()
    )
    traits = [people.c[trait.value] for trait in by]
    numbers = (
        select(*traits, people.c.number_key, func.count().label("people"))
        .group_by(*traits, people.c.number_key)
        .subquery()
    )
    conditions = exclusion_conditions(session, numbers.c.number_key, paper_id, require_consent=require_consent)
    reason = exclusion_reason(conditions).label("reason")
    judged = select(*(numbers.c[trait.value] for trait in by), numbers.c.people, reason).subquery()
    groups = [judged.c[trait.value] for trait in by]
    counts = (
        func.sum(judged.c.people),
        func.count(),
        func.count().filter(judged.c.reason == Exclusion.SUPPRESSED.value),
        func.count().filter(judged.c.reason == ""),
    )
    found = []
    for row in session.connection().execute(select(*groups, *counts).group_by(*groups)):
        *key, persons, numbers_of, suppressed, reachable = row
        found.append(
            GroupCount(
                key=tuple(key),
                people=int(persons),
                numbers=numbers_of,
                suppressed=suppressed,
                reachable=reachable,
            )
        )
    return sorted(found, key=lambda group: (-group.people, [str(part) for part in group.key]))


def _column(trait: Trait) -> ColumnElement[Any]:
    columns: dict[Trait, Any] = {
        Trait.REGION: func.substr(Subscriber.region_code, 1, TOWN_LENGTH),
        Trait.UNIT: col(Subscriber.unit_id),
        Trait.PLACE: case((col(Subscriber.mobile).is_(True), col(Subscriber.place_region)), else_=literal(AT_HOME)),
    }
    found: ColumnElement[Any] = columns[trait] if trait in columns else getattr(Subscriber, trait.value)
    return found
