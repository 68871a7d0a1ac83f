"""Who must not be written to: opt-outs and opt-ins as events for good, and the suppression they amount to.

Of what somebody said the word that is later by its own time counts, in whatever order it reaches us: a reply may lie at
the gateway while its reader telephones. Of two words of one moment leaving counts. What comes too late changes nothing,
and is kept as an event without effect.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final

from sqlalchemy import ColumnElement, exists, insert, text
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import Session, col, delete, func, select

from newsletter.errors import InputError, RefusedError
from newsletter.keys import DataKeys
from newsletter.subscribers.models import ALL_PAPERS, OptOutEvent, OptOutNote, Subscriber, Suppression
from newsletter.translation import gettext as _

#: Characters of the longest reason and keyword (columns of ``OptOutEvent``).
LONGEST_REASON: Final = 80
LONGEST_KEYWORD: Final = 20
#: Key of the PostgreSQL advisory lock under which events are judged and written ("opto" in ASCII).
_OPT_OUT_LOCK: Final = 0x6F70746F
#: Keys asked for in one statement.
_KEYS_AT_ONCE: Final = 500
#: The least by which two moments that are kept differ.
_INSTANT: Final = timedelta(milliseconds=1)
_BEFORE_ALL: Final = datetime.min.replace(tzinfo=UTC)
#: Number key, kind, paper -> the newest moment it was said.
_LastWords = dict[tuple[str, str, int], datetime]


class ReasonTooLongError(InputError):
    """A reason is a few words."""

    code: ClassVar[str] = "long_reason"


class StillOutError(RefusedError):
    """One paper cannot be rejoined while everything is left."""

    code: ClassVar[str] = "still_out"


class EventKind(StrEnum):
    """Left, or came back."""

    OUT = "out"
    IN = "in"


@dataclass(frozen=True)
class Cell:
    """What a person was when it happened: where statistics count them."""

    unit_id: int | None
    region_code: str
    profession: str
    standing: str
    mobile: bool
    retired: bool


@dataclass(frozen=True, kw_only=True)
class OptOut:
    """An opt-out that has come in.

    Attributes:
        number_key: of the number that leaves.
        source: by which way it came: ``reply``, ``phone``, ``desk`` …
        at: when it came, aware.
        paper_id: the paper left; ``ALL_PAPERS``: everything.
        keyword: the normalised word of a reply.
        reason: a ``ReasonCode``; empty: none was given.
        note: what else they said, hidden by ``hide_note``; empty: nothing.
        edition_id, attribution: the edition it is put down to, and how that was concluded.
        staff_id: who recorded it; None: a machine.
        cell: None: that of the first person on the register with this number, if any.
    """

    number_key: str
    source: str
    at: datetime
    paper_id: int = ALL_PAPERS
    keyword: str = ""
    reason: str = ""
    note: bytes = b""
    edition_id: int | None = None
    attribution: str = ""
    staff_id: int | None = None
    cell: Cell | None = None


def record_opt_out(
    session: Session,
    *,
    number_key: str,
    source: str,
    at: datetime,
    paper_id: int = ALL_PAPERS,
    keyword: str = "",
    reason: str = "",
    note: bytes = b"",
    edition_id: int | None = None,
    attribution: str = "",
    staff_id: int | None = None,
    cell: Cell | None = None,
) -> OptOutEvent:
    """Record one opt-out; the values are those of ``OptOut``."""
    opt_out = OptOut(
        number_key=number_key,
        source=source,
        at=at,
        paper_id=paper_id,
        keyword=keyword,
        reason=reason,
        note=note,
        edition_id=edition_id,
        attribution=attribution,
        staff_id=staff_id,
        cell=cell,
    )
    return record_opt_outs(session, [opt_out])[0]


def record_opt_outs(session: Session, opt_outs: Sequence[OptOut]) -> list[OptOutEvent]:
    """Record opt-outs, in the order they came in: an event for each, and the numbers suppressed from now on.

    An event is effective if the number could be written to before. Recording the same again adds an event that is not,
    and so does what is older than their coming back.

    Raises:
        ReasonTooLongError: a reason is longer than ``LONGEST_REASON``; nothing was recorded.
    """
    for opt_out in opt_outs:
        check_reason(opt_out.reason)
    _take_turn(session)
    keys = [opt_out.number_key for opt_out in opt_outs]
    suppressed = read_suppressions(session, keys)
    last = _read_last_words(session, keys)
    cells = read_cells(session, [opt_out.number_key for opt_out in opt_outs if opt_out.cell is None])
    events, counting = [], []
    for opt_out in opt_outs:
        places = {(opt_out.number_key, ALL_PAPERS), (opt_out.number_key, opt_out.paper_id)}
        counts = not _came_back_since(last, opt_out)
        cell = opt_out.cell or cells.get(opt_out.number_key)
        events.append(_make_event(opt_out, cell, is_effective=counts and not places & suppressed))
        if counts:
            suppressed.add((opt_out.number_key, opt_out.paper_id))
            counting.append(events[-1])
    _insert(session, events, [opt_out.note for opt_out in opt_outs])
    _suppress(session, counting)
    return events


def record_opt_in(
    session: Session,
    *,
    number_key: str,
    source: str,
    at: datetime,
    paper_id: int = ALL_PAPERS,
    keyword: str = "",
    reason: str = "",
    staff_id: int | None = None,
    cell: Cell | None = None,
    is_new_holder: bool = False,
) -> OptOutEvent:
    """Record that a number comes back, and lift its suppression; the values are those of ``OptOut``.

    Coming back to everything lifts what was said of single papers too, but never what was said later. A number that is
    somebody else's now (``is_new_holder``) is free again, but nobody came back: the event is not effective, and
    statistics pass it over.

    Raises:
        StillOutError: it comes back to one paper only, but had left all of them.
    """
    opt_in = OptOut(
        number_key=number_key,
        source=source,
        at=at,
        paper_id=paper_id,
        keyword=keyword,
        reason=reason,
        staff_id=staff_id,
        cell=cell,
    )
    check_reason(opt_in.reason)
    _take_turn(session)
    suppressed = read_suppressions(session, [number_key])
    if paper_id != ALL_PAPERS and (number_key, ALL_PAPERS) in suppressed:
        raise StillOutError(
            _("This number left every paper; it cannot come back to one only."),
            hint=_("Record that it comes back to all of them, then that it leaves the others."),
        )
    last = _read_last_words(session, [number_key])
    lifted = [
        paper
        for _key, paper in suppressed
        if paper_id in (ALL_PAPERS, paper) and at > last.get((number_key, EventKind.OUT, paper), _BEFORE_ALL)
    ]
    known = cell or read_cells(session, [number_key]).get(number_key)
    event = _make_event(opt_in, known, kind=EventKind.IN, is_effective=bool(lifted) and not is_new_holder)
    session.add(event)
    lift = delete(Suppression).where(col(Suppression.number_key) == number_key, col(Suppression.paper_id).in_(lifted))
    session.execute(lift)
    session.flush()
    return event


def moments_of_speaking(session: Session, number_keys: Iterable[str], now: datetime) -> dict[str, datetime]:
    """Number key → when what is said now was said: after all they said before, though another clock dated that later.

    For whatever has no time of its own: what is recorded at the desk, a list, a link.
    """
    keys = set(number_keys)
    moments = dict.fromkeys(keys, now)
    for (key, _kind, _paper), at in _read_last_words(session, keys).items():
        moments[key] = max(moments[key], at + _INSTANT)
    return moments


def is_suppressed_condition(number_key: ColumnElement[str] | Mapped[str], paper_id: int) -> ColumnElement[bool]:
    """Whether the number in this column, of whatever table, must not be written to by this paper."""
    suppression = aliased(Suppression)
    papers = {ALL_PAPERS, paper_id}
    return exists().where(col(suppression.number_key) == number_key, col(suppression.paper_id).in_(papers))


def hide_note(keys: DataKeys, number_key: str, note: str) -> bytes:
    """What somebody who left said besides the coded reason, as it is kept; empty for nothing."""
    return keys.encrypt(note, f"optout/{number_key}") if note else b""


def read_note(session: Session, keys: DataKeys, event: OptOutEvent) -> str:
    """What was said besides the coded reason; empty if nothing was, or it is erased.

    Raises:
        MissingKeyError: the key is not here, or is not the one that hid it.
    """
    kept = session.get(OptOutNote, event.id)
    return keys.decrypt(kept.note, f"optout/{event.number_key}") if kept else ""


def check_reason(reason: str) -> None:
    """Accept a reason that is a few words.

    Raises:
        ReasonTooLongError: it is more.
    """
    if len(reason) > LONGEST_REASON:
        raise ReasonTooLongError(
            _("The reason has {count} characters; at most {most} are kept.").format(
                count=len(reason), most=LONGEST_REASON
            )
        )


def read_cells(session: Session, number_keys: Iterable[str]) -> dict[str, Cell]:
    """Number key → what the register says now of the first person on that number."""
    cells: dict[str, Cell] = {}
    for keys in _batches(number_keys):
        people = select(Subscriber).where(col(Subscriber.number_key).in_(keys)).order_by(col(Subscriber.id))
        for person in session.exec(people):
            cells.setdefault(person.number_key, cell_of(person))
    return cells


def cell_of(person: Subscriber) -> Cell:
    """What the register says of a person."""
    return Cell(
        unit_id=person.unit_id,
        region_code=person.region_code,
        profession=person.profession,
        standing=person.standing,
        mobile=person.mobile,
        retired=person.retired,
    )


def _make_event(
    opt_out: OptOut, cell: Cell | None, *, is_effective: bool, kind: EventKind = EventKind.OUT
) -> OptOutEvent:
    known = cell or Cell(None, "", "", "", mobile=False, retired=False)
    return OptOutEvent(
        number_key=opt_out.number_key,
        kind=kind,
        paper_id=opt_out.paper_id,
        source=opt_out.source,
        keyword=opt_out.keyword[:LONGEST_KEYWORD],
        reason=opt_out.reason,
        edition_id=opt_out.edition_id,
        attribution=opt_out.attribution,
        is_effective=is_effective,
        staff_id=opt_out.staff_id,
        at=opt_out.at,
        **vars(known),
    )


def _insert(session: Session, events: Sequence[OptOutEvent], notes: Sequence[bytes]) -> None:
    """Write events and what was said besides them; past the object mapper, since a carrier's list may be long."""
    if not events:
        return
    statement = insert(OptOutEvent).returning(col(OptOutEvent.id), sort_by_parameter_order=True)
    ids = session.execute(statement, [event.model_dump(exclude={"id"}) for event in events]).scalars()
    for event, event_id in zip(events, ids, strict=True):
        event.id = event_id
    said = [{"event_id": event.id, "note": note} for event, note in zip(events, notes, strict=True) if note]
    if said:
        session.execute(insert(OptOutNote), said)


