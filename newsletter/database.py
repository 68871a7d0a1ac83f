"""How the database is reached: SQLite in WAL mode by default, PostgreSQL by URL; storage errors in the user's words."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Final

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
)
from sqlmodel import Session

from newsletter.errors import InputError, NewsletterError, OutsideError, RefusedError
from newsletter.translation import gettext as _

#: The newest migration; ``tests/migrations`` holds it against ``migrations/versions``.
HEAD_REVISION: Final = "0009"
#: Seconds a writer waits for another one.
BUSY_TIMEOUT_SECONDS: Final = 30
_IMMEDIATE: Final = "newsletter_immediate"


class DatabaseTroubleError(OutsideError):
    """The database cannot be opened, read or written."""

    code: ClassVar[str] = "database"


class SimultaneousChangeError(RefusedError):
    """Two people made the same thing at once, and the other was first."""

    code: ClassVar[str] = "simultaneous_change"


class OldSchemaError(RefusedError):
    """The database is older, or newer, than the program."""

    code: ClassVar[str] = "schema"


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite:///{path}"


def open_engine(url: str) -> Engine:
    """Make an engine for ``url``; nothing is opened yet.

    SQLite connections use WAL, foreign keys, synchronous FULL, and begin explicitly, so that a writer can take the
    write lock at once (``BEGIN IMMEDIATE``) instead of failing half-way.
    """
    if not url.startswith("sqlite"):
        return _open_server(url)
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_server(url: str) -> Engine:
    """PostgreSQL by psycopg, whichever way its URL is written."""
    scheme, separator, rest = url.partition("://")
    driver = "postgresql+psycopg" if scheme in ("postgres", "postgresql") else scheme
    try:
        return create_engine(f"{driver}{separator}{rest}", pool_pre_ping=True, hide_parameters=True)
    except ModuleNotFoundError as error:
        raise OutsideError(
            _("The library {name} for this database is not installed.").format(name=error.name),
            hint=_("Run: pip install 'mobile-newsroom[postgres]'"),
        ) from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise InputError(
            _("This is not the address of a database: sqlite:///FILE or postgresql://USER@HOST/NAME.")
        ) from error


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA synchronous=FULL")


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(_IMMEDIATE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only reads."""
    with translated_errors(engine), Session(engine) as session:
        yield session


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session that writes: one use case, one explicit ``commit``; leaving without it rolls back."""
    with (
        translated_errors(engine),
        Session(engine.execution_options(**{_IMMEDIATE: True}), expire_on_commit=False) as session,
    ):
        yield session


@contextlib.contextmanager
def translated_errors(engine: Engine) -> Iterator[None]:
    """Turn the driver's trouble into one line that names the database."""
    try:
        yield
    except NewsletterError:
        raise
    except IntegrityError as error:
        if engine.dialect.name == "sqlite":  # one writer at a time: this would be a bug of ours
            raise
        raise SimultaneousChangeError(
            _("Somebody else changed the same thing at this moment; nothing was done."), hint=_("Try again.")
        ) from error
    except (OperationalError, InterfaceError, DatabaseError) as error:
        if isinstance(error, ProgrammingError) and engine.dialect.name != "sqlite":
            raise
        if not _is_outside(error):
            raise
        raise DatabaseTroubleError(
            _("Trouble with the database {name}: {reason}.").format(name=describe(engine), reason=_reason(error)),
            hint=_("Run: newsletter doctor"),
        ) from error


def _is_outside(error: DBAPIError) -> bool:
    if isinstance(error, OperationalError | InterfaceError):
        return "no such table" not in str(error.orig) and "no such column" not in str(error.orig)
    # sqlite3.DatabaseError itself, not a subclass: "file is not a database", "database disk image is malformed"
    return type(error.orig) is sqlite3.DatabaseError


def _reason(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0].rstrip(".")


def describe(engine: Engine) -> str:
    """The database as a person knows it: a file's path, or a URL without its password."""
    if engine.dialect.name == "sqlite":
        return str(engine.url.database)
    return engine.url.render_as_string(hide_password=True)


def check_schema(engine: Engine) -> None:
    """Refuse a database whose schema is not this program's.

    Raises:
        OldSchemaError: older or newer; the hint is ``newsletter upgrade``.
        DatabaseTroubleError: no database, or none that can be read, or an empty one.
    """
    found = require_newsroom(engine)
    if found != HEAD_REVISION:
        raise OldSchemaError(
            _("The database {name} has schema {found}; this version needs {needed}.").format(
                name=describe(engine), found=found, needed=HEAD_REVISION
            ),
            hint=_("Run: newsletter upgrade"),
        )


def require_newsroom(engine: Engine) -> str:
    """The migration the database stands at; upgrading an empty one would only hide that its newsroom is lost.

    Raises:
        DatabaseTroubleError: there is no newsroom in it.
    """
    found = schema_revision(engine)
    if found is None:
        raise DatabaseTroubleError(
            _("The database {name} is empty.").format(name=describe(engine)), hint=_("Restore it from a backup.")
        )
    return found


def schema_revision(engine: Engine) -> str | None:
    """The migration the database stands at; None for an empty one."""
    with reading(engine) as session:
        try:
            row: Any = session.connection().execute(text("SELECT version_num FROM alembic_version")).first()
        except (OperationalError, ProgrammingError) as error:
            if "alembic_version" in str(error.orig):
                return None
            raise
    return None if row is None else str(row[0])
