"""Who on a census list is whom on the register: by number and name, else by name within the unit. Pure: no database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from newsletter.subscribers.events import ON_REGISTER
from newsletter.subscribers.lists.entries import Known
from newsletter.subscribers.lists.rows import Person

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Row(NamedTuple):
    """A person of the list.

    Attributes:
        line: of the file.
        number_key: empty without a number that can be written to.
        name_key: empty without a name.
        unit_id: None where the list does not say it: the whole list is the census unit's.
        person: what the row says; the number is empty where ``number_key`` is. None: the row is rejected, and only
            tells that the person is there.
    """

    line: int
    number_key: str
    name_key: str
    unit_id: int | None
    person: Person | None


class Member(NamedTuple):
    """A person of the register, whatever their status."""

    number_key: str
    name_key: str
    has_number: bool
    known: Known

    @property
    def is_there(self) -> bool:
        """Whether they are on the register now."""
        return self.known.status in ON_REGISTER


@dataclass
class Matching:
    """Who is whom.

    Attributes:
        pairs: line → the member who stands on it.
        unclear: ids of members of whom the list has fewer of the name, without numbers, than the register: whoever is
            missing cannot be told, so none of them counts as vanished.
        unclear_lines: the lines of these.
    """

    pairs: dict[int, Member] = field(default_factory=dict)
    unclear: set[int] = field(default_factory=set)
    unclear_lines: set[int] = field(default_factory=set)

    _taken: set[int] = field(default_factory=set)

    def pair(self, row: Row, member: Member) -> None:
        """Say that a member stands on a row."""
        self.pairs[row.line] = member
        self._taken.add(member.known.id)

    def is_free(self, row: Row) -> bool:
        """Whether nobody was found for a row so far."""
        return row.line not in self.pairs and row.line not in self.unclear_lines

    def free(self, members: Iterable[Member]) -> list[Member]:
        """Those of the members who were not found so far."""
        return [
            member for member in members if member.known.id not in self._taken and member.known.id not in self.unclear
        ]


def match_rows(rows: Sequence[Row], inside: Sequence[Member], elsewhere: Mapping[tuple[str, str], Member]) -> Matching:
    """Find the members on a list.

    Args:
        rows: the list; nobody stands on it twice by number and name, or by name and unit without a number.
        inside: everybody the register has, or had, in the unit and under it.
        elsewhere: of all other units those whose number stands on the list, by number key and name key.

    Number and name together are the person. Else, in this order: the only one on a number, where one side has no name;
    the only one of a name in the unit, whose number then changed, or is missing on the list; without a number, the
    only one of the name anywhere under the census unit, who then moved within it.
    """
    found = Matching()
    _match_keys(found, rows, inside, elsewhere)
    there = [member for member in inside if member.is_there]
    _match_nameless(found, rows, found.free(there))
    _match_names(found, rows, found.free(there))
    _match_wanderers(found, rows, found.free(there))
    return found


def _match_keys(
    found: Matching, rows: Sequence[Row], inside: Iterable[Member], elsewhere: Mapping[tuple[str, str], Member]
) -> None:
    known = {(member.number_key, member.name_key): member for member in inside if member.has_number}
    for row in rows:
        keys = (row.number_key, row.name_key)
        member = (known.get(keys) or elsewhere.get(keys)) if row.number_key else None
        if member is not None:
            found.pair(row, member)


def _match_nameless(found: Matching, rows: Sequence[Row], members: Sequence[Member]) -> None:
    on_number = _group((member.number_key, member) for member in members if member.has_number)
    free = _group((row.number_key, row) for row in rows if row.number_key and found.is_free(row))
    for number_key, (row, *others) in free.items():
        holders = on_number.get(number_key, [])
        if not others and len(holders) == 1 and not (row.name_key and holders[0].name_key):
            found.pair(row, holders[0])


def _match_names(found: Matching, rows: Sequence[Row], members: Sequence[Member]) -> None:
    """Within one unit; then, for rows that do not say whose they are, in all units under the census unit as one."""
    at_unit = _group(((member.name_key, member.known.unit_id), member) for member in members)
    anywhere = _group((member.name_key, member) for member in members)
    by_name = _group(((row.name_key, row.unit_id), row) for row in rows if row.name_key and found.is_free(row))
    for (name_key, unit_id), of_name in by_name.items():
        if unit_id is not None:
            _match_name(found, of_name, at_unit.get((name_key, unit_id), []))
    for (name_key, unit_id), of_name in by_name.items():
        if unit_id is None:
            _match_name(found, of_name, anywhere.get(name_key, []))


def _match_name(found: Matching, rows: Sequence[Row], namesakes: Iterable[Member]) -> None:
    """The only one is the one; of several, those without a number are each other's, and the rest cannot be told."""
    members = found.free(namesakes)
    if len(rows) == len(members) == 1:
        found.pair(rows[0], members[0])
        return
    waiting = [row for row in rows if not row.number_key]
    for row, member in zip(waiting, [member for member in members if not member.has_number], strict=False):
        found.pair(row, member)
    left = [row for row in waiting if found.is_free(row)]
    others = found.free(members)
    if len(left) == len(others) == 1:
        found.pair(left[0], others[0])
    elif left and others:
        found.unclear_lines.update(row.line for row in left)
        found.unclear.update(member.known.id for member in others)


def _match_wanderers(found: Matching, rows: Sequence[Row], members: Sequence[Member]) -> None:
    by_name = _group((row.name_key, row) for row in rows if row.name_key and not row.number_key and found.is_free(row))
    namesakes = _group((member.name_key, member) for member in members)
    for name_key, of_name in by_name.items():
        if len(of_name) == len(namesakes.get(name_key, [])) == 1:
            found.pair(of_name[0], namesakes[name_key][0])


def _group(pairs: Iterable[tuple[_Key, _Value]]) -> dict[_Key, list[_Value]]:
    groups: defaultdict[_Key, list[_Value]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return dict(groups)
