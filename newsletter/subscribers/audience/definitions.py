"""What an audience may be defined by, and which codes may stand in it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer
from sqlmodel import Session

from newsletter.errors import InputError, RefusedError
from newsletter.organisation.regions import normalise_region
from newsletter.organisation.units import Unit, UnknownUnitError, get_unit
from newsletter.subscribers.labels import PROFESSION_LABELS, STANDING_LABELS, parse_profession, parse_standing
from newsletter.subscribers.models import Channel, Profession, Standing
from newsletter.subscribers.places import read_places
from newsletter.subscribers.provinces import PROVINCES, find_province
from newsletter.translation import gettext as _

#: Fields that definitions did not have at first. Unsaid, they are left out of the document: manifests signed before
#: there were any carry its digest.
_LATER_FIELDS: Final = frozenset({"channels", "languages", "large_type", "places"})
#: Languages a reader may have asked for, as ``[newsroom] language`` spells them.
_LANGUAGES: Final = ("zh-CN", "en")


class AudienceDefinition(BaseModel):
    """Who is meant: values of one kind are alternatives, different kinds must all hold; nothing said means everyone.

    Attributes:
        regions: normalised region codes, each with all that begins with it.
        units: unit codes, each with its subtree.
        excluded: the people of these are left out, as the audiences named were when this one was saved.
        excluded_names: their names, in the same order.
        channels: of ``Channel``: what people said they prefer.
        languages: what people asked for; an empty one means those who never said.
        large_type: whether they want large type.
        places: provinces (2 digits) in which people away from home live now.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    regions: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    professions: tuple[str, ...] = ()
    standings: tuple[str, ...] = ()
    mobile: bool | None = None
    retired: bool | None = None
    excluded: tuple["AudienceDefinition", ...] = ()
    excluded_names: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    large_type: bool | None = None
    places: tuple[str, ...] = ()

    @model_serializer(mode="wrap")
    def _leave_out_unsaid(self, serialise: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields: dict[str, Any] = serialise(self)
        unsaid = {name for name in _LATER_FIELDS if fields.get(name) in (None, (), [])}
        return {name: value for name, value in fields.items() if name not in unsaid}

    def document(self) -> dict[str, Any]:
        """As JSON types: what manifests and commands carry."""
        return self.model_dump(mode="json")


def make_definition(
    session: Session,
    *,
    regions: Iterable[str] = (),
    units: Iterable[str] = (),
    professions: Iterable[str] = (),
    standings: Iterable[str] = (),
    mobile: bool | None = None,
    retired: bool | None = None,
    excluded: Mapping[str, AudienceDefinition] | None = None,
    channels: Iterable[str] = (),
    languages: Iterable[str] = (),
    own_language: str = "",
    large_type: bool | None = None,
    places: Iterable[str] = (),
) -> AudienceDefinition:
    """A definition of checked codes, sorted, so that the same meaning is always the same text.

    Args:
        session: any.
        regions: codes, full or cut.
        units: codes or exact names.
        professions: codes or labels.
        standings: codes or labels.
        mobile: None: either will do.
        retired: None: either will do.
        excluded: whom to leave out, by the names of their audiences.
        channels: full-text, mms.
        languages: zh-CN, en.
        own_language: the newsroom's: who never said otherwise reads it.
        large_type: None: either will do.
        places: provinces by name or code, or cities in them.

    Raises:
        InputError: an unknown region, unit, profession, standing, channel, language or province.
    """
    others = sorted((excluded or {}).items())
    spoken = {_check_choice(language, _LANGUAGES, _("There is no language {word}.")) for language in languages}
    return AudienceDefinition(
        regions=_sorted(_check_regions(session, regions)),
        units=_sorted(_check_unit(session, unit) for unit in units),
        professions=_sorted(_check_profession(profession) for profession in professions),
        standings=_sorted(_check_standing(standing) for standing in standings),
        mobile=mobile,
        retired=retired,
        excluded=tuple(other for _name, other in others),
        excluded_names=tuple(name for name, _other in others),
        channels=_sorted(_check_choice(channel, Channel, _("There is no channel {word}.")) for channel in channels),
        languages=_sorted(spoken | ({""} if own_language in spoken else set())),
        large_type=large_type,
        places=_sorted(_check_place(place) for place in places),
    )


def definition_everyone_in(session: Session, unit_id: int) -> AudienceDefinition:
    """Everyone in a unit's subtree; in the root's: everyone."""
    unit = session.get_one(Unit, unit_id)
    return AudienceDefinition(units=(unit.code,))


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


def _check_regions(session: Session, regions: Iterable[str]) -> list[str]:
    places = read_places(session)
    codes = [normalise_region(region) for region in regions]
    for code in codes:
        if not places.is_known_region(code):
            raise InputError(
                _("There is no region {region} here.").format(region=code), hint=_("See them: newsletter units list")
            )
    return codes


def _check_unit(session: Session, unit: str) -> str:
    try:
        return get_unit(session, unit).code
    except (UnknownUnitError, RefusedError) as error:
        # As one value among an audience's options, it is bad input.
        raise InputError(error.message, hint=error.hint) from error


def _check_profession(word: str) -> str:
    found = parse_profession(word)
    if found is None:
        raise _no_such_word(_("There is no profession {word}."), word, PROFESSION_LABELS.items())
    return found


def _check_standing(word: str) -> str:
    found = parse_standing(word)
    if found is None:
        raise _no_such_word(_("There is no standing {word}."), word, STANDING_LABELS.items())
    return found


def _check_choice(word: str, choices: Iterable[str], message: str) -> str:
    known = {str(choice).casefold(): str(choice) for choice in choices}
    found = known.get(word.strip().casefold())
    if found is None:
        hint = _("Choices: {choices}").format(choices=", ".join(known.values()))
        raise InputError(message.format(word=word[:40]), hint=hint)
    return found


def _check_place(place: str) -> str:
    found = find_province(place)
    if not found:
        listed = ", ".join(f"{code} {name}" for code, name in PROVINCES.items())
        raise InputError(
            _("{place} is in no province known here.").format(place=place[:40]),
            hint=_("Choices: {choices}").format(choices=listed),
        )
    return found


def _no_such_word(message: str, word: str, choices: Iterable[tuple[Profession | Standing, str]]) -> InputError:
    listed = ", ".join(f"{code} {label}" for code, label in choices)
    return InputError(message.format(word=word), hint=_("Choices: {choices}").format(choices=listed))
