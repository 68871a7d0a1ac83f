"""What ``doctor`` looks at: the machine first, then the newsroom, if there is one."""

import sqlite3
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from newsletter.errors import NewsletterError
from newsletter.translation import gettext as _

if TYPE_CHECKING:
    from newsletter.newsroom import Newsroom

#: SQLite version with window functions on UPSERT and RETURNING as used here (Debian 12 has 3.40).
_OLDEST_SQLITE = (3, 35, 0)


@dataclass(frozen=True)
class Check:
    """One thing looked at; ``is_fatal`` if the program cannot do its work without it."""

    name: str
    is_well: bool
    message: str
    hint: str = ""
    is_fatal: bool = False

    def as_document(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def check_machine() -> list[Check]:
    """Python, SQLite, and what rendering needs."""
    from newsletter.editions.rendering.probe import check_rendering

    version = ".".join(map(str, sys.version_info[:3]))
    checks = [
        Check("python", True, version),
        Check("sqlite", sqlite3.sqlite_version_info >= _OLDEST_SQLITE, sqlite3.sqlite_version, is_fatal=True),
    ]
    lacks = check_rendering()
    checks += [Check(lack.code, False, lack.message, lack.hint, is_fatal=lack.is_fatal) for lack in lacks]
    if not lacks:
        checks.append(Check("rendering", True, _("libraries and a Chinese font are there")))
    return checks


def check_newsroom(newsroom: "Newsroom") -> list[Check]:
    """Settings (read already), database, keys, gateway."""
    from newsletter.commands.checkup_keys import check_journal, check_staff_keys

    checks = [Check("newsroom", True, str(newsroom.directory))]
    checks.append(attempt("database", lambda: _check_database(newsroom)))
    has_database = checks[-1].is_well
    checks.append(attempt("data key", lambda: _check_data_key(newsroom)))
    checks += check_staff_keys(newsroom, has_database=has_database)
    if has_database:
        checks += check_journal(newsroom)
    checks.append(attempt("gateway", lambda: _check_gateway(newsroom)))
    return checks


def attempt(name: str, look: Callable[[], str]) -> Check:
    """What ``look`` says if all is well, else its trouble."""
    try:
        return Check(name, True, look())
    except NewsletterError as error:
        return Check(name, False, error.message, error.hint, is_fatal=True)


def _check_database(newsroom: "Newsroom") -> str:
    from sqlalchemy import text

    from newsletter.database import DatabaseTroubleError, check_schema, describe

    check_schema(newsroom.engine)
    if newsroom.engine.dialect.name == "sqlite":
        with newsroom.reading() as session:
            answer = session.connection().execute(text("PRAGMA quick_check")).scalar()
        if answer != "ok":
            message = _("Trouble with the database {name}: {reason}.")
            raise DatabaseTroubleError(message.format(name=describe(newsroom.engine), reason=answer))
    return describe(newsroom.engine)


def _check_data_key(newsroom: "Newsroom") -> str:
    newsroom.data_keys.number_key("+8613900000000")
    return str(newsroom.keys_directory)


def _check_gateway(newsroom: "Newsroom") -> str:
    from newsletter.delivery.gateways.opening import open_gateway

    gateway = open_gateway(newsroom)
    gateway.close()
    return gateway.name
