"""How a moment is stored and shown: aware datetimes in the code, whole milliseconds UTC in the database."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Dialect
from sqlalchemy.types import TypeDecorator

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def to_milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970-01-01 UTC; fractions are cut."""
    return (moment - _EPOCH) // _MILLISECOND


def from_milliseconds(value: int) -> datetime:
    """The aware moment, in UTC."""
    return _EPOCH + value * _MILLISECOND


def to_iso(moment: datetime | None, timezone: ZoneInfo) -> str | None:
    """ISO 8601 with offset, to the second: what JSON documents carry."""
    return None if moment is None else moment.astimezone(timezone).isoformat(timespec="seconds")


class Instant(TypeDecorator[datetime]):
    """Column type: an aware datetime kept as a 64-bit integer, alike on SQLite and PostgreSQL."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 (as SQLAlchemy calls it)
        """To the database."""
        return None if value is None else to_milliseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (as SQLAlchemy calls it)
        """From the database."""
        return None if value is None else from_milliseconds(value)
