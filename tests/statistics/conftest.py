"""A newsroom with nothing but what statistics read, on SQLite and, where there is one, on a PostgreSQL of its own."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from newsletter.database import open_engine, sqlite_url
from newsletter.newsroom import DATABASE_FILE
from newsletter.tables import metadata
from newsletter.translation import use_language
from tests.statistics.ledgers import Desk

_SERVERS = "/usr/lib/postgresql"


@pytest.fixture(autouse=True)
def _speak_english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("en")


@pytest.fixture(scope="session")
def statistics_server() -> Iterator[str]:
    """URL of a server's own database, reached by a socket only; skipped where there is no server program."""
    programs = sorted(Path(_SERVERS).glob("*/bin/pg_ctl"))
    found = str(programs[-1]) if programs else shutil.which("pg_ctl")
    if not found:
        pytest.skip("no PostgreSQL server here")
    home = Path(tempfile.mkdtemp(prefix="statistics-pg-"))
    user = _unprivileged_user()
    if user is not None:
        os.chown(home, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    _run(found, user, home, "initdb", "-o", "-U postgres -A trust -E UTF8 --locale=C")
    options = f"-k {home} -c listen_addresses='' -c fsync=off"
    _run(found, user, home, "start", "-w", "-l", str(home / "log"), "-o", options)
    yield f"postgresql+psycopg://postgres@/postgres?host={home}"
    _run(found, user, home, "stop", "-m", "immediate")
    shutil.rmtree(home)


def _run(program: str, user: str | None, home: Path, *words: str) -> None:
    command = [program, *words, "-D", str(home / "data")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=user, cwd=home)


def _unprivileged_user() -> str | None:
    """The server refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(sqlite_url(tmp_path / DATABASE_FILE))
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_engine(statistics_server: str, request: pytest.FixtureRequest) -> Iterator[Engine]:
    name = f"t{abs(hash(request.node.nodeid))}"
    keeper = create_engine(statistics_server, isolation_level="AUTOCOMMIT")
    with keeper.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    keeper.dispose()
    engine = open_engine(statistics_server.replace("/postgres?", f"/{name}?"))
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(sqlite_engine: Engine, tmp_path: Path) -> Desk:
    """An empty newsroom on SQLite that shows every group."""
    return Desk.found(sqlite_engine, tmp_path)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    """The same, on either database."""
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    return Desk.found(engine, tmp_path)
