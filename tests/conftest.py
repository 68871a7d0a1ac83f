"""Newsrooms for tests: founded once a run, copied for each test; on SQLite, or on either database (``any_…``)."""

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from newsletter.newsroom import Newsroom, open_newsroom, system_clock
from newsletter.organisation.columns import add_column
from newsletter.organisation.contributors import add_contributor
from newsletter.organisation.enrolment import add_staff
from newsletter.organisation.founding import found_newsroom
from newsletter.organisation.roles import Role
from newsletter.organisation.units import UnitKind, add_unit
from newsletter.translation import use_language
from tests.command_line import CommandLine
from tests.postgres import NO_SERVER, PostgresServer, find_program, own_server

DATABASE_VARIABLE = "NEWSLETTER_DATABASE_URL"
#: Who sits at the desk of every test newsroom: ``sun`` is its admin.
STAFF = {"li": Role.EDITOR, "wang": Role.REVIEWER, "zhao": Role.ISSUER, "ma": Role.OPERATOR, "chen": Role.ANALYST}
UNITS = (
    ("county", "如皋市", UnitKind.COUNTY, "root", "320682"),
    ("banjing", "搬经镇", UnitKind.TOWN, "county", "320682116"),
    ("baipu", "白蒲镇", UnitKind.TOWN, "county", "320682105"),
    ("nyj", "农业农村局", UnitKind.DEPARTMENT, "county", None),
)


@pytest.fixture(autouse=True)
def own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test sees, or touches, the keys and settings of whoever runs it."""
    for name in list(os.environ):
        if name.startswith("NEWSLETTER_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NEWSLETTER_KEYS_DIR", str(tmp_path / "keys"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    use_language("en")
    yield
    use_language("en")


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsroom with a desk, a few units, two columns and two contributors; copied, never changed."""
    root = tmp_path_factory.mktemp("founded")
    found_desk(root, {})
    return root


def found_desk(root: Path, environment: Mapping[str, str]) -> None:
    """Found it in ``root/newsroom``, with its keys in ``root/keys``; ``environment`` may name another database."""
    newsroom = found_newsroom(
        root / "newsroom",
        name="如皋党员手机报",
        signature="如皋手机报",
        admin="sun",
        environment={"NEWSLETTER_KEYS_DIR": str(root / "keys"), **environment},
        clock=system_clock,
    )
    for name, role in STAFF.items():
        add_staff(newsroom, name, role=role, passphrase=None, may_lack_passphrase=True)
    with newsroom.writing() as session:
        for code, unit_name, kind, parent, region in UNITS:
            add_unit(session, code=code, name=unit_name, kind=kind, parent=parent, region_code=region)
        add_column(session, code="yaowen", name="要闻")
        add_column(session, code="tianjian", name="田间党课", owner="nyj")
        add_contributor(session, name="陆小满", unit="banjing")
        add_contributor(session, name="顾春禾", unit="nyj")
        session.commit()
    newsroom.engine.dispose()


@pytest.fixture
def newsroom_directory(founded: Path, tmp_path: Path) -> Path:
    """This test's own copy of the founded newsroom, keys and all."""
    shutil.copytree(founded / "newsroom", tmp_path / "newsroom")
    shutil.copytree(founded / "keys", tmp_path / "keys")
    return tmp_path / "newsroom"


@pytest.fixture
def newsroom(newsroom_directory: Path) -> Iterator[Newsroom]:
    """The opened copy; ``newsroom.acting_as("li")`` puts somebody at the desk."""
    opened = open_newsroom(newsroom_directory, actor="sun")
    yield opened
    opened.engine.dispose()


@pytest.fixture
def shell(newsroom_directory: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """Types commands in this test's newsroom."""
    return CommandLine(newsroom_directory, capsys)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A server of this run's own; what asks for it is skipped where there is no server program."""
    program = find_program()
    if program is None:
        pytest.skip(NO_SERVER)
    with own_server(program) as server:
        yield server


@pytest.fixture
def postgres_database(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of an empty database, this test's own."""
    name = postgres_server.create_database()
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest.fixture(scope="session")
def founded_on_postgres(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The same desk as ``founded``, and the database that holds its records."""
    root, name = tmp_path_factory.mktemp("founded-on-postgres"), postgres_server.create_database()
    found_desk(root, {DATABASE_VARIABLE: postgres_server.url(name)})
    return root, name


@pytest.fixture
def newsroom_directory_on_postgres(
    founded_on_postgres: tuple[Path, str],
    postgres_server: PostgresServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Path]:
    """This test's own copy of it; the environment leads whoever opens it to its database."""
    root, template = founded_on_postgres
    shutil.copytree(root / "newsroom", tmp_path / "newsroom")
    shutil.copytree(root / "keys", tmp_path / "keys")
    name = postgres_server.create_database(template)
    monkeypatch.setenv(DATABASE_VARIABLE, postgres_server.url(name))
    yield tmp_path / "newsroom"
    postgres_server.drop_database(name)


_EITHER = ("newsroom_directory", pytest.param("newsroom_directory_on_postgres", marks=pytest.mark.postgres))


@pytest.fixture(params=_EITHER, ids=["sqlite", "postgres"])
def any_newsroom_directory(request: pytest.FixtureRequest) -> Path:
    """A copy of the founded newsroom on SQLite, then one on PostgreSQL."""
    directory: Path = request.getfixturevalue(request.param)
    return directory


@pytest.fixture
def any_newsroom(any_newsroom_directory: Path) -> Iterator[Newsroom]:
    """``newsroom`` on either database."""
    opened = open_newsroom(any_newsroom_directory, actor="sun")
    yield opened
    opened.engine.dispose()


@pytest.fixture
def any_shell(any_newsroom_directory: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """``shell`` on either database."""
    return CommandLine(any_newsroom_directory, capsys)
