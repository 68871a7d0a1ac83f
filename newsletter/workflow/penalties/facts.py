"""From stored records to the facts that charging depends on."""

import json
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from newsletter.workflow.penalties.charging import Facts
from newsletter.workflow.penalties.models import ErrorRecord, Found, PersonKind, PersonRole
from newsletter.workflow.penalties.people import Person
from newsletter.workflow.rule_book.codes import ErrorCode

_GATES = (PersonRole.SUBMIT, PersonRole.APPROVE, PersonRole.SIGN)


def facts_of(record: ErrorRecord, timezone: ZoneInfo) -> Facts:
    """What charging a record depends on."""
    return Facts(
        record=record.id or 0,
        edition=record.edition_id,
        article=record.article_id,
        code=ErrorCode(record.code),
        quote=record.quote,
        found=Found(record.found),
        in_title=record.in_title,
        month=record.at.astimezone(timezone).strftime("%Y-%m"),
        introducer=introducer_of(record),
        gates=gates_of(record),
        reporter=reporter_of(record),
        reported_after=record.at - record.left_at if record.left_at else None,
    )


def introducer_of(record: ErrorRecord) -> Person:
    """Who brought the error in."""
    return Person(record.introducer_kind, record.introducer_id)


def reporter_of(record: ErrorRecord) -> Person | None:
    """Who reported it as their own, a contributor through the desk; None: nobody."""
    if record.reporter_kind is None or record.reporter_id is None:
        return None
    return Person(record.reporter_kind, record.reporter_id)


def gates_of(record: ErrorRecord) -> tuple[tuple[PersonRole, Person], ...]:
    """Who let it pass, in the order of the gates."""
    spoken = json.loads(record.gates)
    return tuple((role, Person(PersonKind.STAFF, spoken[role])) for role in _GATES if role in spoken)


def chain_of(record: ErrorRecord) -> Sequence[Person]:
    """Everybody who has to do with an error, once: who brought it in first."""
    return list(dict.fromkeys([introducer_of(record), *(person for _role, person in gates_of(record))]))
