"""What the values of an audience's traits are called; those that statistics have too are called the same."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlmodel import Session

from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.labels import DIMENSIONS
from newsletter.statistics.names import Code, Names, load_names, name_value
from newsletter.subscribers.audience.breakdown import AT_HOME, Trait
from newsletter.subscribers.models import Channel
from newsletter.subscribers.provinces import province_label
from newsletter.translation import gettext as _
from newsletter.translation import mark

CHANNELS: Final[Mapping[str, str]] = {
    Channel.FULL_TEXT: mark("full text, no link"),
    Channel.MMS: mark("MMS"),
    "": mark("no wish"),
}
#: Headings of the traits that statistics do not have.
_OWN: Final[Mapping[Trait, str]] = {Trait.CHANNEL: mark("Channel"), Trait.PLACE: mark("Lives in")}


def load_trait_names(session: Session, by: Iterable[Trait]) -> dict[Dimension, Names]:
    """The names that stand in the database, of those of ``by`` that have any there."""
    return load_names(session, [Dimension(trait.value) for trait in by if trait not in _OWN])


def name_trait(names: Mapping[Dimension, Names], trait: Trait, value: Any) -> tuple[Code, str]:
    """Code and label of a value."""
    if trait is Trait.CHANNEL:
        return value, _(CHANNELS.get(value, value))
    if trait is Trait.PLACE:
        return value, place_label(value)
    return name_value(names, Dimension(trait.value), value)


def place_label(value: str) -> str:
    """A province, or that somebody is at home, or away and nobody knows where."""
    return {AT_HOME: _("at home"), "": _("not known")}.get(value) or province_label(value)


def trait_heading(trait: Trait) -> str:
    """A trait's name, as a heading."""
    return _(_OWN[trait] if trait in _OWN else DIMENSIONS[Dimension(trait.value)])
