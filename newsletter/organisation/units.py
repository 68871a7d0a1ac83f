"""Units: the organisation's tree, from the root down to branches."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

from sqlmodel import Field, Session, SQLModel, col, select

from newsletter.errors import InputError, NotFoundError, RefusedError
from newsletter.instants import Instant
from newsletter.organisation.regions import normalise_region
from newsletter.translation import gettext as _
from newsletter.translation import mark

#: Code of the root unit that ``init`` makes.
ROOT: Final = "root"
_CODE_LENGTH: Final = 40
_NAME_LENGTH: Final = 80
#: More than any organisation has.
_MOST_MEMBERS: Final = 100_000_000


class UnitKind(StrEnum):
    """What a unit is; only the first six are places."""

    COUNTY = "county"
    TOWN = "town"
    STREET = "street"
    ZONE = "zone"
    COMMUNITY = "community"
    VILLAGE = "village"
    DEPARTMENT = "department"
    SECTION = "section"
    ORGANISATION = "organisation"
    BRANCH = "branch"


#: What the interface calls each kind.
KIND_LABELS: Final = {
    UnitKind.COUNTY: mark("county"),
    UnitKind.TOWN: mark("town"),
    UnitKind.STREET: mark("street"),
    UnitKind.ZONE: mark("zone"),
    UnitKind.COMMUNITY: mark("community"),
    UnitKind.VILLAGE: mark("village"),
    UnitKind.DEPARTMENT: mark("department"),
    UnitKind.SECTION: mark("section"),
    UnitKind.ORGANISATION: mark("organisation"),
    UnitKind.BRANCH: mark("branch"),
}


class UnknownUnitError(NotFoundError):
    """No unit has this code or name."""

    code: ClassVar[str] = "unknown_unit"


class UnitExistsError(RefusedError):
    """The code is taken."""

    code: ClassVar[str] = "unit_exists"


class RegionTakenError(RefusedError):
    """The region code is another unit's."""

    code: ClassVar[str] = "region_taken"


class UnitCycleError(RefusedError):
    """A unit cannot hang under itself."""

    code: ClassVar[str] = "unit_cycle"


class BadNameError(InputError):
    """A name that cannot be printed."""

    code: ClassVar[str] = "bad_name"


class BadCountError(InputError):
    """A number of members that cannot be."""

    code: ClassVar[str] = "bad_members"


class Unit(SQLModel, table=True):
    """A unit.

    Attributes:
        region_code: where it is a place, zeros at its end cut off.
        known_members: members it is known to have (党员数), those of the units below included; None: not known.
        known_members_at: since when that is known.
    """

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=40)
    name: str = Field(index=True, max_length=80)
    kind: str = Field(max_length=20)
    parent_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    region_code: str | None = Field(default=None, unique=True, max_length=12)
    known_members: int | None = None
    known_members_at: datetime | None = Field(default=None, sa_type=Instant)


def check_unit_code(code: str) -> str:
    """A code as it may stand in a command line.

    Raises:
        InputError: empty, too long, or with white space or commas in it.
    """
    code = code.strip()
    if not code or len(code) > _CODE_LENGTH or any(c.isspace() or c in ",/" or not c.isprintable() for c in code):
        raise InputError(
            _("{code!r} is not a code: 1 to 40 characters, no spaces, commas or slashes.").format(code=code[:60])
        )
    return code


def check_name(name: str) -> str:
    """A name as it may be printed.

    Raises:
        BadNameError: empty, over 80 characters, or with control characters in it.
    """
    name = name.strip()
    if not name or len(name) > _NAME_LENGTH or not name.isprintable():
        raise BadNameError(_("{name!r} is not a name: 1 to 80 printable characters.").format(name=name[:90]))
    return name


