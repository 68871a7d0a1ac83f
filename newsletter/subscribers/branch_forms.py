"""What a branch's form to check and sign (党员信息核对表) holds: everybody the register has there, in one order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final

from sqlmodel import Session, col, select

from newsletter.errors import NotFoundError
from newsletter.journal.statements import Verb, unlock_key
from newsletter.keys import DataKeys
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.scope import raise_if_not_visible
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import Unit, get_unit, subtree_ids
from newsletter.subscribers.events import ON_REGISTER
from newsletter.subscribers.models import Standing, Subscriber
from newsletter.subscribers.phones import COUNTRY_PREFIX, mask_name, mask_number
from newsletter.subscribers.privacy.disclosing import journal_disclosure
from newsletter.subscribers.provinces import province_label
from newsletter.subscribers.registering import unseal
from newsletter.translation import gettext as _

#: Members first, as branches keep their lists.
_ORDER: Final = (
    Standing.FULL, Standing.PROBATIONARY, Standing.PROSPECTIVE, Standing.ACTIVIST, Standing.NONE, "",
)  # fmt: skip


class EmptyFormError(NotFoundError):
    """Nobody is on the register there."""

    code: ClassVar[str] = "nobody"


@dataclass(frozen=True, kw_only=True)
class FormLine:
    """A person, number, name and place in plain or masked as the form is; codes where the register has codes."""

    number: str
    name: str
    standing: str
    profession: str
    mobile: bool
    retired: bool
    large_type: bool
    channel: str
    place: str


@dataclass(frozen=True)
class BranchForm:
    """One branch's form.

    Attributes:
        code, name: the branch's.
        path: names of the units above it, the widest first, the root left out.
        is_revealed: whether numbers and names stand there in plain.
    """

    code: str
    name: str
    path: tuple[str, ...]
    is_revealed: bool
    lines: list[FormLine] = field(default_factory=list)

    @property
    def without_number(self) -> int:
        """People without a number."""
        return sum(not line.number for line in self.lines)

    @property
    def mobile(self) -> int:
        """People away from home."""
        return sum(line.mobile for line in self.lines)

    @property
    def retired(self) -> int:
        """Retired people."""
        return sum(line.retired for line in self.lines)


def make_forms(newsroom: Newsroom, unit: str) -> list[BranchForm]:
    """The forms of a unit and of everything under it that has people, masked.

    Raises:
        UnknownUnitError: no such unit.
        NotVisibleError: the acting person does not see it.
        EmptyFormError: nobody is there.
        MissingKeyError: the key is not here.
    """
    with newsroom.reading() as session:
        home = get_unit(session, unit)
        raise_if_not_visible(session, newsroom, home.id or 0)
        return _read_forms(session, newsroom.data_keys, home, is_revealed=False)


def reveal_forms(newsroom: Newsroom, unit: str, *, purpose: str) -> list[BranchForm]:
    """The same with numbers, names and places in plain; the journal keeps who had them, how many, and for what.

    Raises:
        UnknownUnitError, EmptyFormError, MissingKeyError: as ``make_forms``.
        NoRightError: the acting person may not see numbers there.
        PurposeError, RemarkError: no purpose, or one with a number in it.
    """
    unlock_key(newsroom)
    with newsroom.writing() as session:
        home = get_unit(session, unit)
        require_right(session, newsroom, Right.REVEAL, home.id)
        forms = _read_forms(session, newsroom.data_keys, home, is_revealed=True)
        journal_disclosure(
            session,
            newsroom,
            Verb.REVEAL,
            subject=f"unit:{home.code}",
            purpose=purpose,
            count=sum(len(form.lines) for form in forms),
            details={"form": True},
            unit_id=home.id,
        )
        session.commit()
    return forms


def _read_forms(session: Session, keys: DataKeys, home: Unit, *, is_revealed: bool) -> list[BranchForm]:
    units = {unit.id or 0: unit for unit in session.exec(select(Unit))}
    inside = [units[unit_id] for unit_id in subtree_ids(session, home.id or 0)]
    forms = {
        unit.id or 0: BranchForm(unit.code, unit.name, _path(unit, units), is_revealed)
        for unit in sorted(inside, key=lambda unit: (_path(unit, units), unit.code))
    }
    query = select(Subscriber).where(
        col(Subscriber.unit_id).in_(forms), col(Subscriber.status).in_([status.value for status in ON_REGISTER])
    )
    people = sorted(session.exec(query), key=lambda person: (_rank(person.standing), person.id or 0))
    for person in people:
        forms[person.unit_id].lines.append(_line(keys, person, is_revealed=is_revealed))
    found = [form for form in forms.values() if form.lines]
    if not found:
        raise EmptyFormError(
            _("Nobody is on the register in {unit}.").format(unit=home.name),
            hint=_("Bring in its list: newsletter subscribers census FILE --unit {unit}").format(unit=home.code),
        )
    return found


def _line(keys: DataKeys, person: Subscriber, *, is_revealed: bool) -> FormLine:
    number, name, place = unseal(keys, person)
    shown = number.removeprefix(COUNTRY_PREFIX) if is_revealed or not number else mask_number(number)
    province = province_label(person.place_region) if person.place_region else ""
    return FormLine(
        number=shown,
        name=name if is_revealed else mask_name(name),
        standing=person.standing,
        profession=person.profession,
        mobile=person.mobile,
        retired=person.retired,
        large_type=person.large_type,
        channel=person.channel,
        place=(place or province) if is_revealed else province,
    )


def _path(unit: Unit, units: dict[int, Unit]) -> tuple[str, ...]:
    return tuple(reversed([above.name for above in _above(unit, units)]))


def _above(unit: Unit, units: dict[int, Unit]) -> Iterator[Unit]:
    current = units.get(unit.parent_id or 0)
    while current is not None and current.parent_id is not None:
        yield current
        current = units.get(current.parent_id)


def _rank(standing: str) -> int:
    order: Sequence[str] = _ORDER
    return order.index(standing) if standing in order else len(order)
