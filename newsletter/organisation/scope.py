"""What of the newsroom a person may see: the units their roles are for, with all under them; at the root: everything.

A town's staff see nothing of the county's or another town's; who has a role at the county sees the towns below it.
"""

from collections.abc import Iterable
from typing import ClassVar

from sqlmodel import Session

from newsletter.errors import RefusedError
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import RIGHTS, Right
from newsletter.organisation.staff import list_grants, require_right, require_staff
from newsletter.organisation.units import ROOT, Unit, get_unit, subtree_ids
from newsletter.translation import gettext as _

#: Ids of units; None: all there are, and will be.
Scope = frozenset[int] | None


class NotVisibleError(RefusedError):
    """It belongs to a unit that the person's roles are not for."""

    code: ClassVar[str] = "not_visible"


def visible_unit_ids(session: Session, newsroom: Newsroom) -> Scope:
    """The units the acting person sees: those of their roles in force, each with its subtree; None: everything.

    Raises:
        NoRightError: they are not on staff.
    """
    return _cover(session, _homes(session, newsroom, None))


def unit_ids_with_right(session: Session, newsroom: Newsroom, right: Right) -> Scope:
    """The units for which the acting person holds ``right``; None: all.

    Raises:
        MissingKeyError: their key is not on this machine.
        NoRightError: they hold it for none.
    """
    require_right(session, newsroom, right, None)
    return _cover(session, _homes(session, newsroom, right))


def home_units(session: Session, newsroom: Newsroom, right: Right) -> list[Unit]:
    """The units the acting person's roles with ``right`` are for, without those under them."""
    return [session.get_one(Unit, unit_id) for unit_id in sorted(_homes(session, newsroom, right))]


def is_in(unit_id: int, scope: Scope) -> bool:
    """Whether a scope holds a unit."""
    return scope is None or unit_id in scope


def raise_if_not_visible(session: Session, newsroom: Newsroom, unit_id: int) -> None:
    """Refuse what belongs to a unit that the acting person does not see.

    Raises:
        NotVisibleError: names the unit.
    """
    if not is_in(unit_id, visible_unit_ids(session, newsroom)):
        raise not_visible(newsroom, [session.get_one(Unit, unit_id).name])


def not_visible(newsroom: Newsroom, units: Iterable[str]) -> NotVisibleError:
    """The refusal for what belongs to these units, by name."""
    name = newsroom.acting_name()
    return NotVisibleError(
        _("This belongs to {units}; {name} has no role there.").format(units=", ".join(units), name=name),
        hint=_("An admin can give one: newsletter staff grant {name} --role ROLE --unit UNIT").format(name=name),
    )


def _homes(session: Session, newsroom: Newsroom, right: Right | None) -> set[int]:
    staff = require_staff(session, newsroom)
    grants = list_grants(session, newsroom, staff.id or 0)
    return {grant.unit_id for grant in grants if right is None or grant.role in RIGHTS[right]}


def _cover(session: Session, homes: Iterable[int]) -> Scope:
    found = set(homes)
    if get_unit(session, ROOT).id in found:
        return None
    return frozenset(unit_id for home in found for unit_id in subtree_ids(session, home))
