"""What contributors should be told now: a projection over articles, briefs, quotas and the clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlmodel import Session, select

from newsletter.newsroom import Newsroom
from newsletter.organisation.contributors import Contributor, list_contributors
from newsletter.organisation.desks import DESK_NAME
from newsletter.organisation.papers import MAIN_PAPER, get_paper
from newsletter.organisation.units import Unit
from newsletter.workflow.contributing.answers import Answer, read_answers
from newsletter.workflow.contributing.asked import list_briefs
from newsletter.workflow.contributing.coverage import nearest_asked, read_parents
from newsletter.workflow.contributing.models import Brief, NoticeKind, Quota
from newsletter.workflow.contributing.quotas import QuotaStanding, quota_standing
from newsletter.workflow.contributing.reminders import Term, reminder_due
from newsletter.workflow.contributing.sight import EVERYTHING
from newsletter.workflow.contributing.verdicts import find_verdicts
from newsletter.workflow.contributing.wording import write_notice
from newsletter.workflow.periods import Period, bounds_of, parse_period, period_in_print

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Occasion:
    """One thing to tell one contributor, in words; whether they can be told is another matter."""

    contributor: Contributor
    kind: NoticeKind
    subject: str
    text: str

    @property
    def key(self) -> tuple[int, str, str]:
        """What a notice is told apart by: nobody is told the same twice."""
        return self.contributor.id or 0, self.kind, self.subject


@dataclass(frozen=True)
class _Desk:
    """What all occasions are drawn from."""

    session: Session
    newsroom: Newsroom
    now: datetime
    signature: str
    people: Sequence[Contributor]
    parents: Mapping[int, int | None]
    units: Mapping[int, str]

    def tell(self, contributor: Contributor, kind: NoticeKind, subject: str, **values: Any) -> Occasion:
        return Occasion(contributor, kind, subject, write_notice(self.signature, kind, **values))

    @property
    def today(self) -> date:
        return self.now.astimezone(self.newsroom.timezone).date()

    def days_until(self, day: date) -> int:
        return (day - self.today).days

    def midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.newsroom.timezone)


def find_occasions(session: Session, newsroom: Newsroom, *, with_published: bool = False) -> list[Occasion]:
    """Everything to be told now, told before or not; a number that several contributors share is told a thing once.

    Args:
        session: any.
        newsroom: says what time it is, and where.
        with_published: also that an article went out, besides that it was adopted.
    """
    desk = _Desk(
        session=session,
        newsroom=newsroom,
        now=newsroom.now(),
        signature=get_paper(session, MAIN_PAPER).signature,
        people=[contributor for contributor in list_contributors(session) if contributor.name != DESK_NAME],
        parents=read_parents(session),
        units={unit_id or 0: name for unit_id, name in session.exec(select(Unit.id, Unit.name))},
    )
    found = [*_about_articles(desk, with_published=with_published), *_about_briefs(desk), *_about_quotas(desk)]
    told: dict[tuple[object, str, str], Occasion] = {}
    for occasion in found:
        who = occasion.contributor.number_key or occasion.contributor.id
        told.setdefault((who, occasion.kind, occasion.subject), occasion)
    return list(told.values())


def _about_articles(desk: _Desk, *, with_published: bool) -> Iterator[Occasion]:
    people = {contributor.id: contributor for contributor in desk.people}
    for verdict in find_verdicts(desk.session, desk.now, with_published=with_published):
        for contributor in filter(None, map(people.get, verdict.contributors)):
            since = contributor.number_since
            if since is None or verdict.submitted_at >= since:
                yield desk.tell(contributor, verdict.kind, verdict.subject, **verdict.values)


def _about_briefs(desk: _Desk) -> Iterator[Occasion]:
    briefs = list_briefs(desk.session, EVERYTHING, day=desk.today, is_open=True)
    answers = read_answers(desk.session, [brief.id or 0 for brief in briefs])
    for brief in briefs:
        last_day = desk.midnight(brief.due)
        term = Term(brief.published_at, last_day, desk.midnight(brief.due + _DAY), brief.published_at)
        yield from _about_brief(desk, brief, answers[brief.id or 0], reminder_due(term, desk.now))


def _about_brief(
    desk: _Desk, brief: Brief, answers: Sequence[Answer], reminder: NoticeKind | None
) -> Iterator[Occasion]:
    given = {answer.unit_id: len(answer.articles) for answer in answers if answer.is_asked}
    subject = f"brief:{brief.id}"
    for contributor in desk.people:
        unit_id = nearest_asked(desk.parents, contributor.unit_id, given)
        if unit_id is None or given[unit_id] >= brief.wanted:
            continue
        about = {"unit": desk.units[unit_id], "due": brief.due, "wanted": brief.wanted}
        yield desk.tell(contributor, NoticeKind.BRIEF, subject, title=brief.title, text=brief.text, **about)
        if reminder is not None:
            missing = brief.wanted - given[unit_id]
            counts = {"given": given[unit_id], "missing": missing, "days": desk.days_until(brief.due)}
            yield desk.tell(contributor, reminder, subject, title=f"“{brief.title}”", **counts, **about)


def _about_quotas(desk: _Desk) -> Iterator[Occasion]:
    for label in desk.session.exec(select(Quota.period).distinct().order_by(Quota.period)):
        period = parse_period(label)
        start, end = bounds_of(period, desk.newsroom.timezone)
        if start <= desk.now < end:
            yield from _about_period(desk, period, Term(start, desk.midnight(period.end), end, start))


def _about_period(desk: _Desk, period: Period, term: Term) -> Iterator[Occasion]:
    standings = {row.unit_id: row for row in quota_standing(desk.session, period, desk.newsroom.timezone)}
    for contributor in desk.people:
        unit_id = nearest_asked(desk.parents, contributor.unit_id, standings)
        if unit_id is not None and standings[unit_id].missing:
            yield from _about_quota(desk, period, term, contributor, standings[unit_id])


def _about_quota(
    desk: _Desk, period: Period, term: Term, contributor: Contributor, standing: QuotaStanding
) -> Iterator[Occasion]:
    known = Term(term.start, term.last_day, term.end, standing.set_at)
    reminder = reminder_due(known, desk.now)
    if reminder is not None:
        yield desk.tell(
            contributor,
            reminder,
            f"quota:{standing.quota_id}",
            title=period_in_print(period),
            unit=desk.units[standing.unit_id],
            due=period.end,
            wanted=standing.wanted,
            given=standing.submitted,
            missing=standing.missing,
            days=desk.days_until(period.end),
        )
