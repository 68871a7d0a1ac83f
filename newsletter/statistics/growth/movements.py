"""Who counts as a member when, and by which movement they came and went: told in SQL from the two append-only ledgers.

A *member* here is a person on the register who can be written to: status ``active``, and their number not opted out of
everything (of a paper: neither of it nor of everything). People are counted, not numbers: when a number that two people
share opts out, two members are lost. What counts is when a thing was recorded, so that a printed figure stays true.

Events of people and opt-outs of their numbers are woven into one line of time for each person; where membership, or the
group they belong to, changes along it, there is a movement. An opt-out belongs to whoever had the number then. Which
number that was, of people who have another one now or were erased, the delivery ledger says, as long as it is kept: of
a number never written to, or that another person of the same number was written to in the name of, it says nothing. A
new number is taken to be had from the next edition on, or from the register's last change, whichever is earlier.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    String,
    Subquery,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union,
    union_all,
)

from newsletter.delivery.models import Delivery, Dispatch
from newsletter.instants import to_milliseconds
from newsletter.organisation.regions import TOWN_LENGTH
from newsletter.organisation.scope import Scope
from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.grouping import table_of
from newsletter.statistics.growth.balance import Movement
from newsletter.subscribers.event_records import EventKind, MemberEvent
from newsletter.subscribers.models import ALL_PAPERS, OptOutEvent, Status, Subscriber

#: ``OptOutEvent.kind`` of somebody who left.
_OUT: Final = "out"
#: The two ledgers; of the same millisecond, the register's comes first.
_REGISTER, _WORD = 0, 1
_ERASED: Final = "erased"


_GONE: Final[Mapping[str, Movement]] = {
    Status.DIED: Movement.DIED,
    Status.NUMBERLESS: Movement.NUMBER_LOST,
    _ERASED: Movement.ERASED,
}


@dataclass(frozen=True, kw_only=True)
class Watch:
    """What is looked at.

    Attributes:
        by: the dimension people are grouped by; None: by none.
        scope: units whose members count.
        end: the first moment no longer looked at.
        paper_id: the paper whose opt-outs count beside those from everything.
    """

    end: datetime
    by: Dimension | None = None
    scope: Scope = None
    paper_id: int = ALL_PAPERS


def find_movements(watch: Watch) -> Subquery:
    """The query of all movements: person, at (ms), stream, seq, movement, value and was_value (of ``watch.by``)."""
    former = _former_numbers().cte("former")
    held = _holders(former).cte("held")
    moments = union_all(_quiet(watch, held), _judge(_carry(_weave(watch, held, former)))).subquery("moments")
    own: dict[str, Any] = {
        "partition_by": moments.c.person,
        "order_by": (moments.c.at, moments.c.stream, moments.c.seq),
    }

    def before(column: ColumnElement[Any], kind: Any, default: object = None) -> ColumnElement[Any]:
        return func.lag(column, 1, default, type_=kind).over(**own)

    ever = func.max(moments.c.ok, type_=Integer()).over(**own, rows=(None, -1))
    lines = select(
        *moments.c,
        before(moments.c.ok, Integer(), 0).label("was_ok"),
        before(moments.c.inside, Integer(), 0).label("was_inside"),
        before(moments.c.value, moments.c.value.type).label("was_value"),
        func.coalesce(ever, 0).label("ever_ok"),
    ).subquery("lines")
    named = select(
        *(lines.c[name] for name in ("person", "at", "stream", "seq", "value", "was_value")),
        _name_movement(lines).label("movement"),
    ).subquery("named")
    return select(named).where(named.c.movement != "").subquery("movements")


def bucket_of(moment: ColumnElement[Any], bounds: Sequence[datetime]) -> ColumnElement[int]:
    """How many of the ascending ``bounds`` are not after ``moment``, by halving: databases share no words for zones."""
    return _halve(moment, [to_milliseconds(bound) for bound in bounds], 0)


def _halve(moment: ColumnElement[Any], bounds: Sequence[int], passed: int) -> ColumnElement[int]:
    if not bounds:
        return literal(passed)
    middle = len(bounds) // 2
    early = _halve(moment, bounds[:middle], passed)
    late = _halve(moment, bounds[middle + 1 :], passed + middle + 1)
    return case((moment < bounds[middle], early), else_=late)


def _former_numbers() -> Any:
    """Person, a number that ever opted out or in and is not theirs any more, until when it was, and the present one."""
    people, ledger, words = table_of(Subscriber).c, table_of(Delivery).c, table_of(OptOutEvent).c
    later, dispatches = table_of(Delivery).alias("later"), table_of(Dispatch)
    # Which number was written to first, the index on numbers finds; none is on people.
    following = (
        select(func.min(type_coerce(dispatches.c.planned_at, BigInteger)))
        .select_from(later.join(dispatches, dispatches.c.edition_id == later.c.edition_id))
        .where(later.c.number_key == people.number_key, later.c.subscriber_id == people.id)
        .scalar_subquery()
    )
    found = (
        select(
            people.id.label("person"),
            ledger.number_key,
            people.number_key.label("present"),
            type_coerce(people.updated_at, BigInteger).label("changed"),
            following.label("following"),
        )
        .where(ledger.subscriber_id == people.id, ledger.number_key != people.number_key)
        .where(ledger.number_key.in_(select(words.number_key)))
        .distinct()
        .subquery("found")
    )
    until = case((found.c.following < found.c.changed, found.c.following), else_=found.c.changed).label("until")
    return select(found.c.person, found.c.number_key, found.c.present, until)


def _holders(former: FromClause) -> Any:
    """Person, number key, since and until when they had it (null: no limit), of numbers that ever opted out or in."""
    people, ledger, words = table_of(Subscriber).c, table_of(Delivery).c, table_of(OptOutEvent).c
    spoken, none = select(words.number_key), null().cast(BigInteger)
    known = select(people.id).where(people.id == ledger.subscriber_id).exists()
    since = select(func.max(former.c.until)).where(former.c.person == people.id).scalar_subquery()
    return union(
        select(people.id.label("person"), people.number_key, since.label("since"), none.label("until")).where(
            people.number_key.in_(spoken)
        ),
        select(former.c.person, former.c.number_key, none, former.c.until),
        select(ledger.subscriber_id, ledger.number_key, none, none).where(ledger.number_key.in_(spoken), ~known),
    )


def _register_columns(watch: Watch, events: FromClause) -> list[ColumnElement[Any]]:
    status = case((events.c.kind == EventKind.ERASED, _ERASED), else_=events.c.status)
    inside = literal(1) if watch.scope is None else case((events.c.unit_id.in_(watch.scope), 1), else_=0)
    return [
        events.c.subscriber_id.label("person"),
        type_coerce(events.c.at, BigInteger).label("at"),
        literal(_REGISTER).label("stream"),
        events.c.id.label("seq"),
        status.label("status"),
        _value(watch.by, events).label("value"),
        inside.label("inside"),
    ]


def _value(by: Dimension | None, events: FromClause) -> ColumnElement[Any]:
    if by is Dimension.UNIT:
        return events.c.unit_id
    if by is Dimension.REGION:
        return func.substr(events.c.region_code, 1, TOWN_LENGTH, type_=String())
    if by in (Dimension.MOBILE, Dimension.RETIRED):
        # PostgreSQL has no largest of two truth values.
        return case((events.c[by.value], 1), else_=0)
    return literal(0) if by is None else events.c[by.value]


def _quiet(watch: Watch, held: FromClause) -> Any:
    """The line of everybody whose number never said a word: the register's events alone."""
    events = table_of(MemberEvent)
    heard = select(held.c.person)
    columns = _register_columns(watch, events)
    lines = select(*columns).where(events.c.at < watch.end, events.c.subscriber_id.not_in(heard)).subquery("quiet")
    return select(*lines.c, case((lines.c.status == Status.ACTIVE, 1), else_=0).label("ok"))


