"""Whose desk something belongs to, and what of the diary and the briefs a person sees."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar, Final

from sqlmodel import Session

from newsletter.errors import InputError
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.scope import Scope, home_units, is_in, visible_unit_ids
from newsletter.organisation.staff import require_right
from newsletter.translation import gettext as _
from newsletter.workflow.contributing.coverage import line_above, read_parents


class SeveralDesksError(InputError):
    """The acting person edits for several units, none of them above the others."""

    code: ClassVar[str] = "several_desks"


@dataclass(frozen=True)
class Sight:
    """What a person sees.

    Attributes:
        scope: the units their roles are for, with all under them; None: everything.
        above: the units above those: what is asked of them is asked of one's own too.
    """

    scope: Scope
    above: frozenset[int]

    @property
    def addressed(self) -> Scope:
        """Units whose briefs concern the person; None: all."""
        return None if self.scope is None else self.scope | self.above

    def sees_brief(self, publisher: int, asked: Collection[int]) -> bool:
        """Whether a brief was published by one of the person's units, or asks one, or one above them."""
        return is_in(publisher, self.scope) or any(is_in(unit_id, self.addressed) for unit_id in asked)

    def sees_answer(self, unit_id: int, *, is_asked: bool) -> bool:
        """Whether the person sees how a unit has answered: their own, and one asked on behalf of their own."""
        return is_in(unit_id, self.scope) or (is_asked and unit_id in self.above)


#: Of whoever's roles are for the whole newsroom.
EVERYTHING: Final = Sight(None, frozenset())


def sight_of(session: Session, newsroom: Newsroom) -> Sight:
    """What the acting person sees.

    Raises:
        NoRightError: they are not on staff.
    """
    scope = visible_unit_ids(session, newsroom)
    if scope is None:
        return EVERYTHING
    parents = read_parents(session)
    lines = {above for unit_id in scope for above in line_above(parents, unit_id)}
    return Sight(scope, frozenset(lines - scope))


def desk_above(session: Session, newsroom: Newsroom, unit_id: int) -> int:
    """Id of the highest unit at or above this one that the acting person edits for; they must edit for one."""
    homes = {unit.id for unit in home_units(session, newsroom, Right.ARTICLES)}
    return [above for above in line_above(read_parents(session), unit_id) if above in homes][-1]


def own_desk(session: Session, newsroom: Newsroom) -> int:
    """Id of the unit that the acting person edits for: the highest of theirs; at the county: the root.

    Raises:
        NoRightError: they are no editor.
        SeveralDesksError: none of their units is above all the others.
    """
    require_right(session, newsroom, Right.ARTICLES, None)
    homes = {unit.id or 0: unit.name for unit in home_units(session, newsroom, Right.ARTICLES)}
    parents = read_parents(session)
    highest = [unit_id for unit_id in homes if sum(above in homes for above in line_above(parents, unit_id)) == 1]
    if len(highest) > 1:
        names = ", ".join(homes[unit_id] for unit_id in highest)
        raise SeveralDesksError(
            _("You edit for several units: {units}.").format(units=names),
            hint=_("Say for which one: --unit UNIT."),
        )
    return highest[0]
