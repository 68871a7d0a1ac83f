"""Appeals: made by those a record names, once; judged by somebody who had no part in it, once."""

from typing import ClassVar

from sqlmodel import Session, func, select

from newsletter.errors import RefusedError
from newsletter.newsroom import Newsroom
from newsletter.organisation.contributors import Contributor, get_contributor
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import Staff, require_right
from newsletter.translation import gettext as _
from newsletter.workflow.penalties.facts import chain_of, gates_of, introducer_of
from newsletter.workflow.penalties.ledger import lock_ledger, reverse_record, unit_of_record
from newsletter.workflow.penalties.models import (
    ErrorRecord,
    PenaltyAppeal,
    PenaltyEntry,
    PenaltyRuling,
    PersonKind,
    Verdict,
)
from newsletter.workflow.penalties.people import Person, read_names, staff_person
from newsletter.workflow.penalties.reasons import require_reason
from newsletter.workflow.penalties.scope import get_visible_record


class NotChargedError(RefusedError):
    """Somebody appeals whom the record does not name."""

    code: ClassVar[str] = "not_charged"


class AppealedAlreadyError(RefusedError):
    """There was an appeal against this record."""

    code: ClassVar[str] = "appealed_already"


class NoAppealError(RefusedError):
    """There is nothing to judge."""

    code: ClassVar[str] = "no_appeal"


class JudgedAlreadyError(RefusedError):
    """The appeal was judged."""

    code: ClassVar[str] = "judged_already"


class PartyError(RefusedError):
    """Whoever would judge has a part in it."""

    code: ClassVar[str] = "party"


def appeal_record(newsroom: Newsroom, record_id: int, *, reason: str, contributor: str | None = None) -> PenaltyAppeal:
    """Appeal against a record, for oneself or for a contributor.

    Raises:
        UnknownRecordError, UnknownContributorError: looked up in vain; a record they may not see is none to them.
        NotChargedError: the record does not name them.
        AppealedAlreadyError: somebody did before.
        InputError: no reason, or one that holds a number.
        NoRightError: no role, or none for the contributor's unit.
    """
    reason = require_reason(reason)
    with newsroom.writing() as session:
        record = get_visible_record(session, newsroom, record_id)
        staff, appellant = _appellant(session, newsroom, contributor)
        _refuse_if_not_charged(session, record, appellant)
        if session.get(PenaltyAppeal, record_id) is not None:
            raise AppealedAlreadyError(
                _("There was an appeal against record {record} already.").format(record=record_id),
                hint=_("See it: newsletter penalties list"),
            )
        appeal = PenaltyAppeal(
            record_id=record_id,
            person_kind=appellant.kind,
            person_id=appellant.id,
            staff_id=staff.id or 0,
            reason=reason,
            at=newsroom.now(),
        )
        session.add(appeal)
        session.commit()
    return appeal


def _appellant(session: Session, newsroom: Newsroom, contributor: str | None) -> tuple[Staff, Person]:
    if contributor is None:
        staff = require_right(session, newsroom, Right.RECORD_ERRORS, None)
        return staff, staff_person(staff)
    found: Contributor = get_contributor(session, contributor)
    staff = require_right(session, newsroom, Right.RECORD_ERRORS, found.unit_id)
    return staff, Person(PersonKind.CONTRIBUTOR, found.id or 0)


def _refuse_if_not_charged(session: Session, record: ErrorRecord, appellant: Person) -> None:
    if appellant in chain_of(record):
        return
    raise NotChargedError(
        _("Record {record} does not name {name}, so {name} cannot appeal against it.").format(
            record=record.id, name=read_names(session).name_of(appellant)
        ),
        hint=_("For a contributor: --for NAME"),
    )


def judge_appeal(
    newsroom: Newsroom, record_id: int, *, verdict: Verdict, reason: str
) -> tuple[PenaltyRuling, list[PenaltyEntry]]:
    """Judge an appeal; a reversal books the opposite of everything the record cost.

    Returns:
        The ruling, and what was booked.

    Raises:
        UnknownRecordError: there is no such record, or none that they may see.
        NoAppealError, JudgedAlreadyError: there is nothing to judge.
        PartyError: says which part the acting person has in it.
        InputError: no reason, or one that holds a number.
        NoRightError: the acting person is no reviewer, issuer or admin there.
    """
    reason = require_reason(reason)
    with newsroom.writing() as session:
        record = get_visible_record(session, newsroom, record_id)
        judge = require_right(session, newsroom, Right.JUDGE_APPEALS, unit_of_record(session, record))
        appeal = _open_appeal(session, record_id)
        _refuse_if_party(record, appeal, judge)
        lock_ledger(session)
        now = newsroom.now()
        ruling = PenaltyRuling(
            record_id=record_id,
            verdict=verdict,
            reason=reason,
            staff_id=judge.id or 0,
            at=now,
            last_record_id=session.exec(select(func.max(ErrorRecord.id))).one() or record_id,
        )
        session.add(ruling)
        session.flush()
        entries = reverse_record(session, newsroom, record_id, now) if verdict is Verdict.REVERSED else []
        session.commit()
    return ruling, entries


def _open_appeal(session: Session, record_id: int) -> PenaltyAppeal:
    appeal = session.get(PenaltyAppeal, record_id)
    if appeal is None:
        raise NoAppealError(
            _("Nobody appealed against record {record}.").format(record=record_id),
            hint=_("Those it names may: newsletter penalties appeal {record} --reason REASON").format(record=record_id),
        )
    ruling = session.exec(select(PenaltyRuling).where(PenaltyRuling.record_id == record_id)).first()
    if ruling is not None:
        raise JudgedAlreadyError(
            _("The appeal against record {record} was judged already: {verdict}.").format(
                record=record_id, verdict=verdict_label(ruling.verdict)
            )
        )
    return appeal


def _refuse_if_party(record: ErrorRecord, appeal: PenaltyAppeal, judge: Staff) -> None:
    """Refuse a judge who found the error, made it, let it pass, or appealed."""
    person = staff_person(judge)
    passed = [str(role) for role, gate in gates_of(record) if gate == person]
    parts = (
        (record.found_by == judge.id, _("{name} found the error of record {record} and cannot judge the appeal.")),
        (introducer_of(record) == person, _("{name} introduced the error of record {record} and cannot judge it.")),
        (bool(passed), _("{name} let the error of record {record} pass and cannot judge the appeal.")),
        (
            appeal.staff_id == judge.id,
            _("{name} made the appeal against record {record} and cannot judge it."),
        ),
    )
    for is_party, sentence in parts:
        if is_party:
            raise PartyError(
                sentence.format(name=judge.name, record=record.id),
                hint=_("Somebody outside its chain judges: a reviewer, issuer or admin."),
            )


def verdict_label(verdict: str) -> str:
    """How it ended, in the user's language."""
    return {Verdict.REVERSED: _("reversed"), Verdict.UPHELD: _("upheld")}[Verdict(verdict)]
