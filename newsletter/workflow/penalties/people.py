"""Who can answer for an error: a contributor, or somebody on staff; how they are named and looked up."""

from dataclasses import dataclass
from typing import ClassVar

from sqlmodel import Session, select

from newsletter.errors import NotFoundError, RefusedError
from newsletter.organisation.contributors import Contributor, UnknownContributorError, get_contributor
from newsletter.organisation.staff import Staff
from newsletter.translation import gettext as _
from newsletter.workflow.penalties.models import PersonKind


class UnknownPersonError(NotFoundError):
    """Neither a contributor nor anybody on staff has this name."""

    code: ClassVar[str] = "unknown_person"


class AmbiguousPersonError(RefusedError):
    """A contributor and somebody on staff have the same name."""

    code: ClassVar[str] = "ambiguous_person"


@dataclass(frozen=True, order=True)
class Person:
    """One of the two kinds of people, by id."""

    kind: str
    id: int


@dataclass(frozen=True)
class Names:
    """Names and units of everybody, read once for a list.

    Attributes:
        staff: id → name.
        contributors: id → the contributor.
    """

    staff: dict[int, str]
    contributors: dict[int, Contributor]

    def name_of(self, person: Person) -> str:
        """The person's name."""
        if person.kind == PersonKind.STAFF:
            return self.staff[person.id]
        return self.contributors[person.id].name


def read_names(session: Session) -> Names:
    """Names of everybody there ever was."""
    staff = {staff.id or 0: staff.name for staff in session.exec(select(Staff))}
    return Names(staff, {one.id or 0: one for one in session.exec(select(Contributor))})


def staff_person(staff: Staff) -> Person:
    """Somebody on staff as a person."""
    return Person(PersonKind.STAFF, staff.id or 0)


def find_person(session: Session, who: str) -> Person:
    """The person on staff with this name, or the contributor with this name or id.

    Raises:
        UnknownPersonError: there is neither.
        AmbiguousPersonError: there are both.
        AmbiguousContributorError: several contributors have the name.
    """
    staff = session.exec(select(Staff).where(Staff.name == who)).first()
    try:
        contributor = get_contributor(session, who)
    except UnknownContributorError as error:
        if staff is not None:
            return staff_person(staff)
        raise UnknownPersonError(
            _("Nobody on staff and no contributor is named {name}.").format(name=who),
            hint=_("See them: newsletter staff list, newsletter contributors list"),
        ) from error
    found = Person(PersonKind.CONTRIBUTOR, contributor.id or 0)
    if staff is None:
        return found
    raise AmbiguousPersonError(
        _("{name} is the name of somebody on staff and of a contributor.").format(name=who),
        hint=_("Give the contributor's id: {id}.").format(id=found.id),
    )
