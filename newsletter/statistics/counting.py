"""How the ledger and the opt-outs are counted: in the database, by GROUP BY, never person by person."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Subquery, and_, distinct, func, literal, select
from sqlmodel import Session
from sqlmodel import select as sqlmodel_select

from newsletter.delivery.models import Delivery, DeliveryState, Dispatch
from newsletter.organisation.scope import Scope
from newsletter.statistics.dimensions import Dimension, shared_dimensions
from newsletter.statistics.grouping import in_scope, join_editions, label_columns, of_editions, table_of, within
from newsletter.statistics.labels import NO_REASON
from newsletter.statistics.period import Period
from newsletter.statistics.privacy import Group
from newsletter.subscribers.leaving.reasons import ReasonCode
from newsletter.subscribers.models import OptOutEvent

#: ``OptOutEvent.kind`` of somebody who left.
_OUT = "out"
#: What is known of a person, of a delivery and of an opt-out alike.
_CELL: Final = ("unit_id", "region_code", "profession", "standing", "mobile", "retired")


def count_groups(
    session: Session,
    by: Sequence[Dimension],
    period: Period,
    scope: Scope = None,
    editions: Collection[int] | None = None,
    *,
    with_people: bool = True,
) -> list[Group]:
    """Count deliveries and opt-outs by the dimensions deliveries have; a group's opt-outs by reason, if asked for.

    An opt-out counts where the delivery it is attributed to counts, wherever the person has moved since; once the
    ledger's row is gone, in the cell noted when they left.

    Only members and editions of the units in ``scope``, and of ``editions``; None: all. Columns are not counted by:
    ``placing`` tells them from editions. ``with_people=False`` spares telling different numbers apart: ``people`` is 0.
    """
    opt_outs: dict[tuple[object, ...], Counter[str]] = defaultdict(Counter)
    for key, reason, count in _count_opt_outs(session, by, period, scope, editions):
        opt_outs[key][code_reason(reason)] += count
    groups = [
        Group(key=key, people=people, audience=audience, delivered=delivered, opt_outs=opt_outs.pop(key, {}))
        for key, audience, delivered, people in _count_deliveries(
            session, shared_dimensions(by), period, scope, editions, with_people=with_people
        )
    ]
    return groups + [Group(key=key, people=0, audience=0, delivered=0, opt_outs=left) for key, left in opt_outs.items()]


def _count_deliveries(
    session: Session,
    by: Sequence[Dimension],
    period: Period,
    scope: Scope,
    editions: Collection[int] | None,
    *,
    with_people: bool,
) -> Iterator[tuple[tuple[object, ...], int, int, int]]:
    """Yield key, ledger rows, delivered rows, and different numbers delivered to."""
    ledger, planned = table_of(Delivery), table_of(Dispatch).c.planned_at
    rows = (
        select(*label_columns(session, by, ledger, planned, period), ledger.c.state, ledger.c.number_key)
        .select_from(join_editions(ledger, by))
        .where(*within(planned, period), *in_scope(ledger, scope), *of_editions(ledger, editions))
        .subquery()
    )
    groups = [rows.c[f"by_{dimension}"] for dimension in by]
    # One edition has a number only once: the costly counting of different ones is not needed.
    people = func.count() if Dimension.EDITION in by else func.count(distinct(rows.c.number_key))
    is_delivered = rows.c.state == DeliveryState.DELIVERED
    different_people = people.filter(is_delivered) if with_people else literal(0)
    counts = (func.count(), func.count().filter(is_delivered), different_people)
    for row in session.connection().execute(select(*groups, *counts).group_by(*groups)):
        *key, audience, delivered, different = row
        if audience:  # without dimensions an empty ledger still is one group
            yield tuple(key), audience, delivered, different


def _count_opt_outs(
    session: Session, by: Sequence[Dimension], period: Period, scope: Scope, editions: Collection[int] | None
) -> Iterator[tuple[tuple[object, ...], str, int]]:
    """Yield key, reason as written (empty unless asked for) and opt-outs attributed to editions of the period."""
    left, shared, planned = _placed_where_delivered(period), shared_dimensions(by), table_of(Dispatch).c.planned_at
    reason = left.c.reason if Dimension.REASON in by else literal("")
    rows = (
        select(*label_columns(session, shared, left, planned, period), reason.label("reason"))
        .select_from(join_editions(left, shared))
        .where(*within(planned, period), *in_scope(left, scope), *of_editions(left, editions))
        .subquery()
    )
    groups = [*(rows.c[f"by_{dimension}"] for dimension in shared), rows.c.reason]
    for row in session.connection().execute(select(*groups, func.count()).group_by(*groups)):
        *key, why, count = row
        yield tuple(key), why, count


def _placed_where_delivered(period: Period) -> Subquery:
    """The period's attributed opt-outs, each with the cell of the delivery it is attributed to."""
    events, ledger = table_of(OptOutEvent), table_of(Delivery)
    same = and_(ledger.c.edition_id == events.c.edition_id, ledger.c.number_key == events.c.number_key)
    cell = (func.coalesce(ledger.c[name], events.c[name], type_=events.c[name].type).label(name) for name in _CELL)
    return (
        select(events.c.edition_id, events.c.reason, *cell)
        .select_from(events.outerjoin(ledger, same))
        .where(*_effective(period), events.c.edition_id.is_not(None))
        .subquery("left_members")
    )


def code_reason(written: str) -> str:
    """The code a reason counts under: those written freely before there was a list are ``other``."""
    if not written:
        return NO_REASON
    return written if written in frozenset(ReasonCode) else ReasonCode.OTHER.value


def find_salt(session: Session) -> str:
    """Something of this newsroom's own that no output tells and that seldom changes, to order groups alike in size."""
    return session.exec(sqlmodel_select(func.min(Delivery.number_key))).one() or ""


def count_left_aside(session: Session, period: Period, scope: Scope = None) -> tuple[int, int]:
    """Count opt-outs of the period that belong to none of its editions.

    Returns:
        Those attributed to no edition at all; those attributed to an edition that was not planned in the period.
    """
    events, dispatches = table_of(OptOutEvent), table_of(Dispatch)
    in_period = within(dispatches.c.planned_at, period)
    same_edition = and_(dispatches.c.edition_id == events.c.edition_id, *in_period)
    query = (
        select(
            func.count().filter(events.c.edition_id.is_(None)),
            func.count().filter(events.c.edition_id.is_not(None)),
        )
        .select_from(events.outerjoin(dispatches, same_edition))
        .where(*_effective(period), dispatches.c.edition_id.is_(None), *in_scope(events, scope))
    )
    unattributed, elsewhere = session.connection().execute(query).one()
    return int(unattributed), int(elsewhere)


def _effective(period: Period) -> list[ColumnElement[bool]]:
    events = table_of(OptOutEvent)
    return [events.c.kind == _OUT, events.c.is_effective.is_(True), *within(events.c.at, period)]
