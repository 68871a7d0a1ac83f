"""What of a census's proposals may be shown: people masked, and of people under units not one's own only the line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlmodel import Session, col, select

from newsletter.newsroom import Newsroom
from newsletter.organisation.units import Unit
from newsletter.subscribers.census.listed import Remark
from newsletter.subscribers.census.proposals import Kind, Proposal
from newsletter.subscribers.census.taking import CensusPlan
from newsletter.subscribers.models import Status, Subscriber
from newsletter.subscribers.phones import mask_name, mask_number
from newsletter.subscribers.provinces import find_province, province_label
from newsletter.subscribers.registering import mask_person
from newsletter.subscribers.wishes import Wishes

#: People decrypted at a time.
_AT_ONCE: Final = 500
_HIDDEN: Final = "****"
#: Digits that may be somebody's number; days stay (ISO 8601).
_NUMBER_LIKE: Final = re.compile(r"(?<!\d)(?!\d{4}-\d{1,2}-\d{1,2}(?!\d))\d(?:[\s-]?\d){4,}")
#: Fields of ``Known`` that are told otherwise, or not at all: who is back or has no number says so.
_TOLD_ELSEWHERE: Final = frozenset({"status", "number", "name", "unit_id"})


@dataclass(frozen=True, kw_only=True)
class ShownProposal:
    """One proposal as it may be shown.

    Attributes:
        line: of the file; None: not on the list.
        subscriber: None for somebody new, or not yours.
        unit: code of the unit after it; of who vanished, the unit they are missed in.
        from_unit: of a move, the unit before.
        changes: field → what the register says and would say.
        back: they were on the register before.
        yours: whether it can be taken over by the acting person.
    """

    line: int | None
    subscriber: int | None
    number: str
    name: str
    unit: str
    from_unit: str | None
    changes: dict[str, tuple[Any, Any]]
    back: bool
    yours: bool

    def document(self) -> dict[str, Any]:
        """As JSON types."""
        return asdict(self)


def show_proposals(session: Session, newsroom: Newsroom, plan: CensusPlan) -> dict[Kind, list[ShownProposal]]:
    """All proposals by kind, in the order of the list.

    Raises:
        MissingKeyError: the key is not here, or is not the one that made an entry.
    """
    units = {unit.id or 0: unit.code for unit in session.exec(select(Unit))}
    members = [one.member.known.id for one in plan.proposals.each if one.member is not None]
    plain = _read_plain(session, newsroom, members)
    return {kind: [_show(one, units, plain) for one in plan.proposals.of(kind)] for kind in Kind}


def _read_plain(session: Session, newsroom: Newsroom, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Id → masked number and name."""
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        for person in session.exec(select(Subscriber).where(col(Subscriber.id).in_(ids[start : start + _AT_ONCE]))):
            found[person.id or 0] = mask_person(newsroom.data_keys, person)
            session.expunge(person)
    return found


def _show(one: Proposal, units: Mapping[int, str], plain: Mapping[int, tuple[str, str]]) -> ShownProposal:
    row, member = one.row, one.member
    person = row.person if row else None
    old_number, old_name = plain.get(member.known.id, ("", "")) if member else ("", "")
    number = mask_number(person.number) if person and person.number else old_number
    name = mask_name(person.name) if person and person.name else old_name
    is_open = one.is_yours and member is not None
    has_moved = is_open and member is not None and member.known.unit_id != one.after.unit_id
    return ShownProposal(
        line=row.line if row else None,
        subscriber=member.known.id if member and one.is_yours else None,
        number=number,
        name=name,
        unit=units[one.after.unit_id],
        from_unit=units[member.known.unit_id] if member and has_moved else None,
        changes=_changes(one, old_number, number) if is_open and one.kind != Kind.VANISHED else {},
        back=member is not None and not member.is_there,
        yours=one.is_yours,
    )


def _changes(one: Proposal, old_number: str, number: str) -> dict[str, tuple[Any, Any]]:
    if one.member is None:
        return {}
    before, fields = one.member.known, one.changed_fields()
    told: dict[str, tuple[Any, Any]] = {}
    if "number" in fields:
        told["number"] = (old_number, number)
    if "name" in fields:
        told["name"] = ("", mask_name(one.row.person.name) if one.row and one.row.person else "")
    for name in fields:
        if name == "place":
            told[name] = (mask_place(one.wishes_before.place), mask_place(one.wishes.place))
        elif name in Wishes._fields:
            told[name] = (getattr(one.wishes_before, name), getattr(one.wishes, name))
        elif name not in _TOLD_ELSEWHERE:
            told[name] = (getattr(before, name), getattr(one.after, name))
    return told


def mask_place(place: str) -> str:
    """What may be shown of a present place: its province; of a place that names none, nothing."""
    return (province_label(find_province(place)) or _HIDDEN) if place else ""


def census_document(plan: CensusPlan, shown: Mapping[Kind, Sequence[ShownProposal]]) -> dict[str, Any]:
    """A plan as JSON types; whether it was applied is added by who does it."""
    proposals, found = plan.proposals, plan.listing
    return {
        "unit": plan.unit.code,
        "people": proposals.people,
        "listed": found.listed,
        "members": plan.members,
        "known": proposals.known,
        "without_number": found.without_number,
        "invalid_number": found.invalid_number,
        "unclear": proposals.unclear,
        "not_yours": plan.not_yours(),
        "recorded_dead": list(proposals.dead),
        "rejected": len(found.rejects),
        "vanished_as": str(Status(plan.vanished_as)),
        "warnings": plan.warnings,
        "counts": {str(kind): len(shown[kind]) for kind in Kind},
        **{str(kind): [one.document() for one in shown[kind]] for kind in Kind},
        "remarks": [_show_remark(remark) for remark in found.remarks],
        "rejects": [reject._asdict() for reject, _cells in found.rejects],
    }


def _show_remark(remark: Remark) -> dict[str, Any]:
    """What a branch wrote, as the desk may read it: without what may be a number, and without the person's name."""
    text = _NUMBER_LIKE.sub(_HIDDEN, remark.text)
    text = text.replace(remark.name, mask_name(remark.name)) if remark.name else text
    return {"line": remark.line, "number": mask_number(remark.number) if remark.number else "", "text": text}
