"""Who may accept a copy check's finding as it stands, and which: a signed word, kept in the journal alone."""

from typing import ClassVar, Final

from sqlmodel import Session

from newsletter.articles.checks import glyphs
from newsletter.articles.checks.findings import ErrorCode, Finding
from newsletter.editions.findings import edition_findings
from newsletter.editions.models import Edition, EditionStage
from newsletter.editions.records import edition_stage_label, get_edition, lock_edition
from newsletter.editions.waivers import may_waive
from newsletter.errors import InputError, NotFoundError, RefusedError
from newsletter.journal.canonical import sha256_text
from newsletter.journal.remarks import check_remark
from newsletter.journal.statements import Verb, unlock_key
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right, Role, role_label
from newsletter.organisation.staff import NoRightError, Staff, require_right
from newsletter.translation import gettext as _
from newsletter.workflow.approval import RoleLostError
from newsletter.workflow.gates import speak

#: Stages in which findings still matter.
_OPEN: Final = (EditionStage.DRAFTED, EditionStage.RETURNED, EditionStage.SUBMITTED, EditionStage.APPROVED)


class UnknownFindingError(NotFoundError):
    """The edition has no finding with this key."""

    code: ClassVar[str] = "unknown_finding"


class NotWaivableError(RefusedError):
    """A finding that nobody may waive, or not this person, or not now."""

    code: ClassVar[str] = "not_waivable"


def waive_finding(newsroom: Newsroom, edition_id: int, key: str, *, reason: str) -> tuple[Edition, Finding]:
    """Accept a copy check's finding in an edition as it stands, with the reason.

    Args:
        newsroom: its acting person must be an editor or reviewer of the edition's unit.
        edition_id: which.
        key: of the finding, as printed.
        reason: kept for good.

    Raises:
        InputError: no reason, or one that holds a number.
        UnknownEditionError, UnknownFindingError: looked up in vain.
        NotWaivableError: nobody may, or it was done already, or the edition has left.
        NoRightError: the acting person is no editor or reviewer of its unit; a secret takes a reviewer.
        RoleLostError: the journal does not know of the role that the tables give them.
    """
    if not reason.strip():
        raise InputError(_("Say why: the reason is empty."), hint=_("Give --reason REASON."))
    check_remark(reason)
    with newsroom.reading() as session:
        _check(session, newsroom, get_edition(session, edition_id), key)
    unlock_key(newsroom)
    with newsroom.writing() as session:
        edition = lock_edition(session, edition_id)
        finding, role = _check(session, newsroom, edition, key)
        speak(session, newsroom, edition, Verb.WAIVE, role, **_details(finding), reason=reason.strip())
        waived = next(one for one in edition_findings(session, newsroom, edition) if one.key == finding.key)
        if waived.waived is None:
            message = _("{person} does not hold the role {role} that their word needs.")
            raise RoleLostError(message.format(person=newsroom.acting_name(), role=role_label(role)))
        session.commit()
    return edition, waived


def _check(session: Session, newsroom: Newsroom, edition: Edition, key: str) -> tuple[Finding, Role]:
    """The finding, and the role in which the acting person may waive it."""
    staff = require_right(session, newsroom, Right.WAIVE, edition.unit_id)
    if edition.stage not in _OPEN:
        message = _("Edition {edition} is {stage}: nothing is waived any more.")
        raise NotWaivableError(message.format(edition=edition.id, stage=edition_stage_label(edition.stage)))
    finding = _find(edition_findings(session, newsroom, edition), edition, key.strip().lower())
    if finding.waived is not None:
        raise NotWaivableError(_("{name} has waived it already.").format(name=finding.waived.by))
    role = _role(session, newsroom, edition, finding)
    composer = session.get_one(Staff, edition.staff_id).name
    if not may_waive(finding.code, role=role, person=staff.name, composer=composer):
        raise NotWaivableError(
            _("{name} composed the edition and cannot waive what may be a secret.").format(name=staff.name),
            hint=_("Another reviewer can."),
        )
    return finding, role


def _find(findings: list[Finding], edition: Edition, key: str) -> Finding:
    for finding in findings:
        if key == finding.key and finding.check != glyphs.CHECK:
            return finding
        if key in (finding.key, finding.code if not finding.key else ""):
            raise NotWaivableError(
                _("This cannot be waived: {message}").format(message=finding.message),
                hint=_("It has to be mended."),
            )
    raise UnknownFindingError(
        _("Edition {edition} has no finding {key}.").format(edition=edition.id, key=key[:40]),
        hint=_("See them: newsletter draft --edition {edition}").format(edition=edition.id),
    )


def _role(session: Session, newsroom: Newsroom, edition: Edition, finding: Finding) -> Role:
    """In which role somebody speaks: as reviewer if they are one; of a secret no other will do.

    Raises:
        NoRightError: a secret, and they are no reviewer.
    """
    try:
        require_right(session, newsroom, Right.APPROVE, edition.unit_id)
    except NoRightError:
        if finding.code == ErrorCode.SECRECY:
            raise
        return Role.EDITOR
    return Role.REVIEWER


def _details(finding: Finding) -> dict[str, str]:
    """What the journal keeps: the copy itself may hold what must not be published, so only its SHA-256."""
    return {
        "finding": finding.key,
        "check": finding.check,
        "code": str(finding.code),
        "quote": sha256_text(finding.quote),
    }
