"""How the sending of editions went: what ``stats delivery`` counts, from the ledger alone."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlmodel import Session, col

from newsletter.delivery.ledger import HANDED_OVER
from newsletter.delivery.models import Delivery, DeliveryState, Dispatch
from newsletter.editions.models import Edition, PieceName
from newsletter.editions.records import get_edition
from newsletter.instants import to_iso
from newsletter.newsroom import Newsroom
from newsletter.organisation.papers import Paper
from newsletter.organisation.roles import Right
from newsletter.organisation.scope import Scope, is_in, not_visible, unit_ids_with_right
from newsletter.organisation.units import Unit
from newsletter.statistics.grouping import in_scope, table_of
from newsletter.statistics.labels import label_edition
from newsletter.statistics.report import divide
from newsletter.statistics.unsubscribes import TooFewPeopleError
from newsletter.translation import gettext as _

#: States in which nothing reached the person although it was tried.
FAILURES: Final = (DeliveryState.UNDELIVERED, DeliveryState.FAILED, DeliveryState.EXPIRED)


@dataclass(frozen=True, kw_only=True)
class EditionDelivery:
    """How one edition's sending stands.

    Attributes:
        ledger: rows by state, every state there is.
        failures: rows that failed, by the gateway's reason code; the empty code where it gave none.
        message_parts: SMS parts of one message.
        extra_parts: what those who got the full text cost beyond that, all together.
        hides_suppressed: of few people, how many were not written to is not told, nor counted in ``audience``.
        planned_at, finished_at: None as long as it was not.
    """

    edition: int
    label: str
    stage: str
    ledger: Mapping[str, int]
    failures: Mapping[str, int]
    message_parts: int
    planned_at: datetime | None
    finished_at: datetime | None
    extra_parts: int = 0
    hides_suppressed: bool = False

    @property
    def audience(self) -> int:
        """Ledger rows; without those not written to where their count would tell who opted out."""
        return sum(self.ledger.values()) - (self.ledger[DeliveryState.SUPPRESSED] if self.hides_suppressed else 0)

    @property
    def written_to(self) -> int:
        """Ledger rows of those who had not opted out."""
        return sum(self.ledger.values()) - self.ledger[DeliveryState.SUPPRESSED]

    def shown(self, state: str) -> int | None:
        """Ledger rows in a state; None where the count is not told."""
        return None if self.hides_suppressed and state == DeliveryState.SUPPRESSED else self.ledger[state]

    @property
    def delivered_rate(self) -> float:
        """Delivered rows by ledger row; 0 without any."""
        return divide(self.ledger[DeliveryState.DELIVERED], self.audience)

    @property
    def parts(self) -> int:
        """SMS parts handed to the gateway."""
        return self.message_parts * sum(self.ledger[state] for state in HANDED_OVER) + self.extra_parts

    def as_document(self, timezone: ZoneInfo) -> dict[str, Any]:
        """The edition as JSON has it."""
        return {
            "edition": self.edition,
            "label": self.label,
            "stage": self.stage,
            "audience": self.audience,
            "ledger": {state: self.shown(state) for state in self.ledger},
            "delivered_rate": self.delivered_rate,
            "parts": self.parts,
            "planned_at": to_iso(self.planned_at, timezone),
            "finished_at": to_iso(self.finished_at, timezone),
            "failures": dict(self.failures),
        }


def count_deliveries(newsroom: Newsroom, edition_id: int | None = None) -> list[EditionDelivery]:
    """Count the ledger of every edition that was planned, oldest first, or of one, planned or not.

    An analyst of some units counts their editions and members alone, and sees no edition with fewer people written to
    than ``small_count``: who is not would be known. The whole newsroom's sees all, of those without that count.

    Raises:
        UnknownEditionError: no edition has this number.
        TooFewPeopleError: they are an analyst of some units alone, and it has fewer people written to.
        NoRightError: the acting person is no analyst.
        NotVisibleError: they are none of this edition's unit.
    """
    with newsroom.reading() as session:
        scope = unit_ids_with_right(session, newsroom, Right.STATISTICS)
        if edition_id is not None:
            raise_if_beyond(session, newsroom, get_edition(session, edition_id), scope)
        counts = _count_states(session, edition_id, scope)
        extra = _count_extra_parts(session, edition_id, scope)
        found = [
            EditionDelivery(
                edition=edition,
                label=label_edition(paper=paper, kind=kind, number=number, date=date),
                stage=stage,
                ledger=_sum_states(counts[edition]),
                failures=_sum_failures(counts[edition]),
                message_parts=parts or 0,
                extra_parts=extra.get(edition, 0),
                planned_at=planned_at,
                finished_at=finished_at,
            )
            for edition, paper, kind, number, date, stage, parts, planned_at, finished_at in _find(
                session, edition_id, scope
            )
        ]
    return _hide_few(
        found, newsroom.settings.privacy.small_count, is_limited=scope is not None, is_one=edition_id is not None
    )


def _hide_few(
    editions: Sequence[EditionDelivery], small_count: int, *, is_limited: bool, is_one: bool
) -> list[EditionDelivery]:
    def is_small(edition: EditionDelivery) -> bool:
        return small_count > 1 and edition.audience > 0 and edition.written_to < small_count

    if not is_limited:
        return [replace(edition, hides_suppressed=True) if is_small(edition) else edition for edition in editions]
    if is_one and any(map(is_small, editions)):
        raise TooFewPeopleError(
            _("In your units this edition was meant for fewer than {count} people.").format(count=small_count),
            hint=_("Look at an edition with more people."),
        )
    return [edition for edition in editions if not is_small(edition)]


def raise_if_beyond(session: Session, newsroom: Newsroom, edition: Edition, scope: Scope) -> None:
    """Refuse an edition of a unit outside ``scope``.

    Raises:
        NotVisibleError: names the unit.
    """
    if not is_in(edition.unit_id, scope):
        raise not_visible(newsroom, [session.get_one(Unit, edition.unit_id).name])


def _find(session: Session, edition_id: int | None, scope: Scope) -> Sequence[Any]:
    query = (
        select(
            *(col(Edition.id), col(Paper.name), col(Edition.kind), col(Edition.number), col(Edition.date)),
            *(col(Edition.stage), col(Dispatch.part_count), col(Dispatch.planned_at), col(Dispatch.finished_at)),
        )
        .join(Paper, col(Paper.id) == col(Edition.paper_id))
        .outerjoin(Dispatch, col(Dispatch.edition_id) == col(Edition.id))
    )
    wanted = col(Dispatch.edition_id).is_not(None) if edition_id is None else col(Edition.id) == edition_id
    if scope is not None:
        query = query.where(col(Edition.unit_id).in_(scope))
    return session.connection().execute(query.where(wanted).order_by(col(Edition.id))).all()


def _count_states(
    session: Session, edition_id: int | None, scope: Scope
) -> Mapping[int, Mapping[tuple[str, str], int]]:
    """Edition → (state, reason) → rows, in one query."""
    columns = (col(Delivery.edition_id), col(Delivery.state), col(Delivery.reason))
    query = select(*columns, func.count()).where(*in_scope(table_of(Delivery), scope)).group_by(*columns)
    if edition_id is not None:
        query = query.where(col(Delivery.edition_id) == edition_id)
    counts: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    for edition, state, reason, count in session.connection().execute(query):
        counts[edition][state, reason] = count
    return counts


def _count_extra_parts(session: Session, edition_id: int | None, scope: Scope) -> Mapping[int, int]:
    """Edition → parts by which its full texts that were handed over are more than as many messages."""
    more = func.sum(col(Dispatch.full_part_count) - col(Dispatch.part_count))
    query = (
        select(col(Delivery.edition_id), more)
        .join(Dispatch, col(Dispatch.edition_id) == col(Delivery.edition_id))
        .where(*in_scope(table_of(Delivery), scope), col(Dispatch.full_part_count).is_not(None))
        .where(col(Delivery.piece) == PieceName.SMS_FULL, col(Delivery.state).in_(HANDED_OVER))
        .group_by(col(Delivery.edition_id))
    )
    if edition_id is not None:
        query = query.where(col(Delivery.edition_id) == edition_id)
    return {edition: int(parts or 0) for edition, parts in session.connection().execute(query)}


def _sum_states(counts: Mapping[tuple[str, str], int]) -> dict[str, int]:
    ledger = dict.fromkeys((state.value for state in DeliveryState), 0)
    for (state, _reason), count in counts.items():
        ledger[state] += count
    return ledger


def _sum_failures(counts: Mapping[tuple[str, str], int]) -> dict[str, int]:
    failures: dict[str, int] = {}
    for (state, reason), count in sorted(counts.items()):
        if state in FAILURES:
            failures[reason] = failures.get(reason, 0) + count
    return dict(sorted(failures.items()))
