"""Making a newsroom: its directory, keys, database, first admin, root unit and main paper; all of it or nothing."""

import json
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Final

from sqlalchemy import Engine
from sqlmodel import Session

from newsletter.database import open_engine, schema_revision, sqlite_url, translated_errors
from newsletter.errors import OutsideError, RefusedError
from newsletter.journal.staff_keys import create_staff_key, key_store_id
from newsletter.keys import create_data_keys
from newsletter.migrations.running import upgrade_schema
from newsletter.newsroom import DATABASE_FILE, Newsroom, keys_root, no_passphrase
from newsletter.organisation.papers import MAIN_PAPER, add_paper
from newsletter.organisation.roles import Role
from newsletter.organisation.signatures import check_signature
from newsletter.organisation.staff import enrol_staff
from newsletter.organisation.units import ROOT, Unit, UnitKind, check_name, check_unit_code
from newsletter.settings import SETTINGS_FILE, validate_settings
from newsletter.translation import gettext as _

_ID_BYTES: Final = 8


class NewsroomExistsError(RefusedError):
    """The directory, or the database, already holds a newsroom."""

    code: ClassVar[str] = "newsroom_exists"


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
    """Make a newsroom in ``directory``; ``newsletter.toml`` is written last and makes it one.

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
    newsroom_id = secrets.token_hex(_ID_BYTES)
    database = environment.get("NEWSLETTER_DATABASE_URL") or database_url
    path = directory / SETTINGS_FILE
    document = {
        "newsroom": {"id": newsroom_id, "name": name},
        "database": {"url": database_url or ""},
    }
    settings = validate_settings(document, path)
    _prepare_directory(directory)
    engine = open_engine(database or sqlite_url((directory / DATABASE_FILE).absolute()))
    _refuse_used(engine)
    keys_directory = keys_root(environment) / newsroom_id
    create_data_keys(keys_directory, newsroom_id)
    key_store_id(keys_directory)
    public_key = create_staff_key(keys_directory, admin, passphrase)
    newsroom = Newsroom(
        directory=directory,
        settings=settings.model_copy(update={"trust": settings.trust.model_copy(update={"admin_key": public_key})}),
        engine=engine,
        keys_directory=keys_directory,
        actor=admin,
        clock=clock,
        ask_passphrase=(lambda _name: passphrase) if passphrase else no_passphrase,
    )
    with translated_errors(engine):
        upgrade_schema(engine)
    _write_first_records(newsroom, name, signature, admin, public_key, has_passphrase=passphrase is not None)
    _write_settings(path, newsroom_id, name, public_key, database_url)
    return newsroom


def _prepare_directory(directory: Path) -> None:
    if (directory / SETTINGS_FILE).exists() or (directory / DATABASE_FILE).exists():
        raise NewsroomExistsError(
            _("{directory} already holds a newsroom.").format(directory=directory),
            hint=_("Choose another directory."),
        )
    try:
        directory.mkdir(parents=True, exist_ok=True)
        probe = directory / f".{secrets.token_hex(4)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        message = _("Cannot write into {directory}: {reason}.")
        raise OutsideError(message.format(directory=directory, reason=error.strerror)) from error


def _refuse_used(engine: Engine) -> None:
    if engine.dialect.name != "sqlite" and schema_revision(engine) is not None:
        raise NewsroomExistsError(_("The database already holds a newsroom."), hint=_("Choose another database."))


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


def _write_settings(path: Path, newsroom_id: str, name: str, admin_key: str, database_url: str | None) -> None:
    """Write ``newsletter.toml`` whole or not at all. JSON strings are valid TOML basic strings."""

    def quoted(value: str) -> str:
        return json.dumps(value, ensure_ascii=False)

    lines = [
        "[newsroom]",
        f"id = {quoted(newsroom_id)}",
        f"name = {quoted(name)}",
        'language = "zh-CN"',
        'timezone = "Asia/Shanghai"',
        "",
        "[gateway]",
        'kind = "sandbox"',
        "",
        "[trust]",
        f"admin_key = {quoted(admin_key)}",
    ]
    if database_url:
        lines += ["", "[database]", f"url = {quoted(database_url)}"]
    temporary = path.with_suffix(".toml.new")
    try:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        message = _("Cannot write {path}: {reason}.").format(path=path, reason=error.strerror)
        raise OutsideError(message) from error