def _weave(watch: Watch, held: FromClause, former: FromClause) -> Subquery:
    """Both ledgers of everybody else, one below the other; a new number's last word stands from when they have it."""
    events, words = table_of(MemberEvent), table_of(OptOutEvent)
    register = select(*_register_columns(watch, events), null().label("is_out")).where(
        events.c.at < watch.end, events.c.subscriber_id.in_(select(held.c.person))
    )
    spoken = (
        select(
            *(held.c.person, type_coerce(words.c.at, BigInteger), literal(_WORD), words.c.id),
            *(null(), null(), null(), case((words.c.kind == _OUT, 1), else_=0)),
        )
        .select_from(words.join(held, held.c.number_key == words.c.number_key))
        .where(words.c.at < watch.end, words.c.paper_id.in_({ALL_PAPERS, watch.paper_id}))
        .where(or_(held.c.since.is_(None), type_coerce(words.c.at, BigInteger) >= held.c.since))
        .where(or_(held.c.until.is_(None), type_coerce(words.c.at, BigInteger) < held.c.until))
    )
    said = words.alias("said")
    last_word = (
        select(case((said.c.kind == _OUT, 1), else_=0))
        .where(said.c.number_key == former.c.present, type_coerce(said.c.at, BigInteger) < former.c.until)
        .where(said.c.paper_id.in_({ALL_PAPERS, watch.paper_id}))
        .order_by(said.c.at.desc(), said.c.id.desc())
        .limit(1)
        .correlate(former)
        .scalar_subquery()
    )
    changed = select(
        *(former.c.person, former.c.until, literal(_WORD), literal(0)),
        *(null(), null(), null(), func.coalesce(last_word, 0)),
    ).where(former.c.until < to_milliseconds(watch.end))
    return union_all(register, spoken, changed).subquery("woven")


