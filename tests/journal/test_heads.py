"""What a machine has seen of the journal cannot be taken out of it unnoticed; nor is anything noted that is not so."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from newsletter.errors import OutsideError
from newsletter.journal.chain import read_journal
from newsletter.journal.heads import HEAD_FILE, Head, TruncatedJournalError, note_head, read_head
from newsletter.journal.statements import Verb, append_statement
from newsletter.keys import MissingKeyError
from newsletter.newsroom import Newsroom
from tests.command_line import CommandLine


def speak(session: Session, newsroom: Newsroom, name: str = "wang") -> None:
    append_statement(
        session, newsroom.acting_as(name), verb=Verb.RETURN, subject="edition:1", role="reviewer", unit="root"
    )


def speak_once(newsroom: Newsroom) -> None:
    with newsroom.writing() as session:
        speak(session, newsroom)
        session.commit()


def noted(newsroom: Newsroom) -> int:
    head = read_head(newsroom.keys_directory)
    return head.place if head else 0


def cut(newsroom: Newsroom, after: int) -> None:
    """Take every statement after a place out of the database, as whoever can write to it might."""
    is_postgres = newsroom.engine.dialect.name == "postgresql"
    with newsroom.engine.begin() as connection:
        if is_postgres:
            connection.execute(text("ALTER TABLE statement DISABLE TRIGGER ALL"))
            connection.execute(text("ALTER TABLE staff_grant DISABLE TRIGGER ALL"))
        else:
            connection.execute(text("DROP TRIGGER statement_refuse_delete"))
        connection.execute(text("DELETE FROM staff_grant WHERE statement_id > :after"), {"after": after})
        connection.execute(text("DELETE FROM statement WHERE id > :after"), {"after": after})


def test_a_committed_word_is_noted_as_the_head(any_newsroom: Newsroom) -> None:
    before = noted(any_newsroom)
    speak_once(any_newsroom)
    assert noted(any_newsroom) == before + 1
    assert (any_newsroom.keys_directory / HEAD_FILE).stat().st_mode & 0o777 == 0o600


def test_a_word_not_committed_is_never_noted(any_newsroom: Newsroom) -> None:
    before = noted(any_newsroom)
    with any_newsroom.writing() as session:
        speak(session, any_newsroom)
        speak(session, any_newsroom)
        assert len(read_journal(session, any_newsroom)) == before + 2
        assert noted(any_newsroom) == before
        session.rollback()
    with any_newsroom.writing() as session:
        speak(session, any_newsroom)
    assert noted(any_newsroom) == before
    with any_newsroom.reading() as session:
        assert len(read_journal(session, any_newsroom)) == before


def test_a_rolled_back_word_is_not_noted_with_a_later_commit(newsroom: Newsroom) -> None:
    before = noted(newsroom)
    with newsroom.writing() as session:
        speak(session, newsroom)
        session.rollback()
        session.connection().execute(text("UPDATE unit SET name = name"))
        session.commit()
    assert noted(newsroom) == before


def test_reading_notes_what_others_said(newsroom: Newsroom) -> None:
    speak_once(newsroom)
    (newsroom.keys_directory / HEAD_FILE).unlink()
    with newsroom.reading() as session:
        count = len(read_journal(session, newsroom))
    assert noted(newsroom) == count


@pytest.mark.parametrize("lost", [1, 2])
def test_a_journal_cut_short_is_refused(any_newsroom: Newsroom, lost: int) -> None:
    for _ in range(2):
        speak_once(any_newsroom)
    place = noted(any_newsroom)
    cut(any_newsroom, place - lost)
    with any_newsroom.reading() as session, pytest.raises(TruncatedJournalError, match=f"Statement {place}, which"):
        read_journal(session, any_newsroom)
    with any_newsroom.writing() as session, pytest.raises(TruncatedJournalError, match=f"Statement {place}, which"):
        speak(session, any_newsroom)


def test_a_journal_cut_short_and_grown_again_is_refused(newsroom: Newsroom, tmp_path: Path) -> None:
    speak_once(newsroom)
    head = (newsroom.keys_directory / HEAD_FILE).read_bytes()
    cut(newsroom, noted(newsroom) - 1)
    (newsroom.keys_directory / HEAD_FILE).unlink()
    for _ in range(3):
        speak_once(newsroom)
    (newsroom.keys_directory / HEAD_FILE).write_bytes(head)
    with newsroom.reading() as session, pytest.raises(TruncatedJournalError):
        read_journal(session, newsroom)


def test_the_note_only_goes_forward(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    note_head(tmp_path, Head(5, "five"))
    note_head(tmp_path, Head(4, "four"))
    note_head(tmp_path, Head(5, "other"))
    note_head(tmp_path, None)
    assert read_head(tmp_path) == Head(5, "five")
    note_head(tmp_path, Head(6, "six", ("r",)))
    assert read_head(tmp_path) == Head(6, "six", ("r",))


def test_many_at_once_leave_the_newest(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    places = [*range(1, 60), *range(30, 90), *range(1, 50)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda place: note_head(tmp_path, Head(place, f"h{place}")), places))
    assert read_head(tmp_path) == Head(89, "h89")


@pytest.mark.parametrize("content", ["", "{}", "null", "[]", '{"place": "x", "hash": "", "restores": []}', "\udcff"])
def test_a_note_that_is_none_stops_everything_and_is_not_written_over(newsroom: Newsroom, content: str) -> None:
    path = newsroom.keys_directory / HEAD_FILE
    path.write_text(content, encoding="utf-8", errors="surrogateescape")
    before = path.read_bytes()
    with newsroom.reading() as session, pytest.raises(MissingKeyError, match=r"journal\.head is not what"):
        read_journal(session, newsroom)
    with newsroom.writing() as session, pytest.raises(MissingKeyError):
        speak(session, newsroom)
    note_head(newsroom.keys_directory, Head(99, "x"))
    assert path.read_bytes() == before


def test_a_keys_directory_that_cannot_be_written_stops_nobody(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise OutsideError("read-only")

    monkeypatch.setattr("newsletter.journal.heads.replace_secret_file", refuse)
    before = noted(newsroom)
    speak_once(newsroom)
    assert noted(newsroom) == before
    with newsroom.reading() as session:
        assert len(read_journal(session, newsroom)) == before + 1


def test_a_crash_while_noting_leaves_the_former_note(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (newsroom.keys_directory / HEAD_FILE).read_bytes()

    def die(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("newsletter.journal.secret_files.move_durably", die)
    with newsroom.writing() as session:
        speak(session, newsroom)
        with pytest.raises(KeyboardInterrupt):
            session.commit()
    assert (newsroom.keys_directory / HEAD_FILE).read_bytes() == before
    monkeypatch.undo()
    with newsroom.reading() as session:
        count = len(read_journal(session, newsroom))
    assert noted(newsroom) == count == json.loads(before)["place"] + 1


def test_an_older_copy_of_the_database_is_told_from_the_command_line(
    shell: CommandLine, newsroom_directory: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(newsroom_directory / "newsletter.db", copy)
    shell.ask("staff", "revoke", "wang", "--role", "reviewer", by="sun")
    shell.ask("status", by="li")
    for beside in newsroom_directory.glob("newsletter.db*"):
        beside.unlink()
    shutil.copy(copy, newsroom_directory / "newsletter.db")
    for words, by in ((("staff", "grant", "li", "--role", "issuer"), "sun"), (("status",), "li")):
        error = shell.ask(*words, by=by, code=4)["error"]
        assert error["code"] == "journal_truncated"
        assert error["message"] == "Statement 7, which this machine has seen, is not in the journal any more."
        assert "newsletter audit restored" in error["hint"]
    answer = shell.type("status", by="li", code=4)
    assert len(answer.err.splitlines()) == 2
