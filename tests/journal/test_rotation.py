"""Replacing one's key: interrupted wherever it may be, either the old key counts and is here, or the new one."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from newsletter.errors import OutsideError
from newsletter.journal import rotation
from newsletter.journal.chain import read_journal
from newsletter.journal.staff_keys import public_line, staff_key_path
from newsletter.journal.statements import Verb, append_statement, enrolled_key, unlock_key
from newsletter.newsroom import Newsroom
from newsletter.organisation import key_changes
from newsletter.organisation.key_changes import rotate_own_key
from newsletter.organisation.staff import get_staff
from tests.crash.dying import run_and_die


class KilledError(BaseException):
    """The end of the process, as far as a test can play it."""


@pytest.fixture
def li(newsroom: Newsroom) -> Newsroom:
    return newsroom.acting_as("li")


def rotate(newsroom: Newsroom) -> None:
    rotate_own_key(newsroom, passphrase=None, may_lack_passphrase=True)


def speak(newsroom: Newsroom) -> None:
    newsroom.unlocked.clear()
    unlock_key(newsroom)
    with newsroom.writing() as session:
        append_statement(session, newsroom, verb=Verb.SUBMIT, subject="edition:1", role="editor", unit="root")
        session.commit()


def known(newsroom: Newsroom) -> str:
    with newsroom.reading() as session:
        key = enrolled_key(session, newsroom, "li")
        assert get_staff(session, "li").public_key == key
    return key


def key_here(newsroom: Newsroom) -> str:
    return public_line(staff_key_path(newsroom.keys_directory, "li").read_bytes())


def waiting(newsroom: Newsroom) -> list[str]:
    return [path.name for path in (newsroom.keys_directory / "staff").iterdir() if path.name.startswith("li.key.")]


def test_the_new_key_is_in_its_place_and_speaks(li: Newsroom) -> None:
    before = key_here(li)
    rotate(li)
    assert key_here(li) == known(li) != before
    assert waiting(li) == []
    assert staff_key_path(li.keys_directory, "li").stat().st_mode & 0o777 == 0o600
    speak(li)
    with li.reading() as session:
        words = read_journal(session, li)
    assert [word.verb for word in words[-2:]] == [Verb.ROTATE, Verb.SUBMIT]
    assert words[-2].details == {"person": "li", "public_key": known(li), "passphrase": False}


def stop_at(patch: pytest.MonkeyPatch, owner: Any, name: str, *, when: str, error: BaseException) -> None:
    original = getattr(owner, name)

    def stopped(*arguments: Any, **more: Any) -> Any:
        if when == "before":
            raise error
        original(*arguments, **more)
        raise error

    patch.setattr(owner, name, stopped)


#: Where it is stopped, and whether the new key counts then.
STEPS: list[tuple[Any, str, str, bool]] = [
    (key_changes, "write_waiting_key", "before", False),
    (key_changes, "write_waiting_key", "after", False),
    (key_changes, "append_statement", "before", False),
    (key_changes, "append_statement", "after", False),
    (Session, "commit", "before", False),
    (Session, "commit", "after", True),
    (key_changes, "finish_rotation", "before", True),
    (rotation, "move_durably", "before", True),
    (rotation, "move_durably", "after", True),
]


@pytest.mark.parametrize("error", [KilledError(), OutsideError("disk full")], ids=["killed", "trouble"])
@pytest.mark.parametrize("step", STEPS, ids=[f"{step[2]}-{step[1]}" for step in STEPS])
def test_interrupted_anywhere_nothing_is_lost(
    li: Newsroom, step: tuple[Any, str, str, bool], error: BaseException
) -> None:
    owner, name, when, counts = step
    before = known(li)
    with pytest.MonkeyPatch.context() as patch:
        stop_at(patch, owner, name, when=when, error=error)
        with pytest.raises(type(error)):
            rotate(li)
    assert (known(li) != before) is counts
    speak(li)
    assert key_here(li) == known(li)
    rotate(li)
    speak(li)
    assert waiting(li) == []


@pytest.mark.parametrize("interrupted", [1, 3])
def test_what_an_interrupted_rotation_left_is_never_taken_for_the_key(li: Newsroom, interrupted: int) -> None:
    before = known(li)
    for _ in range(interrupted):
        with pytest.MonkeyPatch.context() as patch:
            stop_at(patch, Session, "commit", when="before", error=KilledError())
            with pytest.raises(KilledError):
                rotate(li)
        assert len(waiting(li)) == 1, "the one before is discarded by the next"
    assert known(li) == key_here(li) == before
    speak(li)


def test_a_leftover_of_somebody_with_a_like_name_is_left_alone(li: Newsroom) -> None:
    other = li.keys_directory / "staff" / "li.key.0123456789abcdef.key"
    other.write_bytes(b"somebody's whose name is li.key.0123456789abcdef")
    rotate(li)
    assert other.exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("target", "when"),
    [
        ("sqlmodel:Session.commit", "before"),
        ("newsletter.journal.heads:note_head", "before"),
        ("newsletter.journal.rotation:move_durably", "before"),
        ("newsletter.journal.rotation:move_durably", "after"),
    ],
)
def test_killed_it_is_ended_by_whatever_is_next_signed(
    li: Newsroom, newsroom_directory: Path, target: str, when: str
) -> None:
    before = known(li)
    run_and_die(target, "--newsroom", newsroom_directory, "--as", "li", "staff", "key", "rotate", "--yes", when=when)
    speak(li)
    assert key_here(li) == known(li)
    assert (known(li) == before) is (target.startswith("sqlmodel"))
    assert waiting(li) == [] or known(li) == before


def test_a_passphrase_is_asked_for_once_for_the_old_and_the_new_is_its_own(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(phrase: str) -> Callable[[str], str]:
        def ask(name: str) -> str:
            asked.append(name)
            return phrase

        return ask

    li = replace(newsroom.acting_as("li"), ask_passphrase=answer("旧暗号"))
    rotate_own_key(li, passphrase="旧暗号", may_lack_passphrase=False)
    assert asked == []
    rotate_own_key(li, passphrase="新暗号", may_lack_passphrase=False)
    assert asked == ["li"]
    speak(replace(li, ask_passphrase=answer("新暗号")))
    with pytest.raises(OutsideError, match="passphrase does not open"):
        speak(li)
