"""Recording an error: the words quoted must be printed, whoever brought them in answers, and so do the gates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from sqlmodel import Session

from newsletter.articles.models import Article
from newsletter.articles.records import get_article
from newsletter.editions.models import Edition, EditionStage
from newsletter.editions.records import lock_edition
from newsletter.editions.rule_books import newest_version
from newsletter.errors import InputError, RefusedError
from newsletter.journal.canonical import canonical_json
from newsletter.newsroom import Newsroom
from newsletter.organisation.contributors import get_contributor
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import Staff, require_right
from newsletter.translation import gettext as _
from newsletter.workflow.faults import Fault
from newsletter.workflow.penalties.facts import chain_of
from newsletter.workflow.penalties.ledger import book_record, lock_ledger
from newsletter.workflow.penalties.locating import (
    check_quote,
    next_occurrence,
    refuse_if_edition_missing,
    revisions_up_to_printed,
)
from newsletter.workflow.penalties.models import ErrorRecord, Found, Method, PenaltyEntry, PersonKind
from newsletter.workflow.penalties.payers import Introduction, find_gates, find_introduction
from newsletter.workflow.penalties.people import Person, find_person, staff_person
from newsletter.workflow.penalties.quoting import TITLE
from newsletter.workflow.penalties.reasons import require_reason, tidy_remark
from newsletter.workflow.rule_book.codes import ErrorCode, parse_error_code

#: Stages of editions that have left, or begun to.
_LEFT: Final = (EditionStage.SENDING, EditionStage.PAUSED, EditionStage.SENT, EditionStage.RETRACTED)


class NotTheirErrorError(RefusedError):
    """It is reported as their own by somebody who had no hand in it."""

    code: ClassVar[str] = "not_their_error"


class OwnErrorError(RefusedError):
    """Somebody whom the revisions name would name another."""

    code: ClassVar[str] = "own_error"


@dataclass(frozen=True, kw_only=True)
class ErrorReport:
    """An error as somebody reports it.

    Attributes:
        quote: the faulty words, as printed.
        is_self_reported: the finder reports it as their own: they made it, or let it pass.
        reports_for: it is the report of this contributor, who made it: a name or an id; an editor of their unit speaks
            for them.
        introduced_by: who brought it in, against the revisions; ``because`` says why.
    """

    code: ErrorCode
    article: int
    quote: str
    is_self_reported: bool = False
    reports_for: str | None = None
    introduced_by: str | None = None
    because: str = ""
    note: str = ""


@dataclass(frozen=True)
class Recorded:
    """An error record, and what it cost whom."""

    record: ErrorRecord
    entries: list[PenaltyEntry]


def record_error(
    newsroom: Newsroom, report: ErrorReport, *, edition_id: int | None, left_at: datetime | None = None
) -> Recorded:
    """Record an error, and charge it.

    Args:
        newsroom: its acting person found it.
        report: what they say.
        edition_id: where it is printed; None: an article that is in none yet.
        left_at: when that edition began to leave, as the deliveries' ledger knows; None: it has not.

    Raises:
        UnknownEditionError, UnknownArticleError, NotInEditionError, UnknownPersonError, UnknownContributorError:
            looked up in vain.
        InputError: an empty or overlong quote or reason, or one that holds a number.
        QuoteNotThereError, AlreadyRecordedError: nothing to record.
        NotTheirErrorError, OwnErrorError: whose error it is cannot be said like this.
        NoRightError: the acting person may not record errors there.
    """
    note = tidy_remark(report.note)
    _check_override(report)
    with newsroom.writing() as session:
        edition = lock_edition(session, edition_id) if edition_id is not None else None
        article = get_article(session, report.article)
        finder = _require_finder(session, newsroom, report, article, edition)
        refuse_if_edition_missing(article, edition)
        record = _new_record(session, newsroom, report, article, edition, finder, left_at=left_at)
        record.note = note
        recorded = _book(session, newsroom, record)
        session.commit()
    return recorded


def record_faults(
    session: Session, newsroom: Newsroom, edition: Edition, faults: Sequence[Fault], *, finder: Staff, statement_id: int
) -> list[Recorded]:
    """Record what a reviewer names when returning an edition, in the transaction that returns it.

    Raises:
        UnknownErrorCodeError, UnknownArticleError, NotInEditionError: looked up in vain.
        InputError: an empty or overlong quote.
        QuoteNotThereError, AlreadyRecordedError: nothing to record.
    """
    recorded = []
    for fault in faults:
        report = ErrorReport(code=parse_error_code(fault.code), article=fault.article, quote=fault.quote)
        article = get_article(session, fault.article)
        record = _new_record(session, newsroom, report, article, edition, finder, left_at=None)
        record.statement_id = statement_id
        recorded.append(_book(session, newsroom, record))
    return recorded


def _book(session: Session, newsroom: Newsroom, record: ErrorRecord) -> Recorded:
    lock_ledger(session)
    session.add(record)
    session.flush()
    return Recorded(record, book_record(session, newsroom, record))


def _new_record(  # noqa: PLR0917 (who, what, where)
    session: Session,
    newsroom: Newsroom,
    report: ErrorReport,
    article: Article,
    edition: Edition | None,
    finder: Staff,
    *,
    left_at: datetime | None,
) -> ErrorRecord:
    has_left = edition is not None and (left_at is not None or edition.stage in _LEFT)
    found = Found.AFTER if has_left else Found.BEFORE
    revisions = revisions_up_to_printed(session, article, edition)
    quote = check_quote(report.quote)
    position, place = next_occurrence(session, report.code, quote, revisions[-1], edition, found)
    computed = find_introduction(session, revisions, quote, position)
    introduction = _overridden(session, report, computed, finder)
    record = ErrorRecord(
        edition_id=edition.id if edition else None,
        article_id=report.article,
        revision_id=revisions[-1].id or 0,
        field=place.field,
        position=place.position,
        quote=quote,
        code=report.code,
        found=found,
        in_title=place.field == TITLE,
        found_by=finder.id or 0,
        at=newsroom.now(),
        introducer_kind=introduction.person.kind,
        introducer_id=introduction.person.id,
        introducing_revision_id=introduction.revision_id,
        introducer_method=Method.COMPUTED if introduction is computed else Method.OVERRIDDEN,
        override_reason="" if introduction is computed else tidy_remark(report.because),
        left_at=left_at,
        gates=canonical_json(dict(find_gates(session, newsroom, edition))) if edition and has_left else "{}",
        rule_book_version=edition.rule_book_version if edition else newest_version(session),
    )
    if report.is_self_reported or report.reports_for:
        reporter = _reporter(session, report, record, finder)
        record.reporter_kind, record.reporter_id = reporter.kind, reporter.id
    return record


def _require_finder(
    session: Session, newsroom: Newsroom, report: ErrorReport, article: Article, edition: Edition | None
) -> Staff:
    """Whoever records errors there; for a contributor's own report, an editor of their unit, and of the article's."""
    if report.reports_for is None:
        return require_right(session, newsroom, Right.RECORD_ERRORS, edition.unit_id if edition else article.unit_id)
    require_right(session, newsroom, Right.ARTICLES, get_contributor(session, report.reports_for).unit_id)
    return require_right(session, newsroom, Right.ARTICLES, article.unit_id)


def _check_override(report: ErrorReport) -> None:
    if report.reports_for is not None and not report.is_self_reported:
        raise InputError(
            _("--for names whose own report it is: it goes with --self-report."), hint=_("Give --self-report as well.")
        )
    if report.introduced_by is None and report.because.strip():
        raise InputError(
            _("A reason is given, but not who introduced the error."), hint=_("Give --introduced-by NAME as well.")
        )
    if report.introduced_by is not None:
        require_reason(report.because, "--because")


def _overridden(session: Session, report: ErrorReport, computed: Introduction, finder: Staff) -> Introduction:
    """Who introduced it as the finder says; those whom the revisions name cannot name somebody else."""
    if report.introduced_by is None:
        return computed
    named = find_person(session, report.introduced_by)
    if named == computed.person:
        return computed
    if staff_person(finder) == computed.person:
        raise OwnErrorError(
            _("By the revisions {name} introduced this error and cannot name somebody else.").format(name=finder.name),
            hint=_("Appeal once it is recorded: newsletter penalties appeal RECORD --reason REASON"),
        )
    return Introduction(named, None)


def _reporter(session: Session, report: ErrorReport, record: ErrorRecord, finder: Staff) -> Person:
    """Whose own report it is: the finder's, who is in the chain, or the contributor's, who made the error."""
    chain = chain_of(record)
    if report.reports_for is None:
        reporter, name = staff_person(finder), finder.name
        is_theirs = reporter in chain
        hint = _("Leave --self-report out; for a contributor who made it: --self-report --for NAME")
    else:
        contributor = get_contributor(session, report.reports_for)
        reporter, name = Person(PersonKind.CONTRIBUTOR, contributor.id or 0), contributor.name
        is_theirs = reporter == chain[0]
        hint = _("Leave --self-report out.")
    if not is_theirs:
        raise NotTheirErrorError(
            _("{name} had no hand in this error: it cannot be reported as theirs.").format(name=name), hint=hint
        )
    return reporter
