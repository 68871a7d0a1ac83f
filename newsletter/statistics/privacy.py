"""Which groups are too small to be shown, and how they are merged. Pure: no clock, no database."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

#: ``small_count`` up to which nothing is merged: a group of nobody has nobody to protect.
_NOTHING_SMALL: Final = 1
#: The code of every dimension of the merged row.
SUPPRESSED: Final = "suppressed"


@dataclass(frozen=True, kw_only=True)
class Group:
    """What is known of the people alike in some dimensions.

    Attributes:
        key: their values, in the order of the dimensions deliveries have.
        people: numbers delivered to, each counted once. Of a merged group the sum, an upper bound, since one person
            may be in several of its groups; it is then used for nothing but its size.
        audience, delivered: ledger rows.
        opt_outs: reason → opt-outs; one entry, under the empty reason, where reasons are not asked for.
    """

    key: tuple[object, ...]
    people: int
    audience: int
    delivered: int
    opt_outs: Mapping[str, int]

    @property
    def unsubscribed(self) -> int:
        """Opt-outs for whatever reason."""
        return sum(self.opt_outs.values())


def split_small(groups: Sequence[Group], small_count: int, salt: str = "") -> tuple[list[Group], list[Group]]:
    """Decide which groups may be shown and which must be merged.

    The small ones (fewer people than ``small_count``) go together with the next smallest that remains: a single small
    group would otherwise be the total minus what is shown. The one that joins them has ``small_count`` people or more,
    so the merged group has too. A ``small_count`` of 1 turns merging off: groups nobody was delivered to, which are
    small otherwise, are then shown.

    Who reads the output, knows this rule and even which groups were merged, still cannot tell which of them is which:
    were any small one and the one that joins it to exchange their people, the output would be the same. For that, the
    choice depends on people delivered to alone and never on who left (or it would tell who left), and among groups as
    large as each other on ``salt``, which no reader knows (by their names, one could be told from the other). So every
    count of a merged group could be another. But where the merged row counts nobody who left, none left in any of its
    groups, as in every row that says 0; and what is the only group is what ``total`` says.

    Returns:
        Groups to show, in the order given; groups to merge, smallest first.
    """
    by_size = order_by_size(groups, salt)
    small = sum(group.people < small_count for group in by_size)
    if not small or small_count <= _NOTHING_SMALL:
        return list(groups), []
    hidden = by_size[: small + 1]
    hidden_keys = {group.key for group in hidden}
    return [group for group in groups if group.key not in hidden_keys], hidden


def order_by_size(groups: Sequence[Group], salt: str) -> list[Group]:
    """The smallest first; those as large as each other in an order that only ``salt`` tells, which no reader knows."""
    return sorted(groups, key=lambda group: (group.people, _hash_key(group, salt)))


def _hash_key(group: Group, salt: str) -> str:
    return hashlib.sha256("|".join([salt, *(str(part) for part in group.key)]).encode()).hexdigest()


def merge_groups(groups: Sequence[Group], key: tuple[object, ...] = ()) -> Group:
    """All of ``groups`` as one."""
    opt_outs: Counter[str] = Counter()
    for group in groups:
        opt_outs.update(group.opt_outs)
    return Group(
        key=key,
        people=sum(group.people for group in groups),
        audience=sum(group.audience for group in groups),
        delivered=sum(group.delivered for group in groups),
        opt_outs=opt_outs,
    )
