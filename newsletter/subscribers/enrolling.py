"""What the desk may do to one person of the register: add them, change what is said of them, take them off, bring back.

A number's opt-out stays with the number: who gets another one is written to on that, and nobody is told here whether a
number was ever left. Consent, too, was given on a number.
"""

from dataclasses import replace
from datetime import date
from typing import Any, ClassVar, Final

from sqlmodel import Session, col, select

from newsletter.errors import InputError, RefusedError
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.scope import is_in, unit_ids_with_right
from newsletter.organisation.staff import require_right, require_staff, today
from newsletter.subscribers.desk_words import DeskWords, Wishes, understand
from newsletter.subscribers.events import ON_REGISTER
from newsletter.subscribers.lists.entries import Known
from newsletter.subscribers.models import Status, Subscriber
from newsletter.subscribers.places import Places, read_places
from newsletter.subscribers.register import get_subscriber
from newsletter.subscribers.registering import Change, Newcomer, RegisterWriter, keep_others_out, known_of, unseal
from newsletter.translation import gettext as _

#: ``MemberEvent.source`` of what the desk does.
DESK_SOURCE: Final = "desk"


class AlreadyRegisteredError(RefusedError):
    """The register has somebody of this number and name, or of this name without a number, already."""

    code: ClassVar[str] = "already_registered"


class GoneError(RefusedError):
    """The person is off the register already, or on it already."""

    code: ClassVar[str] = "gone"


def add_person(newsroom: Newsroom, words: DeskWords, *, on: date | None = None) -> Subscriber:
    """Put somebody on the register.

    Args:
        newsroom: whose, and who acts.
        words: at least unit, and number (empty: none, then a name).
        on: the day they joined; None: not known.

    Raises:
        InputError: something cannot be used, or is missing.
        UnknownUnitError: no such unit.
        NoRightError: the acting person may not import for the unit.
        AlreadyRegisteredError: they are on the register.
    """
    _check_day(newsroom, on)
    with newsroom.writing() as session:
        keep_others_out(session)
        places = read_places(session)
        wishes = understand(session, places, words)
        if "unit_id" not in wishes.columns or wishes.number is None or not (wishes.number or wishes.name):
            raise InputError(_("A unit, and a number or else a name, are needed."))
        require_right(session, newsroom, Right.IMPORT, wishes.columns["unit_id"])
        nothing = Known(0, wishes.columns["unit_id"], "", "", "", mobile=False, retired=False, status="")
        known = _after(nothing, places, wishes, Status.ACTIVE, has_number=bool(wishes.number))
        _raise_if_registered(session, newsroom, wishes.number, wishes.name or "", known.unit_id)
        writer = _writer(session, newsroom, on)
        newcomer = Newcomer(wishes.number, wishes.name or "", known, extra=_extra(wishes), place=wishes.place)
        (subscriber_id,) = writer.add([newcomer])
        person = get_subscriber(session, subscriber_id)
        session.commit()
    return person


def update_person(
    newsroom: Newsroom,
    subscriber_id: int,
    words: DeskWords,
    *,
    fate: Status | None = None,
    on: date | None = None,
) -> tuple[Subscriber, bool]:
    """Change what the register says of somebody; say whether anything changed.

    Args:
        newsroom: whose, and who acts.
        subscriber_id: whom.
        words: what is to be said; None: as it was.
        fate: ``left`` and ``died`` take them off the register, ``active`` brings them back.
        on: the day it happened; None: not known.

    Raises:
        UnknownSubscriberError, UnknownUnitError: no such person or unit.
        InputError: something cannot be used.
        NoRightError: the acting person may not import for the unit they are, or would be, in.
        AlreadyRegisteredError: somebody else has this number and name.
        GoneError: they are off the register already, or on it.
    """
    _check_day(newsroom, on)
    with newsroom.writing() as session:
        keep_others_out(session)
        person = get_subscriber(session, subscriber_id)
        require_right(session, newsroom, Right.IMPORT, person.unit_id)
        places = read_places(session)
        wishes = understand(session, places, words)
        require_right(session, newsroom, Right.IMPORT, wishes.columns.get("unit_id", person.unit_id))
        change = _plan(session, newsroom, person, places=places, wishes=wishes, fate=fate)
        is_changed = change is not None
        if change is not None:
            _writer(session, newsroom, on).change([change])
            session.expire(person)
            person = get_subscriber(session, subscriber_id)
            session.commit()
    return person, is_changed


