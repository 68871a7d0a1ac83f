"""What an audience may be defined by, and which codes may stand in it."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from newsletter.errors import InputError, RefusedError
from newsletter.organisation.regions import normalise_region
from newsletter.organisation.units import Unit, UnknownUnitError, get_unit
from newsletter.subscribers.labels import PROFESSION_LABELS, STANDING_LABELS, parse_profession, parse_standing
from newsletter.subscribers.models import Profession, Standing
from newsletter.subscribers.places import read_places
from newsletter.translation import gettext as _


class AudienceDefinition(BaseModel):
    """Who is meant: values of one kind are alternatives, different kinds must all hold; nothing said means everyone.

    Attributes:
        regions: normalised region codes, each with all that begins with it.
        units: unit codes, each with its subtree.
        excluded: the people of these are left out, as the audiences named were when this one was saved.
        excluded_names: their names, in the same order.
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

    Raises:
        InputError: an unknown region, unit, profession or standing.
    """
    others = sorted((excluded or {}).items())
    return AudienceDefinition(
        regions=_sorted(_check_regions(session, regions)),
        units=_sorted(_check_unit(session, unit) for unit in units),
        professions=_sorted(_check_profession(profession) for profession in professions),
        standings=_sorted(_check_standing(standing) for standing in standings),
        mobile=mobile,
        retired=retired,
        excluded=tuple(other for _name, other in others),
        excluded_names=tuple(name for name, _other in others),
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


def _no_such_word(message: str, word: str, choices: Iterable[tuple[Profession | Standing, str]]) -> InputError:
    listed = ", ".join(f"{code} {label}" for code, label in choices)
    return InputError(message.format(word=word), hint=_("Choices: {choices}").format(choices=listed))
