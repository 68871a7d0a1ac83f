"""A PostgreSQL server of the test run's own, reached by a socket in a temporary directory and gone with the run."""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine, text

#: Where Debian keeps server programs, a directory for each version.
_DEBIAN: Final = Path("/usr/lib/postgresql")
NO_SERVER: Final = "no PostgreSQL server program on PATH or under /usr/lib/postgresql (Debian: postgresql)"
#: Durability is nothing to a server that lives for one run.
_OPTIONS: Final = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


@dataclass(frozen=True)
class PostgresServer:
    """A running server; ``home`` holds its data and its socket."""

    home: Path

    def url(self, database: str = "postgres") -> str:
        """How the program is told of a database here."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.home}"

    def create_database(self, template: str = "template1") -> str:
        """Make a database, empty or a copy of another that nobody is connected to; return its name."""
        name = f"t{secrets.token_hex(8)}"
        self._command(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is still connected to it."""
        self._command(f"DROP DATABASE {name} WITH (FORCE)")

    def _command(self, statement: str) -> None:
        engine = create_engine(self.url(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def find_program() -> str | None:
    """``pg_ctl`` of the newest version Debian installed, else the one on the path."""
    programs = sorted(_DEBIAN.glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3].partition(".")[0]))
    return str(programs[-1]) if programs else shutil.which("pg_ctl")


@contextmanager
def own_server(program: str) -> Iterator[PostgresServer]:
    """Start a server, not as root, and stop it at the end of the block."""
    # In /tmp whatever TMPDIR says: a socket's path may have 107 characters, and another user must reach it.
    home = Path(tempfile.mkdtemp(prefix="newsletter-pg-", dir="/tmp"))
    user = _unprivileged_user()
    if user is not None:
        os.chown(home, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    try:
        _run(program, user, home, "initdb", "-o", "-U postgres -A trust -E UTF8 --locale=C --no-sync")
        _run(program, user, home, "start", "-w", "-l", str(home / "log"), "-o", f"-k {home} {_OPTIONS}")
        try:
            yield PostgresServer(home)
        finally:
            _run(program, user, home, "stop", "-m", "immediate")
    finally:
        shutil.rmtree(home)


def _run(program: str, user: str | None, home: Path, *words: str) -> None:
    command = [program, *words, "-D", str(home / "data")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, user=user, cwd=home)


def _unprivileged_user() -> str | None:
    """The server refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
