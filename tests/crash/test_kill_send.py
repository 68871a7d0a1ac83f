"""``kill -9`` at random moments of a sending, judged by the sandbox alone."""

from pathlib import Path

import pytest

from tests.crash.kill_send import kill_and_resume


@pytest.mark.slow
def test_a_sender_killed_at_random_writes_to_everybody_once(tmp_path: Path) -> None:
    figures = kill_and_resume(tmp_path, recipients=3_000, kills=4, early=1, late=1, seed=20_261_120)
    assert len(figures.hits) >= 3, "the kills came too late to mean anything"
    assert (figures.messages, figures.duplicates, figures.missing) == (3_000, 0, 0)
