"""Factories for points: articles, editions that were sent, quotas and errors; they name only what matters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from sqlmodel import Session, SQLModel, col, func, select

from newsletter.articles.models import Article, ArticleStage, Byline, Revision
from newsletter.editions.models import Edition, EditionStage, Item
from newsletter.newsroom import Newsroom
from newsletter.organisation.columns import Column
from newsletter.organisation.contributors import Contributor, add_contributor
from newsletter.organisation.units import UnitKind, add_unit, get_unit
from newsletter.workflow.contributing.models import Quota
from newsletter.workflow.periods import Period, parse_period
from newsletter.workflow.points.awarding import compute_awards
from newsletter.workflow.points.book import Settled, settle, standing_entries
from newsletter.workflow.points.models import PointEntry
from newsletter.workflow.points.rules import Award

DAY = date(2026, 11, 16)
#: Present moment of these newsrooms: after every day that tests name.
NOW = datetime.combine(date(2027, 1, 10), time(9))
#: The founded newsroom's contributors: 陆小满 of 搬经镇, 顾春禾 of 农业农村局.
LU, GU = 1, 2
BODY = "会后当天就定下了三段河道。"


@dataclass(frozen=True)
class History:
    """A newsroom at a moment, and short ways to make things happen in it."""

    newsroom: Newsroom

    @classmethod
    def of(cls, newsroom: Newsroom) -> "History":
        moment = NOW.replace(tzinfo=newsroom.timezone)
        return cls(replace(newsroom, clock=lambda: moment, actor="li"))

    def contributor(self, name: str, unit: str) -> int:
        with self.newsroom.writing() as session:
            added = add_contributor(session, name=name, unit=unit)
            session.commit()
            return added.id or 0

    def unit(self, code: str, name: str, kind: UnitKind, parent: str = "county") -> int:
        with self.newsroom.writing() as session:
            added = add_unit(session, code=code, name=name, kind=kind, parent=parent)
            session.commit()
            return added.id or 0

    def article(
        self,
        *authors: int,
        day: date = DAY,
        source: str = "",
        body: str = BODY,
        stage: str = ArticleStage.PUBLISHED,
        title: str = "",
    ) -> int:
        """An article of these contributors (陆小满 alone without any), handed in at noon of ``day``."""
        byline = authors or (LU,)
        at = datetime.combine(day, time(12), self.newsroom.timezone)
        with self.newsroom.writing() as session:
            owner = session.get_one(Contributor, byline[0])
            article = Article(contributor_id=byline[0], unit_id=owner.unit_id, stage=stage, revision=1, created_at=at)
            session.add(article)
            session.flush()
            number = article.id or 0
            session.add_all(
                Byline(article_id=number, contributor_id=who, position=place)
                for place, who in enumerate(byline, start=1)
            )
            session.add(a_revision(number, at, source=source, body=body, title=title or f"第{number}篇"))
            session.commit()
            return number

    def print(
        self,
        *articles: int,
        day: date = DAY,
        kind: str = "town",
        channel: str = "sms",
        stage: str = EditionStage.SENT,
        column: str | None = None,
        columns: Sequence[str | None] = (),
    ) -> int:
        """An edition of these articles, in their order, that was sent; ``columns`` names one for each of them."""
        with self.newsroom.writing() as session:
            number = (session.exec(select(func.max(Edition.number))).one() or 0) + 1
            ids: dict[str | None, int | None] = {one.name: one.id for one in session.exec(select(Column))}
            chosen = columns or [column] * len(articles)
            edition = an_edition(self.newsroom, number=number, date=day, kind=kind, channel=channel, stage=stage)
            session.add(edition)
            session.flush()
            edition_id = edition.id or 0
            for position, (article, name) in enumerate(zip(articles, chosen, strict=True), start=1):
                newest = select(Revision).where(Revision.article_id == article).order_by(col(Revision.number).desc())
                revision = session.exec(newest).first()
                assert revision is not None
                session.add(
                    Item(
                        edition_id=edition_id,
                        position=position,
                        article_id=article,
                        revision_id=revision.id or 0,
                        column_id=ids[name] if name else None,
                    )
                )
            session.commit()
            return edition_id

    def retract(self, article: int) -> None:
        self.change(Article, article, stage=ArticleStage.RETRACTED)

    def retract_edition(self, edition: int) -> None:
        self.change(Edition, edition, stage=EditionStage.RETRACTED)

    def quota(self, unit: str, period: str, wanted: int) -> None:
        with self.newsroom.writing() as session:
            home = get_unit(session, unit).id or 0
            at = datetime.combine(parse_period(period).start, time(9), self.newsroom.timezone)
            session.add(Quota(unit_id=home, period=period, wanted=wanted, staff_id=1, set_at=at))
            session.commit()

    def change(self, model: type[SQLModel], key: int, **values: Any) -> None:
        with self.newsroom.writing() as session:
            record = session.get_one(model, key)
            for name, value in values.items():
                setattr(record, name, value)
            session.add(record)
            session.commit()

    def awards(self, period: Period | None = None) -> list[Award]:
        with self.newsroom.reading() as session:
            return compute_awards(session, self.newsroom, period)

    def earned(self, period: Period | None = None) -> dict[int | None, int]:
        """Contributor → hundredths, those who earned nothing left out."""
        return sums((award.contributor, award.points) for award in self.awards(period))

    def settle(self) -> Settled:
        return settle(self.newsroom)

    def ledger(self) -> Sequence[PointEntry]:
        with self.newsroom.reading() as session:
            return session.exec(select(PointEntry).order_by(col(PointEntry.id))).all()

    def standing(self) -> Sequence[PointEntry]:
        with self.newsroom.reading() as session:
            return standing_entries(session)


def a_revision(article: int, at: datetime, *, number: int = 1, **fields: Any) -> Revision:
    what: dict[str, Any] = {"title": "板凳会", "body": BODY, "format": "markdown", "content_hash": "0" * 64}
    return Revision(article_id=article, number=number, staff_id=1, created_at=at, **{**what, **fields})


def an_edition(newsroom: Newsroom, **fields: Any) -> Edition:
    what: dict[str, Any] = {"paper_id": 1, "unit_id": 1, "staff_id": 1, "style": "headlines"}
    return Edition(**{**what, "audience_definition": "{}", "created_at": newsroom.now(), **fields})


def sums(pairs: Any) -> dict[Any, int]:
    """Key → sum, zeros left out."""
    found: dict[Any, int] = {}
    for key, points in pairs:
        found[key] = found.get(key, 0) + points
    return {key: points for key, points in found.items() if points}


def add_revision(session: Session, article: int, **fields: Any) -> None:
    """A newer revision of an article."""
    record = session.get_one(Article, article)
    record.revision += 1
    session.add_all([record, a_revision(article, record.created_at, number=record.revision, **fields)])
