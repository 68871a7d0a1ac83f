"""Who is on the register, how they are found, and what may be shown of them: numbers and names masked."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Final

from sqlmodel import Session, col, select

from newsletter.errors import NotFoundError
from newsletter.keys import DataKeys, MissingKeyError
from newsletter.newsroom import Newsroom
from newsletter.organisation.units import Unit
from newsletter.subscribers.definitions import AudienceDefinition
from newsletter.subscribers.models import Subscriber
from newsletter.subscribers.phones import mask_name, mask_number
from newsletter.subscribers.reach import audience_condition
from newsletter.translation import gettext as _

#: How many entries say whether a key is the right one.
_TRIED_ENTRIES: Final = 20


class UnknownSubscriberError(NotFoundError):
    """Nobody on the register has this id."""

    code: ClassVar[str] = "unknown_subscriber"


@dataclass(frozen=True, kw_only=True)
class MaskedSubscriber:
    """A person as they may be shown; whether they left is no part of it."""

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

    def document(self) -> dict[str, Any]:
        """As JSON types."""
        return asdict(self)


def raise_if_wrong_key(newsroom: Newsroom, keys: DataKeys) -> None:
    """Tell one entry that cannot be read from a key that can read none: some of the newest entries are tried.

    Raises:
        MissingKeyError: none of them can be read, so the key is not the one that made them.
    """
    with newsroom.reading() as session:
        query = select(Subscriber.number, Subscriber.number_key).order_by(col(Subscriber.id).desc())
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


def list_subscribers(
    session: Session,
    definition: AudienceDefinition,
    *,
    unit_ids: Collection[int] | None = None,
    after: int = 0,
    limit: int = 50,
) -> Sequence[Subscriber]:
    """A page of the active people of an audience, in the order of their ids.

    Args:
        session: any.
        definition: who; an empty one is everyone.
        unit_ids: only people of these units; None: of all.
        after: the last id of the page before.
        limit: people on a page.
    """
    condition = audience_condition(session, definition)
    page = select(Subscriber).where(condition, col(Subscriber.id) > after)
    if unit_ids is not None:
        page = page.where(col(Subscriber.unit_id).in_(unit_ids))
    return session.exec(page.order_by(col(Subscriber.id)).limit(limit)).all()


def mask_subscriber(session: Session, keys: DataKeys, person: Subscriber) -> MaskedSubscriber:
    """What may be shown of a person.

    Raises:
        MissingKeyError: the key is not here, or is not the one that made the entry.
    """
    unit = session.get_one(Unit, person.unit_id)
    name = keys.decrypt(person.name, f"name/{person.number_key}") if person.name else ""
    return MaskedSubscriber(
        subscriber=person.id or 0,
        number=mask_number(keys.decrypt(person.number, f"number/{person.number_key}")),
        name=mask_name(name),
        unit=unit.code,
        unit_name=unit.name,
        region_code=person.region_code,
        profession=person.profession,
        standing=person.standing,
        mobile=person.mobile,
        retired=person.retired,
        status=person.status,
    )