def _carry(woven: Subquery) -> Subquery:
    """The same lines, each with what was last said on either ledger."""
    own: dict[str, Any] = {"partition_by": woven.c.person, "order_by": (woven.c.at, woven.c.stream, woven.c.seq)}
    runs = select(
        *woven.c,
        func.count(woven.c.status).over(**own).label("register_run"),
        # A coming back to everything lifts what was said of single papers too: the last word decides.
        func.count(woven.c.is_out).over(**own).label("word_run"),
    ).subquery("runs")

    def last(name: str, run: str) -> ColumnElement[Any]:
        # The first of a run is the only one of it that says anything.
        column = runs.c[name]
        kind = Integer() if name == "is_out" else column.type
        return func.max(column, type_=kind).over(partition_by=(runs.c.person, runs.c[run])).label(name)

    return select(
        *(runs.c.person, runs.c.at, runs.c.stream, runs.c.seq),
        *(last(name, "register_run") for name in ("status", "value", "inside")),
        last("is_out", "word_run"),
    ).subquery("carried")


def _judge(carried: Subquery) -> Any:
    is_member = and_(carried.c.status == Status.ACTIVE, func.coalesce(carried.c.is_out, 0) == 0)
    columns = (carried.c[name] for name in ("person", "at", "stream", "seq", "status", "value", "inside"))
    return select(*columns, case((is_member, 1), else_=0).label("ok"))


def _name_movement(lines: Subquery) -> ColumnElement[str]:
    here = and_(lines.c.ok == 1, lines.c.inside == 1)
    was_here = and_(lines.c.was_ok == 1, lines.c.was_inside == 1)
    spoke = lines.c.stream == _WORD
    came = case(
        (lines.c.was_ok == 1, Movement.MOVED_IN),
        (or_(spoke, lines.c.ever_ok == 1), Movement.CAME_BACK),
        else_=Movement.JOINED,
    )
    gone = case(
        (lines.c.ok == 1, Movement.MOVED_OUT),
        (spoke, Movement.OPTED_OUT),
        *((lines.c.status == status, movement) for status, movement in _GONE.items()),
        else_=Movement.LEFT,
    )
    return case(
        (and_(here, ~was_here), came),
        (and_(was_here, ~here), gone),
        (and_(here, was_here, lines.c.value != lines.c.was_value), Movement.CHANGED),
        else_="",
    )
