"""When somebody is reminded of what is due: at half the time, at four fifths, and on the last day. Pure: no clock.

Whoever looks in late hears the last reminder that is due, never one that was overtaken; whoever was asked late is not
reminded of what was before.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from newsletter.workflow.contributing.models import NoticeKind

#: Shares of the time until the last day, in per cent, at which reminders go out (FACTS: 50%, 80% and the deadline).
THRESHOLDS: Final = ((NoticeKind.HALF, 50), (NoticeKind.MOST, 80), (NoticeKind.LAST_DAY, 100))


@dataclass(frozen=True)
class Term:
    """The time something is due in.

    Attributes:
        start: when it begins.
        last_day: the moment its last day begins.
        end: the first moment after it.
        known_since: since when it is asked for, before or after ``start``.
    """

    start: datetime
    last_day: datetime
    end: datetime
    known_since: datetime


def reminder_due(term: Term, now: datetime) -> NoticeKind | None:
    """The one reminder that may go out now; None when none may."""
    if now >= term.end or term.last_day <= term.start:
        return None
    length = term.last_day - term.start
    moments = {kind: term.start + length * share / 100 for kind, share in THRESHOLDS}
    passed = [kind for kind, moment in moments.items() if term.known_since < moment <= now]
    return passed[-1] if passed else None
