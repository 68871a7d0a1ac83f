"""Who is on the register, how they are found, and what may be shown of them: numbers and names masked."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Final

from sqlmodel import Session, col, select

from newsletter.errors import NotFoundError
from newsletter.keys import DataKeys, MissingKeyError
from newsletter.newsroom import Newsroom
from newsletter.organisation.units import Unit
from newsletter.subscribers.audience.definitions import AudienceDefinition
from newsletter.subscribers.audience.reach import particulars_condition
from newsletter.subscribers.models import Status, Subscriber
from newsletter.subscribers.phones import COUNTRY_PREFIX, mask_name, mask_number
from newsletter.translation import gettext as _

#: What is shown of a present place that is known.
_HIDDEN: Final = "***"
#: How many entries say whether a key is the right one.
_TRIED_ENTRIES: Final = 20


class UnknownSubscriberError(NotFoundError):
    """Nobody on the register has this id."""

    code: ClassVar[str] = "unknown_subscriber"


@dataclass(frozen=True, kw_only=True)
class MaskedSubscriber:
    """A person as they may be shown; whether they opted out is no part of it.

    Attributes:
        place: of somebody away from home, where they live now: stars where it is known and not revealed.
        place_region: the province of it, 2 digits; empty when not known.
    """

    subscriber: int
    number: str
    name: str
    unit: str
    unit_name: str
    region_code: str
    profession: str
    standing: str
    mobile: bool
    retired: bool
    status: str
    channel: str
    language: str
    large_type: bool
    place: str
    place_region: str

    def document(self) -> dict[str, Any]:
        """As JSON types."""
        return asdict(self)


def raise_if_wrong_key(newsroom: Newsroom, keys: DataKeys) -> None:
    """Tell one entry that cannot be read from a key that can read none: some of the newest entries are tried.

    Raises:
        MissingKeyError: none of them can be read, so the key is not the one that made them.
    """
    with newsroom.reading() as session:
        query = select(Subscriber.number, Subscriber.number_key).where(col(Subscriber.number) != b"")
        query = query.order_by(col(Subscriber.id).desc())
        entries = session.exec(query.limit(_TRIED_ENTRIES)).all()
    for place, (number, number_key) in enumerate(entries, start=1):
        try:
            keys.decrypt(number, f"number/{number_key}")
        except MissingKeyError:
            if place == len(entries):
                raise
        else:
            return


def get_subscriber(session: Session, subscriber_id: int) -> Subscriber:
    """The person with this id.

    Raises:
        UnknownSubscriberError: there is none.
    """
    found = session.get(Subscriber, subscriber_id)
    if found is None:
        raise UnknownSubscriberError(
            _("There is no subscriber {subscriber}.").format(subscriber=subscriber_id),
            hint=_("See them: newsletter subscribers list"),
        )
    return found


def find_people(session: Session, number_key: str, unit_ids: Collection[int] | None) -> Sequence[Subscriber]:
    """Everybody on a number, whatever their status; only of these units, where they are named."""
    query = select(Subscriber).where(Subscriber.number_key == number_key).order_by(col(Subscriber.id))
    if unit_ids is not None:
        query = query.where(col(Subscriber.unit_id).in_(unit_ids))
    return session.exec(query).all()


def list_subscribers(
    session: Session,
    definition: AudienceDefinition,
    *,
    unit_ids: Collection[int] | None = None,
    statuses: Collection[Status] = (Status.ACTIVE,),
    after: int = 0,
    limit: int = 50,
) -> Sequence[Subscriber]:
    """A page of the people whom a definition means, in the order of their ids.

    Args:
        session: any.
        definition: who; an empty one is everyone.
        unit_ids: only people of these units; None: of all.
        statuses: only people of these.
        after: the last id of the page before.
        limit: people on a page.
    """
    page = select(Subscriber).where(
        col(Subscriber.status).in_(statuses), particulars_condition(session, definition), col(Subscriber.id) > after
    )
    if unit_ids is not None:
        page = page.where(col(Subscriber.unit_id).in_(unit_ids))
    return session.exec(page.order_by(col(Subscriber.id)).limit(limit)).all()


def mask_subscriber(session: Session, keys: DataKeys, person: Subscriber) -> MaskedSubscriber:
    """What may be shown of a person.

    Raises:
        MissingKeyError: the key is not here, or is not the one that made the entry.
    """
    number, name, place = decrypt_person(keys, person)
    return _show(session, person, mask_number(number) if number else "", mask_name(name), _HIDDEN if place else "")


def reveal_subscriber(session: Session, keys: DataKeys, person: Subscriber) -> MaskedSubscriber:
    """A person with number, name and present place in full; the caller has journalled it.

    Raises:
        MissingKeyError: the key is not here, or is not the one that made the entry.
    """
    number, name, place = decrypt_person(keys, person)
    return _show(session, person, number.removeprefix(COUNTRY_PREFIX), name, place)


def decrypt_person(keys: DataKeys, person: Subscriber) -> tuple[str, str, str]:
    """A person's number (E.164), name and present place; empty where there is none.

    Raises:
        MissingKeyError: the key is not here, or is not the one that made the entry.
    """
    sealed = (("number", person.number), ("name", person.name), ("place", person.place))
    number, name, place = (keys.decrypt(part, f"{field}/{person.number_key}") if part else "" for field, part in sealed)
    return number, name, place


def _show(session: Session, person: Subscriber, number: str, name: str, place: str) -> MaskedSubscriber:
    unit = session.get_one(Unit, person.unit_id)
    return MaskedSubscriber(
        subscriber=person.id or 0,
        number=number,
        name=name,
        unit=unit.code,
        unit_name=unit.name,
        region_code=person.region_code,
        profession=person.profession,
        standing=person.standing,
        mobile=person.mobile,
        retired=person.retired,
        status=person.status,
        channel=person.channel,
        language=person.language,
        large_type=person.large_type,
        place=place,
        place_region=person.place_region,
    )
