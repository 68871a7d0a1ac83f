"""What a census proposes: who joins, moves in or within, changes, or vanished. Pure: no database."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from hashlib import sha256
from typing import Final

from newsletter.subscribers.census.listed import MEMBER_STANDINGS
from newsletter.subscribers.census.matching import Matching, Member, Row
from newsletter.subscribers.lists.entries import Columns, Known, merge_particulars
from newsletter.subscribers.models import Status
from newsletter.subscribers.wishes import Wishes, merge_wishes

#: More vanished people than both this many and this share of the unit's are said in the question.
MANY_VANISHED: Final = 5
MANY_VANISHED_SHARE: Final = 0.2
#: Of the list, the share known in the unit below which it is taken for another unit's, if more than as large a share
#: of the unit would vanish; not in small units, unless nobody is known.
STRANGE_SHARE: Final = 0.5

#: What the register says of somebody it does not have; no unit's id is 0.
_NOBODY: Final = Known(
    id=0, unit_id=0, region_code="", profession="", standing="", mobile=False, retired=False, status=""
)

_NO_WISHES: Final = Wishes()


class Kind(StrEnum):
    """What is proposed for a person; the JSON document's lists have these names."""

    JOINS = "joins"
    MOVES_IN = "moves_in"
    MOVES_WITHIN = "moves_within"
    CHANGES = "changes"
    VANISHED = "vanished"


class Accept(StrEnum):
    """What of the proposals is taken over; what the desk may say after ``--accept``."""

    JOINS = "joins"
    MOVES_IN = "moves-in"
    VANISHED = "vanished"
    CHANGES = "changes"


#: A move within the census unit is a change of its own people.
ACCEPTED_AS: Final[Mapping[Kind, Accept]] = {
    Kind.JOINS: Accept.JOINS,
    Kind.MOVES_IN: Accept.MOVES_IN,
    Kind.MOVES_WITHIN: Accept.CHANGES,
    Kind.CHANGES: Accept.CHANGES,
    Kind.VANISHED: Accept.VANISHED,
}


@dataclass(frozen=True)
class Proposal:
    """One person's.

    Attributes:
        row: where they stand on the list; None: nowhere, they vanished.
        member: whom the register has; None: nobody.
        after: what the register would say; its id is 0 for somebody new.
        is_yours: whether the acting person may take it over.
        wishes_before, wishes: preferences and present place, as the register has them and would have them.
    """

    kind: Kind
    row: Row | None
    member: Member | None
    after: Known
    is_yours: bool = True
    wishes_before: Wishes = _NO_WISHES
    wishes: Wishes = _NO_WISHES

    @property
    def has_new_number(self) -> bool:
        """Whether a known person would get another number, or their first."""
        row, member = self.row, self.member
        return bool(row and member and row.number_key and row.number_key != (member.number_key * member.has_number))

    @property
    def has_new_name(self) -> bool:
        """Whether somebody known by number only would get a name."""
        return bool(self.row and self.member and self.row.name_key and not self.member.name_key)

    def changed_fields(self) -> list[str]:
        """What the register would say otherwise of a known person: names of fields."""
        if self.member is None:
            return []
        before = self.member.known
        fields = [name for name in Known._fields if getattr(before, name) != getattr(self.after, name)]
        renewed = {"number": self.has_new_number, "name": self.has_new_name}
        fields += [name for name in Wishes._fields if getattr(self.wishes_before, name) != getattr(self.wishes, name)]
        return [name for name, is_new in renewed.items() if is_new] + fields


@dataclass(frozen=True)
class Proposals:
    """All of them, and how the list compares with the register.

    Attributes:
        people: on the register in the unit and under it.
        listed: people on the list.
        known: of these, who is on the register in the unit or under it.
        others: of these, who is no member as the register has it, where the list says nothing of standing.
        unclear: people of whom the list has fewer of the name than the register.
        dead: lines of people of whom the register says that they died; the desk decides, and nothing is proposed.
    """

    each: tuple[Proposal, ...]
    people: int
    listed: int
    known: int
    unclear: int
    dead: tuple[int, ...] = ()
    others: int = 0

    def of(self, kind: Kind) -> list[Proposal]:
        """Those of one kind."""
        return [proposal for proposal in self.each if proposal.kind == kind]

    @property
    def vanished(self) -> int:
        """How many would vanish."""
        return len(self.of(Kind.VANISHED))

    @property
    def would_many_vanish(self) -> bool:
        """Whether so many would vanish that it must be said."""
        return self.vanished > MANY_VANISHED and self.vanished > MANY_VANISHED_SHARE * self.people

    @property
    def looks_strange(self) -> bool:
        """Whether the list looks like another unit's."""
        is_unknown = self.known < STRANGE_SHARE * max(self.listed, 1)
        is_many = self.vanished > MANY_VANISHED or not self.known
        return is_unknown and is_many and self.vanished > STRANGE_SHARE * self.people

    def digest(self) -> str:
        """What is proposed, in 64 hexadecimal digits: the same proposals for the same people, the same digest."""
        lines = [
            (one.row.line if one.row else 0, one.member, one.after, one.is_yours, one.wishes_before)
            for one in self.each
        ]
        return sha256(json.dumps(lines).encode()).hexdigest()


