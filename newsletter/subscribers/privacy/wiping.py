"""Whether what was deleted is gone from the disk, too: from the database's file and from its write-ahead log.

Zeros are written over what is deleted, but pages that the database moved about before may hold copies, and the log
keeps old pages. So the bytes themselves are looked for, and the file is written anew if they turn up.
"""

import contextlib
import mmap
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

#: Of a ciphertext, the bytes looked for: its nonce and what follows, without the version, which all share.
_SOUGHT: Final = slice(1, 25)


def wipe(engine: Engine, removed: Sequence[bytes]) -> bool | None:
    """Make sure that these ciphertexts, deleted and committed, are nowhere in the database's files.

    Returns:
        Whether they are gone; None: this database is a server's, whose files are not ours to look into.
    """
    if engine.dialect.name != "sqlite":
        return None
    sought = [sealed[_SOUGHT] for sealed in removed if sealed]
    _run(engine, "PRAGMA wal_checkpoint(TRUNCATE)")
    if not _is_anywhere(engine, sought):
        return True
    return rewrite(engine) and not _is_anywhere(engine, sought)


def rewrite(engine: Engine) -> bool:
    """Write SQLite's file anew without what was deleted; whether it could be: another program may hold it for long."""
    return _run(engine, "PRAGMA secure_delete=ON", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")


def _run(engine: Engine, *statements: str) -> bool:
    try:
        with (
            contextlib.closing(engine.raw_connection()) as connection,
            contextlib.closing(connection.cursor()) as cursor,
        ):
            for statement in statements:
                cursor.execute(statement)
                busy = cursor.fetchone()
                if busy is not None and "checkpoint" in statement and busy[0]:
                    return False
    except (sqlite3.Error, SQLAlchemyError):
        return False
    return True


def _is_anywhere(engine: Engine, sought: Sequence[bytes]) -> bool:
    path = Path(str(engine.url.database))
    return any(_holds(found, sought) for found in (path, path.with_name(path.name + "-wal")))


def _holds(path: Path, sought: Sequence[bytes]) -> bool:
    if not path.is_file() or not path.stat().st_size:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return any(content.find(part) >= 0 for part in sought)
