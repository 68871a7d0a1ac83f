"""How the ledger and the opt-outs are counted: in the database, by GROUP BY, never person by person."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import ColumnElement, and_, distinct, func, literal, select
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


def count_groups(
    session: Session,
    by: Sequence[Dimension],
    period: Period,
    scope: Scope = None,
    editions: Collection[int] | None = None,
) -> list[Group]:
    """Count deliveries and opt-outs by the dimensions deliveries have; a group's opt-outs by reason, if asked for.

    Only members and editions of the units in ``scope``, and of ``editions``; None: all. Columns are not counted by:
    ``placing`` tells them from editions.
    """
    opt_outs: dict[tuple[object, ...], Counter[str]] = defaultdict(Counter)
    for key, reason, count in _count_opt_outs(session, by, period, scope, editions):
        opt_outs[key][code_reason(reason)] += count
    groups = [
        Group(key=key, people=people, audience=audience, delivered=delivered, opt_outs=opt_outs.pop(key, {}))
        for key, audience, delivered, people in _count_deliveries(
            session, shared_dimensions(by), period, scope, editions
        )
    ]
    return groups + [Group(key=key, people=0, audience=0, delivered=0, opt_outs=left) for key, left in opt_outs.items()]


def _count_deliveries(
    session: Session, by: Sequence[Dimension], period: Period, scope: Scope, editions: Collection[int] | None
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
    counts = (func.count(), func.count().filter(is_delivered), people.filter(is_delivered))
    for row in session.connection().execute(select(*groups, *counts).group_by(*groups)):
        *key, audience, delivered, different = row
        if audience:  # without dimensions an empty ledger still is one group
            yield tuple(key), audience, delivered, different


def _count_opt_outs(
    session: Session, by: Sequence[Dimension], period: Period, scope: Scope, editions: Collection[int] | None
) -> Iterator[tuple[tuple[object, ...], str, int]]:
    """Yield key, reason as written (empty unless asked for) and opt-outs attributed to editions of the period."""
    events, shared, planned = table_of(OptOutEvent), shared_dimensions(by), table_of(Dispatch).c.planned_at
    reason = events.c.reason if Dimension.REASON in by else literal("")
    rows = (
        select(*label_columns(session, shared, events, events.c.at, period), reason.label("reason"))
        .select_from(join_editions(events, shared))
        .where(*_effective(period), *within(planned, period), *in_scope(events, scope), *of_editions(events, editions))
        .subquery()
    )
    groups = [*(rows.c[f"by_{dimension}"] for dimension in shared), rows.c.reason]
    for row in session.connection().execute(select(*groups, func.count()).group_by(*groups)):
        *key, why, count = row
        yield tuple(key), why, count


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
