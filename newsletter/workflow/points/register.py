"""The register: what was earned, line by line, or summed by day, week or month; computed, never written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from sqlmodel import Session, col, select

from newsletter.articles.models import Article, Revision
from newsletter.errors import InputError
from newsletter.newsroom import Newsroom
from newsletter.organisation.contributors import Contributor, get_contributor
from newsletter.organisation.scope import is_in, visible_unit_ids
from newsletter.organisation.units import get_unit, subtree_ids
from newsletter.translation import gettext as _
from newsletter.workflow.periods import Period, PeriodKind, period_of
from newsletter.workflow.points.awarding import compute_awards
from newsletter.workflow.points.homes import Homes, load_homes
from newsletter.workflow.points.rules import Award
from newsletter.workflow.points.standings import as_points

#: By what ``--by`` sums.
BUCKETS: Final = (PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.MONTH)
#: Titles are asked for so many at a time: databases take only so many values in one query.
_AT_ONCE: Final = 500


class UnknownBucketError(InputError):
    """Points are not summed by this."""

    code: ClassVar[str] = "unknown_bucket"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One award with the names of what it is about; empty where a unit as a whole loses points."""

    award: Award
    title: str
    contributor: str
    unit: str
    unit_name: str

    @property
    def event(self) -> int | None:
        """The record that ``points revoke`` takes back; None for what editions and quotas tell."""
        kind, _colon, number = self.award.ref.partition(":")
        return int(number) if kind == "event" else None

    def as_document(self) -> dict[str, Any]:
        """The line in JSON; ``unit`` is its code."""
        award = self.award
        return {
            "date": award.day.isoformat(),
            "article": award.article,
            "title": self.title,
            "contributor": award.contributor,
            "name": self.contributor,
            "unit": self.unit,
            "unit_name": self.unit_name,
            "kind": award.source,
            "rule": award.rule,
            "points": as_points(award.points),
            "ref": award.ref,
            "event": self.event,
        }


@dataclass(frozen=True, kw_only=True)
class Sum:
    """What one contributor, or a unit as a whole, earned in one day, week or month."""

    bucket: str
    contributor_id: int | None
    contributor: str
    unit: str
    unit_name: str
    articles: int
    points: int

    def as_document(self, by: str) -> dict[str, Any]:
        """The sum in JSON; the bucket's field is named as ``--by`` names it."""
        return {
            by: self.bucket,
            "contributor": self.contributor_id,
            "name": self.contributor,
            "unit": self.unit,
            "unit_name": self.unit_name,
            "articles": self.articles,
            "points": as_points(self.points),
        }


def list_points(
    newsroom: Newsroom, *, period: Period | None = None, contributor: str | None = None, unit: str | None = None
) -> list[Line]:
    """What was earned in a period (None: ever), of one contributor, or of a unit and everything under it.

    Only what the acting person's units earned: titles are copy.

    Raises:
        NoRightError: the acting person is not on staff.
        UnknownContributorError, AmbiguousContributorError, UnknownUnitError: looked up in vain.
    """
    with newsroom.reading() as session:
        scope = visible_unit_ids(session, newsroom)
        who = get_contributor(session, contributor).id if contributor else None
        within = set(subtree_ids(session, get_unit(session, unit).id or 0)) if unit else None
        awards = [
            award
            for award in compute_awards(session, newsroom, period)
            if (who is None or award.contributor == who)
            and (within is None or award.unit in within)
            and is_in(award.unit, scope)
        ]
        return name_awards(session, awards, load_homes(session))


def name_awards(session: Session, awards: Sequence[Award], homes: Homes) -> list[Line]:
    """The awards with names to them."""
    titles = _titles(session, {award.article for award in awards if award.article is not None})
    names = {one.id: one.name for one in session.exec(select(Contributor))}
    return [
        Line(
            award=award,
            title=titles.get(award.article or 0, ""),
            contributor=names.get(award.contributor, ""),
            unit=homes.units[award.unit].code,
            unit_name=homes.units[award.unit].name,
        )
        for award in awards
    ]


def parse_bucket(word: str) -> PeriodKind:
    """What ``--by`` means.

    Raises:
        UnknownBucketError: the hint names the choices.
    """
    if word.strip().casefold() not in BUCKETS:
        raise UnknownBucketError(
            _("Points cannot be summed by {word}.").format(word=word[:40]),
            hint=_("Choose from: {choices}.").format(choices=", ".join(BUCKETS)),
        )
    return PeriodKind(word.strip().casefold())


def sum_lines(lines: Iterable[Line], by: PeriodKind) -> list[Sum]:
    """Sums by day, week or month, then by unit and contributor; ``articles`` counts those that earned anything."""
    groups: dict[tuple[str, str, int | None], list[Line]] = {}
    for line in lines:
        bucket = _bucket(line.award.day, by)
        groups.setdefault((bucket, line.unit, line.award.contributor), []).append(line)
    return [
        Sum(
            bucket=bucket,
            contributor_id=contributor,
            contributor=found[0].contributor,
            unit=unit,
            unit_name=found[0].unit_name,
            articles=len({line.award.article for line in found if line.award.article and line.award.points}),
            points=sum(line.award.points for line in found),
        )
        for (bucket, unit, contributor), found in sorted(groups.items(), key=lambda one: (*one[0][:2], one[0][2] or 0))
    ]


def _bucket(day: date, by: PeriodKind) -> str:
    return period_of(day, by).label


def _titles(session: Session, article_ids: set[int]) -> dict[int, str]:
    ordered = sorted(article_ids)
    titles: dict[int, str] = {}
    for first in range(0, len(ordered), _AT_ONCE):
        query = (
            select(Article.id, Revision.title)
            .join(Revision, (col(Revision.article_id) == Article.id) & (col(Revision.number) == Article.revision))
            .where(col(Article.id).in_(ordered[first : first + _AT_ONCE]))
        )
        titles |= {article or 0: title for article, title in session.exec(query)}
    return titles
