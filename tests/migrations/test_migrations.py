"""The schema's history: it leads from nothing to what the models say, and its append-only tables refuse changes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from newsletter.database import HEAD_REVISION, open_engine, schema_revision, sqlite_url
from newsletter.migrations.running import migration_configuration, upgrade_schema
from newsletter.newsroom import Newsroom
from newsletter.tables import TABLE_MODULES, metadata
from tests.command_line import CommandLine


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(sqlite_url(tmp_path / "new.db"))
    yield engine
    engine.dispose()


@pytest.fixture
def postgres(postgres_database: str) -> Iterator[Engine]:
    engine = open_engine(postgres_database)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest) -> Engine:
    engine: Engine = request.getfixturevalue(request.param)
    return engine


def test_an_empty_database_is_led_to_the_head(empty: Engine) -> None:
    assert schema_revision(empty) is None
    upgrade_schema(empty)
    assert schema_revision(empty) == HEAD_REVISION
    assert set(inspect(empty).get_table_names()) == {*metadata.tables, "alembic_version"}
    upgrade_schema(empty)


def test_the_migrations_make_what_the_models_say(empty: Engine) -> None:
    upgrade_schema(empty)
    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_programs_head_is_the_scripts(empty: Engine) -> None:
    scripts = ScriptDirectory.from_config(migration_configuration())
    assert scripts.get_heads() == [HEAD_REVISION]


def test_every_table_is_imported_where_migrations_look() -> None:
    defined = {model.__tablename__ for module in TABLE_MODULES for model in vars(module).values() if _is_table(model)}
    assert defined == set(metadata.tables)


def _is_table(model: object) -> bool:
    return isinstance(model, type) and hasattr(model, "__table__")


@pytest.mark.parametrize("statement", ["UPDATE statement SET subject = 'x'", "DELETE FROM statement WHERE id = 1"])
def test_the_journal_refuses_changes(any_newsroom: Newsroom, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), any_newsroom.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("statement", ["UPDATE optout_event SET reason = 'x'", "DELETE FROM optout_event"])
def test_opt_outs_refuse_changes(any_newsroom: Newsroom, any_shell: CommandLine, statement: str) -> None:
    any_shell.ask("optout", "13900000000", "--reason", "x", by="zhao")
    with pytest.raises(DBAPIError, match="append-only"), any_newsroom.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("revision", ["0000", "9999"])
def test_another_schema_is_refused_with_the_line_that_mends_it(
    shell: CommandLine, newsroom_directory: Path, revision: str
) -> None:
    engine = create_engine(sqlite_url(newsroom_directory / "newsletter.db"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()
    error = shell.ask("status", by="li", code=4)["error"]
    assert error["code"] == "schema"
    assert error["hint"] == "Run: newsletter upgrade"
    assert f"has schema {revision}; this version needs {HEAD_REVISION}" in error["message"]


def test_upgrade_mends_an_older_database(
    shell: CommandLine, newsroom_directory: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A next migration is planted; the program that needs it refuses until ``upgrade`` has run."""
    from newsletter import database
    from newsletter.commands import founding
    from newsletter.migrations import running

    planted = tmp_path / "migrations"
    planted.mkdir()
    source = Path(running.__file__).parent
    (planted / "versions").mkdir()
    for file in (*source.glob("env.py"), *source.glob("versions/*.py")):
        (planted / file.relative_to(source)).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    (planted / "versions" / "9000_next.py").write_text(
        f'''"""Next."""
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "9000", "{HEAD_REVISION}", None, None
def upgrade():
    op.create_table("planted", sa.Column("id", sa.Integer(), primary_key=True))
''',
        encoding="utf-8",
    )
    monkeypatch.setattr(database, "HEAD_REVISION", "9000")
    monkeypatch.setattr(running, "__file__", str(planted / "running.py"))
    assert founding is not None
    assert shell.ask("articles", by="li", code=4)["error"]["hint"] == "Run: newsletter upgrade"
    assert shell.ask("upgrade") == {"from": HEAD_REVISION, "to": "9000"}
    shell.ask("articles", by="li")
    assert shell.ask("upgrade") == {"from": "9000", "to": "9000"}
    assert newsroom_directory.is_dir()


def test_an_emptied_database_is_not_taken_for_an_old_one(shell: CommandLine, newsroom_directory: Path) -> None:
    (newsroom_directory / "newsletter.db").write_bytes(b"")
    for command in ("status", "upgrade"):
        error = shell.ask(command, by="li", code=5)["error"]
        assert error["hint"] == "Restore it from a backup."
