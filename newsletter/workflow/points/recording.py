"""What the desk writes down of an article's fortune elsewhere, and takes back again; neither is ever changed."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlmodel import Session, select

from newsletter.articles.models import Article, ArticleStage
from newsletter.articles.records import get_revision, lock_article
from newsletter.articles.reprints import is_reprint
from newsletter.editions.rule_books import newest_version
from newsletter.errors import InputError, NotFoundError, RefusedError
from newsletter.journal.remarks import check_remark
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.translation import gettext as _
from newsletter.workflow.points.gathering import in_force
from newsletter.workflow.points.kinds import OUTLETS, Source, source_label
from newsletter.workflow.points.models import PointEvent

#: As the columns have them.
_LONGEST_OUTLET = 80
_LONGEST_NOTE = 200
#: Places of a best of the period.
_PLACES = (1, 2, 3)


class UnknownEventError(NotFoundError):
    """No record of points has this number."""

    code: ClassVar[str] = "unknown_point_event"


class EventExistsError(RefusedError):
    """The same was recorded before."""

    code: ClassVar[str] = "point_event_exists"


class EventRevokedError(RefusedError):
    """The record was taken back before, or is itself the taking back of another."""

    code: ClassVar[str] = "point_event_revoked"


@dataclass(frozen=True, kw_only=True)
class Happening:
    """What is to be recorded.

    Attributes:
        place: of a best of the period, 1 to 3; else 0.
        outlet: who took it; asked for where an outlet adopted it.
        day: when it happened; None: today.
    """

    kind: Source
    place: int = 0
    outlet: str = ""
    day: date | None = None
    note: str = ""


@dataclass(frozen=True)
class RecordedEvent:
    """What was written down, and whether the article earns nothing by it all the same."""

    event: PointEvent
    is_retracted: bool
    is_reprint: bool


def record_event(newsroom: Newsroom, article_id: int, happening: Happening) -> RecordedEvent:
    """Write down what earns an article points.

    Raises:
        UnknownArticleError: no such article.
        EventExistsError: the same stands already.
        InputError: a day to come or before the article came in, no outlet or place where one is needed, or the other
            way round.
        RemarkError: a number in the outlet or note.
        NoRightError: the acting person is neither editor nor issuer of its unit.
    """
    outlet, remark = " ".join(happening.outlet.split()), happening.note.strip()
    _check_details(happening, outlet, remark)
    with newsroom.writing() as session:
        article = lock_article(session, article_id)
        staff = require_right(session, newsroom, Right.POINTS, article.unit_id)
        event = PointEvent(
            article_id=article_id,
            kind=happening.kind,
            place=happening.place,
            outlet=outlet,
            day=_day_of(newsroom, article, happening),
            note=remark,
            rule_book_version=newest_version(session),
            staff_id=staff.id or 0,
            at=newsroom.now(),
        )
        _raise_if_recorded(session, event)
        session.add(event)
        recorded = RecordedEvent(
            event,
            is_retracted=article.stage == ArticleStage.RETRACTED,
            is_reprint=is_reprint(get_revision(session, article)),
        )
        session.commit()
    return recorded


def revoke_event(newsroom: Newsroom, event_id: int, *, reason: str) -> tuple[PointEvent, PointEvent]:
    """Take a record back, by one more record that says so and why.

    Returns:
        The record taken back, and the one that does it.

    Raises:
        UnknownEventError: no such record.
        EventRevokedError: it was taken back before.
        InputError: no reason, one too long, or one that holds a number.
        NoRightError: the acting person is neither editor nor issuer of the article's unit.
    """
    reason = reason.strip()
    if not reason:
        raise InputError(_("Say why: the reason is empty."), hint=_("Give --reason REASON."))
    _check_text(reason, _LONGEST_NOTE)
    with newsroom.writing() as session:
        event = session.get(PointEvent, event_id)
        if event is None:
            raise UnknownEventError(
                _("There is no record {event} of points.").format(event=event_id),
                hint=_("See them: newsletter points list"),
            )
        article = lock_article(session, event.article_id)
        staff = require_right(session, newsroom, Right.POINTS, article.unit_id)
        _raise_if_revoked(session, event)
        said = {"note": reason, "staff_id": staff.id or 0, "at": newsroom.now(), "reversal_of": event.id}
        reversal = PointEvent(**event.model_dump(exclude={"id"}) | said)
        session.add(reversal)
        session.commit()
    return event, reversal


def _check_details(happening: Happening, outlet: str, remark: str) -> None:
    _check_text(outlet, _LONGEST_OUTLET)
    _check_text(remark, _LONGEST_NOTE)
    if happening.kind in OUTLETS and not outlet:
        raise InputError(_("Say which outlet adopted it."), hint=_("Give --outlet NAME."))
    if happening.kind is Source.BEST and happening.place not in _PLACES:
        raise InputError(_("Say which place it took: 1, 2 or 3."), hint=_("Give --rank 1."))
    if happening.kind is not Source.BEST and happening.place:
        raise InputError(_("Only a best of the period has a place."), hint=_("Leave out --rank."))


def _check_text(text: str, longest: int) -> None:
    check_remark(text)
    if len(text) > longest or not text.isprintable():
        raise InputError(_("A remark has at most {limit} characters, in one line.").format(limit=longest))


def _day_of(newsroom: Newsroom, article: Article, happening: Happening) -> date:
    today = newsroom.now().astimezone(newsroom.timezone).date()
    if happening.day is not None and happening.day > today:
        raise InputError(
            _("{day} is still to come; today is {today}.").format(day=happening.day, today=today),
            hint=_("Give --date the day on which it happened."),
        )
    came_in = article.created_at.astimezone(newsroom.timezone).date()
    if happening.day is not None and happening.day < came_in:
        raise InputError(
            _("On {day} there was no article {article} yet: it was submitted on {date}.").format(
                day=happening.day, article=article.id, date=came_in
            ),
            hint=_("Give --date the day on which it happened."),
        )
    return happening.day or today


def _raise_if_recorded(session: Session, event: PointEvent) -> None:
    same = select(PointEvent).where(
        PointEvent.article_id == event.article_id,
        PointEvent.kind == event.kind,
        PointEvent.place == event.place,
        PointEvent.outlet == event.outlet,
        PointEvent.day == event.day,
        *in_force(),
    )
    former = session.exec(same).first()
    if former is not None:
        raise EventExistsError(
            _("This is recorded already: article {article}, {kind}, {day} (record {event}).").format(
                article=event.article_id, kind=source_label(event.kind), day=event.day, event=former.id
            ),
            hint=_("Take it back first if it is wrong: newsletter points revoke {event} --reason REASON").format(
                event=former.id
            ),
        )


def _raise_if_revoked(session: Session, event: PointEvent) -> None:
    if event.reversal_of is not None:
        raise EventRevokedError(
            _("Record {event} is itself the taking back of record {other}.").format(
                event=event.id, other=event.reversal_of
            ),
            hint=_("Record anew what happened: newsletter points record ARTICLE --kind KIND"),
        )
    if session.exec(select(PointEvent).where(PointEvent.reversal_of == event.id)).first() is not None:
        raise EventRevokedError(_("Record {event} was taken back already.").format(event=event.id))
