"""Making a newsroom: its directory, keys, database, first admin, root unit and main paper; all of it or nothing."""

import json
import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlmodel import Session

from newsletter.database import open_engine, reading, schema_revision, sqlite_url, translated_errors
from newsletter.journal.staff_keys import create_staff_key, key_store_id, pin_admin_key
from newsletter.journal.statements import Statement
from newsletter.keys import create_data_keys
from newsletter.migrations.running import upgrade_schema
from newsletter.newsroom import DATABASE_FILE, Newsroom, keys_root, no_passphrase
from newsletter.organisation.granting import enrol_staff
from newsletter.organisation.papers import MAIN_PAPER, add_paper, get_paper
from newsletter.organisation.roles import Role
from newsletter.organisation.signatures import check_signature
from newsletter.organisation.unfinished import NewsroomExistsError, WaitingSettings, newsroom_exists, waiting_settings
from newsletter.organisation.units import ROOT, Unit, UnitKind, check_name, check_unit_code
from newsletter.settings import SETTINGS_FILE, Settings, validate_settings
from newsletter.translation import gettext as _

_ID_BYTES: Final = 8


def found_newsroom(
    directory: Path,
    *,
    name: str,
    signature: str,
    admin: str,
    environment: Mapping[str, str],
    clock: Callable[[], datetime],
    database_url: str | None = None,
    passphrase: str | None = None,
) -> Newsroom:
    """Make a newsroom in ``directory``; ``newsletter.toml`` comes to its place last and makes it one.

    If it is interrupted, the same call begins it again, or ends it where only that last step was lacking.

    Args:
        directory: made if need be.
        name: of the organisation's paper, which is also the root unit's.
        signature: what stands in 【】.
        admin: staff name of the first admin, who gets a key.
        environment: says where keys lie, and perhaps the database.
        clock: the present moment.
        database_url: a PostgreSQL database to use; None: SQLite in the directory.
        passphrase: of the admin's key; None: it has none.

    Raises:
        NewsroomExistsError: there is one already.
        InputError: a malformed name or signature.
        OutsideError: the directory, the keys or the database cannot be written.
    """
    name, signature, admin = check_name(name), check_signature(signature), check_unit_code(admin)
    document = {
        "newsroom": {"id": secrets.token_hex(_ID_BYTES), "name": name},
        "database": {"url": database_url or ""},
    }
    settings = validate_settings(document, directory / SETTINGS_FILE)
    url = environment.get("NEWSLETTER_DATABASE_URL") or database_url
    engine = open_engine(url or sqlite_url((directory / DATABASE_FILE).absolute()))
    with waiting_settings(directory) as waiting:
        newsroom = Newsroom(
            directory=directory,
            settings=settings,
            engine=engine,
            keys_directory=keys_root(environment) / settings.newsroom.id,
            actor=admin,
            clock=clock,
            ask_passphrase=(lambda _name: passphrase) if passphrase else no_passphrase,
        )
        founder = _read_founder(newsroom.engine, waiting)
        if founder is None:
            newsroom = _make(newsroom, waiting, signature, passphrase)
        else:
            newsroom = _recognise(newsroom, waiting, signature, founder)
        # The last connection's end brings all that SQLite keeps beside its file into it.
        engine.dispose()
        waiting.put_in_place()
    return newsroom


def _read_founder(engine: Engine, waiting: WaitingSettings) -> tuple[str, str] | None:
    """Whose newsroom the database holds already: its id, and its admin's name; None: nobody's."""
    try:
        if schema_revision(engine) is None:
            return None
        with reading(engine) as session:
            first = session.get(Statement, 1)
    except BaseException:
        waiting.discard_if_new()
        raise
    if first is None:
        return None
    body = json.loads(first.body)
    return body["newsroom"], body["person"]


