"""Whether editions differ in how many left, or only by chance: what ``stats compare`` says, for every pair of them.

Each pair is tested exactly, and the probabilities are corrected for asking so many times (``intervals``). Editions that
go to the same people are not independent of each other: the tests then are careful rather than sharp.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar, Final

from sqlmodel import Session

from newsletter.editions.records import get_edition
from newsletter.errors import InputError, RefusedError
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.scope import Scope, unit_ids_with_right
from newsletter.statistics.counting import count_groups
from newsletter.statistics.deliveries import raise_if_beyond
from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.intervals import SIGNIFICANCE, correct_for_many, exact_test
from newsletter.statistics.names import load_names, name_value
from newsletter.statistics.period import Period
from newsletter.statistics.privacy import Group
from newsletter.statistics.report import Row
from newsletter.translation import gettext as _

#: Editions beside each other, at most: 20 are 190 pairs.
MOST_EDITIONS: Final = 20
#: Decimal places of probabilities.
_PLACES: Final = 6


class NothingToCompareError(InputError):
    """Fewer than two editions, or more than anybody can look at together."""

    code: ClassVar[str] = "nothing_to_compare"


class TooSmallToCompareError(RefusedError):
    """An edition that was delivered to so few people that its count would tell who left."""

    code: ClassVar[str] = "too_few_people"


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two editions, the one with the higher rate first.

    Attributes:
        p_value: how probable so large a difference is by chance alone (Fisher's exact test, two-sided).
        p_corrected: the same, corrected for the number of pairs (Holm).
    """

    higher: int
    lower: int
    p_value: float
    p_corrected: float

    @property
    def is_clear(self) -> bool:
        """Whether the difference is more than chance."""
        return self.p_corrected < SIGNIFICANCE

    def sentence(self) -> str:
        """What it means, for people."""
        if not self.is_clear:
            line = _("Editions {first} and {second}: the difference is within what chance does.")
            return line.format(first=min(self.higher, self.lower), second=max(self.higher, self.lower))
        line = _("More people left after edition {higher} than after edition {lower}: the difference is clear.")
        return line.format(higher=self.higher, lower=self.lower)

    def as_document(self) -> dict[str, Any]:
        """The pair as JSON has it; ``verdict`` is ``clear`` or ``chance``."""
        return {
            "higher": self.higher,
            "lower": self.lower,
            "p_value": round(self.p_value, _PLACES),
            "p_corrected": round(self.p_corrected, _PLACES),
            "verdict": "clear" if self.is_clear else "chance",
            "sentence": self.sentence(),
        }


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Editions beside each other, in the order asked for, and every pair of them."""

    rows: Sequence[Row]
    pairs: Sequence[Pair]

    def as_document(self) -> dict[str, Any]:
        """The one JSON document."""
        return {
            "editions": [row.as_document() for row in self.rows],
            "pairs": [pair.as_document() for pair in self.pairs],
        }


def compare_editions(newsroom: Newsroom, edition_ids: Sequence[int]) -> Comparison:
    """Count who left after each of these editions, whenever they left, and compare them.

    An analyst of some units compares editions of theirs, by their members alone.

    Raises:
        NothingToCompareError: fewer than two different ones, or more than ``MOST_EDITIONS``.
        UnknownEditionError: there is no such edition.
        NoRightError, NotVisibleError: the acting person is no analyst, or none of this edition's unit.
        TooSmallToCompareError: one was delivered to fewer people than ``small_count``, or not sent at all.
    """
    wanted = list(dict.fromkeys(edition_ids))
    _check_number(wanted)
    with newsroom.reading() as session:
        scope = unit_ids_with_right(session, newsroom, Right.STATISTICS)
        for edition_id in wanted:
            raise_if_beyond(session, newsroom, get_edition(session, edition_id), scope)
        groups = _count(session, newsroom, wanted, scope)
        names = load_names(session, [Dimension.EDITION])
    _raise_if_small(wanted, groups, newsroom.settings.privacy.small_count)
    rows = [
        Row(
            names={Dimension.EDITION: name_value(names, Dimension.EDITION, edition_id)},
            audience=groups[edition_id].audience,
            delivered=groups[edition_id].delivered,
            unsubscribed=groups[edition_id].unsubscribed,
        )
        for edition_id in wanted
    ]
    return Comparison(rows=rows, pairs=compare_pairs({edition: groups[edition] for edition in wanted}))


def compare_pairs(groups: Mapping[int, Group]) -> list[Pair]:
    """Every pair, in the order given."""
    couples = list(combinations(groups, 2))
    values = [exact_test(*((groups[one].unsubscribed, groups[one].delivered) for one in couple)) for couple in couples]
    pairs = []
    for (first, second), value, corrected in zip(couples, values, correct_for_many(values), strict=True):
        higher, lower = (second, first) if _rate(groups[second]) > _rate(groups[first]) else (first, second)
        pairs.append(Pair(higher=higher, lower=lower, p_value=value, p_corrected=corrected))
    return pairs


def _rate(group: Group) -> float:
    return group.unsubscribed / group.delivered if group.delivered else 0.0


def _count(session: Session, newsroom: Newsroom, wanted: Sequence[int], scope: Scope) -> dict[int, Group]:
    period = Period(timezone=newsroom.timezone)
    groups = count_groups(session, [Dimension.EDITION], period, scope, wanted)
    return {edition: group for group in groups for edition in group.key if isinstance(edition, int)}


def _check_number(wanted: Sequence[int]) -> None:
    if len(wanted) < 2:  # noqa: PLR2004 - a pair
        raise NothingToCompareError(
            _("Only one edition is named: there is nothing to compare it with."),
            hint=_("Name two editions or more: newsletter stats compare 3 4"),
        )
    if len(wanted) > MOST_EDITIONS:
        raise NothingToCompareError(
            _("{count} editions are too many to compare with each other.").format(count=len(wanted)),
            hint=_("Name {count} at most.").format(count=MOST_EDITIONS),
        )


def _raise_if_small(wanted: Sequence[int], groups: Mapping[int, Group], small_count: int) -> None:
    for edition in wanted:
        people = groups[edition].people if edition in groups else 0
        if people < max(small_count, 1):
            raise TooSmallToCompareError(
                _("Edition {edition} was delivered to fewer than {count} people: too few to compare.").format(
                    edition=edition, count=max(small_count, 1)
                ),
                hint=_("Leave it out."),
            )