def _plan(
    session: Session, newsroom: Newsroom, person: Subscriber, *, places: Places, wishes: Wishes, fate: Status | None
) -> Change | None:
    """What is to be written; None: the register says all of it already."""
    before = known_of(person)
    number, name, place = unseal(newsroom.data_keys, person)
    new_number = None if wishes.number in (None, number) else wishes.number
    new_name = None if wishes.name in (None, name) else wishes.name
    wanted = (number if new_number is None else new_number, name if new_name is None else new_name)
    if not any(wanted) and (new_number is not None or new_name is not None):
        raise InputError(
            _("Without a number they need a name to be known by."), hint=_("Give one: --name, or - to type it in.")
        )
    after = _after(before, places, wishes, fate, has_number=bool(wanted[0]))
    # Without a number people are told apart by name and unit: also who moves there, or comes back.
    is_elsewhere = after.status == Status.NUMBERLESS and (after.unit_id, after.status) != (
        before.unit_id,
        before.status,
    )
    if new_number is not None or new_name is not None or is_elsewhere:
        _raise_if_registered(session, newsroom, *wanted, after.unit_id, but=before.id)
    wishes = _forget_place(before, after, wishes)
    extra = {name: value for name, value in _extra(wishes).items() if getattr(person, name) != value}
    new_place = None if wishes.place in (None, place or "") else wishes.place
    change = Change(before, after, number=new_number, name=new_name, extra=extra, place=new_place)
    return change if change.is_sealed_anew or extra or after != before else None


def _forget_place(before: Known, after: Known, wishes: Wishes) -> Wishes:
    """Who came home lives where they used to be away no more, unless the desk says where."""
    if wishes.place is not None or after.mobile or not before.mobile:
        return wishes
    return replace(wishes, place="", columns={**wishes.columns, "place_region": ""})


def _after(before: Known, places: Places, wishes: Wishes, fate: Status | None, *, has_number: bool) -> Known:
    columns = {name: value for name, value in wishes.columns.items() if name in Known._fields}
    if before.id == 0 or columns.get("unit_id", before.unit_id) != before.unit_id:
        columns.setdefault("region_code", places.nearest[columns["unit_id"]])
    is_there = before.status in ON_REGISTER
    if fate is not None and is_there == (fate in ON_REGISTER) and (is_there or fate == before.status):
        raise GoneError(
            _("They are on the register already.") if is_there else _("They are off the register already."),
            hint=_("See what happened: newsletter subscribers history {subscriber}").format(subscriber=before.id),
        )
    status = before.status
    if fate is not None and fate not in ON_REGISTER:
        status = fate.value
    elif is_there or fate is not None:
        status = (Status.ACTIVE if has_number else Status.NUMBERLESS).value
    return before._replace(**columns, status=status)


def _extra(wishes: Wishes) -> dict[str, Any]:
    return {name: value for name, value in wishes.columns.items() if name not in Known._fields}


def _raise_if_registered(
    session: Session, newsroom: Newsroom, number: str, name: str, unit_id: int, *, but: int = 0
) -> None:
    """Refuse a second entry for one person; of somebody under a unit not one's own no more is said than that."""
    keys = newsroom.data_keys
    query = select(Subscriber).where(Subscriber.name_key == keys.name_key(name), col(Subscriber.id) != but)
    if number:
        query = query.where(Subscriber.number_key == keys.number_key(number))
    else:
        query = query.where(Subscriber.unit_id == unit_id, Subscriber.status == Status.NUMBERLESS)
    found = session.exec(query).first()
    if found is None:
        return
    if not is_in(found.unit_id, unit_ids_with_right(session, newsroom, Right.IMPORT)):
        raise AlreadyRegisteredError(
            _("The register has this person under a unit that is not yours; the unit above both can move them.")
        )
    hint = _("Change them: newsletter subscribers update {subscriber}")
    if found.status not in ON_REGISTER:
        hint = _("Bring them back: newsletter subscribers update {subscriber} --back")
    raise AlreadyRegisteredError(
        _("The register has this person already: subscriber {subscriber}.").format(subscriber=found.id),
        hint=hint.format(subscriber=found.id),
    )


def _writer(session: Session, newsroom: Newsroom, on: date | None) -> RegisterWriter:
    return RegisterWriter(
        session,
        newsroom.data_keys,
        source=DESK_SOURCE,
        staff_id=require_staff(session, newsroom).id,
        at=newsroom.now(),
        on=on,
    )


def _check_day(newsroom: Newsroom, on: date | None) -> None:
    if on is not None and on > today(newsroom):
        raise InputError(_("{day} is still to come.").format(day=on), hint=_("Say when it happened, or leave it out."))
