"""How members come and go in a time: the balance that always holds, and what of it is too small to show. Pure.

``start + joined + came_back + moved_in − moved_out − opted_out − left − died − erased − number_lost = end``
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Final

from newsletter.statistics.privacy import Group, order_by_size, split_small

#: ``small_count`` up to which nothing is merged.
_NOTHING_SMALL: Final = 1


class Movement(StrEnum):
    """How somebody became a member, or ceased to be one; the value is the field's name in JSON and CSV."""

    JOINED = "joined"
    #: Opted in again, or back on the register or with a number again, after they had been a member.
    CAME_BACK = "came_back"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"
    #: Opted out: the voluntary loss.
    OPTED_OUT = "opted_out"
    LEFT = "left"
    DIED = "died"
    ERASED = "erased"
    #: Still on the register, but without a number.
    NUMBER_LOST = "number_lost"
    #: Still a member, in another group: out of the one, into the other.
    CHANGED = "changed"


#: Movements by which a time as a member begins; moving in from elsewhere is none, since it began elsewhere.
BEGINNINGS: Final = (Movement.JOINED, Movement.CAME_BACK)
INVOLUNTARY: Final = (Movement.LEFT, Movement.DIED, Movement.ERASED, Movement.NUMBER_LOST)


@dataclass(frozen=True, kw_only=True)
class Balance:
    """Members at the beginning, and what happened to them in some time; counts of people."""

    start: int = 0
    joined: int = 0
    came_back: int = 0
    moved_in: int = 0
    moved_out: int = 0
    opted_out: int = 0
    left: int = 0
    died: int = 0
    erased: int = 0
    number_lost: int = 0

    @property
    def entered(self) -> int:
        """All who came in."""
        return self.joined + self.came_back + self.moved_in

    @property
    def involuntary(self) -> int:
        """Losses nobody chose: died, left the newsroom, erased, without a number now."""
        return sum(getattr(self, movement) for movement in INVOLUNTARY)

    @property
    def net(self) -> int:
        """Net growth: the difference between end and beginning."""
        return self.entered - self.moved_out - self.opted_out - self.involuntary

    @property
    def end(self) -> int:
        """Members at the end."""
        return self.start + self.net

    def is_small(self, small_count: int) -> bool:
        """Whether it tells of so few people that it must not be shown by itself; of nobody, it tells nothing."""
        if small_count <= _NOTHING_SMALL or not self.start + self.entered:
            return False
        return 0 < self.start < small_count or 0 < self.end < small_count or not (self.start or self.end)

    def followed_by(self, later: "Balance") -> "Balance":
        """This time and the next as one."""
        return replace(merge_balances([self, later]), start=self.start)

    def as_document(self) -> dict[str, Any]:
        """As JSON has it."""
        counts = {field.name: getattr(self, field.name) for field in fields(self)}
        return counts | {"involuntary": self.involuntary, "net": self.net, "end": self.end}


def merge_balances(balances: Iterable[Balance]) -> Balance:
    """Several groups of people in the same time as one; who moves between them counts both ways."""
    together = list(balances)
    return Balance(**{field.name: sum(getattr(one, field.name) for one in together) for field in fields(Balance)})


def count_movement(balance: Balance, movement: Movement, count: int) -> Balance:
    """The balance with so many more movements of a kind."""
    return replace(balance, **{movement.value: getattr(balance, movement) + count})


#: A time: its first and last month (or whatever it is called), and its balance.
Span = tuple[str, str, Balance]


def join_small_spans(spans: Sequence[Span], small_count: int) -> list[Span]:
    """Make consecutive times one until none of them is small; where all people are few, one remains.

    A small time cannot be hidden alone: its ends are the neighbours' beginning and end.
    """
    joined: list[Span] = []
    for first, last, balance in spans:
        if joined and joined[-1][2].is_small(small_count):
            earlier = joined.pop()
            joined.append((earlier[0], last, earlier[2].followed_by(balance)))
        else:
            joined.append((first, last, balance))
    while len(joined) > 1 and joined[-1][2].is_small(small_count):
        late, early = joined.pop(), joined.pop()
        joined.append((early[0], late[1], early[2].followed_by(late[2])))
    return joined


def split_small_groups(
    groups: Sequence[tuple[object, Balance]], small_count: int, salt: str
) -> tuple[list[tuple[object, Balance]], list[Balance]]:
    """Groups to show, in the order given, and balances to merge: the small ones with the next smallest that remains.

    They are joined by one more for as long as together they are small at the beginning or the end: else the merged row
    would tell of the one group that was there. ``salt`` is ``split_small``'s.
    """
    balances = dict(groups)
    sizes = [_size(key, one, small_count) for key, one in groups]
    shown, hidden = split_small(sizes, small_count, salt)
    waiting = order_by_size(shown, salt)
    while hidden and waiting and merge_balances(balances[one.key[0]] for one in hidden).is_small(small_count):
        hidden.append(waiting.pop(0))
    kept = {one.key for one in waiting}
    return (
        [(one.key[0], balances[one.key[0]]) for one in shown if one.key in kept],
        [balances[one.key[0]] for one in hidden],
    )


def _size(key: object, balance: Balance, small_count: int) -> Group:
    people = balance.start + balance.entered
    sized = min(people, small_count - 1) if balance.is_small(small_count) else max(people, small_count)
    return Group(key=(key,), people=sized, audience=0, delivered=0, opt_outs={})
