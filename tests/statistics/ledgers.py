"""Factories for statistics: editions planned, rows delivered, people who left; they name only what matters."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session, SQLModel

from newsletter.articles.models import Article, Revision
from newsletter.delivery.models import Batch, Delivery, DeliveryState, Dispatch
from newsletter.editions.models import Edition, Item
from newsletter.journal.staff_keys import create_staff_key
from newsletter.journal.statements import Statement
from newsletter.newsroom import Newsroom
from newsletter.organisation.columns import Column
from newsletter.organisation.contributors import Contributor
from newsletter.organisation.papers import Paper
from newsletter.organisation.staff import Grant, Staff
from newsletter.organisation.units import Unit
from newsletter.settings import Settings
from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.period import parse_period
from newsletter.statistics.report import Report
from newsletter.statistics.unsubscribes import count_unsubscribes
from newsletter.subscribers.models import OptOutEvent

SHANGHAI = ZoneInfo("Asia/Shanghai")
ROOT_ID, BANJING_ID, BAIPU_ID, BRANCH_ID = 1, 2, 3, 4
BANJING, BAIPU = "320682116", "320682105"
NOON = datetime(2026, 11, 5, 12, tzinfo=SHANGHAI)
_COLUMNS = {"yaowen": 1, "dangke": 2}
_CELL: dict[str, Any] = {
    "unit_id": BRANCH_ID,
    "region_code": "320682116201",
    "profession": "farmer",
    "standing": "full",
    "mobile": False,
    "retired": False,
}


@dataclass(frozen=True)
class Desk:
    """A newsroom, and short ways to fill its ledger."""

    newsroom: Newsroom

    @classmethod
    def found(cls, engine: Engine, directory: Path, *, small_count: int = 1) -> "Desk":
        document = {"newsroom": {"id": "0" * 16, "name": "如皋手机报"}, "privacy": {"small_count": small_count}}
        newsroom = Newsroom(
            directory, Settings.model_validate(document), engine, directory / "keys" / ("0" * 16), actor="an"
        )
        for name in ("an", "ed"):
            create_staff_key(newsroom.keys_directory, name, None)
        desk = cls(newsroom)
        desk.add(Statement(id=1, previous="0" * 64, hash="1" * 64, subject="staff:an", body="{}", signature=""))
        desk.add(
            Unit(id=ROOT_ID, code="root", name="如皋市", kind="county", region_code="320682"),
            Staff(id=1, name="an", public_key="a1"),
            Staff(id=2, name="ed", public_key="e2"),
        )
        desk.add(
            Unit(id=BANJING_ID, code="banjing", name="搬经镇", kind="town", parent_id=1, region_code=BANJING),
            Unit(id=BAIPU_ID, code="baipu", name="白蒲镇", kind="town", parent_id=1, region_code=BAIPU),
            Paper(id=1, code="main", name="如皋手机报", unit_id=1, signature="如皋党建"),
            Paper(id=2, code="bj", name="搬经手机报", unit_id=1, signature="搬经党建"),
        )
        desk.add(Unit(id=BRANCH_ID, code="bj-1", name="加力村支部", kind="branch", parent_id=BANJING_ID))
        desk.add(Contributor(id=1, name="陆小满", unit_id=BANJING_ID))
        for code, column in _COLUMNS.items():
            desk.add(Column(id=column, code=code, name={"yaowen": "要闻", "dangke": "党课"}[code], position=column))
        for staff, role in ((1, "analyst"), (2, "editor")):
            desk.add(Grant(staff_id=staff, role=role, unit_id=1, granted_at=NOON, statement_id=1))
        return desk

    def hiding(self, small_count: int) -> "Desk":
        """The same newsroom with another ``small_count``."""
        privacy = self.newsroom.settings.privacy.model_copy(update={"small_count": small_count})
        return Desk(replace(self.newsroom, settings=self.newsroom.settings.model_copy(update={"privacy": privacy})))

    def add(self, *records: SQLModel) -> None:
        with Session(self.newsroom.engine) as session:
            session.add_all(records)
            session.commit()

    def plan(
        self, edition: int, planned_at: datetime = NOON, *, paper: int = 1, kind: str = "main", unit: int = ROOT_ID
    ) -> None:
        self.add(an_edition(id=edition, number=edition, paper_id=paper, kind=kind, unit_id=unit, stage="sent"))
        counts: dict[str, Any] = {"audience_count": 0, "part_count": 22}
        self.add(Dispatch(edition_id=edition, gateway="sandbox", staff_id=2, planned_at=planned_at, **counts))
        self.add(Batch(edition_id=edition, number=1))

    def place(self, edition: int, *columns: str | None) -> None:
        """Give the edition an article in each of these columns, ``yaowen`` or ``dangke``; None: in no column."""
        for position, code in enumerate(columns, 1):
            number, column = edition * 100 + position, _COLUMNS.get(code or "")
            self.add(Article(id=number, contributor_id=1, unit_id=1, stage="published", revision=1, created_at=NOON))
            text: dict[str, Any] = {"title": "短讯", "body": "正文", "format": "plain", "content_hash": "c"}
            self.add(Revision(id=number, article_id=number, number=1, staff_id=2, created_at=NOON, **text))
            what: dict[str, Any] = {"article_id": number, "revision_id": number, "column_id": column}
            self.add(Item(edition_id=edition, position=position, **what))

    def deliver(self, edition: int, person: int, state: str = DeliveryState.DELIVERED, **cell: Any) -> None:
        row: dict[str, Any] = {"state": state, "number_key": f"p{person}", **_CELL, **cell}
        self.add(Delivery(edition_id=edition, batch=1, subscriber_id=person, changed_at=NOON, **row))

    def leave(self, person: int, edition: int | None, at: datetime = NOON, **more: Any) -> None:
        row: dict[str, Any] = {"kind": "out", "is_effective": True, **_CELL, **more}
        self.add(OptOutEvent(number_key=f"p{person}", paper_id=0, source="reply", edition_id=edition, at=at, **row))

    def count(self, *by: Dimension, since: str | None = None, until: str | None = None) -> Report:
        return count_unsubscribes(self.newsroom, by=by, period=parse_period(since, until, SHANGHAI))


def an_edition(**fields: Any) -> Edition:
    what = {"channel": "sms", "style": "headlines", "audience_definition": "{}", "date": date(2026, 11, 5)}
    return Edition(**{"paper_id": 1, "kind": "main", "unit_id": 1, "staff_id": 2, "created_at": NOON, **what, **fields})


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def counts(report: Report) -> dict[tuple[object, ...], tuple[int, int, int, float]]:
    """Codes → audience, delivered, unsubscribed, rate."""
    return {
        tuple(code for code, _label in row.names.values()): (row.audience, row.delivered, row.unsubscribed, row.rate)
        for row in report.rows
    }
