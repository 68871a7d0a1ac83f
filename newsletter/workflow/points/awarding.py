"""What everybody has earned, computed from what happened: the one answer that lists, rankings and the ledger share."""

from collections.abc import Iterator

from sqlmodel import Session

from newsletter.newsroom import Newsroom
from newsletter.workflow.periods import Period
from newsletter.workflow.points.gathering import Gathered, gather
from newsletter.workflow.points.quota_losses import quota_losses
from newsletter.workflow.points.rules import Award, award_article
from newsletter.workflow.points.tables import Tables, load_tables


def compute_awards(session: Session, newsroom: Newsroom, within: Period | None = None) -> list[Award]:
    """Everything earned and lost on the days of a period (None: ever), oldest first; uses that earn nothing too."""
    tables = load_tables(session)
    return awards_of(session, newsroom, tables, gather(session, tables, within), within)


def awards_of(
    session: Session, newsroom: Newsroom, tables: Tables, gathered: Gathered, within: Period | None
) -> list[Award]:
    """The same, for whoever has gathered the uses already."""
    awards = [*_earned(gathered, within), *quota_losses(session, newsroom, tables, within)]
    return sorted(awards, key=lambda award: (award.day, award.article or 0, award.ref))


def _earned(gathered: Gathered, within: Period | None) -> Iterator[Award]:
    for article, uses in gathered.uses.items():
        for award in award_article(gathered.facts[article], uses):
            if within is None or within.start <= award.day <= within.end:
                yield award
