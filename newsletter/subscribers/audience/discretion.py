"""What of an audience's count may be told to people of some units only: not who of their own left. Pure.

Who sees the whole newsroom is told every number. Others are told what stands on the register, and nothing of who left:
they say themselves who is counted, so that no number is large enough to hide one person.
"""

from dataclasses import dataclass
from typing import Any

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


def tell_register(counted: AudienceCount) -> ToldCount:
    """People and numbers only, however many left.

    Of two audiences that one person sets apart, any other figure tells of that person. The other reasons go too: a
    number counts under the first that holds.
    """
    hidden: dict[Exclusion, int | None] = dict.fromkeys(Exclusion)
    return ToldCount(people=counted.people, numbers=counted.numbers, reachable=None, excluded=hidden)
