"""A clock that a test sets."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsletter.newsroom import Newsroom


class Clock:
    """The time of every newsroom of this test; it stands still until it is moved."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.moment = datetime.now(UTC)
        patch.setattr(Newsroom, "now", lambda _newsroom: self.moment)

    def move(self, **by: float) -> None:
        """Forward, or backward; as ``timedelta`` takes it."""
        self.moment += timedelta(**by)

    def day(self, offset: int = 0) -> str:
        """The newsroom's date so many days from now, as it is typed."""
        return (self.moment + timedelta(days=offset)).astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()
