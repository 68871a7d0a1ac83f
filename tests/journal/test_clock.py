"""Times in the journal never go backwards, whatever the clocks of the desk's machines say."""

import pytest

from newsletter.journal.chain import read_journal
from newsletter.journal.statements import ClockError, Verb, append_statement
from newsletter.newsroom import Newsroom
from tests.clocks import Clock
from tests.command_line import CommandLine


def speak(newsroom: Newsroom) -> None:
    with newsroom.writing() as session:
        append_statement(session, newsroom, verb=Verb.RETURN, subject="edition:1", role="reviewer", unit="root")
        session.commit()


@pytest.mark.parametrize("seconds", [0, -1, -5])
def test_a_clock_a_little_behind_takes_the_time_of_the_newest_statement(
    newsroom: Newsroom, clock: Clock, seconds: int
) -> None:
    speak(newsroom)
    first = clock.moment
    clock.move(seconds=seconds)
    speak(newsroom)
    with newsroom.reading() as session:
        assert [word.time for word in read_journal(session, newsroom)[-2:]] == [first, first]


def test_a_clock_farther_behind_cannot_speak(newsroom: Newsroom, clock: Clock) -> None:
    speak(newsroom)
    clock.move(seconds=-5, microseconds=-1)
    with pytest.raises(ClockError, match="sun made the newest statement at"):
        speak(newsroom)
    clock.move(microseconds=1)
    speak(newsroom)


def test_a_clock_ahead_speaks_and_the_others_wait_for_it(newsroom: Newsroom, clock: Clock) -> None:
    clock.move(hours=1)
    speak(newsroom)
    clock.move(hours=-1)
    with pytest.raises(ClockError):
        speak(newsroom)


def test_a_clock_more_than_a_desk_is_ever_silent_ahead_cannot_speak(
    newsroom: Newsroom, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak(newsroom)
    clock.move(days=400, microseconds=1)
    with pytest.raises(ClockError, match="sun made the newest statement at") as refused:
        speak(newsroom)
    assert refused.value.hint.endswith("If it is: NEWSLETTER_CLOCK_CONFIRMED=1")
    monkeypatch.setenv("NEWSLETTER_CLOCK_CONFIRMED", "0")
    with pytest.raises(ClockError):
        speak(newsroom)
    monkeypatch.setenv("NEWSLETTER_CLOCK_CONFIRMED", "1")
    speak(newsroom)


def test_a_clock_confirmed_is_no_excuse_for_one_behind(
    newsroom: Newsroom, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_CLOCK_CONFIRMED", "1")
    speak(newsroom)
    clock.move(minutes=-1)
    with pytest.raises(ClockError):
        speak(newsroom)


def test_a_desk_silent_for_a_year_goes_on(newsroom: Newsroom, clock: Clock) -> None:
    speak(newsroom)
    clock.move(days=400)
    speak(newsroom)


def test_the_command_line_says_it_in_one_line_and_does_nothing(shell: CommandLine, clock: Clock) -> None:
    before = shell.ask("staff", "list", by="li")
    clock.move(minutes=-10)
    answer = shell.type("staff", "grant", "li", "--role", "reviewer", by="sun", code=5)
    assert len(answer.err.splitlines()) == 2
    assert answer.err.startswith("Error: This machine's clock says ")
    assert shell.ask("staff", "grant", "li", "--role", "reviewer", by="sun", code=5)["error"]["code"] == "clock"
    assert shell.ask("staff", "list", by="li") == before
    checks = {check["name"]: check for check in shell.ask("doctor", by="sun", code=5)["checks"]}
    assert not checks["clock"]["is_well"]
    assert checks["journal"]["is_well"]


def test_doctor_tells_of_a_clock_far_ahead(shell: CommandLine, clock: Clock) -> None:
    clock.move(days=36_500)
    checks = {check["name"]: check for check in shell.ask("doctor", by="sun", code=5)["checks"]}
    assert not checks["clock"]["is_well"]
