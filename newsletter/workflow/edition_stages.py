"""Who may take an edition from one stage to the next. Pure: no clock, no database."""

from enum import StrEnum
from typing import ClassVar, Final

from newsletter.editions.models import EditionStage
from newsletter.editions.records import edition_stage_label
from newsletter.errors import RefusedError
from newsletter.translation import gettext as _


class EditionVerb(StrEnum):
    """What is done to an edition."""

    COMPOSE = "compose"
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    SIGN = "sign"
    SEND = "send"
    FINISH = "finish"
    RECONCILE = "reconcile"
    CORRECT = "correct"
    RETRACT = "retract"


#: (stage, verb) -> next stage. The table is printed in docs/reference/workflow.md. ``compose`` leads back to
#: ``drafted`` only if it changed something; ``finish`` is the ledger's word that no row waits any more;
#: ``reconcile`` reopens a sent edition only if the gateway turns out never to have had some of its messages;
#: ``correct`` is an edition made about it; ``retract`` follows the sign-off of those that withdraw all of it.
EDITION_TRANSITIONS: Final[dict[tuple[EditionStage, EditionVerb], EditionStage]] = {
    (EditionStage.DRAFTED, EditionVerb.COMPOSE): EditionStage.DRAFTED,
    (EditionStage.SUBMITTED, EditionVerb.COMPOSE): EditionStage.DRAFTED,
    (EditionStage.RETURNED, EditionVerb.COMPOSE): EditionStage.DRAFTED,
    (EditionStage.APPROVED, EditionVerb.COMPOSE): EditionStage.DRAFTED,
    (EditionStage.SIGNED, EditionVerb.COMPOSE): EditionStage.DRAFTED,
    (EditionStage.DRAFTED, EditionVerb.SUBMIT): EditionStage.SUBMITTED,
    (EditionStage.RETURNED, EditionVerb.SUBMIT): EditionStage.SUBMITTED,
    (EditionStage.SUBMITTED, EditionVerb.APPROVE): EditionStage.APPROVED,
    (EditionStage.SUBMITTED, EditionVerb.RETURN): EditionStage.RETURNED,
    (EditionStage.APPROVED, EditionVerb.RETURN): EditionStage.RETURNED,
    (EditionStage.SIGNED, EditionVerb.RETURN): EditionStage.RETURNED,
    (EditionStage.APPROVED, EditionVerb.SIGN): EditionStage.SIGNED,
    (EditionStage.SIGNED, EditionVerb.SEND): EditionStage.SENDING,
    (EditionStage.SENDING, EditionVerb.SEND): EditionStage.SENDING,
    (EditionStage.SENDING, EditionVerb.FINISH): EditionStage.SENT,
    (EditionStage.SENDING, EditionVerb.RECONCILE): EditionStage.SENDING,
    (EditionStage.SENT, EditionVerb.RECONCILE): EditionStage.SENDING,
    (EditionStage.SENT, EditionVerb.CORRECT): EditionStage.SENT,
    (EditionStage.RETRACTED, EditionVerb.CORRECT): EditionStage.RETRACTED,
    (EditionStage.SENT, EditionVerb.RETRACT): EditionStage.RETRACTED,
}


class EditionStageError(RefusedError):
    """Not from this stage."""

    code: ClassVar[str] = "edition_stage"


def advance_edition(edition: int, stage: str, verb: EditionVerb) -> EditionStage:
    """The stage after ``verb``.

    Raises:
        EditionStageError: the table has no such step; the message says what the edition waits for.
    """
    following = EDITION_TRANSITIONS.get((EditionStage(stage), verb))
    if following is None:
        raise EditionStageError(
            _refusal(verb).format(edition=edition, stage=edition_stage_label(stage)), hint=_next_step(edition, stage)
        )
    return following


def _refusal(verb: EditionVerb) -> str:
    """The sentence for a step that cannot be taken; ``edition`` and ``stage`` are still to be filled in."""
    return {
        EditionVerb.COMPOSE: _("Edition {edition} is {stage}: it cannot be changed any more."),
        EditionVerb.SUBMIT: _("Edition {edition} is {stage}: it cannot be submitted."),
        EditionVerb.APPROVE: _("Edition {edition} is {stage}: it cannot be approved."),
        EditionVerb.RETURN: _("Edition {edition} is {stage}: it cannot be returned."),
        EditionVerb.SIGN: _("Edition {edition} is {stage}: it cannot be signed."),
        EditionVerb.SEND: _("Edition {edition} is {stage}: it cannot be sent."),
        EditionVerb.FINISH: _("Edition {edition} is {stage}: it cannot be sent."),
        EditionVerb.RECONCILE: _("Edition {edition} is {stage}: nothing of it was sent."),
        EditionVerb.CORRECT: _("Edition {edition} is {stage}: only what was sent can be corrected."),
        EditionVerb.RETRACT: _("Edition {edition} is {stage}: only what was sent can be retracted."),
    }[verb]


def _next_step(edition: int, stage: str) -> str:
    hints = {
        EditionStage.DRAFTED: _("An editor submits it first: newsletter draft --edition {edition} --submit"),
        EditionStage.SUBMITTED: _("A reviewer approves it first: newsletter approve {edition}"),
        EditionStage.RETURNED: _("An editor submits it again: newsletter draft --edition {edition} --submit"),
        EditionStage.APPROVED: _("An issuer signs it first: newsletter sign {edition}"),
        EditionStage.SIGNED: _("It is signed; send it: newsletter send {edition}"),
    }
    return hints.get(EditionStage(stage), "").format(edition=edition)