def _make(newsroom: Newsroom, waiting: WaitingSettings, signature: str, passphrase: str | None) -> Newsroom:
    admin, keys_directory = newsroom.acting_name(), newsroom.keys_directory
    try:
        create_data_keys(keys_directory, newsroom.id)
        key_store_id(keys_directory)
        public_key = create_staff_key(keys_directory, admin, passphrase)
        pin_admin_key(keys_directory, public_key)
        newsroom = _with_admin(newsroom, public_key)
        _write_settings(newsroom.settings, waiting)
        with translated_errors(newsroom.engine):
            upgrade_schema(newsroom.engine)
        if newsroom.engine.dialect.name == "sqlite":
            (newsroom.directory / DATABASE_FILE).chmod(0o600)
        name = newsroom.settings.newsroom.name
        _write_first_records(newsroom, name, signature, admin, public_key, has_passphrase=passphrase is not None)
    except BaseException:
        _take_back(newsroom, waiting)
        raise
    return newsroom


def _with_admin(newsroom: Newsroom, public_key: str) -> Newsroom:
    settings = newsroom.settings
    trust = settings.trust.model_copy(update={"admin_key": public_key})
    return replace(newsroom, settings=settings.model_copy(update={"trust": trust}))


def _take_back(newsroom: Newsroom, waiting: WaitingSettings) -> None:
    """Remove what was made, so that the same command can be given again; a server's tables are left to its people."""
    newsroom.engine.dispose()
    shutil.rmtree(newsroom.keys_directory, ignore_errors=True)
    for path in newsroom.directory.glob(f"{DATABASE_FILE}*"):
        path.unlink(missing_ok=True)
    waiting.discard()


def _recognise(newsroom: Newsroom, waiting: WaitingSettings, signature: str, founder: tuple[str, str]) -> Newsroom:
    """The newsroom an interrupted founding had made, if it is the one that is asked for.

    Raises:
        NewsroomExistsError: it is another one.
    """
    settings = waiting.read()
    asked = newsroom.settings.newsroom.name, newsroom.acting_name()
    with newsroom.reading() as session:
        paper = get_paper(session, MAIN_PAPER)
    is_the_same = settings and (settings.newsroom.id, settings.newsroom.name, founder[1]) == (founder[0], *asked)
    if not settings or not is_the_same or paper.signature != signature:
        waiting.discard_if_new()
        newsroom.engine.dispose()
        raise _taken(newsroom)
    keys_directory = newsroom.keys_directory.with_name(settings.newsroom.id)
    return replace(newsroom, settings=settings, keys_directory=keys_directory)


def _taken(newsroom: Newsroom) -> NewsroomExistsError:
    if newsroom.engine.dialect.name == "sqlite":
        return newsroom_exists(newsroom.directory)
    return NewsroomExistsError(_("The database already holds a newsroom."), hint=_("Choose another database."))


def _write_first_records(
    newsroom: Newsroom, name: str, signature: str, admin: str, public_key: str, *, has_passphrase: bool
) -> None:
    with newsroom.writing() as session:
        _add_root(session, name)
        enrol_staff(
            session,
            newsroom,
            name=admin,
            public_key=public_key,
            role=Role.ADMIN,
            unit=ROOT,
            has_passphrase=has_passphrase,
        )
        add_paper(session, code=MAIN_PAPER, name=name, unit=ROOT, signature=signature)
        session.commit()


def _add_root(session: Session, name: str) -> None:
    session.add(Unit(code=ROOT, name=name, kind=UnitKind.ORGANISATION))
    session.flush()


def _write_settings(settings: Settings, waiting: WaitingSettings) -> None:
    """Write a first ``newsletter.toml``. JSON strings are valid TOML basic strings."""

    def quoted(value: str) -> str:
        return json.dumps(value, ensure_ascii=False)

    lines = [
        "[newsroom]",
        f"id = {quoted(settings.newsroom.id)}",
        f"name = {quoted(settings.newsroom.name)}",
        f"language = {quoted(settings.newsroom.language)}",
        f"timezone = {quoted(settings.newsroom.timezone)}",
        "",
        "[gateway]",
        f"kind = {quoted(settings.gateway.kind)}",
        "",
        "[trust]",
        f"admin_key = {quoted(settings.trust.admin_key)}",
    ]
    if settings.database.url:
        lines += ["", "[database]", f"url = {quoted(settings.database.url)}"]
    waiting.write("\n".join(lines) + "\n")
