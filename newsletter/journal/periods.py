"""On which days a role holds: dates of the newsroom's calendar, first and last included, as its grant says. Pure.

The time zone stands in the grant too, so that no later setting moves the dates.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

from newsletter.errors import InputError
from newsletter.translation import gettext as _

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class GrantDatesError(InputError):
    """Dates that no role can have."""

    code: ClassVar[str] = "bad_dates"


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days from ``valid_from`` to ``valid_until``, both included, by the clocks of ``timezone``; None: without end."""

    valid_from: date | None = None
    valid_until: date | None = None
    timezone: str = "UTC"

    @property
    def is_dated(self) -> bool:
        """Whether it begins or ends at all."""
        return (self.valid_from, self.valid_until) != (None, None)

    def holds_on(self, day: date) -> bool:
        """Whether ``day`` is in it."""
        return (self.valid_from is None or self.valid_from <= day) and not self.is_over(day)

    def is_over(self, day: date) -> bool:
        """Whether it ended before ``day``."""
        return self.valid_until is not None and self.valid_until < day

    def holds_at(self, moment: datetime | None) -> bool:
        """Whether ``moment`` is in it; at a moment nobody knows (None) only what has no dates holds."""
        if not self.is_dated:
            return True
        return moment is not None and self.holds_on(moment.astimezone(ZoneInfo(self.timezone)).date())

    def as_details(self) -> dict[str, str]:
        """As a grant's statement carries it; nothing for a role without dates."""
        if not self.is_dated:
            return {}
        dates = {"from": self.valid_from, "until": self.valid_until}
        return {"timezone": self.timezone, **{name: day.isoformat() for name, day in dates.items() if day is not None}}


ALWAYS: Final = Period()


def read_period(details: Mapping[str, Any]) -> Period:
    """The dates that a grant's statement carries.

    Raises:
        ValueError, TypeError, KeyError: they are none.
    """
    since, until = (date.fromisoformat(details[name]) if name in details else None for name in ("from", "until"))
    if since is None and until is None:
        return ALWAYS
    return Period(valid_from=since, valid_until=until, timezone=ZoneInfo(details["timezone"]).key)


def parse_period(since: str | None, until: str | None, *, today: date, timezone: str) -> Period:
    """Read ``--from`` and ``--until`` of a role that is about to be given.

    Raises:
        GrantDatesError: not YYYY-MM-DD, no such day, in the past, or the end before the beginning.
    """
    period = Period(valid_from=_parse_date(since), valid_until=_parse_date(until), timezone=timezone)
    for day in (period.valid_from, period.valid_until):
        if day is not None and day < today:
            raise GrantDatesError(
                _("{date} is past: today is {today}.").format(date=day, today=today),
                hint=_("A role holds from the day it is given, or later."),
            )
    if period.valid_from and period.valid_until and period.valid_until < period.valid_from:
        raise GrantDatesError(
            _("The role would end on {until}, before it begins on {since}.").format(
                since=period.valid_from, until=period.valid_until
            ),
            hint=_("Give --until a date that is not before --from."),
        )
    return period


def _parse_date(word: str | None) -> date | None:
    if word is None:
        return None
    try:
        if _DATE.fullmatch(word.strip()):
            return date.fromisoformat(word.strip())
    except ValueError:
        pass
    raise GrantDatesError(
        _("{text} is not a date.").format(text=word[:40]), hint=_("Write it as YYYY-MM-DD, as in 2026-11-05.")
    )
