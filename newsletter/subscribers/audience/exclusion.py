"""Which numbers of an audience are not written to, and why: one order of reasons, for counting, preflight and sending.

Every reason is judged by the number alone, so that it is the same before planning, where people are counted, and after
it, where the ledger has numbers. Each number counts under the first reason that holds.
"""

from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, case, exists, literal
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import Session, col

from newsletter.organisation.papers import Paper
from newsletter.organisation.units import ROOT, get_unit, subtree_ids
from newsletter.subscribers.audience.unusable import is_unusable_condition
from newsletter.subscribers.leaving.optouts import is_suppressed_condition
from newsletter.subscribers.models import ALL_PAPERS, Status, Subscriber

#: ``Subscriber.basis`` of somebody who agreed themselves.
EXPRESS: Final = "express"

NumberKey = ColumnElement[str] | Mapped[str]
Conditions = dict["Exclusion", ColumnElement[bool]]


class Exclusion(StrEnum):
    """Why a number is not written to, in the order in which it is asked."""

    #: They left this paper, or all.
    SUPPRESSED = "suppressed"
    #: The gateway says it cannot be written to.
    INVALID = "invalid"
    #: ``[privacy] require_consent``, and nobody on the number agreed expressly.
    NO_CONSENT = "no_consent"
    #: Nobody on the number belongs to the paper's unit: nobody else's people are written to in that paper's name.
    OUTSIDE_UNIT = "outside_unit"


#: What the ledger says of rows that ended so.
LEDGER_REASONS: Final[dict[Exclusion, str]] = {
    Exclusion.SUPPRESSED: "opted_out",
    Exclusion.INVALID: "invalid_number",
    Exclusion.NO_CONSENT: "no_consent",
    Exclusion.OUTSIDE_UNIT: "outside_unit",
}


def exclusion_conditions(
    session: Session, number_key: NumberKey, paper_id: int, *, require_consent: bool, by_number: bool = False
) -> Conditions:
    """The conditions that hold for numbers not to be written to, in their order; those that cannot hold are left out.

    Args:
        session: any.
        number_key: a column of whatever table.
        paper_id: whose edition it is; ``ALL_PAPERS``: none in particular.
        require_consent: as ``[privacy]`` says.
        by_number: a correction, which goes to whoever got the original, wherever they are by now.
    """
    conditions = {
        Exclusion.SUPPRESSED: is_suppressed_condition(number_key, paper_id),
        Exclusion.INVALID: is_unusable_condition(number_key),
    }
    person = aliased(Subscriber)
    on_number = col(person.number_key) == number_key
    if require_consent:
        conditions[Exclusion.NO_CONSENT] = ~exists().where(on_number, col(person.basis) == EXPRESS)
    unit_ids = None if by_number else paper_unit_ids(session, paper_id)
    if unit_ids is not None:
        inside = (col(person.status) == Status.ACTIVE, col(person.unit_id).in_(unit_ids))
        conditions[Exclusion.OUTSIDE_UNIT] = ~exists().where(on_number, *inside)
    return conditions


def paper_unit_ids(session: Session, paper_id: int) -> list[int] | None:
    """The units to whose people a paper may write: its own with all under it; None: to everybody."""
    paper = None if paper_id == ALL_PAPERS else session.get(Paper, paper_id)
    if paper is None or paper.unit_id == get_unit(session, ROOT).id:
        return None
    return subtree_ids(session, paper.unit_id)


def exclusion_reason(conditions: Conditions) -> ColumnElement[str]:
    """The first reason that holds, as an ``Exclusion``; empty for a number that can be written to."""
    return case(*((condition, literal(reason.value)) for reason, condition in conditions.items()), else_=literal(""))
