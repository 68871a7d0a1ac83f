"""What an issuer decides on a grave error found after sending: a retraction is a correction; none needs a reason."""

from typing import ClassVar

from newsletter.errors import RefusedError
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.translation import gettext as _
from newsletter.workflow.penalties.ledger import unit_of_record
from newsletter.workflow.penalties.models import PenaltyDecision
from newsletter.workflow.penalties.reasons import require_reason
from newsletter.workflow.penalties.records import undecided_records
from newsletter.workflow.penalties.scope import get_visible_record


class NothingToDecideError(RefusedError):
    """The record waits for no issuer."""

    code: ClassVar[str] = "nothing_to_decide"


def decide_against_retraction(newsroom: Newsroom, record_id: int, *, reason: str) -> PenaltyDecision:
    """The issuer's word that a grave error is not answered by a retraction.

    Raises:
        UnknownRecordError: there is no such record, or none that they may see.
        NothingToDecideError: it is not grave, was found before sending, or is settled.
        InputError: no reason, or one that holds a number.
        NoRightError: the acting person is no issuer there.
    """
    reason = require_reason(reason)
    with newsroom.writing() as session:
        record = get_visible_record(session, newsroom, record_id)
        issuer = require_right(session, newsroom, Right.DECIDE_ERRORS, unit_of_record(session, record))
        if record_id not in {found.id for found in undecided_records(session)}:
            raise NothingToDecideError(
                _("Record {record} waits for no decision.").format(record=record_id),
                hint=_("See which do: newsletter penalties list --open"),
            )
        decision = PenaltyDecision(record_id=record_id, reason=reason, staff_id=issuer.id or 0, at=newsroom.now())
        session.add(decision)
        session.commit()
    return decision
