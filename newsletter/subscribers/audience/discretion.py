"""What of an audience's count may be told to people of some units only: not who of their own left. Pure.

Who sees the whole newsroom is told every number. Others are told how many left only where that is ``small_count`` or
more, and nothing from which a smaller number could be computed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from newsletter.subscribers.audience.breakdown import GroupCount
from newsletter.subscribers.audience.exclusion import Exclusion
from newsletter.subscribers.audience.reach import AudienceCount


@dataclass(frozen=True, kw_only=True)
class ToldCount:
    """An audience's count as it may be told; None: not told.

    Attributes:
        people, numbers: on the register; numbers once each.
        reachable: of the numbers, those that can be written to.
        excluded: reason → the others.
    """

    people: int
    numbers: int
    reachable: int | None
    excluded: dict[Exclusion, int | None]

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "people": self.people,
            "numbers": self.numbers,
            "suppressed": self.excluded[Exclusion.SUPPRESSED],
            "reachable": self.reachable,
            "excluded": {reason.value: count for reason, count in self.excluded.items()},
        }


def tell_all(counted: AudienceCount) -> ToldCount:
    """Everything."""
    return ToldCount(
        people=counted.people,
        numbers=counted.numbers,
        reachable=counted.reachable,
        excluded=dict(counted.excluded),
    )


def tell_some(counted: AudienceCount, small_count: int) -> ToldCount:
    """Everything, or neither who left nor what, taken from the numbers, would leave them over.

    The other reasons go too: a number counts under the first that holds, so that somebody known to be unreachable and
    missing among the invalid would be somebody who left.
    """
    if counted.suppressed >= small_count:
        return tell_all(counted)
    hidden: dict[Exclusion, int | None] = dict.fromkeys(Exclusion)
    return ToldCount(people=counted.people, numbers=counted.numbers, reachable=None, excluded=hidden)


def tell_reachable(groups: Sequence[GroupCount], counted: AudienceCount, small_count: int) -> list[int | None]:
    """How many of each group can be reached, in the order of the groups; None where that is not told.

    Not told of groups in which fewer than ``small_count`` left, and then of the next smallest too: one hidden alone is
    the total without the others. Where the total is not told, no group is.
    """
    if counted.suppressed < small_count:
        return [None] * len(groups)
    by_size = sorted(range(len(groups)), key=lambda place: groups[place].suppressed)
    small = sum(group.suppressed < small_count for group in groups)
    hidden = set(by_size[: small + 1]) if small else set()
    return [None if place in hidden else group.reachable for place, group in enumerate(groups)]
