"""How a census (普查) of a unit goes: its list is held against the register, and applied once a person confirmed it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Final

from newsletter.errors import RefusedError
from newsletter.newsroom import Newsroom, Progress
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right, require_staff
from newsletter.organisation.units import Unit, get_unit, subtree_ids
from newsletter.subscribers.census.comparing import compare_list
from newsletter.subscribers.census.files import read_list
from newsletter.subscribers.census.listed import CensusList
from newsletter.subscribers.census.proposals import ACCEPTED_AS, Accept, Proposal, Proposals
from newsletter.subscribers.event_records import Census
from newsletter.subscribers.lists.entries import Known
from newsletter.subscribers.models import Status
from newsletter.subscribers.places import read_places
from newsletter.subscribers.provinces import find_province
from newsletter.subscribers.registering import Change, Newcomer, RegisterWriter, keep_others_out
from newsletter.subscribers.wishes import Wishes
from newsletter.translation import gettext as _

#: ``MemberEvent.source`` of what a census found.
CENSUS_SOURCE: Final = "census"
#: What may become of people who are not on the list.
VANISHED_AS: Final = (Status.LEFT, Status.DIED)
#: Warnings: words for scripts.
STRANGE_LIST, MANY_VANISH, UNREADABLE_ROWS = "strange_list", "many_vanish", "unreadable_rows"


class RegisterChangedError(RefusedError):
    """Between showing the proposals and applying them somebody changed the register."""

    code: ClassVar[str] = "register_changed"


class StrangeListError(RefusedError):
    """The list looks like another unit's."""

    code: ClassVar[str] = "strange_list"


@dataclass(frozen=True)
class CensusPlan:
    """A census nobody has confirmed yet: the list, and what it proposes."""

    unit: Unit
    listing: CensusList
    proposals: Proposals
    vanished_as: Status

    @property
    def warnings(self) -> list[str]:
        """What somebody who confirms it should know."""
        found = {
            STRANGE_LIST: self.proposals.looks_strange,
            MANY_VANISH: self.proposals.would_many_vanish,
            UNREADABLE_ROWS: self.listing.unreadable > 0,
        }
        return [word for word, holds in found.items() if holds]

    def taken(self, accept: Collection[Accept]) -> list[Proposal]:
        """What would be taken over of it."""
        return [one for one in self.proposals.each if one.is_yours and ACCEPTED_AS[one.kind] in accept]

    def takes_all(self, accept: Collection[Accept]) -> bool:
        """Whether everything that is the acting person's to take over would be: only then the unit was counted."""
        return len(self.taken(accept)) == sum(one.is_yours for one in self.proposals.each)

    @property
    def members(self) -> int:
        """Members on the list: what coverage of the unit is measured against once it is taken over."""
        return self.listing.members - self.proposals.others

    def not_yours(self) -> int:
        """People whose unit is not the acting person's: only somebody above both can move them."""
        return sum(not one.is_yours for one in self.proposals.each)


def plan_census(
    newsroom: Newsroom,
    path: Path,
    unit: str,
    *,
    mapping: tuple[str, ...] = (),
    sheet: str | None = None,
    rejects: Path | None = None,
    vanished_as: Status = Status.LEFT,
    progress: Progress = lambda _done, _total: None,
) -> CensusPlan:
    """Hold a unit's list against the register; nothing is changed.

    Args:
        newsroom: whose register, and who acts.
        path: the list: everybody of the unit and of what is under it.
        unit: code or exact name.
        mapping: ``column=field`` for headings that are not the usual ones.
        sheet: of a workbook with several sheets.
        rejects: where to write the rejected rows, if anywhere.
        vanished_as: what becomes of who is not on the list, one of ``VANISHED_AS``.
        progress: told as rows are read.

    Raises:
        InputError: the file, its headings or ``mapping`` cannot be used.
        UnknownUnitError: no such unit.
        NoRightError: the acting person may not import for it.
        OutsideError: file, database or key cannot be read, or ``rejects`` not written.
    """
    with newsroom.reading() as session:
        home = get_unit(session, unit)
        require_right(session, newsroom, Right.IMPORT, home.id)
        inside = frozenset(subtree_ids(session, home.id or 0))
        found = read_list(
            path,
            read_places(session),
            newsroom.data_keys,
            unit_code=home.code,
            inside_ids=inside,
            mapping=mapping,
            sheet=sheet,
            rejects=rejects,
            progress=progress,
        )
        proposals = compare_list(session, newsroom, home, found, vanished_as)
    return CensusPlan(home, found, proposals, vanished_as)


