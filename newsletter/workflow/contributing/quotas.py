"""Quotas: how many articles a unit is to submit in a period, and how it stands."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from newsletter.articles.models import Article, ArticleStage
from newsletter.errors import InputError
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.scope import is_in, visible_unit_ids
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import Unit, get_unit
from newsletter.translation import gettext as _
from newsletter.workflow.contributing.coverage import read_parents, roll_up
from newsletter.workflow.contributing.models import Quota
from newsletter.workflow.periods import Period, bounds_of

#: The most articles a quota can ask for.
MOST_WANTED: Final = 10_000
#: Stages of articles that were taken into an edition; a retracted one counts no more.
_ADOPTED: Final = (ArticleStage.ADOPTED, ArticleStage.PUBLISHED, ArticleStage.CORRECTED)


class PeriodOverError(InputError):
    """The period is over: nothing more can be asked in it."""

    code: ClassVar[str] = "period_over"


@dataclass(frozen=True)
class QuotaStanding:
    """How a unit stands against its quota.

    Attributes:
        quota_id: the row that counts: the newest set before the period's end.
        submitted: articles of the unit and those under it that came in during the period, withdrawn ones left out.
        adopted: those of them that were taken into an edition since, whenever that was.
    """

    quota_id: int
    unit_id: int
    wanted: int
    set_at: datetime
    submitted: int
    adopted: int

    @property
    def missing(self) -> int:
        """Articles still to be submitted."""
        return max(0, self.wanted - self.submitted)


def set_quota(newsroom: Newsroom, unit: str, period: Period, wanted: int) -> Quota:
    """Ask a unit for so many articles in a period; again for the same period, the new number counts.

    Raises:
        InputError: no number of articles.
        PeriodOverError: what is over cannot be asked for any more.
        UnknownUnitError: no such unit.
        NoRightError: the acting person is no editor of the unit above it: nobody sets their own quota.
    """
    if not 0 <= wanted <= MOST_WANTED:
        raise InputError(_("{count} is no number of articles to ask for.").format(count=wanted))
    now, (_start, end) = newsroom.now(), bounds_of(period, newsroom.timezone)
    if now >= end:
        raise PeriodOverError(
            _("{period} is over already.").format(period=period.label),
            hint=_("A quota is set, or changed, before the last day of its period is over."),
        )
    with newsroom.writing() as session:
        home = get_unit(session, unit)
        staff = require_right(session, newsroom, Right.ARTICLES, home.parent_id or home.id)
        quota = _quotas_in_force(session, period, end).get(home.id or 0)
        if quota is None or quota.wanted != wanted:
            staff_id = staff.id or 0
            quota = Quota(unit_id=home.id or 0, period=period.label, wanted=wanted, staff_id=staff_id, set_at=now)
            session.add(quota)
            session.commit()
    return quota


def list_visible_quotas(newsroom: Newsroom, period: Period) -> list[tuple[Unit, QuotaStanding]]:
    """The acting person's units with a quota for exactly this period, and how each stands.

    Raises:
        NoRightError: they are not on staff.
    """
    with newsroom.reading() as session:
        scope = visible_unit_ids(session, newsroom)
        standings = quota_standing(session, period, newsroom.timezone)
        return [(session.get_one(Unit, row.unit_id), row) for row in standings if is_in(row.unit_id, scope)]


def quota_standing(session: Session, period: Period, timezone: ZoneInfo) -> list[QuotaStanding]:
    """How every unit with a quota for exactly this period stands, in the order of unit ids.

    Args:
        session: any.
        period: of the quotas, and of the articles' submission.
        timezone: the newsroom's: its clocks say where a day ends.
    """
    start, end = bounds_of(period, timezone)
    quotas = _quotas_in_force(session, period, end)
    if not quotas:
        return []
    counted = _count_articles(session, start, end)
    parents = read_parents(session)
    submitted = roll_up(parents, _sum_stages(counted, set(ArticleStage)))
    adopted = roll_up(parents, _sum_stages(counted, _ADOPTED))
    return [
        QuotaStanding(
            quota_id=quota.id or 0,
            unit_id=unit_id,
            wanted=quota.wanted,
            set_at=quota.set_at,
            submitted=submitted[unit_id],
            adopted=adopted[unit_id],
        )
        for unit_id, quota in sorted(quotas.items())
    ]


def _quotas_in_force(session: Session, period: Period, end: datetime) -> dict[int, Quota]:
    """Unit id → the newest of its rows that was set before ``end``."""
    query = select(Quota).where(Quota.period == period.label, Quota.set_at < end)
    return {quota.unit_id: quota for quota in session.exec(query.order_by(col(Quota.set_at), col(Quota.id)))}


def _count_articles(session: Session, start: datetime, end: datetime) -> dict[tuple[int, str], int]:
    """(Unit id, stage) → articles that came in, withdrawn ones left out."""
    query = (
        select(Article.unit_id, Article.stage, func.count())
        .where(Article.created_at >= start, Article.created_at < end, Article.stage != ArticleStage.WITHDRAWN)
        .group_by(col(Article.unit_id), col(Article.stage))
    )
    return {(unit_id, stage): count for unit_id, stage, count in session.exec(query)}


def _sum_stages(counted: dict[tuple[int, str], int], stages: Collection[str]) -> dict[int, int]:
    sums: dict[int, int] = {}
    for (unit_id, stage), count in counted.items():
        if stage in stages:
            sums[unit_id] = sums.get(unit_id, 0) + count
    return sums
