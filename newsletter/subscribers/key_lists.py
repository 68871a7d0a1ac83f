"""How rows are asked for by many keys in one statement, on either database; and how a value is marked in one."""

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection

#: How SQLite and PostgreSQL take a list as one value.
_LISTS: Final = {"sqlite": "IN (SELECT value FROM json_each(?))", "postgresql": "= ANY(%s)"}


def select_by_keys(connection: Connection, what: str, column: str, keys: Sequence[object]) -> Sequence[Any]:
    """The rows of ``SELECT what`` (constants only, a ``WHERE`` that goes on included or none) with one of ``keys``."""
    dialect = connection.dialect.name
    value = json.dumps(keys) if dialect == "sqlite" else list(keys)
    joint = "AND" if " WHERE " in what else "WHERE"
    return connection.exec_driver_sql(f"SELECT {what} {joint} {column} {_LISTS[dialect]}", (value,)).fetchall()


def value_mark(connection: Connection) -> str:
    """What stands for a value in a statement handed to the driver."""
    return "?" if connection.dialect.name == "sqlite" else "%s"


def has_rows(connection: Connection, table: str, condition: str = "") -> bool:
    """Whether a table (a constant) holds anything, or anything with a condition (a constant)."""
    where = f" WHERE {condition}" if condition else ""
    return connection.exec_driver_sql(f"SELECT 1 FROM {table}{where} LIMIT 1").first() is not None  # noqa: S608 (constants)
