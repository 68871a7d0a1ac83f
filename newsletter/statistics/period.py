"""Which days statistics look at: local dates of the newsroom, first and last included, and its months. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from newsletter.errors import InputError
from newsletter.translation import gettext as _

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTHS_IN_YEAR: Final = 12


class PeriodError(InputError):
    """A date that is none, or a period that ends before it begins."""

    code: ClassVar[str] = "bad_period"


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days from ``since`` to ``until``, both included, by the clocks of ``timezone``; None: without end."""

    timezone: ZoneInfo
    since: date | None = None
    until: date | None = None

    def first_moment(self) -> datetime | None:
        """The moment the period begins; None when it never does."""
        return None if self.since is None else datetime.combine(self.since, time(), self.timezone)

    def end_moment(self) -> datetime | None:
        """The first moment after the period; None when it never ends."""
        if self.until is None or self.until == date.max:
            return None
        return datetime.combine(self.until + timedelta(days=1), time(), self.timezone)


def parse_period(since: str | None, until: str | None, timezone: ZoneInfo) -> Period:
    """Read ``--since`` and ``--until``.

    Raises:
        PeriodError: not YYYY-MM-DD, no such day, or the end before the beginning.
    """
    period = Period(timezone=timezone, since=_parse_date(since, "--since"), until=_parse_date(until, "--until"))
    if period.since is not None and period.until is not None and period.since > period.until:
        raise PeriodError(
            _("The period begins on {since}, after its end on {until}.").format(since=period.since, until=period.until),
            hint=_("Give --since a date that is not after --until."),
        )
    return period


def _parse_date(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        if not _DATE.fullmatch(text.strip()):
            raise ValueError
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise PeriodError(
            _("{option}: {text} is not a date.").format(option=option, text=text[:40]),
            hint=_("Write it as YYYY-MM-DD, as in 2026-11-05."),
        ) from error


def months_between(first: datetime, last: datetime, timezone: ZoneInfo) -> Iterator[tuple[str, datetime]]:
    """The local months from that of ``first`` to that of ``last``: ``2026-11`` and the moment each ends."""
    start, finish = first.astimezone(timezone), last.astimezone(timezone)
    month, final = _month_index(start), _month_index(finish)
    while month <= final:
        year, of_year = divmod(month, _MONTHS_IN_YEAR)
        next_year, of_next = divmod(month + 1, _MONTHS_IN_YEAR)
        yield f"{year:04}-{of_year + 1:02}", datetime(next_year, of_next + 1, 1, tzinfo=timezone)
        month += 1


def _month_index(moment: datetime) -> int:
    return moment.year * _MONTHS_IN_YEAR + moment.month - 1
