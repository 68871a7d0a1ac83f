"""What units lose for quotas they missed: once the quota's period is over, on its last day."""

from collections.abc import Iterator

from sqlmodel import Session, select

from newsletter.newsroom import Newsroom
from newsletter.workflow.contributing.models import Quota
from newsletter.workflow.contributing.quotas import quota_standing
from newsletter.workflow.periods import Period, bounds_of, parse_period
from newsletter.workflow.points.rules import Award, award_quota
from newsletter.workflow.points.tables import Tables
from newsletter.workflow.rule_book.points_table import to_hundredths


def quota_losses(session: Session, newsroom: Newsroom, tables: Tables, within: Period | None) -> Iterator[Award]:
    """Losses of the quotas whose period ended in ``within`` (None: ever), and before today."""
    today = newsroom.now().astimezone(newsroom.timezone).date()
    for label in session.exec(select(Quota.period).distinct()).all():
        period = parse_period(label)
        if period.end >= today or (within is not None and not within.start <= period.end <= within.end):
            continue
        _start, end = bounds_of(period, newsroom.timezone)
        table = tables.at(end)
        for standing in quota_standing(session, period, newsroom.timezone):
            if standing.missing:
                yield award_quota(
                    unit=standing.unit_id,
                    ref=f"quota:{standing.quota_id}",
                    day=period.end,
                    missed=standing.missing,
                    each=to_hundredths(table.quota_missed),
                    most=to_hundredths(table.quota_missed_most),
                )
