"""The opened newsroom: its settings, database, keys, clock, and who is acting; opened once and handed down."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, event
from sqlmodel import Session

from newsletter.database import check_schema, open_engine, reading, sqlite_url, writing
from newsletter.errors import InputError, NotFoundError, OutsideError
from newsletter.keys import DataKeys, load_data_keys
from newsletter.keys.guarding import raise_if_outdated
from newsletter.settings import SETTINGS_FILE, Settings, read_settings
from newsletter.translation import gettext as _

DATABASE_FILE: Final = "newsletter.db"
STAFF_KEYS_DIRECTORY: Final = "staff"
#: Told how much of long work is done, and of how much in all (None: not known).
Progress = Callable[[int, int | None], None]


class NoNewsroomError(NotFoundError):
    """There is no newsroom at, or above, the place looked at."""

    code: ClassVar[str] = "no_newsroom"


class NobodyActsError(InputError):
    """It is not said who acts, and it cannot be told."""

    code: ClassVar[str] = "who_acts"


def system_clock() -> datetime:
    """The present moment, aware, UTC."""
    return datetime.now(UTC)


def no_passphrase(name: str) -> str:
    """Answer passphrase questions where nobody can be asked."""
    raise OutsideError(
        _("The key of {name} needs its passphrase.").format(name=name),
        hint=_("Set NEWSLETTER_PASSPHRASE, or run at a terminal."),
    )


@dataclass(frozen=True)
class Newsroom:
    """One organisation's installation.

    Attributes:
        directory: holds ``newsletter.toml`` and, by default, ``newsletter.db``.
        keys_directory: this newsroom's keys, outside ``directory``.
        actor: the staff name given by ``--as`` or the environment; None: the only local staff key.
        clock: the present moment; a test hands in its own.
        ask_passphrase: staff name → passphrase; called only for a key that has one.
        unlocked: staff name → private key, once it was asked for, so that nobody types a passphrase twice a command.
    """

    directory: Path
    settings: Settings
    engine: Engine
    keys_directory: Path
    actor: str | None = None
    clock: Callable[[], datetime] = system_clock
    ask_passphrase: Callable[[str], str] = field(default=no_passphrase, compare=False)
    unlocked: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def id(self) -> str:
        """Sixteen hexadecimal digits, drawn by ``init``."""
        return self.settings.newsroom.id

    @cached_property
    def timezone(self) -> ZoneInfo:
        """The newsroom's own time zone."""
        return ZoneInfo(self.settings.newsroom.timezone)

    @cached_property
    def data_keys(self) -> DataKeys:
        """The keys that hide members; read when first needed, since not everybody has them."""
        return load_data_keys(self.keys_directory, self.id)

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        return self.clock()

    def reading(self) -> AbstractContextManager[Session]:
        """A session that only reads."""
        return reading(self.engine)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session for one use case: commit explicitly, or nothing happened.

        Raises:
            StaleKeyError: at the commit, if something was encrypted with a key that is no longer the newsroom's.
        """
        with writing(self.engine) as session:
            event.listen(session, "before_commit", self._guard_keys)
            yield session

    def _guard_keys(self, session: Session) -> None:
        if "data_keys" in self.__dict__:
            raise_if_outdated(session.connection(), self.data_keys)

    def acting_as(self, name: str) -> "Newsroom":
        """The same newsroom with somebody else at the desk."""
        return replace(self, actor=name)

    def local_staff(self) -> list[str]:
        """Names of the staff whose keys lie on this machine."""
        return sorted(path.stem for path in (self.keys_directory / STAFF_KEYS_DIRECTORY).glob("*.key"))

    def acting_name(self) -> str:
        """Who acts: as said, else the only one whose key lies here.

        Raises:
            NobodyActsError: nobody was named, and the keys here leave it open.
        """
        if self.actor:
            return self.actor
        local = self.local_staff()
        if len(local) == 1:
            return local[0]
        raise NobodyActsError(
            _("Say who acts: there are {count} staff keys here.").format(count=len(local)),
            hint=_("Add --as NAME before the command, or set NEWSLETTER_AS."),
        )


def keys_root(environment: Mapping[str, str]) -> Path:
    """Where all newsrooms' keys lie: ``NEWSLETTER_KEYS_DIR``, else the user's data directory."""
    named = environment.get("NEWSLETTER_KEYS_DIR")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("newsletter") / "keys"


def find_newsroom(start: Path) -> Path:
    """The nearest directory at or above ``start`` that holds ``newsletter.toml``.

    Raises:
        NoNewsroomError: there is none.
    """
    for directory in (start, *start.parents):
        if (directory / SETTINGS_FILE).is_file():
            return directory
    raise NoNewsroomError(
        _("There is no newsroom at {directory} or above it.").format(directory=start),
        hint=_("Give --newsroom DIR, or make one: newsletter init DIR --name NAME --signature SIGNATURE"),
    )


def open_newsroom(
    directory: Path | None,
    *,
    actor: str | None = None,
    environment: Mapping[str, str] = os.environ,
    clock: Callable[[], datetime] = system_clock,
    ask_passphrase: Callable[[str], str] = no_passphrase,
    any_schema: bool = False,
) -> Newsroom:
    """Open the newsroom in ``directory``, or the nearest one above the working directory.

    Args:
        directory: None looks upward from the working directory.
        actor: who acts; None: ``NEWSLETTER_AS``, else the only local staff key.
        environment: where the ``NEWSLETTER_…`` variables are read.
        clock: the present moment.
        ask_passphrase: staff name → passphrase.
        any_schema: do not refuse an older database (``upgrade`` and ``doctor``).

    Raises:
        NoNewsroomError: no newsroom there.
        SettingsError: its settings are wrong.
        DatabaseTroubleError, OldSchemaError: its database cannot be used.
    """
    if directory is None:
        directory = find_newsroom(Path.cwd())
    elif not (directory / SETTINGS_FILE).is_file():
        raise NoNewsroomError(
            _("There is no newsroom in {directory}: it has no {file}.").format(directory=directory, file=SETTINGS_FILE),
            hint=_("Make one: newsletter init DIR --name NAME --signature SIGNATURE"),
        )
    settings = read_settings(directory / SETTINGS_FILE)
    newsroom = Newsroom(
        directory=directory,
        settings=settings,
        engine=open_engine(database_url(directory, settings, environment)),
        keys_directory=keys_root(environment) / settings.newsroom.id,
        actor=actor or environment.get("NEWSLETTER_AS") or None,
        clock=clock,
        ask_passphrase=ask_passphrase,
    )
    if not any_schema:
        check_schema(newsroom.engine)
    return newsroom


def database_url(directory: Path, settings: Settings, environment: Mapping[str, str]) -> str:
    """``NEWSLETTER_DATABASE_URL``, else the settings' URL, else the newsroom's own SQLite file.

    Raises:
        OutsideError: the SQLite file is gone; a new, empty one would hide the loss.
    """
    url = environment.get("NEWSLETTER_DATABASE_URL") or settings.database.url
    if url:
        return url
    path = directory / DATABASE_FILE
    if not path.is_file():
        raise OutsideError(
            _("The newsroom's database {path} is missing.").format(path=path), hint=_("Restore it from a backup.")
        )
    return sqlite_url(path.absolute())