def apply_census(newsroom: Newsroom, plan: CensusPlan, accept: Collection[Accept] | None = None) -> Census | None:
    """Take over what was proposed, all of it in one transaction.

    What the unit counts is recorded only if everything is taken over; None: it was not.

    Args:
        newsroom: whose register, and who acts.
        plan: what the person saw.
        accept: which of it; None: all, unless the list looks like another unit's.

    Raises:
        StrangeListError: it does, and nobody said which of the proposals to take over.
        RegisterChangedError: the proposals would be others by now; nothing was done.
        NoRightError: the acting person may not import for the unit.
    """
    if accept is None and plan.proposals.looks_strange:
        raise _strange(plan)
    kinds = frozenset(Accept) if accept is None else frozenset(accept)
    with newsroom.writing() as session:
        require_right(session, newsroom, Right.IMPORT, plan.unit.id)
        keep_others_out(session)
        if (
            compare_list(session, newsroom, plan.unit, plan.listing, plan.vanished_as).digest()
            != plan.proposals.digest()
        ):
            raise RegisterChangedError(
                _("The register changed meanwhile; nothing was done."), hint=_("Run the census again.")
            )
        staff_id, now = require_staff(session, newsroom).id or 0, newsroom.now()
        writer = RegisterWriter(session, newsroom.data_keys, source=CENSUS_SOURCE, staff_id=staff_id, at=now)
        taken = plan.taken(kinds)
        writer.add([_newcomer(one) for one in taken if one.member is None])
        writer.change([_change(one, one.member.known) for one in taken if one.member is not None])
        census = _census(plan, staff_id, now) if plan.takes_all(kinds) else None
        if census is not None:
            session.add(census)
        session.commit()
    return census


def _census(plan: CensusPlan, staff_id: int, now: datetime) -> Census:
    return Census(
        unit_id=plan.unit.id or 0,
        listed=plan.listing.listed,
        members=plan.members,
        without_number=plan.listing.without_number,
        invalid_number=plan.listing.invalid_number,
        staff_id=staff_id,
        at=now,
    )


def _strange(plan: CensusPlan) -> StrangeListError:
    sentence = _(
        "This looks like another unit's list: of {listed} people on it {unit} has {known}, and {vanished} of its"
        " {people} would vanish."
    )
    return StrangeListError(
        sentence.format(
            listed=plan.proposals.listed,
            unit=plan.unit.name,
            known=plan.proposals.known,
            vanished=plan.proposals.vanished,
            people=plan.proposals.people,
        ),
        hint=_("If it is the right one, say what to take over: --accept joins --accept vanished, and so on."),
    )


def _newcomer(proposal: Proposal) -> Newcomer:
    person = proposal.row.person if proposal.row else None
    if person is None:
        raise ValueError(proposal.kind)
    wishes = proposal.wishes
    return Newcomer(person.number, person.name, proposal.after, extra=_wish_columns(wishes), place=wishes.place or None)


def _change(proposal: Proposal, before: Known) -> Change:
    person = proposal.row.person if proposal.row else None
    return Change(
        before,
        proposal.after,
        number=person.number if person and proposal.has_new_number else None,
        name=person.name if person and proposal.has_new_name else None,
        extra=_wish_columns(proposal.wishes) if proposal.wishes != proposal.wishes_before else {},
        place=proposal.wishes.place if proposal.wishes.place != proposal.wishes_before.place else None,
    )


def _wish_columns(wishes: Wishes) -> dict[str, Any]:
    return {
        "channel": wishes.channel,
        "language": wishes.language,
        "large_type": wishes.large_type,
        "place_region": find_province(wishes.place),
    }
