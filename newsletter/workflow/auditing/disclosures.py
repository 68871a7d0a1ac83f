"""Whether everybody who says that they showed, exported, erased or encrypted members' data anew might say so."""

from collections.abc import Sequence

from sqlmodel import Session

from newsletter.journal.statements import Word
from newsletter.subscribers.privacy.disclosing import DISCLOSING_RIGHTS, disclosure_fault
from newsletter.translation import gettext as _
from newsletter.workflow.auditing.hearing import ABOUT_ROLES
from newsletter.workflow.auditing.problems import Problem


def audit_disclosures(session: Session, journal: Sequence[Word]) -> list[Problem]:
    """The disclosures whose speaker held no role for them at their place, or that do not say what they must."""
    roles = [word for word in journal if word.verb in ABOUT_ROLES]
    return [
        _problem(word, fault)
        for word in journal
        if word.verb in DISCLOSING_RIGHTS and (fault := disclosure_fault(session, word, roles))
    ]


def _problem(word: Word, fault: str) -> Problem:
    where = _("statement {number}").format(number=word.place)
    message = _("{where} ({verb}): {fault}.").format(where=where, verb=word.verb, fault=fault)
    return Problem(code="disclosure", where=where, message=message)