def add_unit(
    session: Session, *, code: str, name: str, kind: UnitKind, parent: str = ROOT, region_code: str | None = None
) -> Unit:
    """Add a unit under ``parent``.

    Raises:
        UnitExistsError, RegionTakenError: the code or the region code is taken.
        UnknownUnitError: no such parent.
        InputError: a malformed code, name or region code.
    """
    code, name = check_unit_code(code), check_name(name)
    if session.exec(select(Unit).where(Unit.code == code)).first():
        raise UnitExistsError(_("There is already a unit {code}.").format(code=code))
    region = _free_region(session, region_code, None)
    unit = Unit(code=code, name=name, kind=kind, parent_id=get_unit(session, parent).id, region_code=region)
    session.add(unit)
    session.flush()
    return unit


def update_unit(
    session: Session, unit: Unit, *, name: str, kind: UnitKind, parent: str = ROOT, region_code: str | None = None
) -> bool:
    """Bring a unit up to date; say whether anything changed.

    Raises:
        RegionTakenError: the region code is another unit's.
        UnitCycleError: the new parent hangs under the unit.
        UnknownUnitError: no such parent.
        BadNameError, UnknownRegionError: malformed.
    """
    above = get_unit(session, parent)
    if above.id in subtree_ids(session, unit.id or 0):
        raise UnitCycleError(_("{code} cannot hang under {parent}.").format(code=unit.code, parent=above.code))
    wanted = (check_name(name), str(kind), above.id, _free_region(session, region_code, unit.id))
    if wanted == (unit.name, unit.kind, unit.parent_id, unit.region_code):
        return False
    unit.name, unit.kind, unit.parent_id, unit.region_code = wanted
    session.add(unit)
    session.flush()
    return True


def set_known_members(session: Session, unit: Unit, members: int, *, at: datetime) -> bool:
    """Say how many members a unit has, those of the units below it included; whether that was not said before.

    Raises:
        BadCountError: no number of people.
    """
    if not 0 <= members <= _MOST_MEMBERS:
        raise BadCountError(_("{count} is no number of members.").format(count=members))
    if unit.known_members == members:
        return False
    unit.known_members, unit.known_members_at = members, at
    session.add(unit)
    session.flush()
    return True


def _free_region(session: Session, region_code: str | None, unit_id: int | None) -> str | None:
    if not region_code:
        return None
    region = normalise_region(region_code)
    holder = session.exec(select(Unit).where(Unit.region_code == region)).first()
    if holder is not None and holder.id != unit_id:
        message = _("Region {region} is already the unit {code} {name}.")
        raise RegionTakenError(message.format(region=region, code=holder.code, name=holder.name))
    return region


def get_unit(session: Session, code: str) -> Unit:
    """The unit with this code, else the only one with this exact name.

    Raises:
        UnknownUnitError: there is none.
        RefusedError: several units have the name.
    """
    found = session.exec(select(Unit).where(Unit.code == code)).first()
    if found is not None:
        return found
    named = session.exec(select(Unit).where(Unit.name == code)).all()
    if len(named) > 1:
        codes = ", ".join(unit.code for unit in named)
        raise RefusedError(
            _("{count} units are named {name}: {codes}.").format(count=len(named), name=code, codes=codes)
        )
    if not named:
        raise UnknownUnitError(
            _("There is no unit {code}.").format(code=code), hint=_("See them: newsletter units list")
        )
    return named[0]


def list_units(session: Session) -> Sequence[Unit]:
    """All units, in the order of their codes."""
    return session.exec(select(Unit).order_by(col(Unit.code))).all()


def subtree_ids(session: Session, unit_id: int) -> list[int]:
    """Ids of a unit and everything under it."""
    tree = select(Unit.id).where(Unit.id == unit_id).cte("subtree", recursive=True)
    tree = tree.union(select(Unit.id).where(Unit.parent_id == tree.c.id))
    return list(session.exec(select(tree.c.id)))


def ancestor_codes(session: Session, unit_id: int) -> list[str]:
    """Codes of a unit and everything above it, nearest first.

    Raises:
        UnitCycleError: the tree runs in a circle, which no program of ours makes.
    """
    codes: list[str] = []
    current = session.get(Unit, unit_id)
    while current is not None:
        if current.code in codes:
            raise UnitCycleError(_("The unit tree runs in a circle at {unit}.").format(unit=current.code))
        codes.append(current.code)
        current = session.get(Unit, current.parent_id) if current.parent_id else None
    return codes