def propose(
    rows: Sequence[Row],
    inside: Sequence[Member],
    found: Matching,
    *,
    wanted: Callable[[Row, Member | None], Known],
    wishes: Mapping[int, Wishes],
    may_move: Callable[[int], bool],
    vanished_as: Status,
    says_standing: bool = True,
) -> Proposals:
    """Compare a list with the register.

    Args:
        rows: the list.
        inside: everybody the register has, or had, in the unit and under it.
        found: who is whom.
        wanted: what the register should say after a row, of a known person or somebody new.
        wishes: subscriber id → preferences and present place, of whom the list may say others.
        may_move: whether people of a unit (its id) are the acting person's to move.
        vanished_as: what becomes of who is not on the list.
        says_standing: whether the list has a column for it.
    """
    homes = {member.known.id for member in inside}
    there = [member for member in inside if member.is_there]
    told = partial(_propose_row, found=found, homes=homes, wanted=wanted, wishes=wishes, may_move=may_move)
    each = [one for row in rows if row.person for one in told(row)]
    listed_ids = {member.known.id for member in found.pairs.values()}
    present = listed_ids | found.unclear
    each += [
        Proposal(Kind.VANISHED, None, member, member.known._replace(status=vanished_as))
        for member in there
        if member.known.id not in present
    ]
    known = sum(member.is_there and member.known.id in homes for member in found.pairs.values())
    dead = tuple(line for line, member in found.pairs.items() if member.known.status == Status.DIED)
    recognised = known + len(found.unclear_lines)
    others = 0 if says_standing else sum(m.known.standing not in MEMBER_STANDINGS for m in found.pairs.values())
    return Proposals(tuple(each), len(there), len(rows), recognised, len(found.unclear), dead, others)


def _propose_row(
    row: Row,
    *,
    found: Matching,
    homes: Collection[int],
    wanted: Callable[[Row, Member | None], Known],
    wishes: Mapping[int, Wishes],
    may_move: Callable[[int], bool],
) -> Iterable[Proposal]:
    if row.line in found.unclear_lines:
        return
    member = found.pairs.get(row.line)
    if member is not None and member.known.status == Status.DIED:
        return
    after = wanted(row, member)
    said = row.person.preferences if row.person else None
    before = wishes.get(member.known.id, _NO_WISHES) if member else _NO_WISHES
    wished = before if said is None else merge_wishes(before, said)
    if member is not None and member.known.mobile and not after.mobile and (said is None or said.place is None):
        # Who came home lives where they used to be away no more.
        wished = wished._replace(place="")
    if member is None:
        yield Proposal(Kind.JOINS, row, None, after, wishes=wished)
        return
    is_home = member.known.id in homes
    proposal = Proposal(
        _kind(member, after, is_home=is_home),
        row,
        member,
        after,
        is_home or may_move(member.known.unit_id),
        before,
        wished,
    )
    if proposal.changed_fields():
        yield proposal


def _kind(member: Member, after: Known, *, is_home: bool) -> Kind:
    if not member.is_there:
        return Kind.JOINS
    if not is_home:
        return Kind.MOVES_IN
    return Kind.CHANGES if after.unit_id == member.known.unit_id else Kind.MOVES_WITHIN


def want(
    row: Row,
    member: Member | None,
    *,
    columns: Columns,
    unit_id: int,
    inside_ids: Collection[int],
    nearest: Mapping[int, str],
) -> Known:
    """What the register should say after a row that is no rejected one.

    Args:
        row: of the list.
        member: whom the register has.
        columns: which of unit and region the list has.
        unit_id: the census unit: home of whoever is new where the list says no other.
        inside_ids: it and all under it.
        nearest: unit id → its region, or the nearest one above it.
    """
    if row.person is None:
        raise ValueError(row.line)
    said = row.person.particulars
    before = member.known if member is not None else _NOBODY
    if row.unit_id is None:
        home = before.unit_id if before.unit_id in inside_ids else unit_id
        said = said._replace(unit_id=home, region_code=said.region_code if columns.has_region else nearest[home])
    has_number = bool(row.number_key) or (member is not None and member.has_number)
    merged = merge_particulars(before, said, Columns(has_unit=True, has_region=columns.has_region))
    return merged._replace(status=Status.ACTIVE.value if has_number else Status.NUMBERLESS.value)
