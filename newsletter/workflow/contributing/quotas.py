"""Quotas: how many articles a unit is to submit in a period, and how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from newsletter.articles.models import Article, ArticleStage
from newsletter.errors import InputError
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import get_unit
from newsletter.translation import gettext as _
from newsletter.workflow.contributing.coverage import is_within, read_parents
from newsletter.workflow.contributing.models import Quota
from newsletter.workflow.periods import Period, bounds_of

#: The most articles a quota can ask for.
MOST_WANTED: Final = 10_000
#: Stages of articles that were taken into an edition; a retracted one counts no more.
_ADOPTED: Final = (ArticleStage.ADOPTED, ArticleStage.PUBLISHED, ArticleStage.CORRECTED)


@dataclass(frozen=True)
class QuotaStanding:
    """How a unit stands against its quota.

    Attributes:
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
        UnknownUnitError: no such unit.
        NoRightError: the acting person is no editor of the unit above it: nobody sets their own quota.
    """
    if not 0 <= wanted <= MOST_WANTED:
        raise InputError(_("{count} is no number of articles to ask for.").format(count=wanted))
    with newsroom.writing() as session:
        home = get_unit(session, unit)
        staff = require_right(session, newsroom, Right.ARTICLES, home.parent_id or home.id)
        query = select(Quota).where(Quota.unit_id == home.id, Quota.period == period.label)
        quota = session.exec(query).first()
        if quota is None:
            quota = Quota(
                unit_id=home.id or 0,
                period=period.label,
                wanted=wanted,
                staff_id=staff.id or 0,
                set_at=newsroom.now(),
            )
        elif quota.wanted != wanted:
            quota.wanted, quota.staff_id, quota.set_at = wanted, staff.id or 0, newsroom.now()
        session.add(quota)
        session.commit()
    return quota


def quota_standing(session: Session, period: Period, timezone: ZoneInfo) -> list[QuotaStanding]:
    """How every unit with a quota for exactly this period stands, in the order of unit ids.

    Args:
        session: any.
        period: of the quotas, and of the articles' submission.
        timezone: the newsroom's: its clocks say where a day ends.
    """
    quotas = session.exec(select(Quota).where(Quota.period == period.label).order_by(col(Quota.unit_id))).all()
    if not quotas:
        return []
    start, end = bounds_of(period, timezone)
    query = select(Article.unit_id, Article.stage).where(
        Article.created_at >= start, Article.created_at < end, Article.stage != ArticleStage.WITHDRAWN
    )
    articles = session.exec(query).all()
    parents = read_parents(session)
    return [
        _stand(quota, [stage for unit, stage in articles if is_within(parents, unit, quota.unit_id)])
        for quota in quotas
    ]


def _stand(quota: Quota, stages: Sequence[str]) -> QuotaStanding:
    return QuotaStanding(
        quota_id=quota.id or 0,
        unit_id=quota.unit_id,
        wanted=quota.wanted,
        set_at=quota.set_at,
        submitted=len(stages),
        adopted=sum(stage in _ADOPTED for stage in stages),
    )
