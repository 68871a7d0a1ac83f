"""What the desk's words about one person mean: which columns of the register they set, and to what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from newsletter.errors import InputError
from newsletter.organisation.regions import normalise_region
from newsletter.organisation.units import get_unit
from newsletter.subscribers.labels import (
    PROFESSION_LABELS,
    STANDING_LABELS,
    clean_cell,
    means_retired,
    parse_profession,
    parse_standing,
)
from newsletter.subscribers.lists.problems import Problem
from newsletter.subscribers.lists.rows import read_name
from newsletter.subscribers.phones import normalise_number
from newsletter.subscribers.places import Places
from newsletter.subscribers.preferences import CHANNEL_WORDS, LANGUAGE_WORDS, read_place
from newsletter.subscribers.provinces import find_province
from newsletter.translation import gettext as _

#: Says that something is not known, or not wished, any more.
NOTHING: Final = "none"


@dataclass(frozen=True, kw_only=True)
class DeskWords:
    """What the desk says of a person, as typed; None: nothing.

    Attributes:
        number: as offices write it; empty: they have none.
        unit: code or exact name.
        profession, standing: code or label; ``none``: not known.
        channel: a ``Channel``; ``none``: as everybody.
        language: ``zh-CN`` or ``en``; ``none``: the newsroom's.
        place: where somebody away from home lives now; ``none``: not known.
    """

    number: str | None = None
    name: str | None = None
    unit: str | None = None
    profession: str | None = None
    standing: str | None = None
    mobile: bool | None = None
    retired: bool | None = None
    region: str | None = None
    channel: str | None = None
    language: str | None = None
    large_type: bool | None = None
    place: str | None = None


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """The same, understood: E.164 number, composed name, place in plain, and the columns to set; None: as it was."""

    number: str | None
    name: str | None
    place: str | None
    columns: dict[str, Any]


def understand(session: Session, places: Places, words: DeskWords) -> Wishes:
    """What the words mean.

    Raises:
        InputError: a number, name, region or word that cannot be used; it never repeats a number or a name.
        UnknownUnitError: no such unit.
    """
    place = None if words.place is None else _read_place(words.place)
    columns: dict[str, Any] = {
        "unit_id": None if words.unit is None else get_unit(session, words.unit).id,
        "region_code": None if words.region is None else _read_region(places, words.region),
        "profession": None if words.profession is None else _read_profession(words.profession),
        "standing": None if words.standing is None else _read_standing(words.standing),
        "mobile": words.mobile,
        "retired": True if means_retired(words.profession or "") else words.retired,
        "channel": None if words.channel is None else _choose("--channel", words.channel, CHANNEL_WORDS),
        "language": None if words.language is None else _choose("--language", words.language, LANGUAGE_WORDS),
        "large_type": words.large_type,
        "place_region": None if place is None else find_province(place),
    }
    return Wishes(
        number=normalise_number(words.number) if words.number else words.number,
        name=None if words.name is None else _read_name(words.name),
        place=place,
        columns={name: value for name, value in columns.items() if value is not None},
    )


def _read_name(text: str) -> str:
    name = read_name(text)
    if isinstance(name, Problem):
        raise InputError(name.message)
    return name


def _read_region(places: Places, text: str) -> str:
    code = normalise_region(text)
    if not places.is_known_region(code):
        raise InputError(
            _("There is no region {region} here.").format(region=code), hint=_("See them: newsletter units list")
        )
    return code


def _read_profession(word: str) -> str:
    if word == NOTHING or means_retired(word):
        return ""
    found = parse_profession(word)
    if found is None:
        raise _no_such(_("There is no profession {word}."), word, PROFESSION_LABELS.items())
    return found


def _read_standing(word: str) -> str:
    # "none" is a standing: no member, 群众.
    found = parse_standing(word)
    if found is None and word:
        raise _no_such(_("There is no standing {word}."), word, STANDING_LABELS.items())
    return found or ""


def _choose(option: str, word: str, words: Mapping[str, str]) -> str:
    found = "" if word == NOTHING else words.get(clean_cell(word))
    if found is None:
        raise InputError(
            _("{option}: there is no {word}.").format(option=option, word=word[:40]),
            hint=_("Choose from: {choices}.").format(choices=", ".join([*filter(None, words), NOTHING])),
        )
    return found


def _read_place(text: str) -> str:
    place = read_place("" if text.strip() == NOTHING else text)
    if isinstance(place, Problem):
        raise InputError(place.message, hint=_("A province and a city will do, for instance 上海市浦东新区."))
    return place


def _no_such(message: str, word: str, choices: Iterable[tuple[str, str]]) -> InputError:
    listed = ", ".join(f"{code} {label}" for code, label in choices)
    return InputError(message.format(word=word[:40]), hint=_("Choices: {choices}").format(choices=listed))
