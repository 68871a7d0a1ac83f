"""How fast, and when: parts released by the rate, and the hours in which messages may go out."""

import asyncio
from datetime import datetime
from math import floor
from typing import ClassVar, Final

from newsletter.delivery.planning import BATCH_ROWS
from newsletter.errors import RefusedError
from newsletter.newsroom import Newsroom
from newsletter.translation import gettext as _

#: A claim never lasts longer than this at the given rate, so that an opt-out is heard soon.
CLAIM_SECONDS: Final = 10


class OutsideWindowError(RefusedError):
    """Messages may not go out at this hour."""

    code: ClassVar[str] = "outside_window"


def claim_limit(parts_per_second: float | None, parts_each: int) -> int:
    """Rows to claim at once: at most a batch, and at most what the rate releases in ten seconds; at least one."""
    if parts_per_second is None:
        return BATCH_ROWS
    return max(1, min(BATCH_ROWS, floor(parts_per_second * CLAIM_SECONDS / max(1, parts_each))))


def raise_if_outside_window(newsroom: Newsroom, now: datetime) -> None:
    """Refuse outside the hours of ``[sending] window``.

    Raises:
        OutsideWindowError: says the hours.
    """
    window = newsroom.settings.window
    if window is None:
        return
    start, end = window
    local = now.astimezone(newsroom.timezone).time()
    inside = start <= local < end if start <= end else local >= start or local < end
    if not inside:
        raise OutsideWindowError(
            _("Messages go out from {start} to {end} only; it is {now}.").format(
                start=start.strftime("%H:%M"), end=end.strftime("%H:%M"), now=local.strftime("%H:%M")
            ),
            hint=_("Run the same command again then: it resumes."),
        )


class Pacer:
    """Releases parts at a constant rate; unlimited without one."""

    def __init__(self, parts_per_second: float | None, parts_each: int) -> None:
        """``parts_each``: what one message costs."""
        self._parts_each = parts_each
        self._seconds_a_part = 0.0 if parts_per_second is None else 1 / parts_per_second
        self._next = 0.0

    async def wait_turn(self, parts: int | None = None) -> None:
        """Wait until the next message may go; ``parts``: what this one costs, where that is another number."""
        if self._seconds_a_part:
            loop = asyncio.get_running_loop()
            due = max(self._next, loop.time())
            self._next = due + self._seconds_a_part * (self._parts_each if parts is None else parts)
            await asyncio.sleep(due - loop.time())