def _suppress(session: Session, events: Sequence[OptOutEvent]) -> None:
    rows = [{"key": event.number_key, "paper": event.paper_id, "event": event.id} for event in events]
    if rows:
        insert = "INSERT INTO suppression (number_key, paper_id, event_id) VALUES (:key, :paper, :event)"
        session.connection().execute(text(f"{insert} ON CONFLICT DO NOTHING"), rows)


def read_suppressions(session: Session, number_keys: Iterable[str]) -> set[tuple[str, int]]:
    """What these numbers have left: number key and paper, ``ALL_PAPERS`` for everything."""
    found: set[tuple[str, int]] = set()
    for keys in _batches(number_keys):
        rows = session.exec(
            select(Suppression.number_key, Suppression.paper_id).where(col(Suppression.number_key).in_(keys))
        )
        found.update((key, paper) for key, paper in rows)
    return found


def _read_last_words(session: Session, number_keys: Iterable[str]) -> _LastWords:
    found: _LastWords = {}
    said = (col(OptOutEvent.number_key), col(OptOutEvent.kind), col(OptOutEvent.paper_id))
    for keys in _batches(number_keys):
        query = (
            select(*said, func.max(col(OptOutEvent.at))).where(col(OptOutEvent.number_key).in_(keys)).group_by(*said)
        )
        found.update({(key, kind, paper): at for key, kind, paper, at in session.exec(query)})
    return found


def _came_back_since(last: _LastWords, opt_out: OptOut) -> bool:
    """Whether a later word undoes this one: coming back to everything, or to the one paper left."""
    papers = {ALL_PAPERS, opt_out.paper_id}
    words = (last.get((opt_out.number_key, EventKind.IN, paper)) for paper in papers)
    return any(at is not None and at > opt_out.at for at in words)


def _batches(number_keys: Iterable[str]) -> Iterable[list[str]]:
    keys = sorted(set(number_keys))
    return (keys[start : start + _KEYS_AT_ONCE] for start in range(0, len(keys), _KEYS_AT_ONCE))


def _take_turn(session: Session) -> None:
    # Two writers judging the same number at once would both find it effective. SQLite has one writer anyway.
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _OPT_OUT_LOCK})
