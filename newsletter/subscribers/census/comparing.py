"""How a census list is held against the register: whom the register has, there and elsewhere, and what follows."""

from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.scope import is_in, unit_ids_with_right
from newsletter.organisation.units import Unit, subtree_ids
from newsletter.subscribers.census.listed import CensusList
from newsletter.subscribers.census.matching import Matching, Member, match_rows
from newsletter.subscribers.census.proposals import Proposals, propose, want
from newsletter.subscribers.lists.entries import Known
from newsletter.subscribers.models import Status, Subscriber
from newsletter.subscribers.places import read_places
from newsletter.subscribers.preferences import PREFERENCE_FIELDS
from newsletter.subscribers.wishes import Wishes, read_wishes

#: Number keys and ids asked for in one statement.
_KEYS_AT_ONCE: Final = 500


def compare_list(session: Session, newsroom: Newsroom, unit: Unit, found: CensusList, vanished_as: Status) -> Proposals:
    """What a unit's list proposes, as the register and the acting person's rights are now."""
    unit_id = unit.id or 0
    inside_ids = frozenset(subtree_ids(session, unit_id))
    scope = unit_ids_with_right(session, newsroom, Right.IMPORT)
    inside = _read_members(session, col(Subscriber.unit_id).in_(inside_ids))
    elsewhere = _read_elsewhere(session, inside_ids, sorted({row.number_key for row in found.rows if row.number_key}))
    matching = match_rows(found.rows, inside, elsewhere)
    wanted = partial(
        want,
        columns=found.columns,
        unit_id=unit_id,
        inside_ids=inside_ids,
        nearest=read_places(session).nearest,
    )
    return propose(
        found.rows,
        inside,
        matching,
        wanted=wanted,
        wishes=_read_wishes(session, newsroom, found, matching),
        may_move=lambda home: is_in(home, scope),
        vanished_as=vanished_as,
        says_standing=found.headings.has("standing"),
    )


def _read_wishes(session: Session, newsroom: Newsroom, found: CensusList, matching: Matching) -> dict[int, Wishes]:
    """Of the people on a list that says something of preferences, or who is away, those the register has."""
    if not any(found.headings.has(name) for name in (*PREFERENCE_FIELDS, "mobile")):
        return {}
    ids = [member.known.id for member in matching.pairs.values()]
    wishes: dict[int, Wishes] = {}
    for start in range(0, len(ids), _KEYS_AT_ONCE):
        wishes |= read_wishes(session.connection(), newsroom.data_keys, ids[start : start + _KEYS_AT_ONCE])
    return wishes


def _read_elsewhere(
    session: Session, inside_ids: frozenset[int], number_keys: list[str]
) -> dict[tuple[str, str], Member]:
    found: dict[tuple[str, str], Member] = {}
    for start in range(0, len(number_keys), _KEYS_AT_ONCE):
        keys = number_keys[start : start + _KEYS_AT_ONCE]
        for member in _read_members(session, col(Subscriber.number_key).in_(keys)):
            if member.known.unit_id not in inside_ids:
                found[member.number_key, member.name_key] = member
    return found


def _read_members(session: Session, condition: ColumnElement[bool]) -> list[Member]:
    columns: list[Any] = [getattr(Subscriber, name) for name in Known._fields]
    query = select(Subscriber.number_key, Subscriber.name_key, func.length(Subscriber.number) > 0, *columns)
    rows = session.connection().execute(query.where(condition).order_by(col(Subscriber.id)))
    return [Member(row[0], row[1], bool(row[2]), Known._make(row[3:])) for row in rows]
