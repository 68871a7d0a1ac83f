"""Which ids new people get: none that anybody has or had, so that events of two people never become one person's."""

from sqlalchemy import Connection


def gives_own_ids(connection: Connection) -> bool:
    """Whether ids must be given here: SQLite hands an erased person's out again, PostgreSQL's sequence never does."""
    return connection.dialect.name == "sqlite"


def first_free_id(connection: Connection) -> int:
    """The least id that nobody has or had; everybody who was ever recorded has events, erased or not."""
    tops = (("id", "subscriber"), ("subscriber_id", "member_event"))
    found = (connection.exec_driver_sql(f"SELECT max({column}) FROM {table}").scalar() for column, table in tops)  # noqa: S608 (constants)
    return max(int(top or 0) for top in found) + 1
