"""A newsroom of histories, on SQLite or on either database."""

import pytest

from newsletter.newsroom import Newsroom
from tests.workflow.points.histories import History


@pytest.fixture
def history(newsroom: Newsroom) -> History:
    """The founded newsroom, in which nothing has happened yet."""
    return History.of(newsroom)


@pytest.fixture
def any_history(any_newsroom: Newsroom) -> History:
    """The same on either database."""
    return History.of(any_newsroom)
