"""How an audience's meaning is kept: a version for every change, none for none. The door to all about audiences."""

from collections.abc import Sequence
from typing import ClassVar

from sqlmodel import Session, col, select

from newsletter.errors import NotFoundError, RefusedError
from newsletter.journal.canonical import canonical_json
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.scope import Scope, home_units, not_visible, unit_ids_with_right, visible_unit_ids
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import ROOT, check_name, get_unit
from newsletter.subscribers.audience.definitions import AudienceDefinition, definition_everyone_in, make_definition
from newsletter.subscribers.audience.reach import AudienceCount, audience_condition, count_audience
from newsletter.subscribers.models import Audience, AudienceVersion
from newsletter.translation import gettext as _

__all__ = [
    "AudienceCount",
    "AudienceDefinition",
    "UnknownAudienceError",
    "audience_condition",
    "count_audience",
    "definition_everyone_in",
    "get_audience",
    "get_visible_audience",
    "list_audiences",
    "list_visible_audiences",
    "load_definition",
    "make_definition",
    "newest_definition",
    "save_audience",
]


class UnknownAudienceError(NotFoundError):
    """No audience has this name or id."""

    code: ClassVar[str] = "unknown_audience"


def save_audience(session: Session, newsroom: Newsroom, name: str, definition: AudienceDefinition) -> Audience:
    """Save an audience under a name; a new version only if it means something else than before.

    Who edits for some units only saves audiences of these units, and of all of them where none is named.

    Raises:
        NoRightError: the acting person is no editor.
        NotVisibleError: it, or what the name means so far, reaches beyond their units.
        RefusedError: it would leave out itself.
        InputError: a name that cannot be one.
    """
    staff = require_right(session, newsroom, Right.AUDIENCES, None)
    scope = unit_ids_with_right(session, newsroom, Right.AUDIENCES)
    definition = _narrow(session, newsroom, definition, scope)
    name = check_name(name)
    if name in definition.excluded_names:
        raise RefusedError(_("The audience {name} cannot leave out itself.").format(name=name))
    audience = session.exec(select(Audience).where(Audience.name == name)).first()
    if audience is not None:
        _raise_if_beyond(session, newsroom, newest_definition(session, audience), scope)
    if audience is None:
        audience = Audience(name=name, version=0)
    elif newest_definition(session, audience) == definition:
        return audience
    audience.version += 1
    session.add(audience)
    session.flush()
    session.add(
        AudienceVersion(
            audience_id=audience.id or 0,
            version=audience.version,
            definition=canonical_json(definition.document()),
            staff_id=staff.id or 0,
            created_at=newsroom.now(),
        )
    )
    session.flush()
    return audience


def get_audience(session: Session, name: str) -> Audience:
    """The audience of this name.

    Raises:
        UnknownAudienceError: there is none.
    """
    audience = session.exec(select(Audience).where(Audience.name == name)).first()
    if audience is None:
        raise UnknownAudienceError(
            _("There is no audience {name}.").format(name=name), hint=_("See them: newsletter audience list")
        )
    return audience


def get_visible_audience(session: Session, newsroom: Newsroom, name: str) -> Audience:
    """The audience of this name, which means nobody outside the acting person's units.

    Raises:
        UnknownAudienceError: there is none.
        NotVisibleError: it reaches beyond their units.
    """
    audience = get_audience(session, name)
    scope = visible_unit_ids(session, newsroom)
    _raise_if_beyond(session, newsroom, newest_definition(session, audience), scope)
    return audience


def list_audiences(session: Session) -> Sequence[Audience]:
    """All audiences, oldest first."""
    return session.exec(select(Audience).order_by(col(Audience.id))).all()


def list_visible_audiences(session: Session, newsroom: Newsroom) -> list[Audience]:
    """The audiences that stay within the acting person's units, oldest first."""
    scope = visible_unit_ids(session, newsroom)
    return [
        audience
        for audience in list_audiences(session)
        if _is_within(session, newest_definition(session, audience), scope)
    ]


def _narrow(session: Session, newsroom: Newsroom, definition: AudienceDefinition, scope: Scope) -> AudienceDefinition:
    if scope is not None and not definition.units:
        homes = [unit.code for unit in home_units(session, newsroom, Right.AUDIENCES)]
        definition = definition.model_copy(update={"units": tuple(sorted(homes))})
    _raise_if_beyond(session, newsroom, definition, scope)
    return definition


def _raise_if_beyond(session: Session, newsroom: Newsroom, definition: AudienceDefinition, scope: Scope) -> None:
    if not _is_within(session, definition, scope):
        raise not_visible(newsroom, [get_unit(session, code).name for code in definition.units or (ROOT,)])


def _is_within(session: Session, definition: AudienceDefinition, scope: Scope) -> bool:
    """Whether a definition names units, and only such as are in ``scope``; regions may reach beyond units."""
    if scope is None:
        return True
    ids = [get_unit(session, code).id or 0 for code in definition.units]
    return bool(ids) and scope.issuperset(ids)


def newest_definition(session: Session, audience: Audience) -> AudienceDefinition:
    """What an audience means now."""
    return load_definition(session, audience.id or 0, audience.version)


def load_definition(session: Session, audience_id: int, version: int) -> AudienceDefinition:
    """What an audience meant in one version.

    Raises:
        UnknownAudienceError: there is no such version.
    """
    saved = session.get(AudienceVersion, (audience_id, version))
    if saved is None:
        message = _("There is no version {version} of the audience {audience}.")
        raise UnknownAudienceError(message.format(version=version, audience=audience_id))
    return AudienceDefinition.model_validate_json(saved.definition)
